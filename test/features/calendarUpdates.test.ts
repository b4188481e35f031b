import { expect } from 'chai';
import { createTourAppointments } from '../../server/data/tourAppointments.ts';
import { minuteToTick } from '../../server/domain/time.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { CalendarStore, readCalendarFile, type Applied, type StoredEvent } from '../support/calendarStore.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const MINUTE = 60_000;

/** All orders of a list. */
function orders<T>(list: readonly T[]): T[][] {
  return list.length <= 1
    ? [[...list]]
    : list.flatMap((first, index) =>
        orders(list.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
      );
}

describe('The calendar of a citizen', () => {
  let app: RunningApp;
  let small: SmallOffice;
  let visitor: Visitor;
  let now: number;

  beforeEach(async () => {
    now = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
    app = await startApp({ now: () => now });
    small = await seedSmallOffice(app.office.database, { date: DATE });
    visitor = createVisitor(app.origin);
  });
  afterEach(async () => {
    visitor.close();
    await app.stop();
  });

  const slot = (stopId: number, minute: number) => `${stopId}.${minuteToTick(minute)}`;

  /** Books at 9:00 over the pages. @returns the address of the appointment */
  async function book(): Promise<string> {
    const times = await visitor.get(`/buchen/zeiten?halt=${small.firstStopId}&leistung=personalausweis:1`);
    const details = await visitor.follow(await visitor.submit(times, { zeit: slot(small.firstStopId, 9 * 60) }));
    const check = await visitor.follow(
      await visitor.submit(details, {
        vorname: 'Karin',
        nachname: 'Vogel',
        weg: 'email',
        email: 'k.vogel@post.example',
      }),
    );
    const booked = await visitor.follow(await visitor.submit(check));
    expect(booked.status).to.equal(200);
    return booked.path.replace(/\/gebucht$/, '');
  }

  /** The link on the page of the appointment, pressed a minute later. */
  async function download(appointment: string): Promise<string> {
    now += MINUTE;
    const page = await visitor.get(appointment);
    const link = page.$('a[href$=".ics"]').attr('href');
    const file = await visitor.get(link ?? `${appointment}/termin.ics`);
    expect(file.status).to.equal(200);
    expect(file.headers['content-type']).to.equal(
      `text/calendar; charset=utf-8; method=${readCalendarFile(file.html).method}`,
    );
    return file.html;
  }

  async function move(appointment: string, stopId: number, minute: number): Promise<void> {
    const form = await visitor.get(`${appointment}/verschieben?alle=1`);
    expect((await visitor.submit(form, { zeit: slot(stopId, minute) })).status).to.equal(303);
  }

  async function cancel(appointment: string): Promise<void> {
    const answer = await visitor.post(`${appointment}/absage`, {});
    expect([answer.status, answer.location]).to.deep.equal([303, `${appointment}?abgesagt=1`]);
  }

  /** Every file there is of an appointment that was booked, moved to 10:00, to the other village, and cancelled. */
  async function story(): Promise<string[]> {
    const appointment = await book();
    const files = [await download(appointment)];
    await move(appointment, small.firstStopId, 10 * 60);
    files.push(await download(appointment));
    await move(appointment, small.secondStopId, 14 * 60);
    files.push(await download(appointment));
    await cancel(appointment);
    files.push(await download(appointment));
    return files;
  }

  it('has one event, which follows the appointment until it is cancelled', async () => {
    const files = await story();
    const calendar = new CalendarStore();
    const steps: [Applied[], Pick<StoredEvent, 'start' | 'cancelled' | 'sequence'> | undefined][] = files.map(
      (file) => {
        const applied = calendar.apply(file);
        const [event, ...others] = calendar.events();
        expect(others).to.deep.equal([]);
        return [
          applied,
          event === undefined
            ? undefined
            : { start: event.start, cancelled: event.cancelled, sequence: event.sequence },
        ];
      },
    );
    const at = (minute: number) => OFFICE_ZONE.instantAt(DATE, minute);
    expect(steps).to.deep.equal([
      [['added'], { start: at(9 * 60), cancelled: false, sequence: 0 }],
      [['updated'], { start: at(10 * 60), cancelled: false, sequence: 1 }],
      [['updated'], { start: at(14 * 60), cancelled: false, sequence: 2 }],
      [['cancelled'], { start: at(14 * 60), cancelled: true, sequence: 3 }],
    ]);
    const [event] = calendar.events();
    expect(event?.location).to.contain('Feuerwehrhaus');
    expect(event?.alarms).to.deep.equal([]);
  });

  it('ends the same whatever the order in which the files come in, and however often', async () => {
    const files = await story();
    const straight = new CalendarStore();
    files.forEach((file) => straight.apply(file));
    for (const order of orders(files)) {
      const calendar = new CalendarStore();
      for (const file of [...order, ...order]) {
        calendar.apply(file);
      }
      expect(calendar.events()).to.deep.equal(straight.events());
    }
  });

  it('takes the same file once, and the words of a newer download where nothing has changed', async () => {
    const appointment = await book();
    const calendar = new CalendarStore();
    const first = await download(appointment);
    expect(calendar.apply(first)).to.deep.equal(['added']);
    expect(calendar.apply(first)).to.deep.equal(['ignored']);
    await app.office.database.writer('municipalities').update({ contact_phone: '03764 999' });
    now += 60 * MINUTE;
    const later = await download(appointment);
    expect(calendar.apply(later)).to.deep.equal(['updated']);
    expect(calendar.events()[0]?.description).to.contain('03764 999');
    expect(calendar.apply(first)).to.deep.equal(['ignored']);
    expect(calendar.events()[0]?.description).to.contain('03764 999');
  });

  it('takes the cancellation of a visit that the office called off from the same organizer', async () => {
    const appointment = await book();
    const calendar = new CalendarStore();
    calendar.apply(await download(appointment));
    const { database } = app.office;
    const booked = await database.reader<{ id: number; stop_id: number }>('appointments').first('id', 'stop_id');
    await database.unit((trx) => createTourAppointments(trx).cancel(booked?.id ?? 0, now));
    await database.writer('tours').update({ state: 'cancelled', cancelled_at: now });
    now += MINUTE;
    const file = await visitor.get(`${appointment}/termin.ics`);
    expect(calendar.apply(file.html)).to.deep.equal(['cancelled']);
    expect(calendar.events()[0]?.location).to.contain('Gemeindeamt');
  });

  it('keeps two appointments apart', async () => {
    const calendar = new CalendarStore();
    const first = await book();
    calendar.apply(await download(first));
    await move(first, small.firstStopId, 10 * 60);
    calendar.apply(await download(first));
    // A time that was given up is offered again half an hour later at the latest.
    now += 60 * MINUTE;
    const second = await book();
    calendar.apply(await download(second));
    await cancel(first);
    calendar.apply(await download(first));
    expect(calendar.events().map(({ start, cancelled }) => [start, cancelled])).to.deep.equal([
      [OFFICE_ZONE.instantAt(DATE, 9 * 60), false],
      [OFFICE_ZONE.instantAt(DATE, 10 * 60), true],
    ]);
  });
});

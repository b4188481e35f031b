import { expect } from 'chai';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { createReference } from '../../server/domain/booking/reference.ts';
import { minuteToTick } from '../../server/domain/time.ts';
import { expireHolds } from '../../server/jobs/expiry.ts';
import { createHousekeepingRepository } from '../../server/data/housekeepingRepository.ts';
import { purgePersonalData } from '../../server/jobs/retention.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage } from '../support/chromium.ts';
import { expectValidHtml, load, visibleText } from '../support/html.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NINE = 9 * 60;

/** A well-formed reference that nobody has. */
const UNKNOWN_REFERENCE = createReference(() => 3);

function keyOf(appointment: Appointment): string {
  return `${appointment.reference}-${appointment.secret}`;
}

interface Answer {
  status: number;
  headers: Headers;
  html: string;
  text: string;
  location: string | null;
}

interface Office {
  app: RunningApp;
  small: SmallOffice;
  desk: ReturnType<typeof createDesk>;
  clock: { now: number };
  get(path: string): Promise<Answer>;
  post(path: string, body?: Record<string, string>): Promise<Answer>;
  ticks(appointment: {
    stopId: number;
  }): Promise<{ tick: number; appointment_id: number | null; free_at: number | null }[]>;
  read(appointment: Appointment): Promise<Appointment>;
  dump(): Promise<string>;
  stop(): Promise<void>;
}

/** A small office whose only visits are on `date`, seen at 8:00 of `today`. */
async function openOffice(date = '2026-12-08', today = '2026-12-01'): Promise<Office> {
  const clock = { now: OFFICE_ZONE.instantAt(today, 8 * 60) };
  const app = await startApp({ now: () => clock.now });
  const { database } = app.office;
  const small = await seedSmallOffice(database, { date });
  const desk = createDesk(database, () => clock.now);

  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(app.origin + path, { redirect: 'manual', ...init });
    const html = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      html,
      text: (response.headers.get('content-type') ?? '').startsWith('text/html') ? visibleText(html, 'main') : html,
      location: response.headers.get('location'),
    };
  };
  return {
    app,
    small,
    desk,
    clock,
    get: (path) => send(path, {}),
    post: (path, body = {}) => send(path, { method: 'POST', body: new URLSearchParams(body) }),
    ticks: ({ stopId }) => database.reader('counter_ticks').where({ stop_id: stopId }).orderBy('tick'),
    read: async (appointment) => {
      const found = await desk.deps.appointments.bySecret(appointment.secret);
      if (found === undefined) throw new Error('The appointment is gone');
      return found;
    },
    dump: async () =>
      JSON.stringify([
        await database.reader('appointments').orderBy('id'),
        await database.reader('counter_ticks').orderBy(['stop_id', 'counter', 'tick']),
        await database.reader('contact_slots').orderBy(['contact_key', 'slot']),
      ]),
    stop: () => app.stop(),
  };
}

function expectPrivate(answer: Answer): void {
  expect(answer.headers.get('cache-control')).to.equal('no-store');
  expect(answer.headers.get('x-robots-tag')).to.contain('noindex');
  expect(answer.headers.get('referrer-policy')).to.equal('same-origin');
}

function slotValues(html: string): string[] {
  const $ = load(html);
  return $('input[name="zeit"]')
    .toArray()
    .map((input) => $(input).attr('value') ?? '');
}

describe('A citizen who has an appointment', () => {
  let office: Office;

  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.stop());

  const bookAtNine = (more: Partial<Parameters<Office['desk']['book']>[0]> = {}) =>
    office.desk.book({ stopId: office.small.firstStopId, minute: NINE, ...more });

  describe('looks it up', () => {
    it('with reference and family name, however they are written', async () => {
      const appointment = await bookAtNine({ familyName: 'Müller-Größe' });
      const spellings: [string, string][] = [
        [appointment.reference, 'Müller-Größe'],
        [appointment.reference.toLowerCase().replace(/(...)/g, '$1 '), 'MUELLER-GROESSE'],
        [appointment.reference.replace(/(...)/, '$1-'), '  muller grosse '],
      ];
      for (const [vorgangsnummer, familienname] of spellings) {
        const answer = await office.post('/termin', { vorgangsnummer, familienname });
        expect(answer.status, familienname).to.equal(303);
        expect(answer.location).to.equal(`/termin/${keyOf(appointment)}`);
        expectPrivate(answer);
      }
    });

    it('stays in English', async () => {
      const appointment = await bookAtNine();
      const answer = await office.post('/en/termin', {
        vorgangsnummer: appointment.reference,
        familienname: 'Vogel',
      });
      expect(answer.location).to.equal(`/en/termin/${keyOf(appointment)}`);
    });

    it('is told what is wrong with a number that cannot exist, and that does not count as guessing', async () => {
      const appointment = await bookAtNine();
      const swapped = appointment.reference.replace(/^(.)(.)/, '$2$1');
      const wrong: [string, RegExp][] = [
        ['', /Geben Sie Ihre Vorgangsnummer ein/],
        ['K7M 4QX', /hat 9 Zeichen/],
        ['K7M 4QX 2F0', /„0“ kommt in keiner Vorgangsnummer vor/],
        [swapped === appointment.reference ? 'K7M 4QX 2FC' : swapped, /mindestens ein Zeichen stimmt nicht/],
      ];
      for (let round = 0; round < 2; round++) {
        for (const [vorgangsnummer, message] of wrong) {
          const answer = await office.post('/termin', { vorgangsnummer, familienname: 'Vogel' });
          expect(answer.status, vorgangsnummer).to.equal(422);
          expect(answer.text).to.match(message);
          const $ = load(answer.html);
          expect($('#vorgangsnummer').attr('value')).to.equal(vorgangsnummer);
          expect($('#familienname').attr('value')).to.equal('Vogel');
          expect($('.kt-errors a').attr('href')).to.equal('#vorgangsnummer');
          expect($('#vorgangsnummer').attr('aria-invalid')).to.equal('true');
          expect($('#familienname').attr('aria-invalid')).to.equal(undefined);
        }
      }
      const answer = await office.post('/termin', { vorgangsnummer: appointment.reference, familienname: 'Vogel' });
      expect(answer.status).to.equal(303);
    });

    it('is asked for a missing name, and a form without any field is answered like an empty one', async () => {
      const noName = await office.post('/termin', { vorgangsnummer: UNKNOWN_REFERENCE });
      expect(noName.status).to.equal(422);
      expect(noName.text).to.contain('Geben Sie Ihren Familiennamen ein.');
      const empty = await office.post('/termin');
      expect(empty.status).to.equal(422);
      expect(empty.text).to.contain('Bitte prüfen Sie 2 Angaben');
    });

    it('is not told whether the number or the name was wrong', async () => {
      const appointment = await bookAtNine();
      const wrongName = await office.post('/termin', {
        vorgangsnummer: appointment.reference,
        familienname: 'Specht',
      });
      const wrongNumber = await office.post('/termin', {
        vorgangsnummer: UNKNOWN_REFERENCE,
        familienname: 'Specht',
      });
      expect([wrongName.status, wrongNumber.status]).to.deep.equal([422, 422]);
      expect(wrongName.html.replaceAll(appointment.reference, '')).to.equal(
        wrongNumber.html.replaceAll(UNKNOWN_REFERENCE, ''),
      );
      expect(wrongName.text).to.contain('Bitte prüfen Sie beides.');
    });

    it('has to wait after five wrong tries, even with the right answer, and comes in afterwards', async () => {
      const appointment = await bookAtNine();
      const right = { vorgangsnummer: appointment.reference, familienname: 'Vogel' };
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        const answer = await office.post('/termin', { vorgangsnummer: UNKNOWN_REFERENCE, familienname: 'Vogel' });
        statuses.push(answer.status);
      }
      expect(statuses).to.deep.equal([422, 422, 422, 422, 429]);

      const waiting = await office.post('/termin', right);
      expect(waiting.status).to.equal(429);
      expect(waiting.headers.get('retry-after')).to.equal('60');
      expect(waiting.text).to.contain('ab 8:01 Uhr noch einmal');
      const $ = load(waiting.html);
      expect($('#vorgangsnummer').attr('value')).to.equal(appointment.reference);
      expect($('#familienname').attr('value')).to.equal('Vogel');

      office.clock.now += MINUTE;
      expect((await office.post('/termin', right)).status).to.equal(303);
      // A success does not forgive: who has one appointment could guess others without end. An hour does.
      const next = { vorgangsnummer: UNKNOWN_REFERENCE, familienname: 'Vogel' };
      expect((await office.post('/termin', next)).status).to.equal(429);
      office.clock.now += 61 * MINUTE;
      expect((await office.post('/termin', next)).status).to.equal(422);
    });
  });

  describe('opens it by the secret link', () => {
    it('and sees when, where, what to bring and what it costs', async () => {
      const appointment = await bookAtNine({
        services: [
          { slug: 'personalausweis', persons: 2 },
          { slug: 'fuehrungszeugnis', persons: 1 },
        ],
      });
      const answer = await office.get(`/termin/${keyOf(appointment)}`);
      expect(answer.status).to.equal(200);
      expectPrivate(answer);
      expect(answer.text).to.contain('Dienstag, 8. Dezember 2026 9:00 Uhr');
      expect(answer.text).to.contain('Schönberg, Gemeindeamt, Am Anger 2');
      expect(answer.text).to.contain('stufenfrei, Parkplatz am Haus');
      expect(answer.text).to.contain('Personalausweis beantragen (2 Personen)');
      expect(answer.text).to.contain('50 Minuten, 105,00 € (mit Karte)');
      expect(answer.text).to.contain('Ihr bisheriger Personalausweis oder Reisepass');
      expect(answer.text).to.contain('Ihre Bankkarte, Bargeld nehmen wir nicht an');
      expect(answer.text).to.contain('Karin Vogel');

      const $ = load(answer.html);
      expect($('.kt-ticket__group').text()).to.equal(appointment.reference);
      const map = JSON.parse($('[data-kt-map]').attr('data-kt-map') ?? '{}') as { here: { at: number[] } };
      expect(map.here.at).to.deep.equal([50.8631, 12.5151]);
      const links = $('main a[href]')
        .toArray()
        .map((link) => $(link).attr('href'));
      const here = `/termin/${keyOf(appointment)}`;
      expect(links).to.include.members([
        `${here}/verschieben`,
        `${here}/absage`,
        `${here}/termin.ics`,
        'https://www.openstreetmap.org/directions?to=50.8631%2C12.5151',
      ]);
      expect($('[data-kt-print]').attr('hidden')).to.equal('hidden');
      expect($('title').text()).not.to.contain('Vogel');
    });

    it('also when the secret contains dashes, and the reference is written in small letters', async () => {
      const appointment = await bookAtNine();
      expect(appointment.secret).to.match(/-_/);
      const small = `${appointment.reference.toLowerCase()}-${appointment.secret}`;
      expect((await office.get(`/termin/${small}`)).status).to.equal(200);
    });

    it('finds nothing with a wrong, cut off or foreign secret', async () => {
      const appointment = await bookAtNine();
      const other = await office.desk.book({ stopId: office.small.firstStopId, minute: NINE + 60 });
      const { reference, secret } = appointment;
      for (const key of [`${reference}-${secret}x`, `${reference}-${other.secret}`, reference, `${reference}-`]) {
        const answer = await office.get(`/termin/${key}`);
        expect(answer.status, key).to.equal(404);
        expectPrivate(answer);
      }
    });

    it('cannot be guessed: wrong keys have to wait, the right one opens all the same', async () => {
      const appointment = await bookAtNine();
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 6; attempt++) {
        statuses.push((await office.get(`/termin/${appointment.reference}-wrong${attempt}`)).status);
      }
      expect(statuses).to.deep.equal([404, 404, 404, 404, 404, 429]);
      const waiting = await office.post(`/termin/${appointment.reference}-wrong/absage`);
      await expectValidHtml(waiting.html, 'wait');
      expect(waiting.status).to.equal(429);
      expect(waiting.headers.get('retry-after')).to.equal('60');
      expect(waiting.text).to.contain('Bitte warten Sie einen Moment');
      expect(waiting.text).to.contain('ab 8:01 Uhr');
      expectPrivate(waiting);
      expect((await office.get(`/termin/${keyOf(appointment)}`)).status).to.equal(200);
    });

    it('does not open what is only held, nor what has been deleted', async () => {
      const held = await office.desk.hold({ stopId: office.small.firstStopId, minute: NINE + 60 });
      expect((await office.get(`/termin/${keyOf(held)}`)).status).to.equal(404);
      expect((await office.get(`/termin/${keyOf(held)}/gebucht`)).status).to.equal(404);

      const appointment = await bookAtNine();
      office.clock.now = appointment.endsAt + 25 * HOUR;
      await purgePersonalData(createHousekeepingRepository(office.app.office.database), office.clock.now);
      expect((await office.get(`/termin/${keyOf(appointment)}`)).status).to.equal(404);
      const lookup = await office.post('/termin', { vorgangsnummer: appointment.reference, familienname: 'Vogel' });
      expect(lookup.status).to.equal(422);
    });

    it('sees why nothing can be changed once the visit has begun, and when it is over', async () => {
      const appointment = await bookAtNine();
      const here = `/termin/${keyOf(appointment)}`;
      for (const [now, words] of [
        [appointment.startsAt, 'Ihr Termin hat schon begonnen'],
        [appointment.endsAt, 'Ihr Termin ist vorbei'],
      ] as const) {
        office.clock.now = now;
        const answer = await office.get(here);
        expect(answer.text).to.contain(words);
        expect(answer.html).not.to.contain(`${here}/verschieben`);
        expect(answer.html).not.to.contain(`${here}/absage`);
        for (const page of ['verschieben', 'absage']) {
          expect((await office.get(`${here}/${page}`)).location).to.equal(here);
        }
        const before = await office.dump();
        const slot = `${office.small.firstStopId}.${minuteToTick(NINE + 60)}`;
        expect((await office.post(`${here}/verschieben`, { zeit: slot })).location).to.equal(here);
        expect((await office.post(`${here}/verschieben`)).location).to.equal(here);
        expect((await office.post(`${here}/absage`)).location).to.equal(here);
        expect(await office.dump()).to.equal(before);
      }
    });

    it('is told when the visit does not take place any more, and can still move or cancel', async () => {
      const appointment = await bookAtNine();
      const here = `/termin/${keyOf(appointment)}`;
      await office.app.office.database.writer('tours').update({ state: 'cancelled' });
      const answer = await office.get(here);
      expect(answer.status).to.equal(200);
      expect(answer.text).to.contain('Dieser Besuch findet nicht statt');
      expect((await office.get(`${here}/verschieben`)).text).to.contain('Zurzeit ist keine andere Zeit frei');
      expect((await office.get(`${here}/termin.ics`)).status).to.equal(200);
      expect((await office.post(`${here}/absage`)).location).to.equal(`${here}?abgesagt=1`);
    });
  });

  describe('sees the confirmation right after booking', () => {
    it('with the reference, the way to keep it, and no promise of a mail', async () => {
      const appointment = await bookAtNine({ contactKind: 'email' });
      const answer = await office.get(`/termin/${keyOf(appointment)}/gebucht`);
      expect(answer.status).to.equal(200);
      expectPrivate(answer);
      const $ = load(answer.html);
      expect($('h1').text()).to.equal('Ihr Termin ist gebucht');
      expect($('.kt-ticket__group').length).to.equal(3);
      expect(answer.text).to.contain('Bitte notieren Sie sich die Vorgangsnummer');
      expect(answer.text).not.to.match(/E-Mail|unterwegs|schreiben Ihnen/);
      expect(answer.text).to.contain('Vor Ort zahlen Sie nur mit Karte');
      expect(answer.text).to.contain('115');
      expect($('[data-kt-copy]').attr('data-kt-copy')?.replaceAll(' ', '')).to.equal(appointment.reference);
      expect($('[data-kt-copy]').attr('hidden')).to.equal('hidden');
    });

    it('with a strong advice for who left no contact', async () => {
      const appointment = await bookAtNine({ contactKind: 'none' });
      const answer = await office.get(`/termin/${keyOf(appointment)}/gebucht`);
      expect(answer.text).to.contain('Schreiben Sie die Vorgangsnummer jetzt auf');
      expect(load(answer.html)('.kt-notice--warning').length).to.equal(1);
    });

    it('only while the appointment stands', async () => {
      const appointment = await bookAtNine();
      const here = `/termin/${keyOf(appointment)}`;
      await office.post(`${here}/absage`);
      const answer = await office.get(`${here}/gebucht`);
      expect([answer.status, answer.location]).to.deep.equal([303, here]);
    });
  });

  describe('moves it', () => {
    const movePath = (appointment: Appointment) => `/termin/${keyOf(appointment)}/verschieben`;
    const slotAt = (stopId: number, minute: number) => `${stopId}.${minuteToTick(minute)}`;

    it('from a page with the present time and other times, those of the same visit first', async () => {
      const appointment = await bookAtNine();
      const answer = await office.get(movePath(appointment));
      expect(answer.status).to.equal(200);
      expectPrivate(answer);
      expect(answer.text).to.contain('Ihr jetziger Termin Dienstag, 8. Dezember 2026, 9:00 Uhr Schönberg, Gemeindeamt');
      const values = slotValues(answer.html);
      expect(values).not.to.include(slotAt(office.small.firstStopId, NINE));
      expect(values[0]).to.match(new RegExp(`^${office.small.firstStopId}\\.`));
      expect(values.some((value) => value.startsWith(`${office.small.secondStopId}.`))).to.equal(true);
      expect(load(answer.html)('input[name="zeit"]:checked').length).to.equal(0);
      expect(answer.text).to.contain('Köthel, Feuerwehrhaus · 2 km');
      expect(new Set(values).size).to.equal(values.length);
    });

    it('to another visit: the new time is taken, the old one stays closed for a while, the file gets a new number', async () => {
      const appointment = await bookAtNine({ contactKind: 'email' });
      const { firstStopId, secondStopId } = office.small;
      const zeit = slotAt(secondStopId, 14 * 60);
      const answer = await office.post(movePath(appointment), { zeit });
      expect(answer.status).to.equal(303);
      expect(answer.location).to.equal(`/termin/${keyOf(appointment)}?verschoben=1`);

      const moved = await office.read(appointment);
      expect([moved.stopId, moved.startTick, moved.sequence]).to.deep.equal([secondStopId, minuteToTick(14 * 60), 1]);
      const now = await office.ticks({ stopId: secondStopId });
      expect(now.map(({ tick, appointment_id, free_at }) => [tick, appointment_id, free_at])).to.deep.equal(
        [168, 169, 170, 171].map((tick) => [tick, appointment.id, null]),
      );
      const old = await office.ticks({ stopId: firstStopId });
      expect(old.map(({ tick }) => tick)).to.deep.equal([108, 109, 110, 111]);
      for (const { appointment_id, free_at } of old) {
        expect(appointment_id).to.equal(null);
        expect(free_at).to.be.within(office.clock.now + MINUTE, office.clock.now + 30 * MINUTE);
      }
      const page = await office.get(answer.location ?? '');
      expect(page.text).to.contain('Ihr Termin ist verschoben Neue Zeit: Dienstag, 8. Dezember 2026, 14:00 Uhr');
      expect((await office.get(`/termin/${keyOf(appointment)}/termin.ics`)).html).to.contain('SEQUENCE:1\r\n');
    });

    it('once, even if the form is sent twice or at the same time', async () => {
      const appointment = await bookAtNine();
      const zeit = slotAt(office.small.firstStopId, NINE + 60);
      const both = await Promise.all([
        office.post(movePath(appointment), { zeit }),
        office.post(movePath(appointment), { zeit }),
      ]);
      const third = await office.post(movePath(appointment), { zeit });
      for (const { status, location } of [...both, third]) {
        expect([status, location]).to.deep.equal([303, `/termin/${keyOf(appointment)}?verschoben=1`]);
      }
      const moved = await office.read(appointment);
      expect(moved.sequence).to.equal(1);
      const own = (await office.ticks(moved)).filter(({ appointment_id }) => appointment_id === appointment.id);
      expect(own.map(({ tick }) => tick)).to.deep.equal([120, 121, 122, 123]);
    });

    it('into a time that overlaps its own', async () => {
      const appointment = await bookAtNine();
      const zeit = slotAt(office.small.firstStopId, NINE + 10);
      expect((await office.post(movePath(appointment), { zeit })).status).to.equal(303);
      const rows = await office.ticks(appointment);
      expect(rows.map(({ tick, appointment_id }) => [tick, appointment_id])).to.deep.equal([
        [108, null],
        [109, null],
        [110, appointment.id],
        [111, appointment.id],
        [112, appointment.id],
        [113, appointment.id],
      ]);
    });

    it('and keeps the old time when the new one has gone meanwhile; the nearest others are offered first', async () => {
      const appointment = await bookAtNine();
      const { firstStopId } = office.small;
      const rival = await office.desk.book({ stopId: firstStopId, minute: NINE + 60, familyName: 'Specht' });
      const before = await office.dump();
      const zeit = slotAt(firstStopId, NINE + 60);
      const answer = await office.post(movePath(appointment), { zeit });
      expect(answer.status).to.equal(409);
      expectPrivate(answer);
      expect(answer.text).to.contain('Dieser Termin ist gerade vergeben worden');
      expect(answer.text).to.contain('Vergeben: Dienstag, 8. Dezember, 10:00 Uhr.');
      expect(answer.text).to.contain('Ihr jetziger Termin gehört weiter Ihnen.');
      expect(answer.text).not.to.contain('Specht');
      expect(await office.dump()).to.equal(before);
      expect((await office.ticks(appointment)).map(({ tick, appointment_id }) => [tick, appointment_id])).to.deep.equal(
        [
          ...[108, 109, 110, 111].map((tick) => [tick, appointment.id]),
          ...[120, 121, 122, 123].map((tick) => [tick, rival.id]),
        ],
      );

      const $ = load(answer.html);
      const nearest = $('.kt-windows input')
        .toArray()
        .map((input) => $(input).attr('value'));
      expect(nearest).to.have.members(
        [slotAt(firstStopId, 9 * 60 + 40), slotAt(firstStopId, 10 * 60 + 20), slotAt(firstStopId, 9 * 60 + 20)].slice(
          0,
          nearest.length,
        ),
      );
      expect(nearest.length).to.be.greaterThan(1);
      const values = slotValues(answer.html);
      expect(new Set(values).size).to.equal(values.length);
      expect(values).not.to.include(zeit);
      // One press later the appointment is at one of them.
      expect((await office.post(movePath(appointment), { zeit: nearest[0] ?? '' })).status).to.equal(303);
    });

    it('not to a visit that is not offered', async () => {
      const appointment = await bookAtNine();
      for (const zeit of ['99999.120', slotAt(office.small.firstStopId, 20 * 60)]) {
        const answer = await office.post(movePath(appointment), { zeit });
        expect(answer.status, zeit).to.equal(409);
        expect(slotValues(answer.html).length).to.be.greaterThan(0);
      }
      expect((await office.read(appointment)).sequence).to.equal(0);
    });

    it('only after choosing a time', async () => {
      const appointment = await bookAtNine();
      for (const body of [{}, { zeit: '' }, { zeit: 'x' }, { zeit: '1.999' }] as Record<string, string>[]) {
        const answer = await office.post(movePath(appointment), body);
        expect(answer.status).to.equal(422);
        const $ = load(answer.html);
        const target = $('.kt-errors a').attr('href') ?? '';
        expect($('.kt-errors').text()).to.contain('Wählen Sie eine neue Zeit aus.');
        expect($(target).attr('name')).to.equal('zeit');
      }
    });

    it('with ways to all times of a day and to later visits', async () => {
      const { municipalityId, kitId, clerkId, firstVenueId } = office.small;
      for (const day of ['09', '10', '11', '14', '15']) {
        await insertTour(office.app.office.database, {
          date: `2026-12-${day}`,
          municipalityId,
          kitId,
          clerkId,
          stops: [{ venueId: firstVenueId, fromMinute: 8 * 60, toMinute: 16 * 60 }],
        });
      }
      const appointment = await bookAtNine();
      const first = await office.get(movePath(appointment));
      const $ = load(first.html);
      const all = $('.kt-day a').first().attr('href') ?? '';
      const inAll = slotValues((await office.get(all)).html);
      const stopId = /halt=(\d+)/.exec(all)?.[1] ?? '';
      const of = (values: string[]) => values.filter((value) => value.startsWith(`${stopId}.`)).length;
      expect(of(inAll)).to.be.greaterThan(of(slotValues(first.html)));

      const laterLink = $('.kt-pager__link--later').attr('href') ?? '';
      const later = await office.get(laterLink);
      expect(later.text).to.contain('Dienstag, 15. Dezember');
      expect(later.text).not.to.contain('Mittwoch, 9. Dezember');
      expect(load(later.html)('form').attr('action')).to.equal(laterLink);
      expect(load(later.html)('.kt-pager__link').first().text()).to.contain('Frühere Besuche');
    });

    it('not when its only service has been given up', async () => {
      const appointment = await bookAtNine();
      await office.app.office.database.writer('services').update({ retired_at: 1 });
      office.clock.now += 5_000; // the picture of the office is a second old at most
      const answer = await office.get(movePath(appointment));
      expect(answer.status).to.equal(200);
      expect(answer.text).to.contain('Zurzeit ist keine andere Zeit frei');
      const zeit = slotAt(office.small.firstStopId, NINE + 60);
      expect((await office.post(movePath(appointment), { zeit })).status).to.equal(409);
    });
  });

  describe('cancels it', () => {
    it('by a button behind a question; twice is the same as once', async () => {
      const appointment = await bookAtNine({ contactKind: 'email' });
      const here = `/termin/${keyOf(appointment)}`;
      const question = await office.get(`${here}/absage`);
      expect(question.status).to.equal(200);
      expectPrivate(question);
      expect(question.text).to.contain('Möchten Sie diesen Termin absagen?');
      expect(load(question.html)('main button[type="submit"]').length).to.equal(1);

      const both = await Promise.all([office.post(`${here}/absage`), office.post(`${here}/absage`)]);
      const third = await office.post(`${here}/absage`);
      for (const { status, location } of [...both, third]) {
        expect([status, location]).to.deep.equal([303, `${here}?abgesagt=1`]);
      }
      const cancelled = await office.read(appointment);
      expect([cancelled.state, cancelled.sequence]).to.deep.equal(['cancelled', 1]);
      expect(await office.app.office.database.reader('contact_slots')).to.deep.equal([]);

      const page = await office.get(`${here}?abgesagt=1`);
      expect(page.text).to.contain('Ihr Termin ist abgesagt');
      expect(page.text).to.contain('Die Absage ist angekommen');
      const later = await office.get(here);
      expect(later.text).to.contain('Dieser Termin gilt nicht mehr');
      expect(later.html).not.to.contain('/verschieben');
      expect((await office.get(`${here}/absage`)).location).to.equal(here);
      const found = await office.post('/termin', { vorgangsnummer: appointment.reference, familienname: 'Vogel' });
      expect(found.location).to.equal(here);
    });

    it('and the time is offered again only after a random delay of 1 to 30 minutes', async () => {
      const appointment = await bookAtNine();
      await office.post(`/termin/${keyOf(appointment)}/absage`);
      const rows = await office.ticks(appointment);
      expect(rows.length).to.equal(4);
      const [first] = rows;
      const freeAt = first?.free_at ?? 0;
      expect(freeAt).to.be.within(office.clock.now + MINUTE, office.clock.now + 30 * MINUTE);
      for (const row of rows) {
        expect([row.appointment_id, row.free_at]).to.deep.equal([null, freeAt]);
      }

      const other = await office.desk.book({ stopId: office.small.firstStopId, minute: NINE + 60 });
      const nine = `${office.small.firstStopId}.${minuteToTick(NINE)}`;
      const path = `/termin/${keyOf(other)}/verschieben?alle=1`;
      office.clock.now = freeAt - 1;
      expect(slotValues((await office.get(path)).html)).not.to.include(nine);
      expect((await office.post(path, { zeit: nine })).status).to.equal(409);
      office.clock.now = freeAt;
      expect(slotValues((await office.get(path)).html)).to.include(nine);
      expect((await office.post(path, { zeit: nine })).status).to.equal(303);
    });
  });

  it('changes nothing by following links', async () => {
    const appointment = await bookAtNine({ contactKind: 'email' });
    const here = `/termin/${keyOf(appointment)}`;
    const before = await office.dump();
    for (const path of ['', '/gebucht', '/verschieben', '/absage', '/termin.ics', '?abgesagt=1', '?verschoben=1']) {
      for (const prefix of ['', '/en']) {
        const { status } = await office.get(prefix + here + path);
        expect(status, path).to.equal(200);
      }
    }
    await expireHolds(createHousekeepingRepository(office.app.office.database), office.clock.now);
    expect(await office.dump()).to.equal(before);
    expect((await office.get(`${here}?abgesagt=1`)).text).not.to.contain('abgesagt');
  });

  it('gets a calendar file of the appointment, and one that removes it after a cancellation', async () => {
    const appointment = await bookAtNine();
    const here = `/termin/${keyOf(appointment)}`;
    const file = await office.get(`${here}/termin.ics`);
    expect(file.headers.get('content-type')).to.equal('text/calendar; charset=utf-8; method=PUBLISH');
    expect(file.headers.get('content-disposition')).to.equal('attachment; filename="termin.ics"');
    expectPrivate(file);
    const lines = file.html.replace(/\r\n[ \t]/g, '').split('\r\n');
    expect(lines).to.include.members([
      'METHOD:PUBLISH',
      'SEQUENCE:0',
      'SUMMARY:Bürgerkoffer: Schönberg\\, Gemeindeamt',
      'LOCATION:Gemeindeamt\\, Am Anger 2\\, 08393 Schönberg',
      'DTSTART;TZID=Europe/Berlin:20261208T090000',
      'DTEND;TZID=Europe/Berlin:20261208T092000',
      'GEO:50.8631;12.5151',
      `URL;VALUE=URI:${office.app.origin}${here}`,
    ]);
    expect(file.html).not.to.contain('Vogel');

    await office.post(`${here}/absage`);
    const removal = await office.get(`${here}/termin.ics`);
    expect(removal.headers.get('content-type')).to.contain('method=CANCEL');
    expect(removal.html).to.contain('STATUS:CANCELLED').and.to.contain('SEQUENCE:1');
    const uid = (text: string) => /^UID:(.*)$/m.exec(text)?.[1];
    expect(uid(removal.html)).to.equal(uid(file.html));
  });
});

describe('On the days when the clocks change', () => {
  for (const [date, today] of [
    ['2026-10-25', '2026-10-20'],
    ['2027-03-28', '2027-03-23'],
  ] as const) {
    it(`an appointment at 9:00 on ${date} is at 9:00, on the page and in the calendar file`, async () => {
      const office = await openOffice(date, today);
      try {
        const appointment = await office.desk.book({ stopId: office.small.firstStopId, minute: NINE });
        const here = `/termin/${keyOf(appointment)}`;
        expect((await office.get(here)).text).to.match(/9:00 Uhr/);
        const file = await office.get(`${here}/termin.ics`);
        const day = date.replaceAll('-', '');
        expect(file.html).to.contain(`DTSTART;TZID=Europe/Berlin:${day}T090000\r\n`);
        expect(file.html).to.contain(`DTEND;TZID=Europe/Berlin:${day}T092000\r\n`);
        const zeit = `${office.small.secondStopId}.${minuteToTick(14 * 60)}`;
        expect((await office.post(`${here}/verschieben`, { zeit })).status).to.equal(303);
        expect((await office.get(here)).text).to.match(/14:00 Uhr/);
        expect((await office.get(`${here}/termin.ics`)).html).to.contain(`:${day}T140000\r\n`);
      } finally {
        await office.stop();
      }
    });
  }
});

describe('The pages of an appointment', function () {
  this.timeout(120_000);
  let office: Office;
  let pages: [label: string, path: string][];

  before(async () => {
    office = await openOffice();
    const { firstStopId, placeId } = office.small;
    const appointment = await office.desk.book({
      stopId: firstStopId,
      minute: NINE,
      originPlaceId: placeId,
      services: [
        { slug: 'personalausweis', persons: 1 },
        { slug: 'fuehrungszeugnis', persons: 1 },
      ],
    });
    const gone = await office.desk.book({ stopId: firstStopId, minute: NINE + 60 });
    await office.post(`/termin/${keyOf(gone)}/absage`);
    const here = `/termin/${keyOf(appointment)}`;
    pages = [
      ['lookup', '/termin'],
      ['appointment', here],
      ['moved', `${here}?verschoben=1`],
      ['booked', `${here}/gebucht`],
      ['move', `${here}/verschieben`],
      ['cancellation', `${here}/absage`],
      ['cancelled', `/termin/${keyOf(gone)}`],
    ];
  });
  after(() => office.stop());

  it('are valid HTML with one h1 in both languages', async () => {
    for (const prefix of ['', '/en']) {
      for (const [label, path] of pages) {
        const { html } = await office.get(prefix + path);
        await expectValidHtml(html, `${prefix} ${label}`);
        expect(load(html)('h1[tabindex="-1"]').length, label).to.equal(1);
        expect(load(html)('html').attr('lang')).to.equal(prefix === '' ? 'de' : 'en');
      }
      const refused = await office.post(`${prefix}/termin`, { vorgangsnummer: 'K7M', familienname: '' });
      await expectValidHtml(refused.html, 'refused lookup');
      const move = pages.find(([label]) => label === 'move')?.[1] ?? '';
      await expectValidHtml((await office.post(prefix + move)).html, 'move without a choice');
      const taken = await office.post(prefix + move, {
        zeit: `${office.small.firstStopId}.${minuteToTick(NINE + 60)}`,
      });
      expect(taken.status).to.equal(409);
      await expectValidHtml(taken.html, 'taken time');
    }
  });

  it('say everything in the language of the page', async () => {
    const english = await Promise.all(pages.map(([, path]) => office.get(`/en${path}`)));
    for (const { text } of english) {
      expect(text).not.to.match(/\b(Termin|Uhr|Bitte|Vorgangsnummer)\b/);
    }
  });

  it('are accessible and never scroll sideways, narrow and wide, light and dark', async () => {
    for (const [width, colorScheme, prefix] of [
      [320, 'dark', ''],
      [1280, 'light', '/en'],
    ] as const) {
      const page = await newPage({ origin: office.app.origin, width, colorScheme });
      try {
        for (const [label, path] of pages) {
          await page.goto(prefix + path);
          await expectNoAxeViolations(page, `${label}, ${width} px, ${colorScheme}`);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
          expect(overflow, `${label} at ${width} px`).to.be.at.most(0);
        }
        await page.goto(`${prefix}/termin`);
        await page.locator('#vorgangsnummer').fill('K7M');
        await page.locator('main button[type="submit"]').click();
        await page.locator('.kt-errors').waitFor();
        await expectNoAxeViolations(page, `refused lookup, ${width} px, ${colorScheme}`);
        expect(await page.evaluate('document.activeElement.id')).to.equal('fehler');
      } finally {
        await page.close();
      }
    }
  });

  it('work without JavaScript and by keyboard: move to another time and cancel', async () => {
    const appointment = await office.desk.book({ stopId: office.small.secondStopId, minute: 14 * 60 });
    const page = await newPage({ origin: office.app.origin, javaScript: false });
    try {
      await page.goto(`/termin/${keyOf(appointment)}`);
      await page.getByRole('link', { name: 'Termin verschieben' }).press('Enter');
      await page.locator('input[name="zeit"]').first().focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.getByText('Ihr Termin ist verschoben').waitFor();
      await page.getByRole('link', { name: 'Termin absagen' }).press('Enter');
      await page.getByRole('button', { name: 'Ja, Termin absagen' }).press('Enter');
      await page.getByText('Die Absage ist angekommen').waitFor();
    } finally {
      await page.close();
    }
  });

  it('leave a time that has just gone visible as such, and offer the nearest ones to the keyboard', async () => {
    const appointment = await office.desk.book({ stopId: office.small.secondStopId, minute: 15 * 60 });
    const page = await newPage({ origin: office.app.origin, width: 320 });
    try {
      await page.goto(`/termin/${keyOf(appointment)}/verschieben`);
      const first = page.locator('input[name="zeit"]').first();
      const [stopId, tick] = ((await first.getAttribute('value')) ?? '').split('.');
      await office.desk.book({ stopId: Number(stopId), minute: Number(tick) * 5 });
      await first.focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.getByText('Dieser Termin ist gerade vergeben worden').waitFor();
      await expectNoAxeViolations(page, 'taken time, 320 px');
      const nearest = page.locator('.kt-windows input').first();
      await nearest.focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.getByText('Ihr Termin ist verschoben').waitFor();
    } finally {
      await page.close();
    }
  });
});

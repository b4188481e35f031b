import { expect } from 'chai';
import ical from 'node-ical';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import { moveTour } from '../../server/features/tours/moveTour.ts';
import { renewTimes } from '../../server/features/tours/freshTimes.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { readCalendarFile, type ReadEvent } from '../support/calendarStore.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { addPlanner, evenRoads, tourDeps, tourOf } from '../support/toursFixture.ts';
import { createVisitor, errorsOf, type Answer, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';

describeOnBothDatabases('A calendar that somebody of the office subscribes to', (open) => {
  let app: RunningApp;
  let office: SmallOffice;
  let now: number;
  let clerk: Awaited<ReturnType<typeof signedIn>>;
  let planner: Awaited<ReturnType<typeof signedIn>>;
  let calendar: Visitor;
  let author: Planner;
  let reference: string;

  beforeEach(async function () {
    this.timeout(60_000);
    now = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
    app = await startApp({ now: () => now, database: (await open()).config });
    const { database } = app.office;
    office = await seedSmallOffice(database, { date: DATE });
    const options = { municipalities: [office.municipalityId], now };
    clerk = await signedIn(app, 'clerk', options);
    planner = await signedIn(app, 'planner', options);
    await database.writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
    calendar = createVisitor(app.origin);
    author = await addPlanner(database, 'Petra Plan', [office.municipalityId]);
    const desk = createDesk(database, () => now);
    const services = [
      { slug: 'personalausweis', persons: 2 },
      { slug: 'fuehrungszeugnis', persons: 1 },
    ];
    const booked = await desk.book({
      stopId: office.firstStopId,
      minute: 9 * 60,
      services,
      familyName: 'Zwickelmann',
      contactKind: 'email',
      contact: 'zwickelmann@post.example',
    });
    reference = booked.reference ?? '';
    await renewTimes(deps(), { fromDate: DATE, toDate: DATE, most: 50 });
  });
  afterEach(async () => {
    for (const visitor of [clerk, planner, calendar]) visitor.close();
    await app.stop();
  });

  const deps = () => tourDeps(app.office.database, () => now, evenRoads(12, true));

  /** Makes one over the page. @returns the path of its address */
  async function subscribe(visitor: Visitor, art: string): Promise<string> {
    const made = await visitor.submit(await visitor.get('/intern/kalender'), { art, bezeichnung: 'Diensttelefon' });
    expect(made.status, errorsOf(made).join()).to.equal(200);
    return pathIn(made);
  }

  function pathIn(made: Answer): string {
    return new URL(made.$('.kt-newfeed__address').text().trim()).pathname;
  }

  async function read(path: string): Promise<ReadEvent[]> {
    const answer = await calendar.get(path);
    expect(answer.status).to.equal(200);
    expect(Object.keys(ical.sync.parseICS(answer.html)).length).to.be.greaterThan(0);
    return readCalendarFile(answer.html).events;
  }

  const called = (events: readonly ReadEvent[], text: string): ReadEvent => {
    const found = events.find(({ summary }) => summary.includes(text));
    if (found === undefined) throw new Error(`No "${text}" in ${events.map(({ summary }) => summary).join(' | ')}`);
    return found;
  };

  it('shows a clerk the stops, the ways and the way back, with appointments but nobody’s name', async () => {
    const path = await subscribe(clerk, 'clerk');
    const answer = await calendar.get(path);
    expect(answer.headers).to.include({
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
    });
    expect(answer.headers['content-type']).to.contain('text/calendar');
    expect(answer.headers['set-cookie']).to.equal(undefined);
    for (const secret of ['Zwickelmann', 'Karin', 'post.example']) expect(answer.html).not.to.contain(secret);

    const events = await read(path);
    const first = called(events, 'Gemeindeamt');
    expect(first.summary).to.equal('Schönberg, Gemeindeamt · 1 Termin');
    expect(first.local).to.deep.equal({ start: `${DATE}T09:00:00`, end: `${DATE}T12:00:00` });
    expect(first.zone).to.equal('Europe/Berlin');
    expect(first.location).to.equal('Gemeindeamt, Am Anger 2, 08393 Schönberg');
    expect(first.geo).to.deep.equal([50.8631, 12.5151]);
    expect(first.description).to.contain('Ankunft: 8:40 Uhr');
    expect(first.description).to.contain('Aufbau: 8:40 bis 9 Uhr');
    expect(first.description).to.contain('Abbau: 12 bis 12:15 Uhr');
    expect(first.description).to.contain('Stand: 1. Dezember 2026, 8:00 Uhr');
    expect(first.description.replaceAll(' ', '')).to.contain(reference);
    expect(first.description).to.contain('Personalausweis beantragen (2 Personen), Führungszeugnis beantragen');
    expect(called(events, 'Fahrt nach Schönberg').summary).to.match(
      /^Fahrt nach Schönberg, 12 min, [\d,]+ k?m, geschätzt$/,
    );
    expect(called(events, 'Fahrt nach Schönberg').local.start).to.equal(`${DATE}T08:28:00`);
    expect(called(events, 'Fahrt nach Köthel').local.start).to.equal(`${DATE}T12:15:00`);
    expect(called(events, 'Rückfahrt nach Rathaus Meerane').local.end).to.equal(`${DATE}T16:27:00`);
  });

  it('shows the stops of a tour whose times are not known, and says so', async () => {
    await app.office.database.writer('tour_times').delete();
    const events = await read(await subscribe(clerk, 'clerk'));
    expect(events.map(({ summary }) => summary)).to.deep.equal([
      'Schönberg, Gemeindeamt · 1 Termin',
      'Köthel, Feuerwehrhaus · 0 Termine',
    ]);
    expect(events[0]?.description).to.contain('noch nicht berechnet');
  });

  it('follows a tour that is moved: the same event with a higher number', async () => {
    const path = await subscribe(clerk, 'clerk');
    const before = called(await read(path), 'Feuerwehrhaus');
    const { id: tourId, version } = await tourOf(app.office.database, office.secondStopId);
    now += 60_000;
    await app.office.database.writer('appointments').delete();
    await app.office.database.writer('tours').update({ depot_id: office.depotId });
    const moved = await moveTour(deps(), author, { tourId, version, date: '2026-12-09', decisions: [] });
    expect(moved, JSON.stringify(moved)).to.include({ kind: 'saved' });
    const after = called(await read(path), 'Feuerwehrhaus');
    expect(after.uid).to.equal(before.uid);
    expect(after.sequence).to.be.greaterThan(before.sequence);
    expect(after.local.start).to.equal('2026-12-09T13:30:00');
  });

  it('loses a tour that is cancelled; the planner’s strikes it', async () => {
    const [own, all] = [await subscribe(clerk, 'clerk'), await subscribe(planner, 'planner')];
    const before = called(await read(all), 'Feuerwehrhaus');
    await app.office.database.writer('appointments').delete();
    const { id: tourId, version } = await tourOf(app.office.database, office.secondStopId);
    const outcome = await cancelTour(deps(), author, { tourId, version, decisions: [] });
    expect(outcome.kind).to.equal('cancelled');
    expect(await read(own)).to.deep.equal([]);
    const after = called(await read(all), 'Feuerwehrhaus');
    expect(after).to.include({ uid: before.uid, status: 'CANCELLED' });
    expect(after.summary).to.match(/^Fällt aus: /);
    expect(after.sequence).to.be.greaterThan(before.sequence);
  });

  it('says 9 o’clock before and after the clocks are changed', async () => {
    const tour = { municipalityId: office.municipalityId, kitId: office.kitId, clerkId: office.clerkId };
    for (const date of ['2027-03-27', '2027-03-28', '2027-10-30', '2027-10-31']) {
      const stops = [{ venueId: office.firstVenueId, fromMinute: 60, toMinute: 5 * 60 }];
      await insertTour(app.office.database, { ...tour, date, stops });
      const events = await read(await subscribe(clerk, 'clerk'));
      const event = events.find(({ local }) => local.start.startsWith(date));
      expect(event?.local).to.deep.equal({ start: `${date}T01:00:00`, end: `${date}T05:00:00` });
      expect(event?.start).to.equal(OFFICE_ZONE.instantAt(date, 60));
      expect(event?.end).to.equal(OFFICE_ZONE.instantAt(date, 300));
    }
  });

  it('shows where a kit is, and all tours to planners, without appointments', async () => {
    const kit = await read(await subscribe(planner, `kit-${office.kitId}`));
    expect(called(kit, 'Gemeindeamt').summary).to.equal('Schönberg, Gemeindeamt');
    expect(called(kit, 'Gemeindeamt').transparency).to.equal('TRANSPARENT');
    const all = await read(await subscribe(planner, 'planner'));
    expect(all.map(({ summary }) => summary)).to.deep.equal([
      'Schönberg, Gemeindeamt · Koffer 1 · A. Beispiel',
      'Köthel, Feuerwehrhaus · Koffer 1 · A. Beispiel',
    ]);
    for (const { description } of [...kit, ...all]) expect(description.replaceAll(' ', '')).not.to.contain(reference);
  });

  it('answers no longer when it is ended, the account is locked, the role is gone or the clerk is another', async () => {
    const { writer } = app.office.database;
    const path = await subscribe(clerk, 'clerk');
    const gone = async (why: string) => {
      const answer = await calendar.get(path);
      expect(answer.status, why).to.equal(404);
      expect(answer.headers['x-robots-tag'], why).to.contain('noindex');
    };
    await writer('users').where('id', clerk.user.id).update({ locked_at: now });
    await gone('locked');
    await writer('users').where('id', clerk.user.id).update({ locked_at: null });
    await read(path);

    await writer('clerks').where('id', office.clerkId).update({ user_id: null });
    await gone('another clerk');
    await writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
    await read(path);

    const page = await clerk.get('/intern/kalender');
    const ended = await clerk.follow(await clerk.submit(page, {}, '.kt-feed form'));
    expect(visibleText(ended.html)).to.contain('Der Kalender ist beendet.');
    await gone('ended');

    const second = await subscribe(clerk, 'clerk');
    await writer('user_roles').where('user_id', clerk.user.id).delete();
    expect((await calendar.get(second)).status).to.equal(404);
    const history = await app.office.database.reader('audit_entries').where('subject', 'calendarFeed').pluck('action');
    expect(history).to.deep.equal(['created', 'deleted', 'created']);
  });

  it('does not answer to an address that is wrong', async () => {
    for (const token of ['A'.repeat(22), 'A'.repeat(21), '%00', 'x', '..%2f..']) {
      const answer = await calendar.get(`/kalender/${token}.ics`);
      expect(answer.status, token).to.equal(404);
    }
  });

  it('is made once when the form is sent twice, and its address is kept as a hash only', async () => {
    const page = await clerk.get('/intern/kalender');
    await expectValidHtml(page.html, 'the page');
    const fields = { art: 'clerk', bezeichnung: 'Telefon' };
    const made = await clerk.submit(page, fields);
    await expectValidHtml(made.html, 'the page with the address');
    expect(pathIn(await clerk.submit(page, fields))).to.equal(pathIn(made));
    const rows = await app.office.database.reader('calendar_feeds').select('*');
    expect(rows).to.have.length(1);
    expect(JSON.stringify(rows)).not.to.contain(pathIn(made).slice(10, -4));
    const again = await clerk.get('/intern/kalender');
    expect(again.html).not.to.contain(pathIn(made).slice(10, -4));
    expect(visibleText(again.html)).to.contain('Noch nicht abgerufen');
    expect(JSON.stringify(await app.office.database.reader('sessions'))).not.to.contain(pathIn(made).slice(10, -4));
  });

  it('wants a label and a kind that one may have', async () => {
    const page = await clerk.get('/intern/kalender');
    expect(page.html).not.to.contain('value="planner"');
    const none = await clerk.submit(page, { art: 'clerk', bezeichnung: ' ' });
    expect(none.status).to.equal(422);
    expect(errorsOf(none)).to.contain('Bitte geben Sie eine Bezeichnung ein.');
    const wrong = await clerk.submit(page, { art: 'planner', bezeichnung: 'Telefon' });
    expect(wrong.status).to.equal(422);
    expect(wrong.$('#bezeichnung').val()).to.equal('Telefon');
    expect(await app.office.database.reader('calendar_feeds')).to.deep.equal([]);
  });

  it('remembers at most once an hour that it was asked', async () => {
    const path = await subscribe(clerk, 'clerk');
    const used = async () => (await app.office.database.reader('calendar_feeds').pluck('used_at'))[0] as number;
    const first = now;
    await read(path);
    now += 30 * 60_000;
    await read(path);
    expect(await used()).to.equal(first);
    now += 31 * 60_000;
    await read(path);
    expect(await used()).to.equal(now);
  });

  it('asks the database as often for many tours as for one', async () => {
    const path = await subscribe(clerk, 'clerk');
    const statements = async (): Promise<number> => {
      let count = 0;
      const listen = (): void => void count++;
      app.office.database.reader.on('query', listen);
      await read(path);
      app.office.database.reader.removeListener('query', listen);
      return count;
    };
    await read(path);
    const few = await statements();
    const tour = { municipalityId: office.municipalityId, kitId: office.kitId, clerkId: office.clerkId };
    for (let day = 10; day < 25; day++) {
      const stops = [{ venueId: office.firstVenueId, fromMinute: 540, toMinute: 720 }];
      await insertTour(app.office.database, { ...tour, date: `2026-12-${day}`, stops });
    }
    expect(await statements()).to.equal(few);
  });
});

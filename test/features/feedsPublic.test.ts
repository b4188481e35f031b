import { expect } from 'chai';
import ical from 'node-ical';
import { cancelTour } from '../../server/features/tours/cancelTour.ts';
import type { Planner } from '../../server/features/tours/ports.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { readCalendarFile, type ReadEvent } from '../support/calendarStore.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { expectValidHtml } from '../support/html.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { addPlanner, evenRoads, tourDeps, tourOf } from '../support/toursFixture.ts';
import { createVisitor, type Answer, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const MUNICIPALITY = '/fahrplan/meerane/kalender.ics';
const VENUE = '/standorte/schoenberg-gemeindeamt/kalender.ics';
const DAY = 24 * 60 * 60_000;

describeOnBothDatabases('The public calendar of visits', (open) => {
  let app: RunningApp;
  let office: SmallOffice;
  let now: number;
  let visitor: Visitor;
  let author: Planner;

  beforeEach(async function () {
    this.timeout(60_000);
    now = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
    app = await startApp({ now: () => now, database: (await open()).config });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    author = await addPlanner(app.office.database, 'Petra Plan', [office.municipalityId]);
    visitor = createVisitor(app.origin);
  });
  afterEach(async () => {
    visitor.close();
    await app.stop();
  });

  function eventsOf(answer: Answer): ReadEvent[] {
    expect(answer.status).to.equal(200);
    ical.sync.parseICS(answer.html);
    return readCalendarFile(answer.html).events;
  }

  async function cancel(): Promise<void> {
    const deps = tourDeps(app.office.database, () => now, evenRoads(12));
    const { id: tourId, version } = await tourOf(app.office.database, office.firstStopId);
    const outcome = await cancelTour(deps, author, { tourId, version, decisions: [] });
    expect(outcome.kind).to.equal('cancelled');
  }

  const asking = (path: string, headers: Record<string, string>) => visitor.ask(path, { headers });

  it('tells when the Bürgerkoffer comes where, how to get in and what can be done', async () => {
    const answer = await visitor.get(MUNICIPALITY);
    expect(answer.headers['cache-control']).to.match(/^public, max-age=\d+$/);
    expect(answer.headers['set-cookie']).to.equal(undefined);
    const [first, second, ...more] = eventsOf(answer);
    expect(more).to.deep.equal([]);
    expect(first).to.include({
      summary: 'Bürgerkoffer: Schönberg, Gemeindeamt',
      location: 'Gemeindeamt, Am Anger 2, 08393 Schönberg',
      status: 'CONFIRMED',
      transparency: 'TRANSPARENT',
      url: `${app.origin}/standorte/schoenberg-gemeindeamt`,
    });
    expect(first?.local).to.deep.equal({ start: `${DATE}T09:00:00`, end: `${DATE}T12:00:00` });
    expect(first?.geo).to.deep.equal([50.8631, 12.5151]);
    expect(first?.description).to.contain('Leistungen: Personalausweis beantragen, Führungszeugnis beantragen');
    expect(first?.description).to.contain('stufenfrei');
    expect(first?.description).to.contain('Stand: 1. Dezember 2026, 0:00 Uhr');
    expect(second?.description).to.contain('zwei Stufen am Eingang');
    expect(answer.html).not.to.contain('Beispiel'); // nor who comes with it
  });

  it('is there for one venue, and in English', async () => {
    expect(eventsOf(await visitor.get(VENUE)).map(({ summary }) => summary)).to.deep.equal([
      'Bürgerkoffer: Schönberg, Gemeindeamt',
    ]);
    const [english] = eventsOf(await visitor.get(`/en${VENUE}`));
    expect(english?.description).to.contain('Services: Apply for an identity card');
    expect(english?.url).to.equal(`${app.origin}/en/standorte/schoenberg-gemeindeamt`);
    expect((await visitor.get('/fahrplan/nirgends/kalender.ics')).status).to.equal(404);
    expect((await visitor.get('/standorte/nirgends/kalender.ics')).status).to.equal(404);
  });

  it('answers 304 to who has it already, by the tag before the date', async () => {
    const { headers, html } = await visitor.get(MUNICIPALITY);
    const etag = headers.etag ?? '';
    const modified = headers['last-modified'] ?? '';
    for (const known of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*']) {
      const answer = await asking(MUNICIPALITY, { 'If-None-Match': known });
      expect([answer.status, answer.html, answer.headers.etag], known).to.deep.equal([304, '', etag]);
      expect(answer.headers['cache-control'], known).to.contain('max-age');
    }
    expect((await asking(MUNICIPALITY, { 'If-Modified-Since': modified })).status).to.equal(304);
    const older = new Date(Date.parse(modified) - 1000).toUTCString();
    expect((await asking(MUNICIPALITY, { 'If-Modified-Since': older })).status).to.equal(200);
    expect((await asking(MUNICIPALITY, { 'If-Modified-Since': 'yesterday' })).status).to.equal(200);
    const other = await asking(MUNICIPALITY, { 'If-None-Match': '"x"', 'If-Modified-Since': modified });
    expect(other.status).to.equal(200);

    now += 5 * 60 * 60_000;
    const later = await visitor.get(MUNICIPALITY);
    expect([later.headers.etag, later.html], 'five hours later').to.deep.equal([etag, html]);
  });

  it('is another one when a tour has changed, and is not when somebody has booked', async () => {
    const { headers } = await visitor.get(MUNICIPALITY);
    now += 60_000;
    await createDesk(app.office.database, () => now).book({ stopId: office.firstStopId, minute: 540 });
    now += 60_000;
    expect((await asking(MUNICIPALITY, { 'If-None-Match': headers.etag ?? '' })).status).to.equal(304);
    await app.office.database.writer('appointments').delete();
    await cancel();
    now += 60_000;
    const answer = await asking(MUNICIPALITY, { 'If-None-Match': headers.etag ?? '' });
    expect(answer.status).to.equal(200);
    expect(answer.headers['last-modified']).not.to.equal(headers['last-modified']);
  });

  it('strikes what was called off until two weeks after that, or as long as it is to come', async () => {
    const [before] = eventsOf(await visitor.get(MUNICIPALITY));
    await cancel();
    now += 60_000;
    const [after] = eventsOf(await visitor.get(MUNICIPALITY));
    expect(after).to.include({
      uid: before?.uid,
      status: 'CANCELLED',
      summary: 'Fällt aus: Bürgerkoffer: Schönberg, Gemeindeamt',
    });
    expect(after?.sequence).to.be.greaterThan(before?.sequence ?? NaN);
    now += 10 * DAY; // the day of it is over
    expect(eventsOf(await visitor.get(MUNICIPALITY))).to.have.length(2);
    now += 5 * DAY;
    expect(eventsOf(await visitor.get(MUNICIPALITY))).to.deep.equal([]);
  });

  it('says nothing of drafts', async () => {
    await app.office.database.writer('tours').update({ state: 'draft', published_at: null });
    expect(eventsOf(await visitor.get(MUNICIPALITY))).to.deep.equal([]);
    await app.office.database.writer('tours').update({ state: 'cancelled', cancelled_at: now });
    now += 60_000;
    expect(eventsOf(await visitor.get(MUNICIPALITY))).to.deep.equal([]);
  });

  it('can be subscribed to from the timetable and from the page of the venue', async () => {
    for (const [page, path] of [
      ['/fahrplan/meerane', MUNICIPALITY],
      ['/standorte/schoenberg-gemeindeamt', VENUE],
    ] as const) {
      const answer = await visitor.get(page);
      await expectValidHtml(answer.html, page);
      const addresses = answer
        .$('main a[href$="kalender.ics"]')
        .map((_, link) => answer.$(link).attr('href'))
        .get();
      expect(addresses, page).to.deep.equal([app.origin.replace('http:', 'webcal:') + path, app.origin + path]);
    }
  });
});

import { expect } from 'chai';
import { addNeighbour } from '../support/toursFixture.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertOneRow, openOffice, type TourOffice } from '../support/tourOffice.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';

/** A Wednesday on which nobody has a tour. */
const DAY = '2026-12-09';
const ACCEPT = 'form[method="post"][action$="/reihenfolge"]';

/**
 * Three venues to the north of the depot (50.8469, 12.4647), each 0.05 degrees (5.56 km) behind the other. As the road is
 * taken to be 1.4 times as long (7.78, 15.57, 23.35 km), driven at 30 km/h for 3 km, then at 60, from 20 km on at 80, and
 * with two minutes to get away: 767, 1234 and 1651 seconds, which are 13, 21 and 28 minutes for one, two and three steps.
 */
const STEPS = ['Nahdorf', 'Mitteldorf', 'Ferndorf'] as const;

/** Middle, near, far: 21 + 13 + 21 + 28 = 83 minutes. Near, middle, far and back: 13 + 13 + 13 + 28 = 67, the least. */
const TIMES = [
  { place: 'Mitteldorf', from: '9:00', to: '10:00' },
  { place: 'Nahdorf', from: '11:00', to: '12:00' },
  { place: 'Ferndorf', from: '13:45', to: '14:45' },
] as const;

/** What the map draws. */
interface MapData {
  lines: { kind?: string }[];
  stops: { name: string; label: string }[];
}

describe('A planner who wants a better order', function () {
  this.timeout(20_000);
  let office: TourOffice;
  let planner: Visitor;
  let path: string;
  let tourId: number;

  beforeEach(async () => {
    office = await openOffice();
    planner = await office.signIn('planner');
    const venues = new Map<string, number>();
    for (const [index, locality] of STEPS.entries()) {
      venues.set(
        locality,
        await insertOneRow(office, 'venues', {
          municipality_id: office.municipalityId,
          slug: locality.toLowerCase(),
          name: 'Dorfhaus',
          locality,
          street: 'Dorfstraße 1',
          postcode: '08393',
          city: locality,
          lat: 50.8469 + 0.05 * (index + 1),
          lon: 12.4647,
          step_free: true,
        }),
      );
    }
    const stops = TIMES.map(({ place, from, to }, index): Record<string, string> => ({
      [`halt-${index + 1}-standort`]: String(venues.get(place)),
      [`halt-${index + 1}-von`]: from,
      [`halt-${index + 1}-bis`]: to,
      [`halt-${index + 1}-schalter`]: '1',
      [`halt-${index + 1}-aufbau`]: '20',
      [`halt-${index + 1}-abbau`]: '15',
    }));
    const empty = await planner.get(`/intern/touren/neu?datum=${DAY}&koffer=${office.kitId}`);
    const saved = await planner.submit(empty, {
      'team-1': String(office.clerkId),
      halte: '3',
      ...stops.reduce((all, one) => ({ ...all, ...one })),
      aktion: 'speichern',
    });
    expect(saved.status).to.equal(303);
    tourId = Number(/\d+$/.exec(saved.location ?? '')?.[0]);
    path = `/intern/touren/${tourId}/reihenfolge`;
  });
  afterEach(() => office.close());

  const stopsNow = async (): Promise<string[]> => {
    const rows = await office.app.office.database
      .reader<{ locality: string; from_minute: number; tour_id: number }>('stops')
      .join('venues', 'venues.id', 'stops.venue_id')
      .where('tour_id', tourId)
      .orderBy('from_minute')
      .select('venues.locality', 'stops.from_minute');
    return rows.map((row: { locality: string; from_minute: number }) => `${row.locality} ${row.from_minute / 60}`);
  };
  const version = async (): Promise<number> =>
    (await office.app.office.database.reader<{ id: number; version: number }>('tours').where('id', tourId).first())
      ?.version ?? 0;
  const mapOf = ({ $ }: Answer): MapData => JSON.parse($('[data-kt-map]').attr('data-kt-map') ?? '{}') as MapData;
  const headline = ({ html }: Answer): string => visibleText(html, '#ergebnis');

  it('comes to it from the tour', async () => {
    const tour = await planner.get(`/intern/touren/${tourId}`);
    expect(tour.$(`a[href="${path}"]`).text()).to.equal('Reihenfolge verbessern');
    expect(mapOf(tour).lines.map(({ kind }) => kind)).to.deep.equal(['estimated']);
    expect(visibleText(tour.html, '.kt-legend')).to.equal('Weg geschätzt, als gerade Linie');
  });

  it('sees how much driving it saves, which times change, and that there is none better', async () => {
    const page = await planner.get(path);
    expect(page.status).to.equal(200);
    expect(headline(page)).to.equal('16 Minuten weniger Fahrzeit');
    const text = visibleText(page.html, 'main');
    expect(text).to.contain('Das ist die beste Reihenfolge');
    expect(text).to.contain('Die Fahrzeiten sind geschätzt');
    expect(visibleText(page.html, 'tbody tr:first-child')).to.match(
      /Fahrzeit\s+1 Stunde 23 Minuten\s+1 Stunde 7 Minuten\s+16 Minuten weniger/,
    );
    expect(text).to.match(/Nahdorf, Dorfhaus: 11:00–12:00 →\s*wird zu \d+:\d\d–\d+:\d\d/);
    expect(page.$('input[name="frei"]:checked').length).to.equal(3);
    await expectValidHtml(page.html, 'a better order');
  });

  it('sees both ways on the map and in lists with minutes and kilometres', async () => {
    const page = await planner.get(path);
    const { lines, stops } = mapOf(page);
    expect(lines.map(({ kind }) => kind)).to.deep.equal(['before', 'estimated']);
    const listed = page
      .$('#liste-vorschlag ~ ol h4')
      .map((_, element) => page.$(element).text())
      .get();
    expect(listed).to.deep.equal([
      'Abfahrt: Rathaus Meerane',
      ...stops.map(({ label, name }) => `Halt ${label}: ${name}, Dorfhaus`),
      'Rückkehr: Rathaus Meerane',
    ]);
    expect(visibleText(page.html, '#liste-jetzt ~ ol')).to.contain('21 Minuten, 16 km').and.contain('13 Minuten, 8 km');
    expect(visibleText(page.html, '.kt-legend')).to.equal('Vorschlag, geschätzt, als gerade Linie jetzt');
    expect(page.$('[id^="halt-"]').length, 'the map leads to the proposal only').to.equal(3);
  });

  it('takes it over, and finds it saved however often the button was pressed', async () => {
    const page = await planner.get(path);
    const shown = mapOf(page).stops.map(({ name }) => name);
    const sent = await planner.submit(page, {}, ACCEPT);
    expect([sent.status, sent.location]).to.deep.equal([303, `/intern/touren/${tourId}`]);
    expect(visibleText((await planner.follow(sent)).html, 'main')).to.contain('Die neue Reihenfolge ist gespeichert.');
    const after = await stopsNow();
    expect(after.map((stop) => stop.split(' ')[0])).to.deep.equal(shown);
    expect(after[0], 'the day begins as before').to.match(/ 9$/);
    expect(await version()).to.equal(2);

    expect((await planner.submit(page, {}, ACCEPT)).status).to.equal(303);
    expect([await stopsNow(), await version()]).to.deep.equal([after, 2]);
    expect(headline(await planner.get(path))).to.equal('Die Reihenfolge ist schon die beste');
  });

  it('keeps the times that were agreed', async () => {
    const page = await planner.get(path);
    const { fields } = formOf(page, 'form[method="get"]');
    expect(fields['frei']).to.have.length(3);
    const [, near = '', far = ''] = fields['frei'] ?? [];
    const chosen = await planner.get(`${path}?auswahl=1&frei=${near}&frei=${far}`);
    expect(chosen.$('input[name="frei"]:checked').length).to.equal(2);
    expect((await planner.submit(chosen, {}, ACCEPT)).status).to.equal(303);
    expect(await stopsNow()).to.include('Mitteldorf 9');

    const none = await planner.get(`${path}?auswahl=1`);
    expect(headline(none)).to.equal('Kein Halt darf eine andere Zeit bekommen');
    expect(none.$(ACCEPT).length).to.equal(0);
  });

  it('is not offered another order once people rely on the times', async () => {
    const draft = await planner.get(path);
    await office.app.office.database
      .writer('tours')
      .where('id', tourId)
      .update({ state: 'published', published_at: 1 });
    const page = await planner.get(path);
    expect(headline(page)).to.equal('Diese Zeiten bleiben, wie sie sind');
    expect(page.$(`${ACCEPT}, input[name="frei"]`).length).to.equal(0);
    expect(mapOf(page).stops).to.have.length(3);
    await expectValidHtml(page.html, 'the way of a published tour');

    const before = await stopsNow();
    const refused = await planner.submit(draft, {}, ACCEPT);
    expect(refused.status).to.equal(422);
    expect(await stopsNow()).to.deep.equal(before);
  });

  it('is not offered another order for a day that is over, only what had been planned', async () => {
    const shown = await planner.get(path);
    office.wait(4 * 7 * 24 * 3_600_000);
    planner = await office.signIn('planner', { name: 'Olga Ander' });
    const page = await planner.get(path);
    expect(headline(page)).to.equal('Der Tag dieser Tour ist vorbei');
    expect(page.$(`${ACCEPT}, input[name="frei"]`).length).to.equal(0);
    expect(mapOf(page).stops).to.have.length(3);
    await expectValidHtml(page.html, 'the way of a tour that is over');

    const before = await stopsNow();
    expect((await planner.submit(shown, {}, ACCEPT)).status).to.equal(422);
    expect(await stopsNow()).to.deep.equal(before);
  });

  it('hears of it when somebody else has changed the tour meanwhile', async () => {
    const page = await planner.get(path);
    const other = await office.signIn('planner', { name: 'Olga Ander' });
    const theirs = await other.get(`/intern/touren/${tourId}`);
    expect((await other.submit(theirs, { notiz: 'Schlüssel holen', aktion: 'speichern' })).status).to.equal(303);

    const before = await stopsNow();
    const refused = await planner.submit(page, {}, ACCEPT);
    expect(refused.status).to.equal(422);
    expect(refused.$('title').text()).to.match(/^Fehler: /);
    expect(errorsOf(refused).join()).to.contain('Olga Ander hat diese Tour inzwischen geändert');
    expect(await stopsNow()).to.deep.equal(before);
    expect((await planner.submit(refused, {}, ACCEPT)).status, 'with the new state it can be taken over').to.equal(303);
  });

  it('never gets another proposal than the one that was shown', async () => {
    const page = await planner.get(path);
    const { database } = office.app.office;
    const venue = await database.reader<{ id: number; slug: string }>('venues').where('slug', 'ferndorf').first();
    const afternoon = { weekday: 3, from_minute: 13 * 60, to_minute: 18 * 60 };
    await database.writer('venue_opening_windows').insert({ venue_id: venue?.id, ...afternoon });
    const before = await stopsNow();
    const refused = await planner.submit(page, {}, ACCEPT);
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused).join()).to.contain('deshalb ist der Vorschlag jetzt ein anderer');
    const forged = await planner.submit(refused, { vorschlag: '1_540_600' }, ACCEPT);
    expect(forged.status).to.equal(422);
    expect(await stopsNow()).to.deep.equal(before);
  });

  it('finds the tour of another municipality nowhere', async () => {
    const { municipalityId } = await addNeighbour(office.app.office.database);
    const stranger = await office.signIn('planner', { municipalities: [municipalityId] });
    const page = await planner.get(path);
    const before = await stopsNow();
    expect((await stranger.get(path)).status).to.equal(404);
    expect((await stranger.submit(page, {}, ACCEPT)).status).to.equal(404);
    expect(await stopsNow()).to.deep.equal(before);
    expect((await planner.get('/intern/touren/99999/reihenfolge')).status).to.equal(404);
  });

  it('reads it in English, too', async () => {
    const page = await planner.get(`/en${path}`);
    expect(headline(page)).to.equal('16 minutes less driving');
    await expectValidHtml(page.html, 'a better order in English');
  });

  it('is told why no order fits, and what to change', async () => {
    const { database } = office.app.office;
    const venues = await database
      .reader<{ id: number; slug: string }>('venues')
      .whereIn('slug', ['nahdorf', 'ferndorf']);
    const noon = { weekday: 3, from_minute: 12 * 60, to_minute: 13 * 60 };
    await database.writer('venue_opening_windows').insert(venues.map(({ id }) => ({ venue_id: id, ...noon })));
    // Both are open for this one hour, and each stop takes an hour.
    const page = await planner.get(path);
    expect(headline(page)).to.equal('Keine Reihenfolge passt');
    // From one to the other are two steps: 13:00 + 15 + 21 is 13:36, on the grid 13:40, when set-up had to begin at 11:40.
    expect(visibleText(page.html, '#ergebnis ~ ul')).to.match(/Nahdorf und Ferndorf .*13:4\d .*11:40/);
    expect(visibleText(page.html, 'main')).to.contain('Nehmen Sie einen Halt heraus');
    expect(page.$(ACCEPT).length).to.equal(0);
    await expectValidHtml(page.html, 'no order fits');
  });

  it('is told when there is nothing to put in order yet', async () => {
    const { database } = office.app.office;
    await database.writer('tours').where('id', tourId).update({ depot_id: null });
    const page = await planner.get(path);
    expect(headline(page)).to.equal('Noch nichts zu ordnen');
    expect(visibleText(page.html, 'main')).to.contain('zuerst ein Depot');
    await expectValidHtml(page.html, 'no order yet');
  });
});

import { expect } from 'chai';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { visibleText } from '../support/html.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { createVisitor, errorsOf, timesOf, type Answer, type Fields, type Visitor } from '../support/visitor.ts';

const FIRST = '2026-12-15';

/** The first day of a planner, from a new venue to a citizen who books there; each step through the pages. */
describe('A planner sets up a venue, a suitcase, a clerk and a tour over New Year', () => {
  let app: RunningApp;
  let planner: Visitor;
  let citizen: Visitor;
  let now = OFFICE_ZONE.instantAt('2026-11-24', 9 * 60);
  let tourPath = '';

  before(async () => {
    app = await startDemoApp({ now: () => now });
    planner = await signedIn(app, 'planner', { now });
    citizen = createVisitor(app.origin);
  });
  after(async () => {
    planner.close();
    citizen.close();
    await app.stop();
  });

  /** Fills in the form of a page; what is not named stays as the page has it. */
  async function enter(path: string, fields: Fields, selector?: string): Promise<Answer> {
    const answer = await planner.submit(await planner.get(path), fields, selector);
    expect(answer.status, `${path}: ${errorsOf(answer).join(' | ')}`).to.equal(303);
    return planner.follow(answer);
  }

  async function idOf(table: string, name: string): Promise<string> {
    const row = await app.office.database.reader<{ id: number; name: string }>(table).where('name', name).first('id');
    if (row === undefined) throw new Error(`There is no ${name} in ${table}`);
    return String(row.id);
  }

  /** All choices of a page under this name. */
  async function choices(path: string, name: string): Promise<string[]> {
    const { $ } = await planner.get(path);
    return $(`main input[name="${name}"]`)
      .map((_, input) => $(input).attr('value') ?? '')
      .get();
  }

  it('enters a venue with its opening hours', async () => {
    const page = await enter('/intern/standorte/neu', {
      kommune: await idOf('municipalities', 'Schönberg'),
      name: 'Kulturscheune',
      ort: 'Breitenbach',
      strasse: 'Scheunenweg 3',
      plz: '08393',
      stadt: 'Schönberg',
      breite: '50,8712',
      laenge: '12,4801',
      stufenfrei: 'ja',
      di: '8–18',
    });
    expect(visibleText(page.html)).to.contain('Kulturscheune');
  });

  it('enters a suitcase that can do everything', async () => {
    const depot = await idOf('depots', 'Rathaus Meerane');
    await enter('/intern/koffer/neu', {
      kommune: await idOf('municipalities', 'Meerane'),
      name: 'Koffer Meerane 3',
      depot,
      zustand: 'ready',
      ausstattung: await choices('/intern/koffer/neu', 'ausstattung'),
    });
    expect(await idOf('kits', 'Koffer Meerane 3')).to.match(/^\d+$/);
  });

  it('enters a clerk with working time and a holiday', async () => {
    const hours = Object.fromEntries(
      ['mo', 'di', 'mi', 'do', 'fr'].flatMap((day) => [
        [`${day}_von`, '7:30'],
        [`${day}_bis`, '17'],
      ]),
    );
    await enter('/intern/sachbearbeitung/neu', {
      aktion: 'speichern',
      kommune: await idOf('municipalities', 'Meerane'),
      name: 'Emma Neu',
      leistung: await choices('/intern/sachbearbeitung/neu', 'leistung'),
      ...hours,
    });
    const id = await idOf('clerks', 'Emma Neu');
    const page = await enter(`/intern/sachbearbeitung/${id}/abwesenheiten`, {
      von: '2026-12-24',
      bis: '2027-01-02',
      art: 'vacation',
    });
    expect(visibleText(page.html)).to.contain('Urlaub');
  });

  it('makes a tour through three villages and is told that nothing stands against it', async () => {
    const venue = await idOf('venues', 'Kulturscheune');
    const stops: Fields = {
      halte: '3',
      'halt-1-standort': venue,
      'halt-1-von': '9',
      'halt-1-bis': '10:30',
      'halt-1-schalter': '1',
      'halt-1-aufbau': '20',
      'halt-1-abbau': '15',
      'halt-2-standort': await idOf('venues', 'Dorfgemeinschaftshaus'),
      'halt-2-von': '11.45',
      'halt-2-bis': '13',
      'halt-2-schalter': '1',
      'halt-2-aufbau': '20',
      'halt-2-abbau': '15',
      'halt-3-standort': await idOf('venues', 'Bürgerhaus'),
      'halt-3-von': '14',
      'halt-3-bis': '15:30',
      'halt-3-schalter': '1',
      'halt-3-aufbau': '20',
      'halt-3-abbau': '15',
    };
    const fields: Fields = {
      kommune: await idOf('municipalities', 'Schönberg'),
      datum: FIRST,
      depot: await idOf('depots', 'Rathaus Meerane'),
      koffer: await idOf('kits', 'Koffer Meerane 3'),
      'team-1': await idOf('clerks', 'Emma Neu'),
      ...stops,
    };
    const form = await planner.get('/intern/touren/neu');
    const checked = await planner.submit(form, { ...fields, aktion: 'pruefen' });
    expect(checked.status).to.equal(200);
    expect(visibleText(checked.html)).to.contain('So kann die Tour fahren').and.not.to.contain('Geht nicht:');

    const saved = await planner.submit(form, { ...fields, aktion: 'speichern' });
    expect(saved.status, errorsOf(saved).join(' | ')).to.equal(303);
    tourPath = (saved.location ?? '').replace(/\?.*$/, '');
    expect(tourPath).to.match(/^\/intern\/touren\/\d+$/);
    expect(visibleText((await planner.follow(saved)).html)).to.contain('Entwurf');
  });

  it('sees before repeating it every two weeks that the holiday is left out', async () => {
    const query = 'wochen=2&bis=2027-02-09&tag=2&als=veroeffentlicht';
    const preview = await planner.get(`${tourPath}/wiederholung?${query}`);
    const text = visibleText(preview.html);
    expect(text).to.contain('29. Dezember').and.to.contain('Emma Neu').and.to.contain('Urlaub');
    for (const day of ['12. Januar', '26. Januar', '9. Februar']) expect(text).to.contain(day);

    const made = await planner.submit(preview, {}, 'main form[method="post"]');
    expect(made.status, errorsOf(made).join(' | ')).to.equal(303);
    const kit_id = Number(await idOf('kits', 'Koffer Meerane 3'));
    const days = await app.office.database
      .reader('tours')
      .join('tour_kits', 'tour_kits.tour_id', 'tours.id')
      .where({ kit_id })
      .orderBy('tours.date')
      .select('tours.date', 'tours.state');
    expect(days).to.deep.equal([
      { date: FIRST, state: 'draft' },
      { date: '2027-01-12', state: 'published' },
      { date: '2027-01-26', state: 'published' },
      { date: '2027-02-09', state: 'published' },
    ]);
  });

  it('publishes it, and a citizen finds and books a time there a second later', async () => {
    const tour = await planner.get(tourPath);
    const published = await planner.submit(tour, { aktion: 'veroeffentlichen' });
    expect(published.status, errorsOf(published).join(' | ')).to.equal(303);
    now += 1_001;

    const venue = await citizen.get('/standorte/breitenbach-kulturscheune');
    expect(venue.status).to.equal(200);
    expect(visibleText(venue.html)).to.contain('15. Dezember');
    const stop = await app.office.database
      .reader('stops')
      .where({ date: FIRST, venue_id: Number(await idOf('venues', 'Kulturscheune')) })
      .first<{ id: number }>('id');
    const address = `/buchen/zeiten?leistung=personalausweis&halt=${stop.id}`;
    const times = await citizen.get(address);
    const [time = ''] = timesOf(times).filter((one) => one.startsWith(`${stop.id}.`));
    const details = await citizen.follow(await citizen.submit(times, { zeit: time }));
    const check = await citizen.follow(
      await citizen.submit(details, { vorname: 'Karin', nachname: 'Vogel', weg: 'ohne' }),
    );
    const booked = await citizen.follow(await citizen.submit(check));
    expect(booked.status).to.equal(200);
    expect(visibleText(booked.html)).to.contain('Kulturscheune').and.to.contain('15. Dezember');
  });

  it('sees the booking in the load of the tour, without the name', async () => {
    const text = visibleText((await planner.get(tourPath)).html);
    expect(text).to.match(/Termine \(\d+ % belegt\) 1 /);
    expect(text).not.to.contain('Vogel');
  });
});

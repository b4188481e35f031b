import { expect } from 'chai';
import { readDirectory } from '../../server/data/directoryRepository.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';
import { insertNeighbour } from './masterDataNeighbour.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const VISIT = '2026-12-08';

describe('Closing days and municipalities in the master data', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let neighbour: Awaited<ReturnType<typeof insertNeighbour>>;
  let planner: Visitor;
  let admin: Visitor;
  let now = NOW;

  before(async () => {
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: VISIT });
    neighbour = await insertNeighbour(app);
    const options = { now: NOW, name: 'Petra Plan' };
    planner = await signedIn(app, 'planner', { ...options, municipalities: [office.municipalityId] });
    admin = await signedIn(app, 'admin', { now: NOW, name: 'Anton Amt' });
  });
  after(async () => {
    planner.close();
    admin.close();
    await app.stop();
  });

  const row = async (table: string, where: object): Promise<Record<string, unknown> | undefined> =>
    (await app.office.database.reader(table).where(where).first()) as Record<string, unknown> | undefined;
  const lastAudit = async () => {
    const found = (await app.office.database.reader('audit_entries').orderBy('id', 'desc').first()) as {
      subject: string;
      action: string;
      subject_label: string;
      user_name: string;
      municipality_id: number;
      changes: string;
    };
    return {
      ...found,
      changes: JSON.parse(found.changes) as { field: string; from: string | null; to: string | null }[],
    };
  };
  const idIn = (location: string | null): number => Number(/(\d+)$/.exec(location ?? '')?.[1]);
  const names = (page: Answer): string[] =>
    page
      .$('.kt-rows__name')
      .map((_, element) => page.$(element).text())
      .get();

  describe('closing days', () => {
    it('are entered for a venue or a whole municipality, and listed by date', async () => {
      const page = await planner.get(`/intern/schliesstage?standort=${office.firstVenueId}`);
      const first = await planner.submit(page, { von: '2027-01-11', grund: 'Inventur' });
      expect(first.status, errorsOf(first).join()).to.equal(303);
      const second = await planner.submit(page, {
        fuer: `k${office.municipalityId}`,
        von: '2026-12-24',
        bis: '2027-01-01',
        grund: 'Betriebsferien',
      });
      const list = await planner.follow(second);
      expect(names(list)).to.have.length(2);
      expect(names(list)[0]).to.contain('24.');
      expect(visibleText(list.html))
        .to.contain('Gemeindeamt, Schönberg: Inventur')
        .and.to.contain('Ganze Kommune Meerane');
      await expectValidHtml(list.html, 'closing days');
    });

    it('are not entered twice when the form is sent twice', async () => {
      const fields = {
        fuer: `k${office.municipalityId}`,
        von: '2026-12-24',
        bis: '2027-01-01',
        grund: 'Betriebsferien',
      };
      expect((await planner.post('/intern/schliesstage', fields)).status).to.equal(303);
      expect(names(await planner.get('/intern/schliesstage'))).to.have.length(2);
    });

    it('say which published visits fall into them', async () => {
      const answer = await planner.post('/intern/schliesstage', {
        fuer: `s${office.firstVenueId}`,
        von: VISIT,
        grund: 'Wahl',
      });
      expect(visibleText((await planner.follow(answer)).html)).to.contain(
        '1 veröffentlichter Besuch fällt in diese Zeit',
      );
    });

    it('are refused with what is wrong and everything typed', async () => {
      const typed = { fuer: `k${office.municipalityId}`, von: '2026-12-24', bis: '2026-12-20', grund: '' };
      const page = await planner.post('/intern/schliesstage', typed);
      expect(page.status).to.equal(422);
      expect(formOf(page).fields).to.include(typed);
      const turned = await planner.post('/intern/schliesstage', { ...typed, grund: 'x' });
      expect(errorsOf(turned).join()).to.contain('Der letzte Tag liegt vor dem ersten');
    });

    it('that are over are hidden until they are asked for', async () => {
      await app.office.database.writer('closing_days').insert({
        municipality_id: office.municipalityId,
        from_date: '2026-01-02',
        to_date: '2026-01-03',
        reason: 'Umbau',
      });
      expect(visibleText((await planner.get('/intern/schliesstage')).html)).not.to.contain('Umbau');
      expect(visibleText((await planner.get('/intern/schliesstage?vergangene=1')).html)).to.contain('Umbau');
    });

    it('can be deleted, with an entry in the history', async () => {
      const closing = await row('closing_days', { reason: 'Wahl' });
      const page = await planner.get(`/intern/schliesstage/${String(closing?.['id'])}/loeschung`);
      expect((await planner.submit(page)).status).to.equal(303);
      expect(await row('closing_days', { reason: 'Wahl' })).to.equal(undefined);
      expect(await lastAudit()).to.include({ subject: 'closingDay', action: 'deleted' });
    });
  });

  describe('a municipality', () => {
    const details = {
      name: 'Waldenburg',
      amt: 'Stadt Waldenburg',
      ags: '14524320',
      anschrift: 'Markt 1\n08396 Waldenburg',
      breite: '50,8755',
      laenge: '12,5996',
    };

    it('is created with the usual settings by an administrator of all', async () => {
      const saved = await admin.submit(await admin.get('/intern/kommunen/neu'), details);
      expect(saved.status, errorsOf(saved).join()).to.equal(303);
      expect(await row('municipalities', { ags: '14524320' })).to.include({
        slug: 'waldenburg',
        hold_minutes: 10,
        horizon_days: 60,
        max_working_minutes: 600,
        holiday_region: 'SN',
        home_window_minutes: 90,
      });
      expect((await lastAudit()).municipality_id).to.equal(idIn(saved.location));
      await expectValidHtml((await admin.follow(saved)).html, 'municipality');
    });

    it('needs a key of eight digits that begins with a federal state and that no other has', async () => {
      const form = await admin.get('/intern/kommunen/neu');
      for (const [ags, message] of [
        ['1452', 'acht Ziffern'],
        ['17524190', '01 bis 16'],
        ['14524190', 'schon eine andere Kommune'],
      ] as const) {
        const page = await admin.submit(form, { ...details, ags });
        expect(page.status, ags).to.equal(422);
        expect(errorsOf(page).join(), ags).to.contain(message);
        expect(formOf(page).fields).to.include({ ags, amt: details.amt });
      }
    });

    it('keeps its settings within their bounds', async () => {
      const page = await admin.get(`/intern/kommunen/${office.municipalityId}`);
      const refused = await admin.submit(page, { verlaengerungen: '5', arbeitstag: '720', freigabe_ab: 'bald' });
      expect(refused.status).to.equal(422);
      expect(errorsOf(refused)).to.include('Bitte geben Sie eine ganze Zahl von 10 bis 99 an.');
      const turned = await admin.submit(page, { freigabe_ab: '40', freigabe_bis: '30' });
      expect(errorsOf(turned)).to.include('Spätestens darf nicht vor frühestens liegen.');
    });

    it('keeps times for the hotline only where somebody says so', async () => {
      expect(await row('municipalities', { ags: '14524320' }), 'the usual: none').to.include({
        hotline_lead_minutes: 0,
        hotline_share_percent: 0,
        hotline_share_days: 0,
      });
      const page = await admin.get(`/intern/kommunen/${office.municipalityId}`);
      const text = visibleText(page.html, '#hotline');
      expect(text)
        .to.contain('Anteil der Zeiten, der zuerst nur am Telefon vergeben wird')
        .and.contain('Erlaubt: 0 bis');
      const wanted = { vorlauf_115: '30', anteil_115: '20', anteil_115_bis: '3' };
      const saved = await admin.submit(page, wanted);
      expect(saved.status, errorsOf(saved).join()).to.equal(303);
      expect(await row('municipalities', { id: office.municipalityId })).to.include({
        hotline_lead_minutes: 30,
        hotline_share_percent: 20,
        hotline_share_days: 3,
      });
      expect((await lastAudit()).changes).to.deep.equal([
        { field: 'hotlineLeadMinutes', from: '0', to: '30' },
        { field: 'hotlineSharePercent', from: '0', to: '20' },
        { field: 'hotlineShareDays', from: '0', to: '3' },
      ]);
      const shown = await admin.get(`/intern/kommunen/${office.municipalityId}`);
      expect(formOf(shown).fields).to.include(wanted);
      await expectValidHtml(shown.html, 'municipality');
      const { municipalities } = await readDirectory(app.office.database.reader);
      expect(municipalities.get(office.municipalityId)?.rules, 'what booking goes by').to.include({
        hotlineLeadMinutes: 30,
        hotlineSharePercent: 20,
        hotlineShareDays: 3,
      });
    });

    it('refuses settings for the hotline out of bounds, and a hotline that closes before online', async () => {
      const page = await admin.get(`/intern/kommunen/${office.municipalityId}`);
      const wrong = { vorlauf_115: '', anteil_115: '101', anteil_115_bis: '401' };
      const refused = await admin.submit(page, wrong);
      expect(refused.status).to.equal(422);
      expect(formOf(refused).fields).to.include(wrong);
      expect(errorsOf(refused).slice(1)).to.deep.equal([
        'Bitte geben Sie eine ganze Zahl von 0 bis 20160 an.',
        'Bitte geben Sie eine ganze Zahl von 0 bis 100 an.',
        'Bitte geben Sie eine ganze Zahl von 0 bis 400 an.',
      ]);
      const later = await admin.submit(page, { vorlauf: '60', vorlauf_115: '61' });
      expect(later.status).to.equal(422);
      expect(errorsOf(later).slice(1)).to.deep.equal([
        'Am Telefon darf nicht früher Schluss sein als online. Geben Sie höchstens den Vorlauf online ein.',
      ]);
      expect(later.$('#vorlauf_115').attr('aria-describedby') ?? '').not.to.equal('');
      expect((await admin.submit(page, { vorlauf: '60', vorlauf_115: '60' })).status, 'as online').to.equal(303);
    });

    it('shows its own text in the public imprint', async () => {
      const page = await admin.get(`/intern/kommunen/${office.municipalityId}`);
      expect(
        (await admin.submit(page, { impressum: 'Vertreten durch M. Muster.\n\nAufsicht: Landkreis' })).status,
      ).to.equal(303);
      const { changes } = await lastAudit();
      expect(changes.map(({ field }) => field)).to.deep.equal(['imprint']);
      now += 2_000; // the picture of the office is at most a second old
      const text = visibleText((await planner.get('/impressum')).html, 'main');
      expect(text).to.contain('Angaben der Kommune Meerane Vertreten durch M. Muster. Aufsicht: Landkreis');
    });

    it('is changed by its own administrator, who sees no other and makes no new one', async () => {
      const own = await signedIn(app, 'admin', { now: NOW, municipalities: [office.municipalityId] });
      expect(names(await own.get('/intern/kommunen'))).to.deep.equal(['Meerane']);
      const saved = await own.submit(await own.get(`/intern/kommunen/${office.municipalityId}`), { haltezeit: '15' });
      expect(saved.status).to.equal(303);
      expect(await row('municipalities', { id: office.municipalityId })).to.include({ hold_minutes: 15 });
      expect((await own.get(`/intern/kommunen/${neighbour.municipality}`)).status).to.equal(404);
      expect((await own.post(`/intern/kommunen/${neighbour.municipality}`, details)).status).to.equal(404);
      expect((await own.get('/intern/kommunen/neu')).status).to.equal(403);
      expect((await own.post('/intern/kommunen/neu', { ...details, ags: '14524330' })).status).to.equal(403);
      own.close();
    });

    it('is nothing a planner may touch', async () => {
      expect((await planner.get(`/intern/kommunen/${office.municipalityId}`)).status).to.equal(403);
    });
  });
});

import { expect } from 'chai';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertTour, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { signedIn } from '../support/staff.ts';
import { errorsOf, formOf, type Answer, type Visitor } from '../support/visitor.ts';
import { insertNeighbour } from './masterDataNeighbour.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const VISIT = '2026-12-08';

const NEW_VENUE = {
  name: 'Bibliothek',
  ort: 'Tettau',
  strasse: 'Hauptstraße 5',
  plz: '08393',
  stadt: 'Schönberg',
  breite: '50,8601',
  laenge: '12,4802',
  stufenfrei: 'ja',
  mo: '8–12, 13–17.30',
  di: '9 bis 12 Uhr',
};

describe('The places in the master data', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let neighbour: Awaited<ReturnType<typeof insertNeighbour>>;
  let planner: Visitor;
  let admin: Visitor;

  before(async () => {
    app = await startApp({ now: () => NOW });
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

  describe('index and lists', () => {
    it('lead from one page to everything, and count only what is one’s own', async () => {
      const page = await planner.get('/intern/stammdaten');
      expect(page.status).to.equal(200);
      await expectValidHtml(page.html, 'index');
      const text = visibleText(page.html, 'main');
      expect(text).to.contain('Standorte 2');
      expect(text).not.to.contain('Kommunen');
      expect(visibleText((await admin.get('/intern/stammdaten')).html, 'main')).to.match(/Kommunen 2.*Standorte 3/);
    });

    it('are valid pages in both languages', async () => {
      for (const path of [
        'kommunen',
        'kommunen/neu',
        'standorte',
        'standorte/neu',
        'depots',
        'depots/neu',
        'schliesstage',
      ]) {
        for (const prefix of ['', '/en']) {
          const page = await admin.get(`${prefix}/intern/${path}`);
          expect(page.status, path).to.equal(200);
          await expectValidHtml(page.html, prefix + path);
        }
      }
    });

    it('find a venue by a part of its name or place, without regard to umlauts', async () => {
      expect(names(await planner.get('/intern/standorte?suche=k%C3%B6thel'))).to.deep.equal(['Feuerwehrhaus, Köthel']);
      expect(names(await planner.get('/intern/standorte?suche=KOTHEL+feuer'))).to.deep.equal(['Feuerwehrhaus, Köthel']);
      const nothing = await planner.get('/intern/standorte?suche=xyz');
      expect(visibleText(nothing.html)).to.contain('0 Einträge').and.to.contain('Nichts gefunden');
    });

    it('show one municipality only where the list is narrowed to it', async () => {
      expect(names(await admin.get('/intern/standorte'))).to.have.length(3);
      expect(names(await admin.get(`/intern/standorte?kommune=${neighbour.municipality}`))).to.deep.equal([
        'Rathaus, Glauchau',
      ]);
      expect(names(await planner.get(`/intern/standorte?kommune=${neighbour.municipality}`))).to.have.length(2);
    });
  });

  describe('a venue', () => {
    let id: number;

    it('is created with position and opening hours, and citizens have a page of it at once', async () => {
      const form = await planner.get('/intern/standorte/neu');
      const saved = await planner.submit(form, NEW_VENUE);
      expect(saved.status, errorsOf(saved).join()).to.equal(303);
      id = idIn(saved.location);
      const page = await planner.follow(saved);
      expect(visibleText(page.html)).to.contain('„Bibliothek, Tettau“ ist gespeichert');
      expect(formOf(page).fields).to.include({ mo: '8:00–12:00, 13:00–17:30', di: '9:00–12:00', breite: '50,8601' });
      await expectValidHtml(page.html, 'venue');
      expect(await row('venues', { id })).to.include({ slug: 'tettau-bibliothek', lat: 50.8601, lon: 12.4802 });
      expect(visibleText((await planner.get(`/intern/standorte/${id}`)).html)).not.to.contain('ist gespeichert');

      const audit = await lastAudit();
      expect(audit).to.include({ subject: 'venue', action: 'created', user_name: 'Petra Plan' });
      expect(audit.municipality_id).to.equal(office.municipalityId);
      expect(audit.changes).to.deep.include({
        field: 'windows',
        from: null,
        to: 'Mo 8:00–12:00, 13:00–17:30; Di 9:00–12:00',
      });
    });

    it('gets another address where its name is taken', async () => {
      const other = { ...NEW_VENUE, strasse: 'Schulweg 1' };
      const saved = await planner.submit(await planner.get('/intern/standorte/neu'), other);
      expect(await row('venues', { id: idIn(saved.location) })).to.include({ slug: 'tettau-bibliothek-2' });
    });

    it('is not made a second time when the form is sent twice', async () => {
      const again = await planner.submit(await planner.get('/intern/standorte/neu'), NEW_VENUE);
      expect(again.status).to.equal(422);
      expect(errorsOf(again).join()).to.contain('gibt es mit dieser Anschrift schon');
    });

    it('is refused with a message at each field, and nothing typed is lost', async () => {
      const typed = {
        ...NEW_VENUE,
        name: '',
        plz: '0839',
        mo: '12–8',
        mi: 'früh',
        breite: '12,5',
        kontakt_mail: 'a@b',
      };
      const page = await planner.submit(await planner.get('/intern/standorte/neu'), typed);
      expect(page.status).to.equal(422);
      expect(page.$('title').text()).to.match(/^Fehler: /);
      expect(errorsOf(page)).to.have.length(7);
      expect(
        page
          .$('#fehler a')
          .map((_, a) => page.$(a).attr('href'))
          .get(),
      ).to.deep.equal(['#name', '#plz', '#breite', '#mo', '#mi', '#kontakt_mail']);
      expect(formOf(page).fields).to.include(typed);
      await expectValidHtml(page.html, 'refused venue');
    });

    it('takes both numbers of a position pasted into the first field', async () => {
      for (const [breite, lat, lon] of [
        ['50,849 12,464', 50.849, 12.464],
        ['50.8491, 12.4641', 50.8491, 12.4641],
        ['50.8492,12.4642', 50.8492, 12.4642],
      ] as const) {
        const page = await planner.get(`/intern/standorte/${id}`);
        expect((await planner.submit(page, { breite, laenge: '' })).status).to.equal(303);
        expect(await row('venues', { id })).to.include({ lat, lon });
      }
    });

    it('tells the history what was changed from what to what', async () => {
      const page = await planner.get(`/intern/standorte/${id}`);
      await planner.submit(page, { strasse: 'Hauptstraße 6', steckdose: 'ja' });
      const { action, changes } = await lastAudit();
      expect(action).to.equal('changed');
      expect(changes).to.deep.equal([
        { field: 'street', from: 'Hauptstraße 5', to: 'Hauptstraße 6' },
        { field: 'socket', from: null, to: 'ja' },
      ]);
    });

    it('is not overwritten by somebody who has looked at an older version', async () => {
      const mine = await planner.get(`/intern/standorte/${id}`);
      await admin.submit(await admin.get(`/intern/standorte/${id}`), { name: 'Stadtbibliothek' });
      const stale = await planner.submit(mine, { name: 'Bücherei' });
      expect(stale.status).to.equal(422);
      const text = visibleText(stale.html);
      expect(text).to.contain('Anton Amt hat das inzwischen geändert').and.to.contain('Stadtbibliothek');
      expect(formOf(stale).fields).to.include({ name: 'Bücherei' });
      expect(await row('venues', { id })).to.include({ name: 'Stadtbibliothek' });
      expect((await planner.submit(stale)).status, 'seen and saved again').to.equal(303);
      expect(await row('venues', { id })).to.include({ name: 'Bücherei' });
    });

    it('can be retired, is then found only with the retired ones, and comes back', async () => {
      const ask = await planner.get(`/intern/standorte/${id}/stilllegung`);
      expect((await planner.submit(ask)).status).to.equal(303);
      expect((await planner.submit(ask)).status, 'sent twice').to.equal(303);
      expect((await lastAudit()).action).to.equal('retired');
      expect(names(await planner.get('/intern/standorte'))).not.to.include('Bücherei, Tettau');
      expect(names(await planner.get('/intern/standorte?stillgelegte=1'))).to.include('Bücherei, Tettau');
      expect(visibleText((await planner.get(`/intern/standorte/${id}`)).html)).to.contain('stillgelegt');

      const back = await planner.get(`/intern/standorte/${id}/stilllegung`);
      expect(visibleText(back.html)).to.contain('wieder in Betrieb nehmen?');
      await planner.submit(back);
      expect(await row('venues', { id })).to.include({ retired_at: null });
    });

    it('that nothing uses can be deleted', async () => {
      const done = await planner.submit(await planner.get(`/intern/standorte/${id}/loeschung`));
      expect(done.location).to.equal('/intern/standorte');
      expect(visibleText((await planner.follow(done)).html)).to.contain('„Bücherei, Tettau“ ist gelöscht');
      expect(await row('venues', { id })).to.equal(undefined);
      expect((await lastAudit()).action).to.equal('deleted');
    });

    it('with visits is not deleted, and the page says which', async () => {
      const path = `/intern/standorte/${office.firstVenueId}`;
      const page = await planner.get(`${path}/loeschung`);
      const text = visibleText(page.html);
      expect(text).to.contain('kann nicht gelöscht werden').and.to.contain('1 Besuch in einer Tour');
      expect(text.replaceAll('\u00A0', ' ')).to.contain('Dienstag, 8. Dezember 2026, 9 bis 12 Uhr');
      expect(page.$('main form')).to.have.length(0);
      await expectValidHtml(page.html, 'refused deletion');
      const forced = await planner.post(`${path}/loeschung`, { version: '1' });
      expect(forced.status).to.equal(422);
      expect(await row('venues', { id: office.firstVenueId })).not.to.equal(undefined);
    });

    it('warns of the coming visits before it is retired', async () => {
      const page = await planner.get(`/intern/standorte/${office.firstVenueId}/stilllegung`);
      expect(visibleText(page.html)).to.contain('Hier ist noch 1 Besuch geplant').and.to.contain('sagt nichts ab');
      expect(page.$('main .kt-uses a').attr('href')).to.match(/^\/intern\/touren\/\d+$/);
    });

    it('shows its coming visits, its closing days and the pages citizens see', async () => {
      const page = await planner.get(`/intern/standorte/${office.firstVenueId}`);
      expect(visibleText(page.html, '#besuche').replaceAll('\u00A0', ' ')).to.contain('8. Dezember 2026, 9 bis 12 Uhr');
      const links = page
        .$('#oeffentlich a')
        .map((_, a) => page.$(a).attr('href'))
        .get();
      expect(links.join(' ')).to.contain('schoenberg-gemeindeamt').and.to.contain('/meerane');
    });
  });

  describe('a depot', () => {
    const details = { name: 'Bauhof Meerane', anschrift: 'Am Bauhof 1', breite: '50,84', laenge: '12,46' };

    it('is created, changed, retired and deleted', async () => {
      const saved = await planner.submit(await planner.get('/intern/depots/neu'), details);
      expect(saved.status).to.equal(303);
      const id = idIn(saved.location);
      const changed = await planner.submit(await planner.follow(saved), { anschrift: 'Am Bauhof 2' });
      expect(changed.status).to.equal(303);
      expect((await lastAudit()).changes).to.deep.equal([{ field: 'address', from: 'Am Bauhof 1', to: 'Am Bauhof 2' }]);
      await planner.submit(await planner.get(`/intern/depots/${id}/stilllegung`));
      expect((await row('depots', { id }))?.['retired_at']).to.equal(NOW);
      await planner.submit(await planner.get(`/intern/depots/${id}/loeschung`));
      expect(await row('depots', { id })).to.equal(undefined);
    });

    it('needs a name of its own within the municipality', async () => {
      const typed = { ...details, name: 'Rathaus Meerane' };
      const page = await planner.submit(await planner.get('/intern/depots/neu'), typed);
      expect(page.status).to.equal(422);
      expect(errorsOf(page).join()).to.contain('Diesen Namen gibt es in der Kommune schon');
      expect(formOf(page).fields).to.include(typed);
    });

    it('is not overwritten from an older version', async () => {
      const mine = await planner.get(`/intern/depots/${office.depotId}`);
      await admin.submit(await admin.get(`/intern/depots/${office.depotId}`), { anschrift: 'Markt 1' });
      const stale = await planner.submit(mine, { anschrift: 'Markt 2' });
      expect(stale.status).to.equal(422);
      expect(visibleText(stale.html)).to.contain('Anton Amt').and.to.contain('Markt 1');
    });

    it('where a kit is kept is not deleted, and the page leads to the kit', async () => {
      const page = await planner.get(`/intern/depots/${office.depotId}/loeschung`);
      expect(visibleText(page.html)).to.contain('1 Koffer steht hier');
      expect(page.$(`main a[href="/intern/koffer/${office.kitId}"]`).text()).to.equal('Koffer 1');
      expect((await planner.post(`/intern/depots/${office.depotId}/loeschung`, { version: '2' })).status).to.equal(422);
    });
  });

  describe('what belongs to another municipality', () => {
    it('does not exist for a planner of this one, on any page', async () => {
      const paths = [
        `/intern/standorte/${neighbour.venue}`,
        `/intern/standorte/${neighbour.venue}/stilllegung`,
        `/intern/standorte/${neighbour.venue}/loeschung`,
        `/intern/depots/${neighbour.depot}`,
        `/intern/depots/${neighbour.depot}/stilllegung`,
        `/intern/depots/${neighbour.depot}/loeschung`,
        `/intern/schliesstage/${neighbour.closing}/loeschung`,
      ];
      for (const path of paths) {
        expect((await planner.get(path)).status, path).to.equal(404);
        expect((await planner.post(path, { ...NEW_VENUE, version: '1' })).status, `POST ${path}`).to.equal(404);
      }
      for (const list of ['/intern/standorte', '/intern/depots', '/intern/schliesstage', '/intern/standorte/neu']) {
        const page = await planner.get(`${list}?stillgelegte=1`);
        expect(page.$('main').html(), list).not.to.match(/Glauchau|Bauhof|Umzug/);
      }
      expect(await row('venues', { id: neighbour.venue })).to.include({ name: 'Rathaus', retired_at: null });
      expect(await row('closing_days', { id: neighbour.closing })).not.to.equal(undefined);
    });

    it('does not get anything of ours, and takes no closing day from us', async () => {
      const kommune = String(neighbour.municipality);
      const venue = await planner.submit(await planner.get(`/intern/standorte/${office.secondVenueId}`), { kommune });
      expect(venue.status).to.equal(422);
      expect(errorsOf(venue)).to.include('Bitte wählen Sie eine Kommune, für die Sie zuständig sind.');
      const depot = await planner.submit(await planner.get(`/intern/depots/${office.depotId}`), { kommune });
      expect(depot.status).to.equal(422);
      const fresh = await planner.submit(await planner.get('/intern/standorte/neu'), { ...NEW_VENUE, kommune });
      expect(fresh.status).to.equal(422);
      for (const fuer of [`k${neighbour.municipality}`, `s${neighbour.venue}`]) {
        const answer = await planner.post('/intern/schliesstage', { fuer, von: '2026-12-01', grund: 'x' });
        expect(answer.status).to.equal(422);
      }
      expect(await row('venues', { id: office.secondVenueId })).to.include({ municipality_id: office.municipalityId });
    });

    it('is named in no link: a tour of theirs that stops here shows its day only', async () => {
      const { writer } = app.office.database;
      const kit = await writer<{ id: number }>('kits').insert(
        { municipality_id: neighbour.municipality, name: 'K', depot_id: neighbour.depot } as never,
        ['id'],
      );
      const clerk = await writer<{ id: number }>('clerks').insert(
        { municipality_id: neighbour.municipality, name: 'B. Fremd' } as never,
        ['id'],
      );
      await insertTour(app.office.database, {
        date: '2026-12-15',
        municipalityId: neighbour.municipality,
        kitId: kit[0]?.id ?? 0,
        clerkId: clerk[0]?.id ?? 0,
        stops: [{ venueId: office.secondVenueId, fromMinute: 540, toMinute: 600 }],
      });
      const page = await planner.get(`/intern/standorte/${office.secondVenueId}`);
      expect(visibleText(page.html, '#besuche')).to.contain('15.');
      expect(page.$('#besuche a')).to.have.length(1);
    });
  });
});

import { expect } from 'chai';
import { parseHours } from '../../server/features/masterData/clerkFields.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { insertUser, signedIn } from '../support/staff.ts';
import { errorsOf, formOf, type Visitor } from '../support/visitor.ts';

const NOW = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);

describe('Clerks in the master data', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let planner: Visitor;
  let stranger: Visitor;
  let otherMunicipality: number;

  before(async () => {
    app = await startApp({ now: () => NOW });
    office = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    const [other] = await app.office.database.writer<{ id: number }>('municipalities').insert(
      {
        slug: 'glauchau',
        name: 'Glauchau',
        ags: '14524080',
        office_name: 'Stadt Glauchau',
        lat: 50.82,
        lon: 12.54,
      } as object,
      ['id'],
    );
    otherMunicipality = other?.id ?? 0;
    planner = await signedIn(app, 'planner', { now: NOW, municipalities: [office.municipalityId], name: 'Petra Plan' });
    stranger = await signedIn(app, 'planner', { now: NOW, municipalities: [otherMunicipality] });
  });

  after(async () => {
    planner.close();
    stranger.close();
    await app.stop();
  });

  const database = () => app.office.database.reader;
  const pathOf = (id: number): string => `/intern/sachbearbeitung/${id}`;
  const clerkNamed = (name: string) =>
    database()('clerks').where('name', name).first<{
      id: number;
      version: number;
      user_id: number | null;
      depot_id: number | null;
      retired_at: unknown;
    }>();

  it('are valid pages in both languages', async () => {
    for (const prefix of ['', '/en']) {
      for (const path of [
        '',
        '/neu',
        `/${office.clerkId}`,
        `/${office.clerkId}/abwesenheiten`,
        `/${office.clerkId}/loeschung`,
      ]) {
        const page = await planner.get(`${prefix}/intern/sachbearbeitung${path}`);
        expect(page.status, path).to.equal(200);
        await expectValidHtml(page.html, `${prefix}${path}`);
      }
    }
  });

  it('are entered with qualifications, hours and account, sent twice only once', async () => {
    const user = await insertUser(app.office.database, ['clerk'], {
      municipalities: [office.municipalityId],
      name: 'Berta B',
    });
    const page = await planner.get('/intern/sachbearbeitung/neu');
    const typed = {
      name: 'Berta Beispiel',
      depot: String(office.depotId),
      nutzer: String(user.id),
      leistung: [String(office.services.idCard)],
      mo_von: '8',
      mo_bis: '16.30',
      di_von: '8:30',
      di_bis: '12 Uhr',
    };
    expect((await planner.submit(page, typed)).status).to.equal(303);
    const answer = await planner.submit(page, typed);
    expect(answer.status, errorsOf(answer).join()).to.equal(422); // the account is hers already
    const clerk = await clerkNamed('Berta Beispiel');
    expect(clerk).to.deep.include({ user_id: user.id, depot_id: office.depotId, version: 1 });
    const form = await planner.get(pathOf(clerk?.id ?? 0));
    expect(visibleText(form.html)).to.include('Zusammen 12 Stunden in der Woche'); // 8:30 h + 3:30 h
    expect(formOf(form).fields).to.deep.include({ mo_von: '8:00', mo_bis: '16:30', nutzer: String(user.id) });
    const entry = await database()('audit_entries')
      .where({ subject: 'clerk', subject_id: clerk?.id ?? 0 })
      .first<{ changes: string; municipality_id: number }>();
    expect(entry?.municipality_id).to.equal(office.municipalityId);
    expect(JSON.parse(entry?.changes ?? '[]')).to.deep.include({
      field: 'Arbeitszeit in der Woche',
      from: null,
      to: 'Montag 8:00–16:30, Dienstag 8:30–12:00',
    });
    const again = await planner.get('/intern/sachbearbeitung/neu');
    expect(again.$(`#nutzer option[value="${user.id}"]`).length, 'no longer on offer').to.equal(0);
  });

  it('can be ticked for all services by a button, which saves nothing', async () => {
    const page = await planner.get(pathOf(office.clerkId));
    const none = await planner.submit(page, { aktion: 'keine', name: 'Noch Ungespeichert' });
    expect(none.$('input[name="leistung"][checked]').length).to.equal(0);
    const all = await planner.submit(none, { aktion: 'alle' });
    expect(all.$('input[name="leistung"][checked]').length).to.equal(2);
    expect(formOf(all).fields['name']).to.equal('Noch Ungespeichert');
    expect(await clerkNamed('Noch Ungespeichert')).to.equal(undefined);
  });

  it('keep everything that was typed when something is wrong', async () => {
    const page = await planner.get('/intern/sachbearbeitung/neu');
    const refused = await planner.submit(page, {
      name: '',
      leistung: [String(office.services.certificate)],
      mo_von: '8',
      mo_bis: 'abends',
      di_von: '9',
      mi_von: '12',
      mi_bis: '8',
      depot: '4711',
      nutzer: '4711',
    });
    expect(refused.status).to.equal(422);
    await expectValidHtml(refused.html, 'refused clerk');
    expect(errorsOf(refused)).to.include.members([
      'Geben Sie den Namen ein.',
      'Wählen Sie ein Depot aus der Liste.',
      'Wählen Sie ein Konto aus der Liste.',
      'Schreiben Sie eine Uhrzeit wie „8“, „8:30“ oder „8.30“.',
      'Geben Sie Anfang und Ende an oder lassen Sie beides leer.',
      'Das Ende muss nach dem Anfang liegen.',
    ]);
    expect(formOf(refused).fields).to.deep.include({
      mo_bis: 'abends',
      di_von: '9',
      leistung: String(office.services.certificate),
    });
  });

  it('are not overwritten when somebody else has changed them meanwhile', async () => {
    const form = await planner.get(pathOf(office.clerkId));
    const other = await signedIn(app, 'planner', {
      now: NOW,
      municipalities: [office.municipalityId],
      name: 'Otto Ander',
    });
    await other.submit(await other.get(pathOf(office.clerkId)), { fr_von: '8', fr_bis: '12' });
    other.close();
    const stale = await planner.submit(form, { do_von: '8', do_bis: '12' });
    expect(stale.status).to.equal(422);
    expect(visibleText(stale.html))
      .to.include('Otto Ander hat das inzwischen geändert')
      .and.include('Freitag 8:00–12:00');
    expect((await planner.submit(stale, { fr_von: '8', fr_bis: '12' })).status).to.equal(303);
    expect(
      await database()('clerk_hours').where('clerk_id', office.clerkId).orderBy('weekday').pluck('weekday'),
    ).to.deep.equal([4, 5]);
  });

  it('are away on days of which the tours are named, without a word about why in the history', async () => {
    const page = await planner.get(`${pathOf(office.clerkId)}/abwesenheiten`);
    expect(visibleText(page.html)).not.to.match(/krank(?!\s+ist)|Krankheit/);
    const typed = { von: '2026-12-07', bis: '2026-12-09', art: 'vacation' };
    const list = await planner.follow(await planner.submit(page, typed));
    await planner.submit(page, typed);
    await expectValidHtml(list.html, 'absences');
    expect(visibleText(list.html)).to.include('A. Beispiel steht an diesen Tagen auf einer Tour');
    const tour = await database()('tours').first<{ id: number }>();
    expect(list.$(`main a[href="/intern/touren/${tour?.id ?? 0}"]`).length).to.equal(1);
    const rows = await database()('absences').where('clerk_id', office.clerkId);
    expect(rows, 'sent twice').to.have.length(1);
    const entry = await database()('audit_entries')
      .where('subject', 'clerk')
      .orderBy('id', 'desc')
      .first<{ changes: string }>();
    expect(entry?.changes)
      .to.include('07.12.2026 bis 09.12.2026')
      .and.not.match(/urlaub|vacation/i);

    await planner.submit(page, { von: '2027-01-04', bis: '', art: 'away' });
    const free = await planner.get(`${pathOf(office.clerkId)}/abwesenheiten`);
    expect(visibleText(free.html)).to.include('4. Januar 2027 nicht da');
    expect(visibleText((await planner.get(pathOf(office.clerkId))).html)).to.include('4. Januar 2027, nicht da');

    const { id } = rows[0] as { id: number };
    const question = await planner.get(`/intern/abwesenheiten/${id}/loeschung`);
    await expectValidHtml(question.html, 'absence deletion');
    expect((await planner.submit(question)).status).to.equal(303);
    expect(await database()('absences').where('clerk_id', office.clerkId)).to.have.length(1);
    expect((await planner.post(`/intern/abwesenheiten/${id}/loeschung`, {})).status).to.equal(404);
  });

  it('are away on days that make sense only', async () => {
    const page = await planner.get(`${pathOf(office.clerkId)}/abwesenheiten`);
    const wrong: [Record<string, string>, string][] = [
      [{ von: '', art: 'away' }, 'Geben Sie den ersten Tag ein.'],
      [{ von: '2026-12-24', bis: '2026-12-23', art: 'away' }, 'Der letzte Tag liegt vor dem ersten.'],
      [{ von: '2026-11-01', bis: '2026-11-02', art: 'away' }, 'Diese Tage sind schon vorbei.'],
      [{ von: '2026-12-24', bis: '2062-12-24', art: 'away' }, 'Tragen Sie höchstens 400 Tage auf einmal ein.'],
      [{ von: '2026-12-24', bis: 'bald', art: 'away' }, 'Geben Sie den letzten Tag als Datum ein.'],
      [{ von: '2026-12-24', art: 'sick' }, 'Wählen Sie einen Grund.'],
    ];
    for (const [typed, message] of wrong) {
      const refused = await planner.submit(page, typed);
      expect(refused.status).to.equal(422);
      expect(errorsOf(refused)).to.include(message);
      expect(formOf(refused).fields['von']).to.equal(typed['von']);
    }
  });

  it('are retired always, and deleted only when they have never been on a tour', async () => {
    const refused = await planner.get(`${pathOf(office.clerkId)}/loeschung`);
    expect(visibleText(refused.html)).to.include('Dienstag, 8. Dezember 2026');
    const { version } = (await database()('clerks').where('id', office.clerkId).first<{ version: number }>()) ?? {
      version: 0,
    };
    expect((await planner.post(`${pathOf(office.clerkId)}/loeschung`, { version: String(version) })).status).to.equal(
      422,
    );
    const question = await planner.get(`${pathOf(office.clerkId)}/stilllegung`);
    expect(visibleText(question.html)).to.include('Kommende Touren');
    expect((await planner.submit(question)).status).to.equal(303);
    expect((await planner.submit(question)).status, 'sent twice').to.equal(303);
    expect((await clerkNamed('A. Beispiel'))?.retired_at).not.to.equal(null);
    await planner.submit(await planner.get(`${pathOf(office.clerkId)}/stilllegung`));
    expect((await clerkNamed('A. Beispiel'))?.retired_at).to.equal(null);

    await planner.submit(await planner.get('/intern/sachbearbeitung/neu'), { name: 'Kann Weg' });
    const clerk = await clerkNamed('Kann Weg');
    expect((await planner.submit(await planner.get(`${pathOf(clerk?.id ?? 0)}/loeschung`))).status).to.equal(303);
    expect(await clerkNamed('Kann Weg')).to.equal(undefined);
  });

  it('do not exist for planners of other municipalities, whatever they ask for', async () => {
    const absence = await database()('absences').where('clerk_id', office.clerkId).first<{ id: number }>();
    expect(absence).not.to.equal(undefined);
    expect(visibleText((await stranger.get('/intern/sachbearbeitung')).html)).not.to.include('A. Beispiel');
    const own = pathOf(office.clerkId);
    const paths = [
      own,
      `${own}/stilllegung`,
      `${own}/loeschung`,
      `${own}/abwesenheiten`,
      `/intern/abwesenheiten/${absence?.id ?? 0}/loeschung`,
    ];
    const before = JSON.stringify([await database()('clerks'), await database()('absences')]);
    for (const path of paths) {
      expect((await stranger.get(path)).status, path).to.equal(404);
      const answer = await stranger.post(path, {
        name: 'X',
        kommune: String(otherMunicipality),
        von: '2026-12-24',
        art: 'away',
        version: '1',
      });
      expect(answer.status, path).to.equal(404);
    }
    expect(JSON.stringify([await database()('clerks'), await database()('absences')])).to.equal(before);
  });

  it('cannot be put into a municipality, depot or account of somebody else', async () => {
    const account = await insertUser(app.office.database, ['admin'], { name: 'Alma Admin' });
    const page = await stranger.get('/intern/sachbearbeitung/neu');
    expect(page.html).not.to.include('Alma Admin').and.not.to.include('Rathaus Meerane');
    const refused = await stranger.submit(page, {
      name: 'X',
      kommune: String(office.municipalityId),
      depot: String(office.depotId),
      nutzer: String(account.id),
    });
    expect(refused.status).to.equal(422);
    expect(Object.keys(errorsOf(refused))).to.have.length(4); // title and three fields
    expect(await clerkNamed('X')).to.equal(undefined);
  });
});

describe('Working hours', () => {
  it('are read however people write them', () => {
    const { hours, problems } = parseHours({ mo_von: '8', mo_bis: '16:30', so_von: '8.30', so_bis: '9 Uhr' });
    expect(problems).to.deep.equal([]);
    expect(hours).to.deep.equal([
      { weekday: 1, fromMinute: 480, toMinute: 990 },
      { weekday: 7, fromMinute: 510, toMinute: 540 },
    ]);
  });
});

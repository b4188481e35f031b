import { expect } from 'chai';
import { createPasswords } from '../../server/features/staff/passwords.ts';
import { codeOfStep, stepAt } from '../../server/features/staff/secondFactor.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { insertUser, sessionCookie, signedIn, type StaffOptions } from '../support/staff.ts';
import { createVisitor, errorsOf, type Answer, type Visitor } from '../support/visitor.ts';

const PASSWORD = 'Linde-Wagen-Brot-41';
const START = Date.UTC(2026, 10, 23, 9);

describe('Accounts of the staff', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let now = START;
  let meerane: number;
  let glauchau: number;
  let hash: string;
  const visitors: Visitor[] = [];

  async function staff(role: Parameters<typeof signedIn>[1], options: StaffOptions = {}) {
    const one = await signedIn(app, role, { now, ...options });
    await app.office.database.writer('users').where('id', one.user.id).update({ password_hash: hash });
    visitors.push(one);
    return one;
  }

  const userRow = (id: number): Promise<Record<string, unknown>> =>
    app.office.database.reader('users').where('id', id).first() as Promise<Record<string, unknown>>;
  const grantsOf = (id: number) =>
    app.office.database.reader('user_roles').where('user_id', id).orderBy('id').select('role', 'municipality_id');
  const sessionsOf = (id: number) => app.office.database.reader('sessions').where('user_id', id);
  const historyOf = async (id: number): Promise<string[]> =>
    (
      (await app.office.database.reader('audit_entries').where({ subject: 'user', subject_id: id }).orderBy('id')) as {
        action: string;
      }[]
    ).map(({ action }) => action);

  before(async () => {
    app = await startApp({ now: () => now });
    ({ municipalityId: meerane } = await seedSmallOffice(app.office.database, { date: '2026-11-24' }));
    const rows: { id: number }[] = await app.office.database.writer('municipalities').insert(
      {
        slug: 'glauchau',
        name: 'Glauchau',
        ags: '14524080',
        office_name: 'Stadt Glauchau',
        contact_email: 'buero@glauchau.example',
        contact_phone: '03763 650',
        postal_address: 'Markt 1, 08371 Glauchau',
        lat: 50.82,
        lon: 12.54,
      },
      ['id'],
    );
    glauchau = rows[0]?.id ?? 0;
    hash = await createPasswords({ log2N: 17, r: 8, p: 1 }).hash(PASSWORD);
  });

  beforeEach(() => {
    now += 2 * 3_600_000;
  });

  after(async () => {
    visitors.forEach((one) => one.close());
    await app.stop();
  });

  describe('one’s own', () => {
    it('shows who one is, what one may do and where one is signed in', async () => {
      const who = await staff('planner', { municipalities: [meerane, glauchau] });
      const page = await who.get('/intern/konto');
      await expectValidHtml(page.html, page.path);
      const text = visibleText(page.html);
      expect(text)
        .to.contain('Planung in Glauchau und Meerane')
        .and.contain('dieses Gerät')
        .and.contain(who.user.email);
      expect(text).to.contain('nicht eingerichtet');
      await expectValidHtml((await who.get('/en/intern/konto')).html, 'English');
    });

    it('changes the password with the old one, stays signed in and ends everything else', async () => {
      const who = await staff('planner');
      const { id } = who.user;
      await sessionCookie(app.office.database, id, { now });
      const page = await who.get('/intern/konto/kennwort');
      await expectValidHtml(page.html, page.path);
      const neu = { neu: 'Wolke-Hafen-Tee-52', wiederholung: 'Wolke-Hafen-Tee-52' };
      expect(errorsOf(await who.submit(page, { ...neu, alt: '' })).join()).to.contain('bisheriges');
      expect(errorsOf(await who.submit(page, { ...neu, alt: 'falsch' })).join()).to.contain('stimmt nicht');
      expect((await userRow(id))['password_hash']).to.equal(hash);
      const done = await who.submit(page, { ...neu, alt: PASSWORD });
      expect(visibleText((await who.follow(done)).html)).to.contain('Ihr Kennwort ist geändert');
      expect(await sessionsOf(id)).to.have.length(1);
      const before = createVisitor(app.origin, { cookies: [who.cookie] });
      expect((await before.get('/intern/konto')).status, 'the number of the session before').to.equal(303);
      before.close();
      expect(await historyOf(id)).to.deep.equal(['passwordSet']);
    });

    it('slows down who guesses the old password at an open screen', async () => {
      const who = await staff('planner');
      const page = await who.get('/intern/konto/kennwort');
      for (let i = 0; i < 5; i++) expect((await who.submit(page, { alt: `falsch ${i}` })).status).to.equal(422);
      expect((await who.submit(page, { alt: PASSWORD })).status).to.equal(429);
    });

    it('takes a second factor on and off, and gives new recovery codes', async () => {
      const who = await staff('planner');
      const { id } = who.user;
      const page = await who.get('/intern/konto/zweiter-faktor');
      await expectValidHtml(page.html, page.path);
      const secret = page.$('.kt-code').text().replace(/\s/g, '');
      expect((await who.submit(page, { code: '1' })).status).to.equal(422);
      const code = codeOfStep(secret, stepAt(now));
      // Who only sits at the open screen cannot lock the owner out.
      expect((await who.submit(page, { code })).status).to.equal(422);
      expect((await who.submit(page, { code, alt: 'ein falsches Kennwort' })).status).to.equal(422);
      const codes = await who.submit(page, { code, alt: PASSWORD });
      await expectValidHtml(codes.html, 'codes');
      expect(codes.$('.kt-codes li')).to.have.length(10);
      expect(visibleText((await who.get('/intern/konto')).html)).to.contain('10 Ersatzcodes übrig');

      const renewal = await who.get('/intern/konto/ersatzcodes');
      await expectValidHtml(renewal.html, renewal.path);
      expect((await who.submit(renewal, { alt: 'falsch' })).status).to.equal(422);
      const again = await who.submit(renewal, { alt: PASSWORD });
      expect(again.$('.kt-codes li').first().text()).to.not.equal(codes.$('.kt-codes li').first().text());

      const off = await who.get('/intern/konto/zweiter-faktor');
      await expectValidHtml(off.html, 'turn off');
      expect((await who.submit(off, { alt: 'falsch' })).status).to.equal(422);
      expect((await userRow(id))['totp_secret']).to.equal(secret);
      await who.submit(off, { alt: PASSWORD });
      expect((await userRow(id))['totp_secret']).to.equal(null);
      expect(await historyOf(id)).to.deep.equal(['changed', 'changed', 'changed']);
    });

    it('keeps the second factor of an administrator', async () => {
      const who = await staff('admin');
      await app.office.database
        .writer('users')
        .where('id', who.user.id)
        .update({ totp_secret: 'ABCD', totp_confirmed_at: now });
      expect(visibleText((await who.get('/intern/konto')).html)).to.not.contain('Zweiten Faktor ausschalten');
      const answer = await who.post('/intern/konto/zweiter-faktor', { aktion: 'aus', alt: PASSWORD });
      expect(answer.status).to.equal(303);
      expect((await userRow(who.user.id))['totp_secret']).to.equal('ABCD');
    });

    it('ends one session, or all others, and never somebody else’s', async () => {
      const who = await staff('planner');
      const other = await staff('planner');
      await sessionCookie(app.office.database, who.user.id, { now });
      await sessionCookie(app.office.database, who.user.id, { now });
      const [foreign] = (await sessionsOf(other.user.id)) as { id_hash: string }[];
      await who.post(`/intern/konto/sitzungen/${foreign?.id_hash}/ende`, {});
      expect(await sessionsOf(other.user.id)).to.have.length(1);
      const page = await who.get('/intern/konto');
      const form = page.$('form[action$="/ende"]').first().attr('action') ?? '';
      await who.post(form, {});
      expect(await sessionsOf(who.user.id)).to.have.length(2);
      const rest = await who.follow(await who.post('/intern/konto/sitzungen/ende', {}));
      expect(visibleText(rest.html)).to.contain('1 andere Anmeldung ist beendet');
      expect(await sessionsOf(who.user.id)).to.have.length(1);
      expect((await who.get('/intern/konto')).status).to.equal(200);
    });
  });

  describe('those of others', () => {
    const NEW_USER = { name: 'Neu Beispiel', email: 'Neu@beispiel.example' };
    const passwordOf = (page: Answer): string => page.$('#anfangskennwort').text();

    it('are for administrators only', async () => {
      for (const role of ['hotline', 'clerk', 'planner'] as const) {
        const who = await staff(role);
        for (const path of [
          '/intern/nutzer',
          '/intern/nutzer/neu',
          `/intern/nutzer/${who.user.id}`,
          '/intern/verlauf',
        ]) {
          expect((await who.get(path)).status, `${role} ${path}`).to.equal(403);
        }
        for (const path of ['', '/sperre', '/kennwort', '/zweiter-faktor']) {
          expect((await who.post(`/intern/nutzer/${who.user.id}${path}`, {})).status, `${role} ${path}`).to.equal(403);
        }
      }
    });

    it('are created with a password that is shown once and has to be changed', async () => {
      const admin = await staff('admin');
      const form = await admin.get('/intern/nutzer/neu');
      await expectValidHtml(form.html, form.path);
      const missing = await admin.submit(form, { name: '', email: 'keine' });
      await expectValidHtml(missing.html, 'errors');
      expect(errorsOf(missing).slice(1)).to.have.length(3);
      const page = await admin.submit(form, { ...NEW_USER, rollen: [`planner:${meerane}`, `clerk:${meerane}`] });
      expect(page.status).to.equal(200);
      await expectValidHtml(page.html, 'password');
      const password = passwordOf(page);
      expect(password).to.match(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
      const { id } = (await app.office.database.reader('users').where('email', 'neu@beispiel.example').first()) as {
        id: number;
      };
      expect(await grantsOf(id)).to.have.length(2);
      const again = await admin.submit(form, { ...NEW_USER, rollen: `planner:${meerane}` });
      expect(again.status).to.equal(422);
      expect(errorsOf(again).join()).to.contain('schon ein Konto');
      expect(again.$('#name').attr('value')).to.equal('Neu Beispiel');
      expect(again.$(`input[value="planner:${meerane}"]`).attr('checked')).to.equal('checked');
      const user = createVisitor(app.origin);
      const step = await user.post('/intern/anmelden', { kennung: 'neu@beispiel.example', kennwort: password });
      expect(step.location).to.equal('/intern/anmelden/kennwort');
      user.close();
      const list = await admin.get('/intern/nutzer?suche=NEU');
      await expectValidHtml(list.html, list.path);
      expect(visibleText(list.html))
        .to.contain('Neu Beispiel')
        .and.contain('Planung in Meerane')
        .and.contain('Anfangskennwort');
      expect(JSON.stringify(await app.office.database.reader('audit_entries'))).to.not.contain(password);
    });

    it('change, hold at once and are told in the history', async () => {
      const admin = await staff('admin', { name: 'Viktor Ahnert' });
      const target = await staff('planner', { municipalities: [meerane], name: 'Vorher' });
      expect((await target.get('/intern/nutzer')).status).to.equal(403);
      const form = await admin.get(`/intern/nutzer/${target.user.id}`);
      await expectValidHtml(form.html, form.path);
      const saved = await admin.submit(form, { name: 'Nachher', rollen: [`clerk:${glauchau}`] });
      expect(visibleText((await admin.follow(saved)).html)).to.contain('Sie gelten sofort');
      expect(await grantsOf(target.user.id)).to.deep.equal([{ role: 'clerk', municipality_id: glauchau }]);
      expect((await target.get('/intern/konto')).status, 'still signed in').to.equal(200);
      const history = await admin.get('/intern/verlauf?art=user&suche=nachher');
      await expectValidHtml(history.html, history.path);
      const text = visibleText(history.html);
      expect(text).to.contain('Nutzer „Nachher“: geändert').and.contain('Viktor Ahnert');
      expect(text).to.contain('Planung in Meerane').and.contain('Sachbearbeitung in Glauchau');
    });

    it('need a second factor as soon as they manage accounts', async () => {
      const admin = await staff('admin');
      const target = await staff('planner');
      const form = await admin.get(`/intern/nutzer/${target.user.id}`);
      await admin.submit(form, { rollen: ['planner:*', 'admin:*'] });
      expect(await sessionsOf(target.user.id)).to.have.length(0);
      expect((await target.get('/intern/nutzer')).location).to.contain('/intern/anmelden');
    });

    it('are not overwritten by somebody who had an old form open', async () => {
      const one = await staff('admin', { name: 'Erste Person' });
      const other = await staff('admin', { name: 'Andere Person' });
      const target = await insertUser(app.office.database, ['clerk'], { name: 'Ziel' });
      const [first, second] = [
        await one.get(`/intern/nutzer/${target.id}`),
        await other.get(`/intern/nutzer/${target.id}`),
      ];
      await one.submit(first, { name: 'Ziel Eins' });
      const stale = await other.submit(second, { name: 'Ziel Zwei' });
      expect(stale.status).to.equal(422);
      await expectValidHtml(stale.html, 'stale');
      expect(visibleText(stale.html)).to.contain('Erste Person hat das inzwischen geändert').and.contain('Ziel Eins');
      expect(stale.$('#name').attr('value')).to.equal('Ziel Zwei');
      expect((await other.submit(stale, {})).status, 'now knowingly').to.equal(303);
      expect((await userRow(target.id))['name']).to.equal('Ziel Zwei');
      expect((await other.submit(stale, { name: 'Ziel Zwei' })).status, 'sent twice').to.equal(303);
    });

    it('are locked out at once, and let in again', async () => {
      const admin = await staff('admin');
      const target = await staff('planner');
      const path = `/intern/nutzer/${target.user.id}`;
      await admin.submit(await admin.get(path), {}, `form[action="${path}/sperre"]`);
      expect((await target.get('/intern/konto')).status).to.equal(303);
      expect(await sessionsOf(target.user.id)).to.have.length(0);
      await admin.submit(await admin.get(path), {}, `form[action="${path}/sperre"]`);
      expect((await userRow(target.user.id))['locked_at']).to.equal(null);
      expect(await historyOf(target.user.id)).to.deep.equal(['locked', 'unlocked']);
    });

    it('get a new password or lose a lost second factor, and all their sessions end', async () => {
      const admin = await staff('admin');
      const target = await staff('planner');
      const path = `/intern/nutzer/${target.user.id}`;
      await app.office.database
        .writer('users')
        .where('id', target.user.id)
        .update({ totp_secret: 'ABCD', totp_confirmed_at: now });
      const page = await admin.submit(await admin.get(path), {}, `form[action="${path}/kennwort"]`);
      expect(passwordOf(page)).to.have.length(19);
      expect(await sessionsOf(target.user.id)).to.have.length(0);
      await sessionCookie(app.office.database, target.user.id, { now });
      await admin.submit(await admin.get(path), {}, `form[action="${path}/zweiter-faktor"]`);
      expect((await userRow(target.user.id))['totp_secret']).to.equal(null);
      expect(await sessionsOf(target.user.id)).to.have.length(0);
      expect(await historyOf(target.user.id)).to.deep.equal(['passwordSet', 'secondFactorReset']);
      expect((await admin.get(`${path}/kennwort`)).location).to.equal(path);
    });

    it('do not include oneself: nobody locks, resets or demotes themselves', async () => {
      const admin = await staff('admin');
      const path = `/intern/nutzer/${admin.user.id}`;
      const page = await admin.get(path);
      expect(page.$('form[action$="/sperre"]')).to.have.length(0);
      for (const [action, fields] of [
        ['sperre', { sperren: '1' }],
        ['kennwort', {}],
        ['zweiter-faktor', {}],
      ] as const) {
        expect((await admin.post(`${path}/${action}`, fields)).location, action).to.equal(path);
      }
      expect(await userRow(admin.user.id)).to.include({ locked_at: null, password_hash: hash });
      for (const rollen of [['planner:*'], [`admin:${meerane}`]]) {
        const refused = await admin.submit(page, { rollen });
        expect(refused.status).to.equal(422);
        expect(errorsOf(refused).join()).to.contain('sich selbst nicht nehmen');
      }
      expect(await grantsOf(admin.user.id)).to.deep.equal([{ role: 'admin', municipality_id: null }]);
    });

    it('belong to the administrators of their municipality, and to no others', async () => {
      const admin = await staff('admin', { municipalities: [meerane] });
      const own = await insertUser(app.office.database, ['planner'], {
        municipalities: [meerane],
        name: 'Aus Meerane',
      });
      const others = [
        await insertUser(app.office.database, ['planner'], { municipalities: [glauchau], name: 'Aus Glauchau' }),
        await insertUser(app.office.database, ['planner'], { municipalities: [meerane, glauchau], name: 'Aus beiden' }),
        await insertUser(app.office.database, ['planner'], { name: 'Von überall' }),
        await insertUser(app.office.database, [], { name: 'Ohne Rolle' }),
      ];
      const list = visibleText((await admin.get('/intern/nutzer')).html);
      expect(list).to.contain('Aus Meerane');
      expect((await admin.get(`/intern/nutzer/${own.id}`)).status).to.equal(200);
      for (const { id } of others) {
        const path = `/intern/nutzer/${id}`;
        const before = await userRow(id);
        expect((await admin.get(path)).status).to.equal(404);
        for (const action of ['', '/sperre', '/kennwort', '/zweiter-faktor']) {
          const fields = { name: 'X', email: 'x@y.example', version: '1', sperren: '1', rollen: `clerk:${meerane}` };
          expect((await admin.post(path + action, fields)).status, action).to.equal(404);
        }
        expect(await userRow(id)).to.deep.equal(before);
      }
      for (const name of ['Aus Glauchau', 'Aus beiden', 'Von überall', 'Ohne Rolle']) expect(list).to.not.contain(name);
    });

    it('get roles only where the administrator is responsible', async () => {
      const admin = await staff('admin', { municipalities: [meerane] });
      const own = await insertUser(app.office.database, ['planner'], { municipalities: [meerane] });
      const page = await admin.get(`/intern/nutzer/${own.id}`);
      expect(page.$('input[name="rollen"]')).to.have.length(4);
      const forged = [`admin:*`, `planner:${glauchau}`, `king:${meerane}`, 'planner:999', ''];
      expect((await admin.submit(page, { rollen: forged })).status).to.equal(422);
      await admin.submit(page, { rollen: [...forged, `clerk:${meerane}`] });
      expect(await grantsOf(own.id)).to.deep.equal([{ role: 'clerk', municipality_id: meerane }]);
    });

    it('are not there for a number that does not exist', async () => {
      const admin = await staff('admin');
      for (const id of ['999999', '0', '-1', '1e3', 'x', '99999999999999999999']) {
        expect((await admin.get(`/intern/nutzer/${id}`)).status, id).to.equal(404);
      }
    });
  });

  describe('in the history', () => {
    it('are searched by text, kind and day, a page at a time', async () => {
      const admin = await staff('admin');
      const entry = {
        user_name: 'Blatt',
        subject: 'venue',
        subject_id: 1,
        action: 'changed',
        municipality_id: meerane,
      };
      const day = Date.UTC(2027, 2, 1, 23, 30); // half past midnight on 2 March in Berlin
      await app.office.database.writer('audit_entries').insert(
        Array.from({ length: 60 }, (_, i) => ({
          ...entry,
          at: day + i,
          subject_label: `Standort <${i}>`,
          changes: JSON.stringify([{ field: 'Name', from: null, to: `„${i}“` }]),
        })),
      );
      const count = async (query: string): Promise<number> =>
        (await admin.get(`/intern/verlauf?${query}`)).$('main .kt-rows > li').length;
      expect(await count('suche=blatt')).to.equal(50);
      expect(await count('suche=blatt&ab=50')).to.equal(10);
      expect(await count('suche=blatt&art=tour')).to.equal(0);
      expect(await count('suche=blatt&von=2027-03-02&bis=2027-03-02')).to.equal(50);
      expect(await count('suche=blatt&bis=2027-03-01')).to.equal(0);
      expect(await count('suche=blatt&von=2027-03-03')).to.equal(0);
      expect(await count('suche=blatt&von=gestern&art=nichts&ab=-3&id=x')).to.equal(50);
      expect(await count('suche=%3C59%3E')).to.equal(1);
      const page = await admin.get('/intern/verlauf?suche=blatt');
      await expectValidHtml(page.html, page.path);
      expect(page.$('.kt-pager a').attr('href')).to.equal('/intern/verlauf?suche=blatt&ab=50');
      expect(visibleText(page.html)).to.contain('Standort „Standort <59>“: geändert').and.contain('2. März 2027');
      expect(visibleText(page.html)).to.contain('leer').and.contain('Blatt, für Meerane');
    });

    it('of other municipalities stay unseen', async () => {
      const own = { user_name: 'X', subject: 'kit', subject_id: 1, action: 'changed', at: START, changes: '[]' };
      await app.office.database.writer('audit_entries').insert([
        { ...own, subject_label: 'Koffer Meerane', municipality_id: meerane },
        { ...own, subject_label: 'Koffer Glauchau', municipality_id: glauchau },
        { ...own, subject_label: 'Koffer aller', municipality_id: null },
      ]);
      const admin = await staff('admin', { municipalities: [meerane] });
      const text = visibleText((await admin.get('/intern/verlauf?art=kit')).html);
      expect(text).to.contain('Koffer Meerane').and.not.contain('Koffer Glauchau').and.not.contain('Koffer aller');
    });
  });
});

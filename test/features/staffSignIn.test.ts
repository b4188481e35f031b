import { expect } from 'chai';
import { DEMO_TOTP_SECRET, DEMO_USERS } from '../../server/demo/users.ts';
import type { Role } from '../../server/domain/access.ts';
import { createPasswords } from '../../server/features/staff/passwords.ts';
import { codeOfStep, newSecret, stepAt } from '../../server/features/staff/secondFactor.ts';
import { startApp, startDemoApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { insertUser, type StaffUser } from '../support/staff.ts';
import { createVisitor, errorsOf, type Answer, type Visitor } from '../support/visitor.ts';

const PASSWORD = 'Linde-Wagen-Brot-41';
const START = Date.UTC(2026, 10, 23, 9);
const FORM = 'main form.kt-form';

describe('Signing in', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let now = START;
  let hash: string;
  const visitors: Visitor[] = [];

  function visitor(): Visitor {
    const one = createVisitor(app.origin);
    visitors.push(one);
    return one;
  }

  async function user(role: Role, more: Record<string, unknown> = {}): Promise<StaffUser> {
    const one = await insertUser(app.office.database, [role], { name: 'Paula Lorenz' });
    await app.office.database
      .writer('users')
      .where('id', one.id)
      .update({ password_hash: hash, ...more });
    return one;
  }

  async function enterPassword(
    who: Visitor,
    email: string,
    password = PASSWORD,
    page = '/intern/anmelden',
  ): Promise<Answer> {
    return who.submit(await who.get(page), { kennung: email, kennwort: password }, FORM);
  }

  const rowOf = (id: number): Promise<Record<string, unknown>> =>
    app.office.database.reader<Record<string, unknown>>('users').where('id', id).first() as Promise<
      Record<string, unknown>
    >;

  before(async () => {
    app = await startApp({ now: () => now });
    hash = await createPasswords({ log2N: 8, r: 8, p: 1 }).hash(PASSWORD);
  });

  beforeEach(() => {
    now += 3 * 3_600_000; // nobody has to wait because of the test before
  });

  after(async () => {
    visitors.forEach((one) => one.close());
    await app.stop();
  });

  it('shows a form that password managers understand, and sets no cookie for it', async () => {
    const who = visitor();
    const page = await who.get('/intern/anmelden');
    expect(page.status).to.equal(200);
    await expectValidHtml(page.html, page.path);
    expect(page.$('#kennung').attr('autocomplete')).to.equal('username');
    expect(page.$('#kennwort').attr('autocomplete')).to.equal('current-password');
    expect(page.headers['set-cookie']).to.equal(undefined);
    expect(page.headers['cache-control']).to.equal('no-store');
    expect(visibleText(page.html)).to.not.contain('Vorführung');
  });

  it('leads to the page that was wanted, and the session has a new number', async () => {
    const { email, id } = await user('planner');
    const who = visitor();
    const refused = await who.get('/intern/konto?x=1');
    expect(refused.location).to.equal('/intern/anmelden?zu=%2Fintern%2Fkonto%3Fx%3D1');
    const answer = await enterPassword(who, email.toUpperCase(), PASSWORD, refused.location ?? '');
    expect(answer.status).to.equal(303);
    expect(answer.location).to.equal('/intern/konto?x=1');
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).to.contain('HttpOnly').and.contain('SameSite=Lax');
    expect((await who.follow(answer)).status).to.equal(200);
    expect(await app.office.database.reader('sessions').where('user_id', id)).to.have.length(1);
    const entries = (await app.office.database.reader('audit_entries').where('subject_id', id)) as object[];
    expect(entries[0]).to.include({ action: 'signedIn', user_id: id });
  });

  it('leads nowhere else, whatever the address says', async () => {
    const { email } = await user('planner');
    for (const target of [
      '//boese.example',
      'https://boese.example',
      '/\\boese.example',
      '/termin',
      '/intern/../termin',
    ]) {
      const answer = await enterPassword(
        visitor(),
        email,
        PASSWORD,
        `/intern/anmelden?zu=${encodeURIComponent(target)}`,
      );
      expect(answer.location, target).to.equal('/intern');
    }
    const forged = await visitor().post('/intern/anmelden', {
      kennung: email,
      kennwort: PASSWORD,
      zu: '//boese.example',
    });
    expect(forged.location).to.equal('/intern');
  });

  it('goes on in English where it began in English', async () => {
    const { email } = await user('planner');
    const answer = await enterPassword(visitor(), email, PASSWORD, '/en/intern/anmelden?zu=%2Fintern%2Fkonto');
    expect(answer.location).to.equal('/en/intern/konto');
  });

  it('hashes the password anew when it was made with other parameters', async () => {
    const { email, id } = await user('clerk');
    await enterPassword(visitor(), email);
    expect((await rowOf(id))['password_hash']).to.match(/^scrypt\$17\$8\$1\$/);
    expect((await enterPassword(visitor(), email)).status).to.equal(303);
  });

  it('says the same of a wrong password, an unknown account, a locked one and one without password', async () => {
    const right = await user('planner');
    const locked = await user('planner', { locked_at: START });
    const elsewhere = await user('planner', { password_hash: null });
    const answers = [
      await enterPassword(visitor(), right.email, 'falsch'),
      await enterPassword(visitor(), 'niemand@beispiel.example'),
      await enterPassword(visitor(), locked.email),
      await enterPassword(visitor(), elsewhere.email),
    ];
    for (const answer of answers) {
      expect(answer.status).to.equal(422);
      expect(errorsOf(answer)).to.deep.equal(errorsOf(answers[0] as Answer));
      expect(answer.$('#kennwort').attr('value')).to.equal('');
      expect(answer.headers['set-cookie']).to.equal(undefined);
    }
    await expectValidHtml(answers[0]?.html ?? '', 'wrong password');
    expect(answers[0]?.$('title').text()).to.match(/^Fehler: /);
  });

  it('asks for what is missing without counting it', async () => {
    for (let i = 0; i < 30; i++) {
      expect((await visitor().post('/intern/anmelden', { kennung: '', kennwort: '' })).status).to.equal(422);
    }
  });

  it('makes a guesser wait after five passwords, and the right one is not looked at either', async () => {
    const { email } = await user('planner');
    for (let i = 1; i <= 5; i++) {
      expect((await enterPassword(visitor(), email, `falsch-${i}`)).status, String(i)).to.equal(422);
    }
    const waiting = await enterPassword(visitor(), email);
    expect(waiting.status).to.equal(429);
    expect(waiting.headers['retry-after']).to.equal('60');
    expect(errorsOf(waiting).join()).to.contain('Ab 1').and.contain('Uhr');
    const unknown = 'auch-niemand@beispiel.example';
    for (let i = 1; i <= 5; i++) await enterPassword(visitor(), unknown);
    expect((await enterPassword(visitor(), unknown)).status, 'an account that does not exist').to.equal(429);
    now += 60_000;
    expect((await enterPassword(visitor(), email)).status).to.equal(303);
    expect((await enterPassword(visitor(), email, 'falsch')).status, 'counting began anew').to.equal(422);
  });

  it('lets none of many guesses at once slip through', async () => {
    const { email } = await user('planner');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        visitor().post('/intern/anmelden', { kennung: email, kennwort: `falsch ${i}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 422)).to.have.length(5);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(7);
  });

  it('asks for the second factor, accepts a code once, and nothing opens before it', async () => {
    const secret = newSecret();
    const { email } = await user('planner', { totp_secret: secret, totp_confirmed_at: START });
    const who = visitor();
    const password = await enterPassword(who, email, PASSWORD, '/intern/anmelden?zu=%2Fintern%2Fkonto');
    expect(password.location).to.equal('/intern/anmelden/code');
    expect((await who.get('/intern/konto')).location).to.contain('/intern/anmelden');
    expect((await who.get('/intern/anmelden/zweiter-faktor')).location).to.equal('/intern/anmelden/code');
    const page = await who.follow(password);
    await expectValidHtml(page.html, page.path);
    const wrong = await who.submit(page, { code: '000000' });
    expect(wrong.status).to.equal(422);
    const code = codeOfStep(secret, stepAt(now));
    const answer = await who.submit(page, { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(answer.location).to.equal('/intern/konto');
    expect((await who.get('/intern/konto')).status).to.equal(200);

    const thief = visitor();
    const second = await thief.follow(await enterPassword(thief, email));
    expect((await thief.submit(second, { code })).status, 'the same code again').to.equal(422);
    expect((await thief.get('/intern/konto')).status).to.equal(303);
  });

  it('makes a guesser of codes wait, whoever signs in anew meanwhile', async () => {
    const secret = newSecret();
    const { email } = await user('planner', { totp_secret: secret, totp_confirmed_at: START });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const who = visitor();
      const page = await who.follow(await enterPassword(who, email));
      for (let j = 0; j < 2; j++) statuses.push((await who.submit(page, { code: `00000${j}` })).status);
    }
    expect(statuses).to.deep.equal([422, 422, 422, 422, 422, 429]);
  });

  it('lets an administrator in only with a second factor, set up on the way', async () => {
    const { email, id } = await user('admin');
    const who = visitor();
    const step = await enterPassword(who, email, PASSWORD, '/intern/anmelden?zu=%2Fintern%2Fnutzer');
    expect(step.location).to.equal('/intern/anmelden/zweiter-faktor');
    expect((await who.get('/intern/nutzer')).location).to.equal('/intern/anmelden/zweiter-faktor');
    const page = await who.follow(step);
    await expectValidHtml(page.html, page.path);
    expect(page.$('svg[role="img"] path').attr('d')).to.match(/^M4 4h7v1h-7z/);
    const secret = page.$('.kt-code').text().replace(/\s/g, '');
    expect((await who.submit(page, { code: '123' })).status).to.equal(422);
    const codes = await who.submit(page, { code: codeOfStep(secret, stepAt(now)) });
    expect(codes.status).to.equal(200);
    await expectValidHtml(codes.html, codes.path);
    const shown = codes
      .$('.kt-codes li')
      .map((_, element) => codes.$(element).text())
      .get();
    expect(shown).to.have.length(10);
    expect(codes.$('.kt-actions a').attr('href')).to.equal('/intern/nutzer');
    expect((await who.get('/intern/nutzer')).status).to.equal(200);
    expect(JSON.stringify(await app.office.database.reader('recovery_codes').where('user_id', id))).to.not.contain(
      shown[0],
    );

    const lost = visitor();
    const code = await lost.follow(await enterPassword(lost, email));
    expect((await lost.submit(code, { code: shown[3] ?? '' })).status).to.equal(303);
    const again = visitor();
    const next = await again.follow(await enterPassword(again, email));
    expect((await again.submit(next, { code: shown[3] ?? '' })).status, 'a recovery code twice').to.equal(422);
  });

  it('does not let who only knows the password replace a second factor', async () => {
    const { email, id } = await user('admin');
    const thief = visitor();
    const page = await thief.follow(await enterPassword(thief, email));
    const secret = newSecret();
    await app.office.database
      .writer('users')
      .where('id', id)
      .update({ totp_secret: secret, totp_confirmed_at: now, totp_last_step: 1 });
    const own = page.$('.kt-code').text().replace(/\s/g, '');
    const answer = await thief.submit(page, { code: codeOfStep(own, stepAt(now)) });
    expect(answer.location).to.equal('/intern/anmelden');
    expect((await rowOf(id))['totp_secret']).to.equal(secret);
  });

  it('has a password that somebody else gave changed first', async () => {
    const { email, id } = await user('planner', { must_change_password: true });
    const who = visitor();
    const step = await enterPassword(who, email);
    expect(step.location).to.equal('/intern/anmelden/kennwort');
    expect((await who.get('/intern/konto')).location).to.equal('/intern/anmelden/kennwort');
    const page = await who.follow(step);
    await expectValidHtml(page.html, page.path);
    const refused = async (neu: string, wiederholung = neu): Promise<string> =>
      errorsOf(await who.submit(page, { neu, wiederholung })).join();
    expect(await refused('kurz')).to.contain('zu kurz');
    expect(await refused('paula.lorenz.1')).to.contain('Ihrem Namen');
    expect(await refused('password2026!!')).to.contain('benutzen viele');
    expect(await refused('Wolke-Hafen-Tee', 'Wolke-Hafen-Rad')).to.contain('verschieden');
    expect(await refused(PASSWORD)).to.contain('bisheriges');
    const answer = await who.submit(page, { neu: ' Wolke Hafen Tee ', wiederholung: ' Wolke Hafen Tee ' });
    expect(answer.location).to.equal('/intern');
    expect((await who.get('/intern/konto')).status).to.equal(200);
    expect(Boolean((await rowOf(id))['must_change_password'])).to.equal(false);
    expect((await enterPassword(visitor(), email)).status).to.equal(422);
    expect((await enterPassword(visitor(), email, 'Wolke Hafen Tee')).status, 'blanks belong to it').to.equal(422);
    expect((await enterPassword(visitor(), email, ' Wolke Hafen Tee ')).location).to.equal('/intern');
  });

  it('ends with signing out, and says so', async () => {
    const { email, id } = await user('planner');
    const who = visitor();
    await enterPassword(who, email);
    const page = await who.get('/intern/konto');
    const out = await who.submit(page, {}, 'form[action="/intern/abmelden"]');
    expect(out.location).to.equal('/intern/anmelden');
    expect(visibleText((await who.follow(out)).html)).to.contain('Sie sind abgemeldet.');
    expect((await who.get('/intern/konto')).status).to.equal(303);
    expect(await app.office.database.reader('sessions').where('user_id', id)).to.have.length(0);
  });

  it('goes to the first page somebody may see', async () => {
    const { email } = await user('hotline');
    const who = visitor();
    const home = await who.follow(await enterPassword(who, email));
    expect(home.location).to.equal('/intern/115');
    expect((await who.get('/intern/anmelden')).location).to.equal('/intern');
  });

  it('knows no identity provider unless one is set', async () => {
    expect((await visitor().get('/intern/anmelden/sso')).status).to.equal(404);
    expect((await visitor().get('/intern/anmelden/sso/zurueck?code=1')).status).to.equal(404);
  });
});

describe('Signing in to the demonstration', function () {
  this.timeout(120_000);
  let app: RunningApp;
  let now = START;

  before(async () => {
    app = await startDemoApp({ now: () => now });
  });
  after(() => app.stop());

  it('offers one user a role, and a button signs in', async () => {
    for (const demo of DEMO_USERS) {
      const who = createVisitor(app.origin);
      const page = await who.get('/intern/anmelden');
      expect(visibleText(page.html)).to.contain(demo.password).and.contain(demo.email);
      const answer = await who.submit(page, {}, `main form:has(input[value="${demo.email}"])`);
      expect(answer.location, demo.role).to.equal(demo.role === 'admin' ? '/intern/anmelden/code' : '/intern');
      who.close();
    }
    await expectValidHtml((await createVisitor(app.origin).get('/intern/anmelden')).html, 'demonstration');
  });

  it('shows the administrator’s code, a new one each time', async () => {
    const admin = DEMO_USERS.find(({ role }) => role === 'admin');
    for (const offset of [0, 1]) {
      const who = createVisitor(app.origin);
      const page = await who.follow(
        await who.post('/intern/anmelden', { kennung: admin?.email ?? '', kennwort: admin?.password ?? '' }),
      );
      const code = codeOfStep(DEMO_TOTP_SECRET, stepAt(now) + offset);
      expect(visibleText(page.html)).to.contain(`Der Code lautet ${code}`);
      expect((await who.submit(page, { code })).location).to.equal('/intern');
      expect((await who.get('/intern/nutzer')).status).to.equal(200);
      who.close();
    }
    now += 30_000;
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createSessionRepository } from '../../server/data/sessionRepository.ts';
import { createSignInGuard, type Guarded } from '../../server/data/signInGuard.ts';
import { createUserRepository, createUserUnit, type NewUserRecord } from '../../server/data/userRepository.ts';
import { mostAttempts, THROTTLES } from '../../server/domain/staff/throttle.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';

const NOW = Date.UTC(2026, 10, 23, 8);
const MINUTE = 60_000;

describeOnBothDatabases('users in the database', (open) => {
  let database: Database;
  let municipalityId: number;
  let users: ReturnType<typeof createUserRepository>;
  const unit = <T>(work: (unit: ReturnType<typeof createUserUnit>) => Promise<T>): Promise<T> =>
    database.unit((trx) => work(createUserUnit(trx)));
  const person = (email: string, more: Partial<NewUserRecord> = {}): NewUserRecord => ({
    email,
    name: 'P. Beispiel',
    passwordHash: 'scrypt$10$8$1$a$b',
    mustChangePassword: true,
    oidc: null,
    grants: [],
    createdAt: NOW,
    ...more,
  });

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    ({ municipalityId } = await seedSmallOffice(database, { date: '2026-11-24' }));
    users = createUserRepository(database.reader);
  });

  after(() => database.close());

  it('are found by address in any case, with roles and codes left', async () => {
    const grants = [
      { role: 'planner' as const, municipalityId },
      { role: 'admin' as const, municipalityId: null },
    ];
    const id = await unit((u) => u.insert(person('Gross.Klein@Beispiel.example', { grants })));
    await unit((u) => u.replaceRecoveryCodes(id, ['a', 'b', 'c']));
    await unit((u) => u.useRecoveryCode(id, 'b', NOW));
    const found = await users.byEmail('gross.klein@BEISPIEL.example');
    expect(found).to.deep.include({ id, email: 'gross.klein@beispiel.example', mustChangePassword: true, grants });
    expect(found?.recoveryCodes).to.equal(2);
    expect(await users.byEmail('niemand@beispiel.example')).to.equal(undefined);
  });

  it('have an address of their own: a second one is refused and leaves nothing', async () => {
    await unit((u) => u.insert(person('einmalig@beispiel.example')));
    const again = await unit(async (u) => {
      const other = await u.insert(person('vorher@beispiel.example'));
      await u.insert(person('Einmalig@beispiel.example'));
      return other;
    });
    expect(again).to.equal('emailTaken');
    expect(await users.byEmail('vorher@beispiel.example')).to.equal(undefined);
  });

  it('are listed by part of name or address, within the scope only', async () => {
    await insertUser(database, ['clerk'], { municipalities: [municipalityId], name: 'Zoe 100% Such' });
    await insertUser(database, ['clerk'], { name: 'Zoe Überall' });
    const names = async (scope: 'all' | Set<number>, text: string) =>
      (await users.list(scope, text)).map(({ name }) => name);
    expect(await names('all', 'ZOE')).to.deep.equal(['Zoe 100% Such', 'Zoe Überall']);
    expect(await names(new Set([municipalityId]), 'zoe')).to.deep.equal(['Zoe 100% Such']);
    expect(await names(new Set([municipalityId + 1]), 'zoe')).to.deep.equal([]);
    expect(await names('all', '100%')).to.deep.equal(['Zoe 100% Such']);
    expect(await names('all', '_')).to.deep.equal([]);
  });

  it('use each time step and each recovery code once, however many try at the same time', async () => {
    const { id } = await insertUser(database, ['admin']);
    await unit((u) => u.setSecondFactor(id, { secret: 'ABCD', confirmedAt: NOW, lastStep: 100 }));
    await unit((u) => u.replaceRecoveryCodes(id, ['x']));
    const steps = await Promise.all(Array.from({ length: 12 }, () => unit((u) => u.useStep(id, 101))));
    expect(steps.filter(Boolean)).to.have.length(1);
    expect(await unit((u) => u.useStep(id, 100)), 'an earlier step').to.equal(false);
    const codes = await Promise.all(Array.from({ length: 12 }, () => unit((u) => u.useRecoveryCode(id, 'x', NOW))));
    expect(codes.filter(Boolean)).to.have.length(1);
  });

  it('lose second factor and recovery codes together', async () => {
    const { id } = await insertUser(database, ['admin']);
    await unit((u) => u.setSecondFactor(id, { secret: 'ABCD', confirmedAt: NOW, lastStep: 1 }));
    await unit((u) => u.replaceRecoveryCodes(id, ['x', 'y']));
    await unit((u) => u.setSecondFactor(id, null));
    expect(await users.byId(id)).to.deep.include({ totpSecret: null, totpConfirmedAt: null, recoveryCodes: 0 });
  });

  it('keep a password that was changed while the old one was hashed anew', async () => {
    const id = await unit((u) => u.insert(person('rehash@beispiel.example', { passwordHash: 'alt' })));
    await unit((u) => u.rehash(id, 'alt', 'alt, besser'));
    expect((await users.byId(id))?.passwordHash).to.equal('alt, besser');
    await unit((u) => u.setPassword(id, 'neu', false, NOW));
    await unit((u) => u.rehash(id, 'alt, besser', 'alt, noch besser'));
    expect((await users.byId(id))?.passwordHash).to.equal('neu');
  });

  it('are known by the provider that vouches for them', async () => {
    const oidc = { issuer: 'https://keycloak.example', subject: 'abc' };
    const id = await unit((u) => u.insert(person('sso@beispiel.example', { passwordHash: null, oidc })));
    expect((await unit((u) => u.byOidc(oidc.issuer, 'abc')))?.id).to.equal(id);
    expect(await unit((u) => u.byOidc(oidc.issuer, 'ABC'))).to.equal(undefined);
    expect(await unit((u) => u.byOidc('https://other.example', 'abc'))).to.equal(undefined);
  });

  it('end all their sessions and nobody else’s', async () => {
    const one = await insertUser(database, ['clerk']);
    const other = await insertUser(database, ['clerk']);
    for (const { id } of [one, one, other]) await sessionCookie(database, id, { now: NOW });
    await unit((u) => u.endSessions(one.id));
    const sessions = createSessionRepository(database);
    expect(await sessions.ofUser(one.id, NOW)).to.have.length(0);
    expect(await sessions.ofUser(other.id, NOW)).to.have.length(1);
  });
});

describeOnBothDatabases('the guard in front of passwords', (open) => {
  let database: Database;
  let guard: ReturnType<typeof createSignInGuard>;
  let number = 0;
  const account = (value = `konto-${++number}@beispiel.example`): Guarded => ({ kind: 'account', value });
  const address = (value = `10.0.${++number}.1`): Guarded => ({ kind: 'address', value });

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    guard = createSignInGuard(database, 'geheim');
  });

  after(() => database.close());

  it('lets five attempts through, then one after each wait', async () => {
    const who = [account()];
    for (let i = 1; i <= 5; i++) expect(await guard.attempt(who, NOW), String(i)).to.equal(null);
    expect(await guard.attempt(who, NOW)).to.equal(NOW + MINUTE);
    expect(await guard.attempt(who, NOW + MINUTE - 1)).to.equal(NOW + MINUTE);
    expect(await guard.attempt(who, NOW + MINUTE)).to.equal(null);
    expect(await guard.attempt(who, NOW + MINUTE)).to.equal(NOW + 3 * MINUTE);
  });

  it('lets no more through when they come all at once', async () => {
    const who = [account()];
    const answers = await Promise.all(Array.from({ length: 40 }, () => guard.attempt([...who, address()], NOW)));
    expect(answers.filter((until) => until === null)).to.have.length(5);
  });

  it('never lets more than ten attempts an hour pass, however they are spread', async function () {
    this.timeout(60_000);
    const bursts = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 20 * MINUTE }), many: fc.integer({ min: 1, max: 8 }) }),
      { minLength: 3, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(bursts, async (all) => {
        const who = [account()];
        let now = NOW;
        let passed = 0;
        for (const { after, many } of all) {
          now += after;
          if (now >= NOW + THROTTLES.account.window) break;
          const answers = await Promise.all(Array.from({ length: many }, () => guard.attempt(who, now)));
          passed += answers.filter((until) => until === null).length;
        }
        expect(passed).to.be.at.most(mostAttempts(THROTTLES.account));
      }),
      { numRuns: 10 },
    );
    const spread = [account()];
    let passed = 0;
    for (let now = NOW; now < NOW + 60 * MINUTE; now += MINUTE / 4) {
      const answers = await Promise.all([guard.attempt(spread, now), guard.attempt(spread, now)]);
      passed += answers.filter((until) => until === null).length;
    }
    expect(passed).to.equal(mostAttempts(THROTTLES.account));
  });

  it('counts for nobody when one of them has to wait', async () => {
    const place = address();
    const blocked = account();
    for (let i = 0; i < 5; i++) await guard.attempt([blocked], NOW);
    for (let i = 0; i < 30; i++) expect(await guard.attempt([blocked, place], NOW)).to.not.equal(null);
    expect(await guard.attempt([account(), place], NOW)).to.equal(null);
  });

  it('stops an address that tries many accounts', async () => {
    const place = address();
    for (let i = 1; i <= 20; i++) expect(await guard.attempt([account(), place], NOW), String(i)).to.equal(null);
    expect(await guard.attempt([account(), place], NOW)).to.equal(NOW + MINUTE);
  });

  it('counts an IPv6 network as one, and letters of an account in any case', async () => {
    for (let i = 1; i <= 20; i++) await guard.attempt([address(`2001:db8:1:2::${i}`)], NOW);
    expect(await guard.attempt([address('2001:db8:1:2:ffff::1')], NOW)).to.not.equal(null);
    expect(await guard.attempt([address('2001:db8:1:3::1')], NOW)).to.equal(null);
    for (let i = 1; i <= 5; i++) await guard.attempt([account('A.B@x.example')], NOW);
    expect(await guard.attempt([account('a.b@X.example')], NOW)).to.not.equal(null);
  });

  it('forgets an account that was right, and for the address only that attempt', async () => {
    const who = account();
    const place = address();
    for (let i = 1; i <= 5; i++) await guard.attempt([who, place], NOW);
    await guard.succeeded([who, place]);
    expect(await guard.attempt([who], NOW)).to.equal(null);
    for (let i = 1; i <= 16; i++) expect(await guard.attempt([place], NOW), String(i)).to.equal(null);
    expect(await guard.attempt([place], NOW)).to.not.equal(null);
  });

  it('lets a whole town hall sign in behind one address', async () => {
    const place = address();
    for (let i = 1; i <= 60; i++) {
      const who = account();
      expect(await guard.attempt([who, place], NOW), String(i)).to.equal(null);
      await guard.succeeded([who, place]);
    }
  });

  it('begins anew an hour after the first attempt, and the job deletes what counts no longer', async () => {
    const who = [account()];
    for (let i = 1; i <= 4; i++) await guard.attempt(who, NOW);
    for (let i = 1; i <= 4; i++) expect(await guard.attempt(who, NOW + 60 * MINUTE)).to.equal(null);
    await guard.deleteOld(NOW + 100 * MINUTE);
    expect((await database.reader('sign_in_failures')).length).to.equal(1);
    await guard.deleteOld(NOW + 400 * MINUTE);
    expect(await database.reader('sign_in_failures')).to.deep.equal([]);
  });

  it('keeps neither address nor account as they are', async () => {
    await guard.attempt([account('wer@beispiel.example'), address('192.0.2.7')], NOW);
    const stored = JSON.stringify(await database.reader('sign_in_failures'));
    expect(stored).to.not.contain('wer@').and.not.contain('192.0.2');
  });
});

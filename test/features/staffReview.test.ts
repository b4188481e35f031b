import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { createPasswords } from '../../server/features/staff/passwords.ts';
import { checkPassword } from '../../server/features/staff/signIn.ts';
import type { User } from '../../server/features/staff/ports.ts';
import { takeAway } from '../../server/features/staff/setUp.ts';
import type { StaffDeps } from '../../server/features/staff/deps.ts';
import { createAuditRepository, writeAudit } from '../../server/data/auditRepository.ts';
import { openDatabase } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createSessionRepository } from '../../server/data/sessionRepository.ts';
import { createUserRepository } from '../../server/data/userRepository.ts';
import { sameGrants } from '../../server/domain/staff/userScope.ts';
import { staffSession, type SessionRows, type StoredSession } from '../../server/web/session.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { insertUser, signedIn } from '../support/staff.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';

const USER: User = {
  id: 1,
  email: 'planung@meerane.example',
  name: 'P. Planung',
  passwordHash: 'old',
  mustChangePassword: false,
  totpSecret: null,
  totpConfirmedAt: null,
  totpLastStep: null,
  oidcIssuer: null,
  lockedAt: null,
  version: 1,
  grants: [{ role: 'planner', municipalityId: null }],
  recoveryCodes: 0,
};

/** What comparing passwords needs, with a user who becomes `after` while the password is compared. */
function whileComparing(after: User | undefined) {
  const right = new Set(['old', 'hashed anew']);
  return {
    users: { byEmail: () => Promise.resolve(USER), byId: () => Promise.resolve(after) },
    guard: { attempt: () => Promise.resolve(null), succeeded: () => Promise.resolve() },
    passwords: {
      verify: (_password: string, hash: string | null) => Promise.resolve(hash !== null && right.has(hash)),
      isOutdated: () => false,
    },
    clock: { now: () => 0 },
  } as unknown as StaffDeps;
}

describe('Signing in while something else happens', () => {
  const typed = { email: USER.email, password: 'Linde-Wagen-Brot-41', address: '192.0.2.1' };
  const outcome = async (after: User | undefined) => (await checkPassword(whileComparing(after), typed)).kind;

  it('does not let in with a password that was changed in that moment', async () => {
    expect(await outcome(USER)).to.equal('right');
    expect(await outcome({ ...USER, passwordHash: 'new' })).to.equal('wrong');
  });

  it('does not let in somebody who was locked or deleted in that moment', async () => {
    expect(await outcome({ ...USER, lockedAt: 1 })).to.equal('wrong');
    expect(await outcome(undefined)).to.equal('wrong');
  });

  it('lets in when the same password was only hashed anew', async () => {
    expect(await outcome({ ...USER, passwordHash: 'hashed anew' })).to.equal('right');
  });

  it('leaves the second factor of somebody who became an administrator in that moment', async () => {
    const undone: string[] = [];
    const deps = {
      clock: { now: () => 0 },
      unit: (work: (unit: unknown) => Promise<unknown>) =>
        work({
          byId: () => Promise.resolve({ ...USER, grants: [{ role: 'admin', municipalityId: 3 }] }),
          setSecondFactor: () => Promise.resolve(undone.push('taken away')),
          audit: () => Promise.resolve(),
        }),
    } as unknown as StaffDeps;
    expect(await takeAway(deps, USER)).to.equal(false);
    expect(undone).to.deep.equal([]);
  });
});

describe('Passwords of absurd length', () => {
  it('are wrong, and not put together sign by sign first', async () => {
    const passwords = createPasswords({ log2N: 4, r: 8, p: 1 });
    const longest = 'ä'.repeat(256);
    const hash = await passwords.hash(longest);
    expect(await passwords.verify(longest.normalize('NFD'), hash)).to.equal(true);
    const cut = await passwords.hash('a'.repeat(4_096));
    expect(await passwords.verify('a'.repeat(100_000), cut), 'what is cut off counts').to.equal(false);
  });
});

describe('Roles', () => {
  it('are compared by municipality, of which two may have one name', () => {
    const here = [{ role: 'planner', municipalityId: 1 }] as const;
    expect(sameGrants(here, [{ role: 'planner', municipalityId: 2 }])).to.equal(false);
    expect(sameGrants(here, [{ role: 'planner', municipalityId: null }])).to.equal(false);
    expect(
      sameGrants([...here, { role: 'clerk', municipalityId: 1 }], [{ role: 'clerk', municipalityId: 1 }, ...here]),
    ).to.equal(true);
  });
});

describeOnBothDatabases('Looking for names', (open) => {
  it('finds umlauts in any case, among users and in the history', async () => {
    const database = openDatabase((await open()).config);
    try {
      await migrateUp(database);
      await insertUser(database, ['planner'], { name: 'Özlem ÄRMEL' });
      const entry = { municipalityId: null, subjectId: 1, changes: [] };
      await database.unit((trx) =>
        writeAudit(trx, { userId: null, name: 'Ödön' }, 1, {
          ...entry,
          subject: 'venue',
          label: 'Übigau, Schule',
          action: 'created',
        }),
      );
      const users = createUserRepository(database.reader);
      const trail = createAuditRepository(database.reader);
      const asked = (text: string) => ({ scope: 'all' as const, text, offset: 0, limit: 5 });
      for (const text of ['özlem', 'ÖZLEM', 'ärmel']) expect(await users.list('all', text), text).to.have.length(1);
      for (const text of ['übigau', 'ÜBIGAU', 'ödö']) expect(await trail.entries(asked(text)), text).to.have.length(1);
      expect(await users.list('all', 'ozlem_')).to.have.length(0);
    } finally {
      await database.close();
    }
  });

  it('does not bring back a session that ended while a request was under way', async () => {
    const database = openDatabase((await open()).config);
    try {
      await migrateUp(database);
      const { id: userId } = await insertUser(database, ['planner']);
      const sessions = createSessionRepository(database);
      const row = { idHash: 'a', userId, data: '{}', createdAt: 0, seenAt: 0, expiresAt: 9, device: '' };
      await sessions.save(row);
      await sessions.change({ ...row, data: '{"changed":true}' });
      expect((await sessions.find('a'))?.data).to.equal('{"changed":true}');
      await sessions.end('a');
      await sessions.change(row);
      expect(await sessions.find('a')).to.equal(undefined);
    } finally {
      await database.close();
    }
  });
});

describe('Pages of the staff, asked oddly', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let admin: Visitor;

  before(async () => {
    app = await startApp();
    await app.office.database.writer('municipalities').insert(
      [1, 2].map((n) => ({
        slug: `neukirchen-${n}`,
        name: 'Neukirchen',
        ags: `1452400${n}`,
        office_name: 'Amt',
        lat: 50.8,
        lon: 12.4,
      })),
    );
    admin = await signedIn(app, 'admin');
  });
  after(async () => {
    admin.close();
    await app.stop();
  });

  it('show the history up to the last day there is', async () => {
    expect((await admin.get('/intern/verlauf?von=0001-01-01&bis=9999-12-31')).status).to.equal(200);
  });

  it('move roles from one municipality to another of the same name', async () => {
    const { database } = app.office;
    const ids = await database.reader('municipalities').orderBy('id').select<{ id: number }[]>('id');
    const [one, two] = ids;
    const user = await insertUser(database, ['planner'], { municipalities: [one?.id ?? 0], name: 'P. Planung' });
    const page = await admin.get(`/intern/nutzer/${user.id}`);
    expect((await admin.submit(page, { rollen: `planner:${two?.id}` })).status).to.equal(303);
    const roles = (await database.reader('user_roles').where('user_id', user.id)) as { municipality_id: number }[];
    expect(roles.map((role) => role.municipality_id)).to.deep.equal([two?.id]);
  });

  it('refuse an address that is too long, in small letters too', async () => {
    const email = `${'İ'.repeat(200)}@x.example`;
    const refused = await admin.post('/intern/nutzer/neu', { name: 'P. Lang', email, rollen: 'planner:*' });
    expect(refused.status).to.equal(422);
    expect(refused.$('#email').attr('value')).to.equal(email);
  });
});

describe('A session that ends while a request with it is under way', () => {
  it('has ended for good, whatever the request wrote into it', async () => {
    const kept = new Map<string, StoredSession>();
    const rows: SessionRows = {
      find: (id) => Promise.resolve(kept.get(id)),
      save: (row) => Promise.resolve(void kept.set(row.idHash, row)),
      change: (row) => Promise.resolve(void (kept.has(row.idHash) && kept.set(row.idHash, row))),
      touch: () => Promise.resolve(),
      end: (id) => Promise.resolve(void kept.delete(id)),
    };
    const app = express();
    app.use(staffSession({ rows, secret: 's', now: () => 1, idleMinutes: 30, actor: () => Promise.resolve(null) }));
    app.get('/intern/an', (request, response) => {
      request.session.stage = 'in';
      response.send('');
    });
    app.get('/intern/satz', (request, response) => {
      if (request.query['ende'] === '1') kept.clear(); // from another device, in this moment
      request.session.flash = { kind: 'success', text: request.query['ende'] === '1' ? 'danach' : 'davor' };
      if (request.query['um'] === '1') response.redirect(303, '/intern');
      else response.send('');
    });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const visitor = createVisitor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      for (const um of ['0', '1']) {
        await visitor.get('/intern/an');
        await visitor.get('/intern/satz?ende=0');
        expect([...kept.values()].map(({ data }) => data).join()).to.contain('"text":"davor"');
        await visitor.get(`/intern/satz?ende=1&um=${um}`);
        expect([...kept]).to.deep.equal([]);
      }
    } finally {
      visitor.close();
      server.close();
    }
  });
});

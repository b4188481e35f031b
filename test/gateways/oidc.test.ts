import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import Provider from 'oidc-provider';
import { pino } from 'pino';
import { composeOffice, type Office } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { insertUser } from '../support/staff.ts';
import { createTempDir } from '../support/tempDir.ts';
import { createVisitor, type Answer, type Visitor } from '../support/visitor.ts';

/** What the provider says of somebody. */
interface Person {
  email?: string;
  name?: string;
  roles?: unknown;
  resource_access?: unknown;
}

async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

describe('Signing in with an identity provider', function () {
  this.timeout(60_000);
  const people = new Map<string, Person>();
  const dir = createTempDir('oidc');
  /** Who is about to type their name at the provider; null: refuses. */
  let present: string | null = null;
  let providerServer: Server;
  let providerOrigin: string;
  let appServer: Server;
  let origin: string;
  let office: Office;
  let municipalityId: number;

  async function startProvider(port: number): Promise<void> {
    const started: { provider?: Provider } = {};
    providerServer = createServer((request, response) => {
      const { provider } = started;
      if (provider === undefined) return;
      const [, uid] = /^\/interaction\/([\w-]+)/.exec(request.url ?? '') ?? [];
      if (uid === undefined) {
        void provider.callback()(request, response);
        return;
      }
      const result =
        present === null ? { error: 'access_denied', error_description: 'no' } : { login: { accountId: present } };
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
    providerOrigin = await listen(providerServer, port);
    const provider = new Provider(providerOrigin, {
      clients: [
        {
          client_id: 'koffertour',
          client_secret: 'ein-geheimnis-das-lang-genug-ist',
          redirect_uris: [`${origin}/intern/anmelden/sso/zurueck`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      cookies: { keys: ['some', 'keys'] },
      claims: { openid: ['sub'], email: ['email'], profile: ['name', 'roles', 'resource_access'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
      loadExistingGrant: async (context) => {
        const { client, session } = context.oidc;
        const grant = new context.oidc.provider.Grant({
          clientId: client?.clientId ?? '',
          accountId: session?.accountId ?? '',
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    started.provider = provider;
    provider.on('server_error', (_context, error) => console.error(error));
  }

  before(async () => {
    appServer = createServer();
    origin = await listen(appServer);
    await startProvider(0);
    const config = parseConfig({
      DATABASE_FILE: dir.file('office.sqlite'),
      PUBLIC_URL: origin,
      TILES_URL: 'none',
      OIDC_ISSUER: providerOrigin,
      OIDC_CLIENT_ID: 'koffertour',
      OIDC_CLIENT_SECRET: 'ein-geheimnis-das-lang-genug-ist',
      OIDC_NAME: 'Landkreis-Konto',
    });
    office = await composeOffice(config, { now: Date.now, log: pino({ level: 'silent' }) });
    appServer.on('request', office.app);
    ({ municipalityId } = await seedSmallOffice(office.database, { date: '2026-11-24' }));
  });

  after(async () => {
    await Promise.all([close(appServer), close(providerServer)]);
    await office.close();
    dir.remove();
  });

  const userOf = (subject: string) =>
    office.database.reader('users').where('oidc_subject', subject).first() as Promise<
      Record<string, unknown> | undefined
    >;

  /** Goes to the provider and says who one is there. @returns the address the provider sends the browser back to */
  async function atProvider(who: Visitor, person: string | null, start = '/intern/anmelden/sso'): Promise<string> {
    present = person;
    const away = await who.get(start);
    expect(away.status).to.equal(303);
    const there = createVisitor(providerOrigin);
    let location = away.location ?? '';
    for (let i = 0; i < 6 && !location.startsWith(origin); i++) {
      const url = new URL(location, providerOrigin);
      const answer = await there.get(url.pathname + url.search);
      location = new URL(answer.location ?? `${origin}/nirgends?${answer.status}`, providerOrigin).href;
    }
    there.close();
    const back = new URL(location);
    return back.pathname + back.search;
  }

  async function signIn(person: string | null, start?: string): Promise<{ who: Visitor; answer: Answer }> {
    const who = createVisitor(origin);
    return { who, answer: await who.get(await atProvider(who, person, start)) };
  }

  it('is offered on the sign-in page, past scripts', async () => {
    const page = await createVisitor(origin).get('/intern/anmelden?zu=%2Fintern%2Fkonto');
    await expectValidHtml(page.html, page.path);
    const link = page.$('a[href^="/intern/anmelden/sso"]');
    expect(link.text().trim()).to.equal('Mit Landkreis-Konto anmelden');
    expect(link.attr('href')).to.equal('/intern/anmelden/sso?zu=%2Fintern%2Fkonto');
    expect(link.attr('hx-boost')).to.equal('false');
  });

  it('creates the user at the first time, with the roles of the claim, and leads to the page that was wanted', async () => {
    people.set('anna', {
      email: 'Anna@kreis.example',
      name: 'Anna Winter',
      roles: ['koffertour-planner:14524190', 'other'],
    });
    const { who, answer } = await signIn('anna', '/intern/anmelden/sso?zu=%2Fintern%2Fkonto');
    expect(answer.location).to.equal('/intern/konto');
    const page = await who.get('/intern/konto');
    await expectValidHtml(page.html, page.path);
    expect(visibleText(page.html))
      .to.contain('Planung in Meerane')
      .and.contain('Sie melden sich mit Landkreis-Konto an');
    expect(page.$('a[href="/intern/konto/kennwort"]')).to.have.length(0);
    expect((await who.get('/intern/konto/kennwort')).location).to.equal('/intern/konto');
    const user = await userOf('anna');
    expect(user).to.include({ email: 'anna@kreis.example', password_hash: null, oidc_issuer: providerOrigin });
    const grants: unknown = await office.database
      .reader('user_roles')
      .where('user_id', user?.['id'] as number)
      .select('role', 'municipality_id');
    expect(grants).to.deep.equal([{ role: 'planner', municipality_id: municipalityId }]);
  });

  it('takes over name and roles each time; without a role nobody gets in', async () => {
    people.set('berta', { email: 'berta@kreis.example', name: 'Berta', roles: 'koffertour-admin' });
    const { who } = await signIn('berta');
    expect((await who.get('/intern/nutzer')).status).to.equal(200);
    people.set('berta', { email: 'berta@kreis.example', name: 'Berta Neu', roles: ['koffertour-clerk'] });
    const second = await signIn('berta');
    expect((await second.who.get('/intern/nutzer')).status).to.equal(403);
    expect((await who.get('/intern/nutzer')).status, 'the session before').to.equal(403);
    expect((await userOf('berta'))?.['name']).to.equal('Berta Neu');
    people.set('berta', { email: 'berta@kreis.example', name: 'Berta Neu', roles: [] });
    const { answer, who: third } = await signIn('berta');
    expect(answer.status).to.equal(403);
    await expectValidHtml(answer.html, 'no roles');
    expect(visibleText(answer.html)).to.contain('keine Rolle');
    expect((await third.get('/intern/konto')).status).to.equal(303);
  });

  it('refuses somebody without a role of ours, and creates nobody', async () => {
    people.set('carl', { email: 'carl@kreis.example', name: 'Carl', roles: ['koffertour-planner:99999999', 'admin'] });
    expect((await signIn('carl')).answer.status).to.equal(403);
    expect(await userOf('carl')).to.equal(undefined);
  });

  it('never takes over an account with a password because the address is the same', async () => {
    const { id } = await insertUser(office.database, ['admin'], { email: 'dora@kreis.example' });
    people.set('dora', { email: 'Dora@kreis.example', name: 'Dora', roles: ['koffertour-admin'] });
    const { answer } = await signIn('dora');
    expect(answer.status).to.equal(409);
    expect(visibleText(answer.html)).to.contain('schon ein Konto mit Kennwort');
    expect(await office.database.reader('users').where('id', id).first()).to.include({ oidc_subject: null });
    expect(await userOf('dora')).to.equal(undefined);
  });

  it('refuses a locked user, and one without an e-mail address', async () => {
    people.set('emil', { email: 'emil@kreis.example', name: 'Emil', roles: ['koffertour-clerk'] });
    await signIn('emil');
    await office.database.writer('users').where('oidc_subject', 'emil').update({ locked_at: 1 });
    const { answer, who } = await signIn('emil');
    expect(visibleText(answer.html)).to.contain('gesperrt');
    expect((await who.get('/intern/konto')).status).to.equal(303);
    people.set('frieda', { name: 'Frieda', roles: ['koffertour-clerk'] });
    expect(visibleText((await signIn('frieda')).answer.html)).to.contain('keine E-Mail-Adresse');
  });

  it('says so when the provider refuses', async () => {
    const { answer } = await signIn(null);
    expect(answer.status).to.equal(403);
    await expectValidHtml(answer.html, 'refused');
    expect(visibleText(answer.html)).to.contain('Landkreis-Konto hat die Anmeldung abgelehnt');
  });

  it('accepts an answer only in the browser that asked, once, and unchanged', async () => {
    people.set('gustav', { email: 'gustav@kreis.example', name: 'Gustav', roles: ['koffertour-clerk'] });
    const who = createVisitor(origin);
    const back = await atProvider(who, 'gustav');
    const stranger = createVisitor(origin);
    expect((await stranger.get(back)).location, 'no request of this browser').to.equal('/intern/anmelden');
    await stranger.get('/intern/anmelden/sso');
    expect((await stranger.get(back)).status, 'another state').to.equal(403);
    expect((await who.get(back)).location).to.equal('/intern');
    expect((await who.get('/intern/konto')).status).to.equal(200);
    const replay = createVisitor(origin);
    expect((await replay.get(back)).location).to.equal('/intern/anmelden');
    const other = createVisitor(origin);
    const changed = (await atProvider(other, 'gustav')).replace(/state=[^&]*/, 'state=anders');
    expect((await other.get(changed)).status).to.equal(403);
    expect((await other.get('/intern/konto')).status).to.equal(303);
  });

  it('asks for PKCE, state and nonce', async () => {
    const { location } = await createVisitor(origin).get('/intern/anmelden/sso');
    const query = new URL(location ?? '').searchParams;
    expect(query.get('code_challenge_method')).to.equal('S256');
    expect(query.get('code_challenge')).to.have.length(43);
    expect(query.get('state')).to.have.length.greaterThan(20);
    expect(query.get('nonce')).to.have.length.greaterThan(20);
    expect(query.get('redirect_uri')).to.equal(`${origin}/intern/anmelden/sso/zurueck`);
  });

  it('leaves the other way in open while the provider does not answer, and finds it again', async () => {
    const port = Number(new URL(providerOrigin).port);
    const fresh = await composeOffice(
      parseConfig({
        DATABASE_FILE: dir.file('fresh.sqlite'),
        PUBLIC_URL: 'http://127.0.0.1:1',
        TILES_URL: 'none',
        OIDC_ISSUER: providerOrigin,
        OIDC_CLIENT_ID: 'koffertour',
        OIDC_CLIENT_SECRET: 'x',
        OIDC_NAME: 'Landkreis-Konto',
      }),
      { now: Date.now, log: pino({ level: 'silent' }) },
    );
    const server = createServer(fresh.app);
    const freshOrigin = await listen(server);
    await close(providerServer);
    const who = createVisitor(freshOrigin);
    const answer = await who.get('/intern/anmelden/sso');
    expect(answer.status).to.equal(503);
    await expectValidHtml(answer.html, 'unavailable');
    expect(visibleText(answer.html)).to.contain('Landkreis-Konto antwortet gerade nicht');
    expect((await who.get('/intern/anmelden')).status).to.equal(200);
    await startProvider(port);
    expect((await who.get('/intern/anmelden/sso')).status).to.equal(303);
    who.close();
    await close(server);
    await fresh.close();
  });
});

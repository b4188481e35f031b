import { expect } from 'chai';
import { accessTo, may, PERMISSIONS, ROLES, ROUTE_ACCESS, type RouteName } from '../server/domain/access.ts';
import { ROUTES } from '../server/paths.ts';
import { startDemoApp, type RunningApp } from './support/app.ts';
import { signedIn } from './support/staff.ts';
import { createVisitor, type Visitor } from './support/visitor.ts';

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
}

interface Mounted {
  path: string;
  method: string;
}

/** Every route the program answers, by walking through its routers; the guard's own entries answer all methods. */
function mountedRoutes(layers: readonly Layer[]): Mounted[] {
  return layers.flatMap((layer) => {
    const { route } = layer;
    const inner = mountedRoutes(layer.handle?.stack ?? []);
    if (route === undefined) return inner;
    return [route.path].flat().flatMap((path) =>
      Object.keys(route.methods)
        .filter((method) => method !== '_all')
        .map((method) => ({ path, method: method.toUpperCase() })),
    );
  });
}

/** An address that fits the pattern; nothing has these names. */
function exampleOf(route: string): string {
  return route.replace(':id', '999999').replace(/:(\w+)/g, 'nichts');
}

const NAMES = Object.keys(ROUTES) as RouteName[];
const CLOSED = NAMES.filter((name) => !['public', 'signingIn'].includes(accessTo(name, 'GET')));

describe('The table of access', () => {
  let app: RunningApp;
  let stranger: Visitor;
  let mounted: Mounted[];

  before(async function () {
    this.timeout(60_000);
    app = await startDemoApp();
    stranger = createVisitor(app.origin);
    mounted = mountedRoutes((app.office.app as unknown as { router: { stack: Layer[] } }).router.stack);
  });
  after(async () => {
    stranger.close();
    await app.stop();
  });

  it('names every route there is, and no other', () => {
    expect(Object.keys(ROUTE_ACCESS).sort()).to.deep.equal([...NAMES].sort());
  });

  it('is asked for every route that the program answers: none is mounted past server/paths.ts', () => {
    const known = new Set<string>([...Object.values(ROUTES), '/logo.svg', '/favicon.ico']); // files
    expect(mounted.length).to.be.greaterThan(40);
    expect([...new Set(mounted.map(({ path }) => path))].filter((path) => !known.has(path))).to.deep.equal([]);
  });

  it('has something behind every address', () => {
    const answered = new Set(mounted.map(({ path }) => path));
    expect(Object.entries(ROUTES).filter(([, path]) => !answered.has(path))).to.deep.equal([]);
  });

  it('lets everybody in below /intern only where one signs in', () => {
    for (const name of NAMES) {
      const open = ['public', 'signingIn'].some(
        (one) => accessTo(name, 'GET') === one || accessTo(name, 'POST') === one,
      );
      const inside = ROUTES[name].startsWith('/intern');
      if (open && inside) expect(ROUTES[name], name).to.match(/^\/intern\/(anmelden|abmelden)/);
      if (!inside) expect(accessTo(name, 'POST'), name).to.equal('public');
    }
  });

  it('sends to the sign-in page whoever has not signed in, on every closed route and with every method mounted', async function () {
    this.timeout(60_000);
    const closed = new Set<string>(CLOSED.map((name) => ROUTES[name]));
    const asked = mounted.filter(({ path, method }) => closed.has(path) && ['GET', 'POST'].includes(method));
    expect(asked.length).to.be.greaterThan(30);
    for (const { path, method } of asked) {
      for (const prefix of ['', '/en']) {
        const answer = await stranger.ask(prefix + exampleOf(path), { method });
        expect(answer.status, `${method} ${prefix}${path}`).to.equal(303);
        expect(answer.location, `${method} ${prefix}${path}`).to.match(new RegExp(`^${prefix}/intern/anmelden(\\?|$)`));
      }
    }
  });

  for (const role of ROLES) {
    it(`refuses a ${role} what the table does not give, and only that`, async function () {
      this.timeout(60_000);
      const somebody = await signedIn(app, role);
      const actor = { grants: [{ role, municipalityId: null }] };
      for (const { path, method } of mounted.filter((one) => ['GET', 'POST'].includes(one.method))) {
        const name = NAMES.find((one) => ROUTES[one] === path);
        if (name === undefined) continue; // a file
        const access = accessTo(name, method);
        if (access === 'public' || access === 'signingIn' || access === 'signedIn') continue;
        const answer = await somebody.ask(exampleOf(path), { method });
        const allowed = may(actor, access);
        expect(answer.status === 403, `${role}: ${method} ${path} answered ${answer.status}`).to.equal(!allowed);
        if (allowed) expect(answer.status, `${role}: ${method} ${path}`).to.be.lessThan(500);
      }
      somebody.close();
    });
  }

  it('gives administrators every permission but two: people are seen by those on the tour and those at the telephone', () => {
    for (const [permission, roles] of Object.entries(PERMISSIONS)) {
      if (permission === 'day.write') expect(roles).to.deep.equal(['clerk']);
      else if (permission === 'bookings.write') expect(roles).to.deep.equal(['hotline']);
      else expect(roles, permission).to.include('admin');
    }
  });

  it('lets nobody in who is locked, from the next request on', async () => {
    const somebody = await signedIn(app, 'planner');
    expect((await somebody.get('/intern/woche')).status).to.equal(200);
    await app.office.database.writer('users').where('id', somebody.user.id).update({ locked_at: 1 });
    const answer = await somebody.get('/intern/woche');
    expect(answer.status).to.equal(303);
    expect(answer.location).to.match(/^\/intern\/anmelden/);
    somebody.close();
  });

  it('gives citizens no cookie', async () => {
    for (const path of ['/', '/besuche', '/termin', '/fahrplan']) {
      expect((await stranger.get(path)).headers['set-cookie'], path).to.equal(undefined);
    }
  });
});

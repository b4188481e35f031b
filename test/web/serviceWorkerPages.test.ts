import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { pathsFor } from '../../server/paths.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { createVisitor } from '../support/visitor.ts';

const ORIGIN = 'https://amt.example';
const p = pathsFor('de');
const page = (text: string, user = 'aa'): Response =>
  new Response(`<div id="warteschlange" data-kt-offline data-kt-user="${user}">${text}</div>`, {
    headers: { 'Content-Type': 'text/html' },
  });

/** What a service worker answers; requests and caches are those of Node, as far as it has them. */
interface Worker {
  /** `cameFrom`: the address at the end of redirects. */
  get(path: string, headers?: Record<string, string>): Promise<string>;
  signOut(): Promise<void>;
  kept(): string[];
  answer: (path: string) => Promise<{ response: Response; cameFrom?: string }>;
  told: string[];
}

function startWorker(script: string): Worker {
  const listeners = new Map<string, (event: object) => void>();
  const stores = new Map<string, Map<string, Response>>();
  const open = (name: string) => {
    const store = stores.get(name) ?? new Map<string, Response>();
    stores.set(name, store);
    const keyOf = (request: string | { url: string }) =>
      new URL(typeof request === 'string' ? request : request.url, ORIGIN).href;
    return Promise.resolve({
      match: (request: string) => Promise.resolve(store.get(keyOf(request))?.clone()),
      put: (request: string, response: Response) => Promise.resolve(void store.set(keyOf(request), response)),
      delete: (request: string) => Promise.resolve(store.delete(keyOf(request))),
      keys: () => Promise.resolve([...store.keys()].map((url) => ({ url }))),
    });
  };
  const worker: Worker = {
    get: (path, headers = {}) => send('GET', path, headers).then((response) => response.text()),
    signOut: () => send('POST', p.signOut(), {}).then(() => undefined),
    kept: () => [...(stores.get('kt-days')?.keys() ?? [])].map((url) => new URL(url).pathname),
    answer: () => Promise.reject(new TypeError('no signal')),
    told: [],
  };
  const self = {
    location: { origin: ORIGIN },
    clients: {
      matchAll: () =>
        Promise.resolve([{ id: '2', postMessage: ({ kind }: { kind: string }) => void worker.told.push(kind) }]),
    },
    addEventListener: (kind: string, listener: (event: object) => void) => void listeners.set(kind, listener),
  };
  async function ask(request: { url: string }): Promise<Response> {
    const { response, cameFrom } = await worker.answer(new URL(request.url).pathname);
    const url = new URL(cameFrom ?? request.url, ORIGIN).href;
    Object.defineProperties(response, { url: { value: url }, type: { value: 'basic' } });
    return response;
  }
  async function send(method: string, path: string, headers: Record<string, string>): Promise<Response> {
    const waits: Promise<unknown>[] = [];
    let answered: Promise<Response> | undefined;
    listeners.get('fetch')?.({
      clientId: '1',
      request: { method, url: ORIGIN + path, mode: 'navigate', headers: new Headers(headers), referrer: '' },
      respondWith: (response: Promise<Response>) => void (answered = response),
      waitUntil: (work: Promise<unknown>) => void waits.push(work),
    });
    const response = await answered;
    for (let work = waits.shift(); work !== undefined; work = waits.shift()) await work;
    return response ?? Response.error();
  }
  const caches = { open, delete: (name: string) => Promise.resolve(stores.delete(name)), keys: () => [] };
  const context = { self, caches, fetch: ask, URL, Headers, Response, Intl, Date, setTimeout: () => 0, Promise };
  runInContext(script, createContext(context));
  return worker;
}

describe('The service worker of the day', () => {
  let app: RunningApp;
  let worker: Worker;
  let script: string;

  before(async () => {
    app = await startApp();
    const visitor = createVisitor(app.origin);
    script = (await visitor.get('/sw.js')).html;
    visitor.close();
  });
  after(() => app.stop());
  beforeEach(() => {
    worker = startWorker(script);
  });

  const answerWith = (make: () => Response, cameFrom?: string) => {
    worker.answer = () => Promise.resolve({ response: make(), ...(cameFrom === undefined ? {} : { cameFrom }) });
  };

  it('keeps a page of the day, and no page that somebody else put in its place', async () => {
    for (const [make, cameFrom] of [
      [() => new Response('<h1>WLAN-Anmeldung</h1>')],
      [() => new Response('Bad Gateway', { status: 502 })],
      [() => page('Vogel').clone(), p.account()],
    ] as const) {
      answerWith(make, cameFrom);
      await worker.get(p.myDay());
      expect(worker.kept()).to.deep.equal([]);
    }
    answerWith(() => page('Vogel'));
    await worker.get(p.myDay());
    expect(worker.kept()).to.deep.equal([p.myDay()]);
    answerWith(() => new Response('Bad Gateway', { status: 502 }));
    expect(await worker.get(p.myDay()), 'instead of the error')
      .to.contain('Vogel')
      .and.contain('data-kt-kept');
  });

  it('keeps no page that was asked for before signing out and came after it', async () => {
    let arrive = (): void => undefined;
    worker.answer = (path) =>
      path === p.myDay()
        ? new Promise((resolve) => {
            arrive = () => resolve({ response: page('Vogel') });
          })
        : Promise.resolve({ response: new Response('Abgemeldet') });
    const onItsWay = worker.get(p.myDay());
    await new Promise(setImmediate);
    await worker.signOut();
    arrive();
    await onItsWay;
    expect(worker.kept()).to.deep.equal([]);
    expect(worker.told, 'the other tabs').to.deep.equal(['signedOut']);
  });

  it('drops what another account has read on the same phone', async () => {
    answerWith(() => page('Vogel', 'aa'));
    await worker.get(p.myDay());
    await worker.get(p.myWeek());
    answerWith(() => page('Petzold', 'bb'));
    await worker.get(p.myDay());
    expect(worker.kept()).to.deep.equal([p.myDay()]);
  });

  it('deletes all of it when the session is over', async () => {
    answerWith(() => page('Vogel'));
    await worker.get(p.myDay());
    answerWith(() => new Response('<h1>Anmelden</h1>'), p.signIn());
    await worker.get(p.myDay());
    expect(worker.kept()).to.deep.equal([]);
  });

  it('answers a page that hears of a newer one with that one, without asking again', async () => {
    answerWith(() => page('Vogel'));
    await worker.get(p.myDay());
    worker.answer = () => Promise.reject(new Error('must not be asked'));
    const html = await worker.get(p.myDay(), { 'X-Kt-Kept-Now': '1' });
    expect(html).to.contain('Vogel').and.not.contain('data-kt-kept');
  });
});

import { expect } from 'chai';

/** public/js/dayQueue.js, as the browser gets it; it knows no page and no network. */
interface Entry {
  key: string;
  user: string;
  url: string;
  body: string;
  at: number;
  label: string;
  termin: string;
  stand: string;
  state: 'waiting' | 'refused';
  text: string;
  tried?: boolean;
}
type Answer = { kind: 'done' | 'refused'; text: string } | { kind: 'retry' } | { kind: 'signIn' };
interface Queue {
  all(): Promise<Entry[]>;
  add(form: { url: string; fields: URLSearchParams; label: string; termin?: string; undo?: string }): Promise<string>;
  remove(key: string, label?: string): Promise<unknown>;
  send(): Promise<{ sent: string[]; stopped: string | null; refused: number }>;
}
interface Needs {
  store: { all(): Promise<Entry[]>; put(entry: Entry): Promise<void>; remove(key: string): Promise<void> };
  post(entry: Entry): Promise<Answer>;
  alone<T>(work: () => Promise<T>): Promise<T | undefined>;
  now(): number;
  newKey(): string;
  user: string;
  canSend?(): boolean;
}
interface QueueModule {
  createQueue: (needs: Needs) => Queue;
  readAnswer: (
    response: { status: number; type: string; json: null | object; ours?: boolean },
    refusedText: string,
  ) => Answer;
}

const DONE: Answer = { kind: 'done', text: 'Eingetragen.' };

describe('What a phone without a signal keeps and sends', () => {
  let createQueue: QueueModule['createQueue'];
  let readAnswer: QueueModule['readAnswer'];
  let kept: Map<string, Entry>;
  let posted: URLSearchParams[];
  let time: number;

  before(async () => {
    const file = new URL('../../public/js/dayQueue.js', import.meta.url).href;
    ({ createQueue, readAnswer } = (await import(file)) as QueueModule);
  });
  beforeEach(() => {
    kept = new Map();
    posted = [];
    time = 1_000;
  });

  function queueWith(answers: (Answer | ((entry: Entry) => Promise<Answer>))[], needs: Partial<Needs> = {}): Queue {
    let number = 0;
    return createQueue({
      store: {
        all: () => Promise.resolve([...kept.values()]),
        put: (entry) => Promise.resolve(void kept.set(entry.key, entry)),
        remove: (key) => Promise.resolve(void kept.delete(key)),
      },
      post: (entry) => {
        posted.push(new URLSearchParams(entry.body));
        const answer = answers.shift() ?? DONE;
        return typeof answer === 'function' ? answer(entry) : Promise.resolve(answer);
      },
      alone: (work) => work(),
      now: () => time,
      newKey: () => `neu-${needs.user ?? 'a'}-${(number += 1)}`,
      user: 'a',
      ...needs,
    });
  }

  function tick(stand: string, termin = '7', key = 'aus-der-seite') {
    const fields = new URLSearchParams({ schluessel: key, stand });
    return { url: `/intern/termine/${termin}/stand`, fields, label: `9:40 ${stand}`, termin };
  }

  it('gives each a key of its own and the time it was ticked', async () => {
    const queue = queueWith([]);
    await queue.add(tick('arrived'));
    time = 2_000;
    await queue.add(tick('served'));
    expect((await queue.send()).sent).to.deep.equal(['Eingetragen.', 'Eingetragen.']);
    expect(posted.map((fields) => [fields.get('schluessel'), fields.get('zeit'), fields.get('stand')])).to.deep.equal([
      ['neu-a-1', '1000', 'arrived'],
      ['neu-a-2', '2000', 'served'],
    ]);
    expect(await queue.all()).to.deep.equal([]);
  });

  it('keeps the order even when the clock is put back', async () => {
    const queue = queueWith([]);
    await queue.add(tick('arrived'));
    time = 500;
    await queue.add(tick('served'));
    await queue.send();
    expect(posted.map((fields) => fields.get('stand'))).to.deep.equal(['arrived', 'served']);
    expect(posted.map((fields) => fields.get('zeit'))).to.deep.equal(['1000', '1001']);
  });

  it('takes two taps on the same button for one, but not a change of mind', async () => {
    const queue = queueWith([]);
    expect(await queue.add(tick('arrived', '7', 'x'))).to.equal('added');
    expect(await queue.add(tick('arrived', '7', 'y'))).to.equal('same');
    expect(await queue.add(tick('missed'))).to.equal('added');
    expect(await queue.add(tick('arrived'))).to.equal('added');
    expect(await queue.add(tick('arrived', '8'))).to.equal('added');
    expect(await queue.all()).to.have.length(4);
  });

  it('takes back what has not been sent instead of sending both', async () => {
    const queue = queueWith([]);
    await queue.add(tick('arrived'));
    const [entry] = await queue.all();
    const undo = new URLSearchParams({ schluessel: 'z', aktion: entry?.key ?? '' });
    expect(await queue.add({ url: '/intern/touren/1/ruecknahme', fields: undo, label: 'zurück' })).to.equal('tookBack');
    await queue.send();
    expect(posted).to.deep.equal([]);
  });

  it('takes back the last tick of an appointment, not the one before that the page still shows', async () => {
    const queue = queueWith([]);
    await queue.add(tick('served'));
    await queue.add(tick('served', '8'));
    const undo = new URLSearchParams({ schluessel: 'z', aktion: 'arrived-of-the-server' });
    const form = { url: '/intern/touren/1/ruecknahme', fields: undo, label: 'zurück' };
    expect(await queue.add({ ...form, termin: '7' })).to.equal('tookBack');
    expect((await queue.all()).map(({ termin }) => termin)).to.deep.equal(['8']);
    expect(await queue.add({ ...form, termin: '7' }), 'then the one the server knows').to.equal('added');
  });

  it('takes back at the server what may have arrived there although no answer came', async () => {
    const queue = queueWith([{ kind: 'retry' }]);
    await queue.add({ ...tick('arrived'), undo: '/intern/touren/1/ruecknahme' });
    await queue.send(); // the answer is lost
    const fields = new URLSearchParams({ schluessel: 'z', aktion: 'served-before' });
    const undo = { url: '/intern/touren/1/ruecknahme', fields, label: 'zurück', termin: '7' };
    expect(await queue.add(undo)).to.equal('added');
    expect(await queue.add(undo), 'pressed twice').to.equal('same');
    await queue.send();
    expect(posted.slice(1).map((one) => [one.get('schluessel'), one.get('stand'), one.get('aktion')])).to.deep.equal([
      ['neu-a-1', 'arrived', null],
      ['neu-a-2', null, 'neu-a-1'],
    ]);
  });

  it('takes back on the phone what never left it', async () => {
    const queue = queueWith([], { canSend: () => false });
    await queue.add({ ...tick('arrived'), undo: '/intern/touren/1/ruecknahme' });
    expect((await queue.send()).stopped).to.equal('retry');
    const [entry] = await queue.all();
    await queue.remove(entry?.key ?? '');
    expect(await queue.all()).to.deep.equal([]);
  });

  it('takes back from the list what is on its way at this moment', async () => {
    const queue: Queue = queueWith([
      async ({ key }) => {
        await queue.remove(key, 'Zurücknehmen: 9:40 Ist da');
        return DONE;
      },
    ]);
    await queue.add({ ...tick('arrived'), undo: '/intern/touren/1/ruecknahme' });
    await queue.send();
    expect(posted.map((one) => one.get('aktion'))).to.deep.equal([null, 'neu-a-1']);
    expect(await queue.all()).to.deep.equal([]);
  });

  it('takes back once what the server knows, however often that is pressed', async () => {
    const queue = queueWith([]);
    const fields = new URLSearchParams({ schluessel: 'z', aktion: 'of-the-server' });
    const undo = { url: '/intern/touren/1/ruecknahme', fields, label: 'zurück', termin: '7' };
    expect(await queue.add(undo)).to.equal('added');
    expect(await queue.add(undo)).to.equal('same');
    expect(await queue.all()).to.have.length(1);
  });

  it('stops where there is no signal, and goes on there later', async () => {
    const queue = queueWith([DONE, { kind: 'retry' }]);
    for (const termin of ['7', '8', '9']) await queue.add(tick('arrived', termin));
    expect((await queue.send()).stopped).to.equal('retry');
    expect((await queue.all()).map(({ termin }) => termin)).to.deep.equal(['8', '9']);
    expect((await queue.send()).stopped).to.equal(null);
    expect(posted.map((fields) => fields.get('schluessel'))).to.deep.equal([
      'neu-a-1',
      'neu-a-2',
      'neu-a-2',
      'neu-a-3',
    ]);
  });

  it('keeps everything when somebody has to sign in first', async () => {
    const queue = queueWith([{ kind: 'signIn' }]);
    await queue.add(tick('arrived'));
    expect(await queue.send()).to.deep.equal({ sent: [], stopped: 'signIn', refused: 0 });
    expect(await queue.all()).to.have.length(1);
  });

  it('keeps what was refused with the reason, and sends it no more', async () => {
    const queue = queueWith([{ kind: 'refused', text: 'Es wurde inzwischen abgesagt.' }]);
    await queue.add(tick('arrived'));
    await queue.add(tick('arrived', '8'));
    expect((await queue.send()).refused).to.equal(1);
    await queue.send();
    expect(posted).to.have.length(2);
    const [refused] = await queue.all();
    expect(refused).to.include({ state: 'refused', text: 'Es wurde inzwischen abgesagt.', termin: '7' });
    await queue.remove(refused?.key ?? '');
    expect(await queue.all()).to.deep.equal([]);
  });

  it('sends only for who ticked it', async () => {
    await queueWith([]).add(tick('arrived'));
    const other = queueWith([], { user: 'b' });
    expect(await other.all()).to.deep.equal([]);
    await other.send();
    expect(posted).to.deep.equal([]);
    expect(kept.size).to.equal(1);
  });

  it('leaves it to the other tab while that one is sending', async () => {
    const queue = queueWith([], { alone: () => Promise.resolve(undefined) });
    await queue.add(tick('arrived'));
    expect((await queue.send()).stopped).to.equal('busy');
    expect(posted).to.deep.equal([]);
  });

  it('sends too what is ticked while it is sending', async () => {
    const queue: Queue = queueWith([
      async () => {
        await queue.add(tick('served'));
        return DONE;
      },
    ]);
    await queue.add(tick('arrived'));
    await queue.send();
    expect(posted.map((fields) => fields.get('stand'))).to.deep.equal(['arrived', 'served']);
  });

  describe('reads of an answer', () => {
    const read = (status: number, json: null | object, type = 'basic') => readAnswer({ status, json, type }, 'Nein.');

    it('that it is done, however often it was sent', () => {
      expect(read(200, { outcome: 'done', text: 'Gut.' })).to.deep.equal({ kind: 'done', text: 'Gut.' });
      expect(read(200, { outcome: 'already', text: 'Schon da.' })).to.deep.equal({ kind: 'done', text: 'Schon da.' });
    });

    it('why it was refused', () => {
      expect(read(409, { outcome: 'conflict', text: 'Abgesagt.' })).to.deep.equal({
        kind: 'refused',
        text: 'Abgesagt.',
      });
      expect(read(404, { outcome: 'gone', text: 'Weg.' })).to.deep.equal({ kind: 'refused', text: 'Weg.' });
      expect(read(403, null)).to.deep.equal({ kind: 'refused', text: 'Nein.' });
    });

    it('that it has to be tried again when the server, or something in between, is in trouble', () => {
      for (const status of [0, 408, 429, 500, 502, 503])
        expect(read(status, null), String(status)).to.deep.equal({ kind: 'retry' });
      for (const status of [403, 404, 451]) {
        const between = readAnswer({ status, type: 'basic', json: null, ours: false }, 'Nein.');
        expect(between, `${status} of a proxy`).to.deep.equal({ kind: 'retry' });
      }
      expect(read(200, null), 'the page of a hotel').to.deep.equal({ kind: 'retry' });
    });

    it('that somebody has to sign in', () => {
      expect(read(0, null, 'opaqueredirect')).to.deep.equal({ kind: 'signIn' });
      expect(read(401, { outcome: 'signIn' })).to.deep.equal({ kind: 'signIn' });
    });
  });
});

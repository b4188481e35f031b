// What was ticked and has not reached the server yet: kept on the phone, sent in order, each exactly once (the server
// knows each by its key). No page, no clock, no network in here: they are handed in, so that tests can be.

/**
 * @typedef {object} Entry
 * @property {string} key made here; the same key twice is one action for the server
 * @property {string} user whose it is: a mark of the account, no name
 * @property {string} url where it is sent
 * @property {string} body as a form sends it, key and time included
 * @property {number} at when it was ticked, epoch milliseconds
 * @property {string} label what and for which time; never a name
 * @property {string} termin id of the appointment, or ''
 * @property {string} stand the state it is to have, or ''
 * @property {'waiting' | 'refused'} state
 * @property {string} text why it was refused
 * @property {boolean} [tried] it was on its way at least once: the server may have it, even if no answer came
 * @property {string} [undo] where it is taken back once the server has it, or ''
 */

/**
 * @typedef {{ kind: 'done' | 'refused', text: string } | { kind: 'retry' } | { kind: 'signIn' }} Answer
 * retry: not there, or in trouble; it is tried again. signIn: the session is over.
 */

const FIELD = { key: 'schluessel', at: 'zeit', undoes: 'aktion', state: 'stand' };

/**
 * @param {{ store: { all(): Promise<Entry[]>, put(entry: Entry): Promise<void>, remove(key: string): Promise<void> },
 *   post(entry: Entry): Promise<Answer>, alone<T>(work: () => Promise<T>): Promise<T | undefined>,
 *   now(): number, newKey(): string, user: string, canSend?(): boolean }} needs
 *   `alone` does nothing while another tab is at it; `canSend`: there may be a signal
 */
export function createQueue({ store, post, alone, now, newKey, user, canSend = () => true }) {
  const own = async () => (await store.all()).filter((entry) => entry.user === user).sort((a, b) => a.at - b.at);

  return {
    /** Of this user, oldest first. @returns {Promise<Entry[]>} */
    all: own,

    /**
     * @param {{ url: string, fields: URLSearchParams, label: string, termin?: string, undo?: string }} form
     * @returns {Promise<'added' | 'same' | 'tookBack'>} same: it waits already; tookBack: it undid what waited
     */
    async add({ url, fields, label, termin = '', undo = '' }) {
      const before = await own();
      const waiting = before.filter(({ state }) => state === 'waiting');
      // Taking back means the last thing done: here what has not been sent, else what the server knows.
      const undone =
        fields.has(FIELD.undoes) &&
        waiting
          .filter((entry) => !takesBack(entry)) // pressed twice, it is still taken back
          .findLast((entry) => entry.key === fields.get(FIELD.undoes) || (termin && entry.termin === termin));
      if (undone) {
        if (!undone.tried) {
          await store.remove(undone.key);
          return 'tookBack';
        }
        // The server may have it already: it is sent to the end and then taken back.
        fields = new URLSearchParams(fields);
        fields.set(FIELD.undoes, undone.key);
      }
      // The last one only: arrived, missed, arrived again are three.
      const last = waiting.findLast((entry) => entry.url === url);
      if (last && meaning(new URLSearchParams(last.body)) === meaning(fields)) return 'same';

      const key = newKey();
      // later than all before, so that the order holds even if the clock is put back
      const at = Math.max(now(), (before.at(-1)?.at ?? 0) + 1);
      const sent = new URLSearchParams(fields);
      sent.set(FIELD.key, key);
      sent.set(FIELD.at, String(at));
      const stand = fields.get(FIELD.state) ?? '';
      const entry = { key, user, url, body: String(sent), at, label, termin, stand, state: 'waiting', text: '' };
      await store.put({ ...entry, tried: false, undo: takesBack(entry) ? '' : undo });
      return 'added';
    },

    /**
     * Takes back what waits, or puts away what was refused. What may have reached the server is taken back there.
     * @param {string} key @param {string} [label] of the taking back
     */
    async remove(key, label = '') {
      const entry = (await own()).find((one) => one.key === key);
      if (entry?.state !== 'waiting' || !entry.tried || !entry.undo) return store.remove(key);
      const fields = new URLSearchParams({ [FIELD.undoes]: key });
      return this.add({ url: entry.undo, fields, label: label || entry.label, termin: entry.termin });
    },

    /**
     * Sends what waits, oldest first, until something cannot be sent.
     * @returns {Promise<{ sent: string[], stopped: null | 'retry' | 'signIn' | 'busy', refused: number }>} `sent`: what
     *   the server said; busy: another tab is at it
     */
    async send() {
      const result = { sent: [], stopped: 'busy', refused: 0 };
      await alone(async () => {
        result.stopped = null;
        for (;;) {
          // read anew each time: one may have been taken back meanwhile
          const next = (await own()).find(({ state }) => state === 'waiting');
          if (!next) return;
          if (!canSend()) {
            result.stopped = 'retry';
            return;
          }
          // Written down first: whoever takes it back from now on does so at the server.
          if (!next.tried) await store.put({ ...next, tried: true });
          const answer = await post(next);
          if (answer.kind === 'retry' || answer.kind === 'signIn') {
            result.stopped = answer.kind;
            return;
          }
          if (answer.kind === 'refused') {
            result.refused += 1;
            await store.put({ ...next, state: 'refused', text: answer.text });
          } else {
            result.sent.push(answer.text);
            await store.remove(next.key);
          }
        }
      });
      return result;
    },
  };
}

/** True: it takes back what was done before. @param {Pick<Entry, 'body'>} entry */
export function takesBack({ body }) {
  return new URLSearchParams(body).has(FIELD.undoes);
}

/** What a form says, whenever and under whichever key. */
function meaning(fields) {
  return JSON.stringify([...fields].filter(([name]) => name !== FIELD.key && name !== FIELD.at));
}

/**
 * What an answer of the server means for what was sent.
 * @param {{ status: number, type: string, json: null | { outcome?: string, text?: string }, ours?: boolean }} response
 *   `json` null: it was something else; `ours` false: not from our server but from something in between
 * @param {string} refusedText where the server gives no reason
 * @returns {Answer}
 */
export function readAnswer({ status, type, json, ours = true }, refusedText) {
  // A redirect is the way to the sign-in page.
  if (type === 'opaqueredirect' || status === 401) return { kind: 'signIn' };
  if (json?.outcome === 'done' || json?.outcome === 'already') return { kind: 'done', text: json.text ?? '' };
  if (json?.outcome) return { kind: 'refused', text: json.text ?? refusedText };
  // 200 without our words: something in between answered, such as the sign-in page of a hotel
  if (ours && status >= 400 && status < 500 && status !== 408 && status !== 429)
    return { kind: 'refused', text: refusedText };
  return { kind: 'retry' };
}

// Where the queue lies until it is sent: IndexedDB; what cannot be written there lies in localStorage, else in this
// page's memory. A browser may close the database at any time (iOS does after a while in the background) or have no
// room for it: then it is opened anew, and only then something else is used.

const NAME = 'kt-queue';
const PATIENCE = 3000; // milliseconds until a database that does not open counts as none

/** @returns {Promise<{ all(): Promise<object[]>, put(entry: object): Promise<void>, remove(key: string): Promise<void> }>} */
export async function openStore() {
  const local = openLocal();
  let database = await openDatabase().catch(() => undefined);
  /** Undefined: there is no database to do it with. */
  const attempt = async (act) => {
    if (!database) return undefined;
    try {
      return { value: await act(database) };
    } catch {
      database = await openDatabase().catch(() => undefined);
    }
    return (
      database &&
      act(database).then(
        (value) => ({ value }),
        () => undefined,
      )
    );
  };
  return {
    all: async () => {
      const kept = (await attempt((entries) => entries.all()))?.value ?? [];
      const others = local.all();
      const keys = new Set(others.map(({ key }) => key));
      return [...kept.filter(({ key }) => !keys.has(key)), ...others];
    },
    put: async (entry) => {
      if (await attempt((entries) => entries.put(entry))) local.remove(entry.key);
      else local.put(entry);
    },
    remove: async (key) => {
      local.remove(key);
      await attempt((entries) => entries.remove(key));
    },
  };
}

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openDatabase() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('entries', { keyPath: 'key' });
  const database = await Promise.race([
    asPromise(opening),
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error('no answer')), PATIENCE);
    }),
  ]);
  database.onversionchange = () => database.close();
  const change = (act) =>
    new Promise((resolve, reject) => {
      // strict: what was ticked is on the disk before the page says so
      const transaction = database.transaction('entries', 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      act(transaction.objectStore('entries'));
    });
  return {
    all: async () => asPromise(database.transaction('entries').objectStore('entries').getAll()),
    put: (entry) => change((entries) => entries.put(entry)),
    remove: (key) => change((entries) => entries.delete(key)),
  };
}

function openLocal() {
  let memory = null; // not null: localStorage cannot be used
  const read = () => {
    if (memory) return memory;
    try {
      return JSON.parse(localStorage.getItem(NAME) ?? '{}');
    } catch {
      return {};
    }
  };
  const write = (entries) => {
    try {
      localStorage.setItem(NAME, JSON.stringify(entries));
      memory = null;
    } catch {
      memory = entries; // not allowed, or full: it lives as long as the page
    }
  };
  return {
    all: () => Object.values(read()),
    put: (entry) => write({ ...read(), [entry.key]: entry }),
    remove: (key) => {
      const { [key]: gone, ...rest } = read();
      if (gone) write(rest);
    },
  };
}

/** Under which the server knows what was ticked. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

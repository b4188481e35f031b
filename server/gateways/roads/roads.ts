import type { Worker } from 'node:worker_threads';
import type { Coordinates } from '../../domain/geo.ts';
import { startThread } from '../thread.ts';
import { ProviderFailed, type RoadFigures, type RoadLine, type RoadProvider } from '../travel/provider.ts';
import type { RoadQuestion, RoadReply } from './worker.ts';

export interface RoadsOptions {
  /** A file of roads, see domain/roads/file.ts. */
  file: string;
  /** Kept with cached figures: another one for each file. */
  name: string;
  /** Milliseconds that a table or a line may take. */
  timeoutMs?: number;
  log: { warn(fields: object, message: string): void };
}

/** More at once would cut a matrix into blocks for no use. */
const MAX_PLACES = 200;

const TIMEOUT = 10_000;

/** Rows of one matrix that wait in the thread: with two it never waits itself, and others get their turn in between. */
const ROWS_AHEAD = 2;

type Asked = RoadQuestion extends infer Question
  ? Question extends RoadQuestion
    ? Omit<Question, 'id'>
    : never
  : never;

type Row = (RoadFigures | null)[];

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

interface Thread {
  worker: Worker;
  waiting: Map<number, Waiting>;
}

/**
 * The roads of an imported extract, in a thread of its own. A thread that dies fails what it was asked, and the next
 * question starts another one.
 * @throws what the thread says where the file cannot be used: there is none, it is damaged, or of another version
 */
export async function createRoads({ file, name, timeoutMs = TIMEOUT, log }: RoadsOptions) {
  let thread: Thread | null = null;
  let starting: Promise<void> | null = null;
  let isClosed = false;
  let lastId = 0;
  const answering = new Set<Promise<unknown>>();

  function start(): Promise<void> {
    const worker = startThread(import.meta.url, 'worker', { file });
    const started: Thread = { worker, waiting: new Map() };
    return new Promise<void>((resolve, reject) => {
      const end = (error: Error): void => {
        reject(error);
        for (const waiting of started.waiting.values()) waiting.reject(new ProviderFailed('the thread has ended'));
        started.waiting.clear();
        if (thread !== started) return;
        thread = null;
        if (!isClosed) log.warn({ provider: name, reason: error.message }, 'the thread of the roads has ended');
      };
      worker.once('error', end);
      worker.once('exit', () => end(new ProviderFailed('the thread has ended')));
      worker.on('message', (reply: RoadReply) => {
        if ('ready' in reply) {
          thread = started;
          worker.unref();
          resolve();
        } else settle(started, reply);
      });
    });
  }

  function settle({ waiting, worker }: Thread, reply: Exclude<RoadReply, { ready: true }>): void {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ('error' in reply) asked?.reject(new ProviderFailed(reply.error));
    else asked?.resolve(reply.answer);
  }

  async function running(): Promise<Thread> {
    if (thread === null) {
      starting ??= start().finally(() => (starting = null));
      await starting.catch((error: unknown) => {
        throw new ProviderFailed((error as Error).message);
      });
    }
    if (thread === null) throw new ProviderFailed('the thread has ended');
    return thread;
  }

  /** @param until by performance.now() */
  async function ask(question: Asked, until: number): Promise<unknown> {
    const { worker, waiting } = await running();
    lastId += 1;
    const id = lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.ref(); // whoever asks waits for the answer
        timer = setTimeout(
          () => {
            waiting.delete(id);
            if (waiting.size === 0) worker.unref();
            reject(new ProviderFailed('too slow'));
          },
          Math.max(0, until - performance.now()),
        );
        worker.postMessage({ ...question, id });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async function table(sources: readonly Coordinates[], destinations: readonly Coordinates[]): Promise<Row[]> {
    const until = performance.now() + timeoutMs;
    const rows: Row[] = [];
    let next = 0;
    async function fill(): Promise<void> {
      while (next < sources.length) {
        const at = next;
        next += 1;
        rows[at] = (await ask({ kind: 'row', from: sources[at] as Coordinates, to: destinations }, until)) as Row;
      }
    }
    try {
      await Promise.all(Array.from({ length: ROWS_AHEAD }, fill));
    } finally {
      next = sources.length; // nobody waits for the rest of what failed
    }
    return rows;
  }

  /** Keeps in mind what is being answered, for `close`. */
  async function answer<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) throw new ProviderFailed('closed');
    const one = work();
    answering.add(one);
    try {
      return await one;
    } finally {
      answering.delete(one);
    }
  }

  await start();

  return {
    name,
    maxPlaces: MAX_PLACES,
    table: (sources, destinations) => answer(() => table(sources, destinations)),
    line: (from, to) =>
      answer(async () => (await ask({ kind: 'line', from, to }, performance.now() + timeoutMs)) as RoadLine | null),
    /** Answers what was asked before, and nothing more. */
    async close(): Promise<void> {
      isClosed = true;
      await Promise.allSettled(answering);
      await starting?.catch(() => undefined);
      await thread?.worker.terminate();
    },
  } satisfies RoadProvider & { close(): Promise<void> };
}

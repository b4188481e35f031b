import type { Instant } from '../../domain/time.ts';

/** Keeps values until an instant, at most `max` of them: the one not asked for longest goes first. */
export function createMemory<T>(max: number, now: () => Instant) {
  const kept = new Map<string, { value: T; until: Instant }>();
  return {
    /** Undefined: not kept, or no longer good. */
    recall(key: string): T | undefined {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      kept.delete(key);
      if (now() >= entry.until) return undefined;
      kept.set(key, entry); // a Map keeps the order of insertion: the first key is the one not asked for longest
      return entry.value;
    },
    remember(key: string, value: T, until: Instant): void {
      kept.delete(key);
      kept.set(key, { value, until });
      if (kept.size > max) kept.delete(kept.keys().next().value as string);
    },
  };
}

/** Runs work, at most `size` at once; the rest waits in line. */
export function createGate(size: number) {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async function pass<T>(work: () => Promise<T>): Promise<T> {
    if (running < size) {
      running += 1;
    } else {
      // Whoever is done hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

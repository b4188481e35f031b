import { hasPassed } from './time.ts';

const MAX_REMEMBERED_TILES = 10_000;

/** Remembers tiles not worth asking for, the least recently used forgotten first. */
export function createMemory(clock: () => number) {
  type Verdict = 'missing' | 'unavailable';
  const entries = new Map<string, { verdict: Verdict; since: number; span: number }>();

  function recall(key: string): Verdict | null {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    if (hasPassed(clock(), entry.since, entry.span)) return null;
    entries.set(key, entry);
    return entry.verdict;
  }

  function remember(key: string, verdict: Verdict, span: number): void {
    entries.delete(key);
    entries.set(key, { verdict, since: clock(), span });
    if (entries.size <= MAX_REMEMBERED_TILES) return;
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
  }

  return { recall, remember };
}

/** Keeps answers for a moment, by key: at most `max` of them, the ones not asked for longest go first. */
export type KeepByKey<T> = (key: string, load: () => Promise<T>) => Promise<T>;

/**
 * Shares one `load` among all who ask for the same key within `milliseconds`, also while it is still running. A failure
 * is not kept. A clock that is set back empties what it would keep too long.
 *
 * @param max how many keys are kept, at least 1: an address can be varied without end
 * @param now epoch milliseconds
 */
export function keepByKey<T>(milliseconds: number, max: number, now: () => number): KeepByKey<T> {
  const kept = new Map<string, { until: number; answer: Promise<T> }>();

  return (key, load) => {
    const instant = now();
    const isGood = ({ until }: { until: number }): boolean => instant < until && until - instant <= milliseconds;
    const known = kept.get(key);
    kept.delete(key);
    const isFresh = known !== undefined && isGood(known);
    // What is too old to be answered need not wait until its room is wanted: pages hang on it.
    for (const [oldKey, old] of kept) {
      if (isGood(old)) {
        break;
      }
      kept.delete(oldKey);
    }
    const entry = isFresh ? known : { until: instant + milliseconds, answer: load() };
    // A Map keeps the order of insertion: the first key is the one not asked for longest.
    kept.set(key, entry);
    if (kept.size > max) {
      kept.delete(kept.keys().next().value as string);
    }
    if (!isFresh) {
      entry.answer.catch(() => {
        if (kept.get(key) === entry) {
          kept.delete(key);
        }
      });
    }
    return entry.answer;
  };
}

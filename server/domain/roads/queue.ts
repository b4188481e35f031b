/**
 * A queue for a search with whole, bounded costs: a ring of buckets, one for each cost (R. B. Dial, "Algorithm 360:
 * Shortest-Path Forest with Topological Ordering", CACM 12, 1969). Taking and putting are a few reads and writes; that
 * beats a heap as long as there are not many more costs than things.
 */
export interface BucketQueue {
  /** @param cost not below the one taken last, and at most `span` above it */
  put(item: number, cost: number): void;
  /** The item of the least cost, see `cost`; -1: empty. */
  take(): number;
  /** Of the item taken last. */
  cost(): number;
  clear(): void;
}

/** @param span the largest step of a cost @param items how many are in it at a time, at first */
export function createBucketQueue(span: number, items: number): BucketQueue {
  let size = 1;
  while (size <= span) size *= 2;
  const mask = size - 1;
  const heads = new Int32Array(size).fill(-1);
  let item = new Int32Array(Math.max(16, items));
  let next = new Int32Array(Math.max(16, items));
  let used = 0;
  let count = 0;
  let current = 0;

  function grow(): void {
    const [items, links] = [new Int32Array(item.length * 2), new Int32Array(item.length * 2)];
    items.set(item);
    links.set(next);
    item = items;
    next = links;
  }

  return {
    put(one, cost) {
      if (used === item.length) grow();
      const bucket = cost & mask;
      item[used] = one;
      next[used] = heads[bucket] as number;
      heads[bucket] = used;
      used += 1;
      count += 1;
    },
    take() {
      if (count === 0) return -1;
      let bucket = current & mask;
      while (heads[bucket] === -1) {
        current += 1;
        bucket = current & mask;
      }
      const entry = heads[bucket] as number;
      heads[bucket] = next[entry] as number;
      count -= 1;
      return item[entry] as number;
    },
    cost: () => current,
    clear() {
      heads.fill(-1);
      used = 0;
      count = 0;
      current = 0;
    },
  };
}

/** A set of ids of OpenStreetMap: whole numbers above 0. Eight bytes an id in a table at most half full. */
export function createIds() {
  let table = new Float64Array(1024);
  let used = 0;

  /** Where the id is, or would be. */
  function slot(ids: Float64Array, id: number): number {
    const mask = ids.length - 1;
    // Ids come in runs: multiplied (Knuth 6.4), neighbours lie apart.
    let at = (Math.imul(id >>> 0, 0x9e3779b1) ^ Math.imul((id / 2 ** 32) >>> 0, 0x85ebca6b)) & mask;
    at = (at ^ (at >>> 15)) & mask;
    while (ids[at] !== 0 && ids[at] !== id) at = (at + 1) & mask;
    return at;
  }

  function grow(): void {
    const larger = new Float64Array(table.length * 2);
    for (const id of table) if (id !== 0) larger[slot(larger, id)] = id;
    table = larger;
  }

  return {
    add(id: number): void {
      const at = slot(table, id);
      if (table[at] === id) return;
      table[at] = id;
      used += 1;
      if (used * 2 > table.length) grow();
    },
    has: (id: number): boolean => table[slot(table, id)] === id,
    count: (): number => used,
  };
}

/**
 * The largest strongly connected component of a graph in compressed rows: from each of its nodes every other one can be
 * reached. One pass, without recursion (Tarjan 1972; the arrays after Pearce, "A Space-Efficient Algorithm for Finding
 * Strongly Connected Components", 2016).
 * @param first count + 1 entries: successors of node n are `next[first[n]]` to `next[first[n + 1] - 1]`
 * @returns 1 for nodes of the component
 */
export function largestComponent(first: Uint32Array, next: Uint32Array): Uint8Array {
  const count = first.length - 1;
  const index = new Uint32Array(count); // 0: not seen
  const low = new Uint32Array(count);
  const component = new Int32Array(count).fill(-1);
  const cursor = first.slice(0, count);
  const path = new Uint32Array(count);
  const open = new Uint32Array(count);
  let pathLength = 0;
  let openLength = 0;
  let seen = 0;
  let components = 0;
  let best = 0;
  let bestSize = 0;

  for (let root = 0; root < count; root++) {
    if (index[root] !== 0) continue;
    path[pathLength++] = root;
    open[openLength++] = root;
    index[root] = low[root] = ++seen;
    while (pathLength > 0) {
      const node = path[pathLength - 1] as number;
      const at = cursor[node] as number;
      if (at < (first[node + 1] as number)) {
        cursor[node] = at + 1;
        const to = next[at] as number;
        if (index[to] === 0) {
          index[to] = low[to] = ++seen;
          path[pathLength++] = to;
          open[openLength++] = to;
        } else if (component[to] === -1) {
          low[node] = Math.min(low[node] as number, index[to] as number);
        }
        continue;
      }
      pathLength -= 1;
      if (pathLength > 0) {
        const parent = path[pathLength - 1] as number;
        low[parent] = Math.min(low[parent] as number, low[node] as number);
      }
      if (low[node] !== index[node]) continue;
      let size = 0;
      let member: number;
      do {
        member = open[--openLength] as number;
        component[member] = components;
        size += 1;
      } while (member !== node);
      if (size > bestSize) {
        best = components;
        bestSize = size;
      }
      components += 1;
    }
  }
  return Uint8Array.from(component, (one) => (one === best ? 1 : 0));
}

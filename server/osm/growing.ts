type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** An array of numbers that grows by doubling. */
export function growing<T extends Column>(Kind: new (size: number) => T) {
  let items = new Kind(1024);
  let used = 0;
  return {
    push(value: number): void {
      if (used === items.length) {
        const larger = new Kind(used * 2);
        larger.set(items);
        items = larger;
      }
      items[used++] = value;
    },
    length: (): number => used,
    done: (): T => items.slice(0, used) as T,
  };
}

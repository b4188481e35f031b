/** Partial days of `beam`, one column a figure; see there. */
export interface States {
  count: number;
  /** `words` of 32 bits each, the last stop included. */
  visited: Int32Array;
  node: Int16Array;
  earliest: Int32Array;
  length: Int32Array;
  latest: Int32Array;
  cost: Int32Array;
  rested: Uint8Array;
  /** Prices of the stops not visited yet. */
  rest: Float64Array;
  /** No completion is less than this. */
  least: Float64Array;
  parent: Int32Array;
  /** The next partial day of the same stops and last stop, -1 for none. */
  sibling: Int32Array;
}

export function createStates(words: number): States {
  const room = 1 << 10;
  return {
    count: 0,
    visited: new Int32Array(room * words),
    node: new Int16Array(room),
    earliest: new Int32Array(room),
    length: new Int32Array(room),
    latest: new Int32Array(room),
    cost: new Int32Array(room),
    rested: new Uint8Array(room),
    rest: new Float64Array(room),
    least: new Float64Array(room),
    parent: new Int32Array(room),
    sibling: new Int32Array(room),
  };
}

/** Twice the room. */
export function growStates(states: States, words: number): void {
  const room = states.node.length * 2;
  const filled = <T extends Int32Array | Int16Array | Uint8Array | Float64Array>(bigger: T, old: T): T => {
    bigger.set(old);
    return bigger;
  };
  states.visited = filled(new Int32Array(room * words), states.visited);
  states.node = filled(new Int16Array(room), states.node);
  states.earliest = filled(new Int32Array(room), states.earliest);
  states.length = filled(new Int32Array(room), states.length);
  states.latest = filled(new Int32Array(room), states.latest);
  states.cost = filled(new Int32Array(room), states.cost);
  states.rested = filled(new Uint8Array(room), states.rested);
  states.rest = filled(new Float64Array(room), states.rest);
  states.least = filled(new Float64Array(room), states.least);
  states.parent = filled(new Int32Array(room), states.parent);
  states.sibling = filled(new Int32Array(room), states.sibling);
}

/*
 * The roads as the search reads them: an edge-based graph. What is searched are arcs (a stretch of road driven in one
 * direction) and the turns from one arc into the next, so that forbidden turns and the time for turning are exact
 * (Caldwell 1961; Winter 2002, "Modeling Costs of Turns in Route Planning").
 * Only arcs of the largest strongly connected component (by arcs and turns) are in here: from each of them every other
 * one can be reached.
 */

/** Times are tenths of a second, lengths decimetres, degrees whole numbers of 1e-7: all of them whole numbers. */
export interface RoadGraph {
  /** Arcs, numbered from 0; two for a stretch that may be driven both ways. */
  arcCount: number;
  /** To drive it from end to end, without the turn that follows. */
  arcTime: Uint32Array;
  /** stretch × 2, plus 1 where the arc runs against the direction of the stretch. */
  arcStretch: Uint32Array;

  /** arcCount + 1 entries: turns out of arc a are those from `firstTurn[a]` to `firstTurn[a + 1] - 1`. */
  firstTurn: Uint32Array;
  /** The arc that follows. */
  turnTo: Uint32Array;
  /** What turning takes: bend, traffic light, giving way. */
  turnTime: Uint16Array;
  /** Added for choosing the way only, no time: into a street for residents, over a barrier that may be closed. */
  turnPenalty: Uint16Array;

  /** Stretches between junctions, whichever way they are driven. */
  stretchCount: number;
  /** The arc along a stretch and the one against it; -1: may not be driven so (or is outside the component). */
  stretchArcs: Int32Array; // two by stretch
  stretchLength: Uint32Array;
  /** Index in `names`. */
  stretchName: Uint32Array;
  /** Index in `refs`: "B 175", or empty. */
  stretchRef: Uint32Array;
  /** Index in ROAD_CLASSES of profile.ts. */
  stretchClass: Uint8Array;
  /** stretchCount + 1 entries; both ends of a stretch are among its points. */
  firstPoint: Uint32Array;
  pointLat: Int32Array;
  pointLon: Int32Array;

  /** names[0] and refs[0] are empty. */
  names: readonly string[];
  refs: readonly string[];
  /** Names profile and format: figures of another one are not the same. */
  version: string;
}

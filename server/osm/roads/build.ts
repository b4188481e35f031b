import { largestComponent } from '../../domain/roads/components.ts';
import type { RoadGraph } from '../../domain/roads/graph.ts';
import {
  FERRY_PENALTY,
  LONG_RESTRICTION_PENALTY,
  PROFILE_VERSION,
  RESTRICTED_PENALTY,
  ROAD_CLASSES,
  turnTime,
  U_TURN_TIME,
} from '../../domain/roads/profile.ts';
import type { OsmData } from '../data.ts';
import { addTo } from '../lists.ts';
import type { Progress } from '../progress.ts';
import { locality } from './locality.ts';
import { restrictionsOf, type Restriction } from './restrictions.ts';
import { cutIntoStretches, type Stretches } from './stretches.ts';

export interface BuiltRoads {
  graph: RoadGraph;
  counts: Record<string, number>;
  faults: Record<string, number>;
}

const FERRY = ROAD_CLASSES.indexOf('ferry');
/** The bend is taken between points so far from the junction: short pieces there say little. In metres. */
const BEND_REACH = 12;

/**
 * Makes the graph of roads for cars out of an extract: stretches between junctions, arcs, turns with what they take, and
 * of these the largest strongly connected component (docs/roads.md).
 */
export function buildRoads(data: OsmData, progress: Progress): BuiltRoads {
  progress.phase('roads', 4);
  const faults = new Map<string, number>();
  const restrictions = restrictionsOf(data, faults);
  const stretches = cutIntoStretches(data, new Set(restrictions.map(({ via }) => via)), faults);
  progress.done(1);
  const arcs = arcsOf(stretches);
  const turns = turnsOf(data, stretches, arcs, restrictions);
  progress.done(2);
  const kept = largestComponent(turns.first, turns.to);
  progress.done(3);
  const graph = assemble(data, stretches, arcs, turns, kept);
  progress.done(4);
  return {
    graph,
    counts: {
      junctions: arcs.junctions,
      stretches: graph.stretchCount,
      arcs: graph.arcCount,
      turns: graph.turnTo.length,
      restrictions: restrictions.length,
      'arcs left out': arcs.count - graph.arcCount,
    },
    faults: Object.fromEntries(faults),
  };
}

/** Stretches by the direction in which they are driven. */
interface Arcs {
  count: number;
  /** Stretch × 2, plus 1 against its direction. */
  stretch: Uint32Array;
  /** Numbered junctions at both ends. */
  tail: Uint32Array;
  head: Uint32Array;
  junctions: number;
  /** By junction: node of OsmData, and how many stretches end there. */
  nodeOf: Uint32Array;
  degree: Uint8Array;
  /** Arcs out of a junction: junctions + 1 entries. */
  firstOut: Uint32Array;
  out: Uint32Array;
}

function arcsOf(stretches: Stretches): Arcs {
  const junctionOf = new Map<number, number>();
  const nodeOf: number[] = [];
  const degrees: number[] = [];
  const junction = (node: number): number => {
    const known = junctionOf.get(node);
    if (known !== undefined) return known;
    junctionOf.set(node, nodeOf.length);
    nodeOf.push(node);
    degrees.push(0);
    return nodeOf.length - 1;
  };
  const stretch: number[] = [];
  const tail: number[] = [];
  const head: number[] = [];
  for (let s = 0; s < stretches.count; s++) {
    const from = junction(stretches.from[s] as number);
    const to = junction(stretches.to[s] as number);
    degrees[from] = (degrees[from] as number) + 1;
    degrees[to] = (degrees[to] as number) + 1;
    if ((stretches.forwardTime[s] as number) > 0) {
      stretch.push(s * 2);
      tail.push(from);
      head.push(to);
    }
    if ((stretches.backwardTime[s] as number) > 0) {
      stretch.push(s * 2 + 1);
      tail.push(to);
      head.push(from);
    }
  }
  const firstOut = new Uint32Array(nodeOf.length + 1);
  for (const from of tail) firstOut[from + 1] = (firstOut[from + 1] as number) + 1;
  for (let i = 0; i < nodeOf.length; i++) firstOut[i + 1] = (firstOut[i + 1] as number) + (firstOut[i] as number);
  const cursor = firstOut.slice();
  const out = new Uint32Array(tail.length);
  tail.forEach((from, arc) => {
    const at = cursor[from] as number;
    out[at] = arc;
    cursor[from] = at + 1;
  });
  return {
    count: stretch.length,
    stretch: Uint32Array.from(stretch),
    tail: Uint32Array.from(tail),
    head: Uint32Array.from(head),
    junctions: nodeOf.length,
    nodeOf: Uint32Array.from(nodeOf),
    degree: Uint8Array.from(degrees, (degree) => Math.min(255, degree)),
    firstOut,
    out,
  };
}

interface Turns {
  first: Uint32Array;
  to: Uint32Array;
  time: Uint16Array;
  penalty: Uint16Array;
}

function turnsOf(data: OsmData, stretches: Stretches, arcs: Arcs, restrictions: readonly Restriction[]): Turns {
  const bearings = bearingsOf(data, stretches, arcs);
  const rules = new Map<number, Restriction[]>();
  for (const one of restrictions) addTo(rules, one.via, one);

  const first = new Uint32Array(arcs.count + 1);
  const to: number[] = [];
  const time: number[] = [];
  const penalty: number[] = [];
  for (let arc = 0; arc < arcs.count; arc++) {
    const at = arcs.head[arc] as number;
    const node = arcs.nodeOf[at] as number;
    const obstacle = stretches.obstacles.get(node);
    const here = rules.get(node) ?? [];
    const stretch = (arcs.stretch[arc] as number) >> 1;
    const way = stretches.way[stretch] as number;
    const onlys = here.filter(({ kind, from, isLong }) => kind === 'only' && from === way && !isLong);
    const major = mostImportantOther(stretches, arcs, at, stretch);
    for (let i = arcs.firstOut[at] as number; i < (arcs.firstOut[at + 1] as number); i++) {
      const next = arcs.out[i] as number;
      const nextStretch = (arcs.stretch[next] as number) >> 1;
      const nextWay = stretches.way[nextStretch] as number;
      const isUTurn = nextStretch === stretch && next !== arc;
      const mustTurn = obstacle?.closed === true || arcs.degree[at] === 1;
      if (isUTurn ? !mustTurn : obstacle?.closed === true) continue;
      if (!isUTurn && onlys.length > 0 && !onlys.some((rule) => rule.to === nextWay)) continue;
      const against = here.filter((rule) => rule.kind === 'no' && rule.from === way && rule.to === nextWay);
      // Where a way goes on behind the junction, "no_u_turn" from and to it means the turn back only.
      if (against.some(({ isLong }) => !isLong) && (way !== nextWay || isUTurn)) continue;
      const bend = {
        degrees: bendOf(bearings, arc, next),
        roads: arcs.degree[at] as number,
        from: stretches.roadClass[stretch] as number,
        to: stretches.roadClass[nextStretch] as number,
        major,
        isRoundabout: stretches.roundabout[stretch] === 1 && stretches.roundabout[nextStretch] === 1,
      };
      to.push(next);
      time.push(Math.min(65_535, isUTurn ? U_TURN_TIME : turnTime(bend) + (obstacle?.time ?? 0)));
      const isEntering = stretches.restricted[stretch] === 0 && stretches.restricted[nextStretch] === 1;
      penalty.push(
        Math.min(
          65_535,
          (isEntering ? RESTRICTED_PENALTY : 0) +
            (bend.from !== FERRY && bend.to === FERRY ? FERRY_PENALTY : 0) +
            (isUTurn ? 0 : (obstacle?.penalty ?? 0)) +
            (against.some(({ isLong }) => isLong) ? LONG_RESTRICTION_PENALTY : 0),
        ),
      );
    }
    first[arc + 1] = to.length;
  }
  return { first, to: Uint32Array.from(to), time: Uint16Array.from(time), penalty: Uint16Array.from(penalty) };
}

/** The class of the most important stretch at a junction besides one; that one's class where there is no other. */
function mostImportantOther(stretches: Stretches, arcs: Arcs, junction: number, stretch: number): number {
  let best = 255;
  for (let i = arcs.firstOut[junction] as number; i < (arcs.firstOut[junction + 1] as number); i++) {
    const other = (arcs.stretch[arcs.out[i] as number] as number) >> 1;
    if (other !== stretch) best = Math.min(best, stretches.roadClass[other] as number);
  }
  return best === 255 ? (stretches.roadClass[stretch] as number) : best;
}

/** By arc: where it leads when it begins and when it ends, in degrees from north. */
function bearingsOf(data: OsmData, stretches: Stretches, arcs: Arcs): { begin: Float32Array; end: Float32Array } {
  const begin = new Float32Array(arcs.count);
  const end = new Float32Array(arcs.count);
  for (let arc = 0; arc < arcs.count; arc++) {
    const stretch = (arcs.stretch[arc] as number) >> 1;
    const isBack = ((arcs.stretch[arc] as number) & 1) === 1;
    const from = stretches.firstPoint[stretch] as number;
    const last = (stretches.firstPoint[stretch + 1] as number) - 1;
    const atStart = bearingFrom(data, stretches.points, from, last, 1);
    const atEnd = bearingFrom(data, stretches.points, last, from, -1);
    begin[arc] = isBack ? atEnd : atStart;
    end[arc] = (isBack ? atStart : atEnd) + 180;
  }
  return { begin, end };
}

/** From one end of a stretch towards the point of it that is far enough away. */
function bearingFrom(
  { nodes: { lat, lon } }: OsmData,
  points: Uint32Array,
  from: number,
  to: number,
  step: 1 | -1,
): number {
  const a = points[from] as number;
  const shrink = Math.cos(((lat[a] as number) / 1e7) * (Math.PI / 180));
  let north = 0;
  let east = 0;
  for (let i = from + step; ; i += step) {
    const b = points[i] as number;
    north = ((lat[b] as number) - (lat[a] as number)) * 0.011_13;
    east = ((lon[b] as number) - (lon[a] as number)) * 0.011_13 * shrink;
    if (i === to || Math.hypot(north, east) >= BEND_REACH) break;
  }
  return (Math.atan2(east, north) * 180) / Math.PI;
}

/** Degrees from straight on, above -180 to 180; positive: to the right. */
function bendOf({ begin, end }: { begin: Float32Array; end: Float32Array }, arc: number, next: number): number {
  const degrees = (((begin[next] as number) - (end[arc] as number)) % 360) + 720;
  const turned = degrees % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** Only what is kept, near things with near numbers: the search then finds most of it in the cache of the processor. */
function assemble(data: OsmData, stretches: Stretches, arcs: Arcs, turns: Turns, kept: Uint8Array): RoadGraph {
  const { nodes, ways } = data;
  const middle = (arc: number): [number, number] => {
    const stretch = (arcs.stretch[arc] as number) >> 1;
    const at = ((stretches.firstPoint[stretch] as number) + (stretches.firstPoint[stretch + 1] as number)) >> 1;
    const node = stretches.points[at] as number;
    return [nodes.lat[node] as number, nodes.lon[node] as number];
  };
  const order = locality(
    Array.from({ length: arcs.count }, (_, arc) => arc).filter((arc) => kept[arc] === 1),
    middle,
  );
  const numberOf = new Int32Array(arcs.count).fill(-1);
  order.forEach((arc, number) => (numberOf[arc] = number));

  const stretchNumbers = new Map<number, number>();
  for (const arc of order) {
    const stretch = (arcs.stretch[arc] as number) >> 1;
    if (!stretchNumbers.has(stretch)) stretchNumbers.set(stretch, stretchNumbers.size);
  }
  const names = interned();
  const refs = interned();
  const count = stretchNumbers.size;
  const graph = {
    arcCount: order.length,
    arcTime: new Uint32Array(order.length),
    arcStretch: new Uint32Array(order.length),
    firstTurn: new Uint32Array(order.length + 1),
    stretchCount: count,
    stretchArcs: new Int32Array(count * 2).fill(-1),
    stretchLength: new Uint32Array(count),
    stretchName: new Uint32Array(count),
    stretchRef: new Uint32Array(count),
    stretchClass: new Uint8Array(count),
    firstPoint: new Uint32Array(count + 1),
    version: PROFILE_VERSION,
  };
  const lat: number[] = [];
  const lon: number[] = [];
  for (const [stretch, number] of stretchNumbers) {
    const way = stretches.way[stretch] as number;
    graph.stretchLength[number] = stretches.length[stretch] as number;
    graph.stretchName[number] = names.number(ways.tags.get(way, 'name') ?? '');
    graph.stretchRef[number] = refs.number(ways.tags.get(way, 'ref') ?? '');
    graph.stretchClass[number] = stretches.roadClass[stretch] as number;
    for (let i = stretches.firstPoint[stretch] as number; i < (stretches.firstPoint[stretch + 1] as number); i++) {
      const node = stretches.points[i] as number;
      lat.push(nodes.lat[node] as number);
      lon.push(nodes.lon[node] as number);
    }
    graph.firstPoint[number + 1] = lat.length;
  }
  const to: number[] = [];
  const time: number[] = [];
  const penalty: number[] = [];
  order.forEach((arc, number) => {
    const directed = arcs.stretch[arc] as number;
    const stretch = stretchNumbers.get(directed >> 1) as number;
    const against = directed & 1;
    graph.arcStretch[number] = stretch * 2 + against;
    graph.arcTime[number] = (against === 1 ? stretches.backwardTime : stretches.forwardTime)[directed >> 1] as number;
    graph.stretchArcs[stretch * 2 + against] = number;
    for (let i = turns.first[arc] as number; i < (turns.first[arc + 1] as number); i++) {
      const next = numberOf[turns.to[i] as number] as number;
      if (next === -1) continue;
      to.push(next);
      time.push(turns.time[i] as number);
      penalty.push(turns.penalty[i] as number);
    }
    graph.firstTurn[number + 1] = to.length;
  });
  return {
    ...graph,
    turnTo: Uint32Array.from(to),
    turnTime: Uint16Array.from(time),
    turnPenalty: Uint16Array.from(penalty),
    pointLat: Int32Array.from(lat),
    pointLon: Int32Array.from(lon),
    names: names.list,
    refs: refs.list,
  };
}

/** Every text once, the empty one first. */
function interned() {
  const list = [''];
  const numbers = new Map([['', 0]]);
  return {
    list,
    number(text: string): number {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, list.length);
      list.push(text);
      return list.length - 1;
    },
  };
}

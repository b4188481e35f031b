import { EARTH_RADIUS_METRES } from '../../domain/geo.ts';
import { obstacleOf, ROAD_CLASSES, roadOf, type Obstacle, type Road } from '../../domain/roads/profile.ts';
import { DEGREE, type OsmData } from '../data.ts';
import type { Key } from '../keys.ts';

/** Roads cut at their junctions. */
export interface Stretches {
  count: number;
  /** By stretch: the way it is a part of, the nodes at its ends (positions of OsmData). */
  way: Uint32Array;
  from: Uint32Array;
  to: Uint32Array;
  /** Points as nodes of OsmData: count + 1 entries. */
  firstPoint: Uint32Array;
  points: Uint32Array;
  /** Decimetres. */
  length: Uint32Array;
  /** Tenths of a second along and against the way; 0: may not be driven so. */
  forwardTime: Uint32Array;
  backwardTime: Uint32Array;
  roadClass: Uint8Array;
  restricted: Uint8Array;
  roundabout: Uint8Array;
  /** What holds somebody up at a junction, by node. */
  obstacles: ReadonlyMap<number, Obstacle>;
}

const NOT_THERE = -1;

/** @param splits nodes that must be junctions, such as those of turn restrictions */
export function cutIntoStretches(data: OsmData, splits: ReadonlySet<number>, faults: Map<string, number>): Stretches {
  const { nodes, ways } = data;
  const roads = new Map<number, Road>();
  const tagOfWay = (way: number) => (key: string) => ways.tags.get(way, key as Key);
  // How many roads use a node: the ends of one count twice, so that they are junctions.
  const uses = new Uint8Array(nodes.count);
  const use = (node: number, times: number): void => {
    if (node !== NOT_THERE) uses[node] = Math.min(200, (uses[node] as number) + times);
  };
  for (let way = 0; way < ways.count; way++) {
    if (ways.tags.count(way) === 0) continue;
    const road = roadOf(tagOfWay(way));
    if (road === null) continue;
    roads.set(way, road);
    const begin = ways.first[way] as number;
    const end = ways.first[way + 1] as number;
    for (let i = begin; i < end; i++) use(ways.nodes[i] as number, i === begin || i === end - 1 ? 2 : 1);
  }

  const obstacles = new Map<number, Obstacle>();
  for (const node of nodes.tagged) {
    if (uses[node] === 0) continue;
    const obstacle = obstacleOf((key) => nodes.tags.get(node, key as Key));
    if (obstacle !== null) obstacles.set(node, obstacle);
  }
  const isJunction = (node: number): boolean => {
    if ((uses[node] as number) > 1 || splits.has(node)) return true;
    const obstacle = obstacles.get(node);
    return obstacle !== undefined && (obstacle.closed || obstacle.penalty > 0);
  };

  const list = {
    way: [] as number[],
    from: [] as number[],
    to: [] as number[],
    firstPoint: [0],
    points: [] as number[],
  };
  const figures = { length: [] as number[], forward: [] as number[], backward: [] as number[] };
  const kinds = { roadClass: [] as number[], restricted: [] as number[], roundabout: [] as number[] };

  function add(way: number, road: Road, points: readonly number[]): void {
    const metres = lengthOf(data, points);
    // Lights and crossings along the stretch hold up everybody who drives it.
    let waiting = 0;
    for (let i = 1; i < points.length - 1; i++) waiting += obstacles.get(points[i] as number)?.time ?? 0;
    const time = (speed: number | null): number =>
      speed === null ? 0 : Math.max(1, Math.round((metres / speed) * 36) + waiting + road.boarding);
    list.way.push(way);
    list.from.push(points[0] as number);
    list.to.push(points.at(-1) as number);
    list.points.push(...points);
    list.firstPoint.push(list.points.length);
    figures.length.push(Math.round(metres * 10));
    figures.forward.push(time(road.forward));
    figures.backward.push(time(road.backward));
    kinds.roadClass.push(ROAD_CLASSES.indexOf(road.roadClass));
    kinds.restricted.push(road.restricted ? 1 : 0);
    kinds.roundabout.push(road.roundabout ? 1 : 0);
  }

  for (const [way, road] of roads) {
    let points: number[] = [];
    for (let i = ways.first[way] as number; i < (ways.first[way + 1] as number); i++) {
      const node = ways.nodes[i] as number;
      if (node === NOT_THERE) {
        // The extract ends here: the road does too.
        if (points.length > 1) add(way, road, points);
        if (points.length > 0)
          faults.set('road cut off at the edge', (faults.get('road cut off at the edge') ?? 0) + 1);
        points = [];
        continue;
      }
      if (points.at(-1) === node) continue;
      points.push(node);
      if (points.length > 1 && isJunction(node)) {
        add(way, road, points);
        points = [node];
      }
    }
    if (points.length > 1) add(way, road, points);
  }

  return {
    count: list.way.length,
    way: Uint32Array.from(list.way),
    from: Uint32Array.from(list.from),
    to: Uint32Array.from(list.to),
    firstPoint: Uint32Array.from(list.firstPoint),
    points: Uint32Array.from(list.points),
    length: Uint32Array.from(figures.length),
    forwardTime: Uint32Array.from(figures.forward),
    backwardTime: Uint32Array.from(figures.backward),
    roadClass: Uint8Array.from(kinds.roadClass),
    restricted: Uint8Array.from(kinds.restricted),
    roundabout: Uint8Array.from(kinds.roundabout),
    obstacles,
  };
}

/** In metres; on pieces this short the earth is flat. */
function lengthOf({ nodes: { lat, lon } }: OsmData, points: readonly number[]): number {
  let metres = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as number, points[i] as number];
    const north = radians((lat[b] as number) - (lat[a] as number));
    const middle = radians(((lat[a] as number) + (lat[b] as number)) / 2);
    const east = radians((lon[b] as number) - (lon[a] as number)) * Math.cos(middle);
    metres += Math.hypot(north, east) * EARTH_RADIUS_METRES;
  }
  return metres;
}

function radians(units: number): number {
  return (units / DEGREE) * (Math.PI / 180);
}

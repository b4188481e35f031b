import { DEGREE, MEMBER, type OsmData } from '../data.ts';
import type { Key } from '../keys.ts';
import { assembleRings, measure, ringOfWay, type Polygon } from '../rings.ts';
import {
  BOUNDARIES,
  isBuilding,
  isWater,
  landOf,
  mapPlaceOf,
  mapRoadOf,
  railwayOf,
  waterwayOf,
  type TagOf,
} from './classes.ts';
import { chained } from './chains.ts';
import { createFeatures, type FeatureTable, type FeatureTags } from './table.ts';

/** Everything of an extract that is drawn, layer by layer as in schema.ts. */
export function mapFeatures(data: OsmData, fault: (what: string) => void): FeatureTable {
  const features = createFeatures(data);
  const { add } = features;
  const { nodes, ways, relations } = data;
  const named = new Map<string, { nodes: Int32Array[]; from: number; tags: FeatureTags }>();
  for (let way = 0; way < ways.count; way++) {
    if (ways.tags.count(way) === 0) continue;
    const tag: TagOf = (key) => ways.tags.get(way, key);
    if (addArea(tag, () => ringPolygons(data, way))) continue;
    addLine(tag, way);
  }
  for (const { nodes: pieces, from, tags } of named.values()) {
    for (const line of chained(pieces)) add('streets', from, tags, 'line', [line], -line.length);
  }
  for (let relation = 0; relation < relations.count; relation++) {
    const tag: TagOf = (key) => relations.tags.get(relation, key);
    if (tag('type') === 'multipolygon') {
      addArea(tag, () => {
        const { polygons, broken } = assembleRings(data, relation);
        if (broken > 0) fault('area that is not closed');
        return polygons;
      });
    }
  }
  addBoundaries();
  for (const node of nodes.tagged) addPoint(node);
  return features.finish();

  /** @returns true where the element is an area that is drawn, or would be if it were whole */
  function addArea(tag: TagOf, polygons: () => readonly Polygon[]): boolean {
    const isHouse = isBuilding(tag);
    const water = !isHouse && isWater(tag);
    const land = isHouse || water ? null : landOf(tag);
    if (!isHouse && !water && land === null) return false;
    for (const { outer, inner } of polygons()) {
      const rings = [outer, ...inner];
      const size = measure(data, outer).area / DEGREE ** 2;
      if (isHouse) {
        add('buildings', 13, {}, 'polygon', rings);
        const number = tag('addr:housenumber');
        if (number !== undefined) add('houses', 14, { number: number.slice(0, 12) }, 'middle', [outer]);
      } else if (water) {
        add('water', visibleFrom(size, 7), {}, 'polygon', rings);
      } else if (land !== null) {
        // Large areas first, so that a park in a town lies above it.
        add('land', visibleFrom(size, land.from), { class: land.class }, 'polygon', rings, -size);
      }
    }
    return true;
  }

  function addLine(tag: TagOf, way: number): void {
    const points = pointsOf(data, way);
    const isTunnel = (tag('tunnel') ?? 'no') !== 'no';
    const isBridge = (tag('bridge') ?? 'no') !== 'no';
    const where = { ...(isBridge ? { bridge: true } : {}), ...(isTunnel ? { tunnel: true } : {}) };
    const road = mapRoadOf(tag);
    if (road !== null && tag('area') !== 'yes') {
      const layer = Math.max(-5, Math.min(5, Number.parseInt(tag('layer') ?? '0', 10) || 0));
      const tags = {
        class: road.class,
        ...(road.link ? { link: true } : {}),
        ...where,
        ...(layer === 0 ? {} : { order: layer }),
      };
      for (const line of points) add('roads', road.from, tags, 'line', [line], layer);
      nameRoad(tag, road, points);
      return;
    }
    const rail = railwayOf(tag);
    if (rail !== null) {
      for (const line of points) add('railways', rail.from, { class: rail.class, ...where }, 'line', [line]);
      return;
    }
    const water = waterwayOf(tag);
    if (water === null) return;
    const tags = { class: water.class, ...(isTunnel ? { tunnel: true } : {}) };
    for (const line of points) add('waterways', water.from, tags, 'line', [line]);
  }

  /** Ways of one name are joined before they are labelled. */
  function nameRoad(
    tag: TagOf,
    road: { class: string; from: number; link: boolean },
    points: readonly Int32Array[],
  ): void {
    const name = (tag('name:de') ?? tag('name') ?? '').slice(0, 80);
    const ref = road.link ? '' : ((tag('ref') ?? '').split(';')[0]?.trim().slice(0, 12) ?? '');
    if (name === '' && ref === '') return;
    const key = [road.class, name, ref].join('|');
    const tags = { class: road.class, ...(name === '' ? {} : { name }), ...(ref === '' ? {} : { ref }) };
    const from = ref === '' ? 13 : Math.max(9, road.from);
    const known = named.get(key);
    if (known === undefined) named.set(key, { nodes: [...points], from, tags });
    else known.nodes.push(...points);
  }

  /** Each border once, at the highest level that it is one of. */
  function addBoundaries(): void {
    const levels = new Map<number, number>();
    for (let relation = 0; relation < relations.count; relation++) {
      if (relations.tags.get(relation, 'boundary') !== 'administrative') continue;
      const level = relations.tags.get(relation, 'admin_level') ?? '';
      if (BOUNDARIES.get(level) === undefined) continue;
      for (let m = relations.first[relation] ?? 0; m < (relations.first[relation + 1] ?? 0); m++) {
        const member = relations.members[m] as number;
        if (relations.kinds[m] !== MEMBER.way || member === -1) continue;
        levels.set(member, Math.min(levels.get(member) ?? 99, Number(level)));
      }
    }
    for (const [way, level] of levels) {
      const from = BOUNDARIES.get(String(level)) ?? 99;
      for (const line of pointsOf(data, way)) add('boundaries', from, { level }, 'line', [line]);
    }
  }

  function addPoint(node: number): void {
    const tag: TagOf = (key: Key) => nodes.tags.get(node, key);
    const place = mapPlaceOf(tag);
    const name = (tag('name:de') ?? tag('name') ?? '').slice(0, 80);
    if (place !== null && name !== '') {
      const population = Number.parseInt(tag('population') ?? '', 10) || POPULATIONS[place.class] || 0;
      // 0 for the largest city; a step is a factor of two.
      const rank = Math.max(0, Math.round(22 - Math.log2(Math.max(1, population))));
      add('places', place.from, { class: place.class, name, rank }, 'point', [[node]], rank);
    }
    const number = tag('addr:housenumber');
    if (number !== undefined) add('houses', 14, { number: number.slice(0, 12) }, 'point', [[node]]);
  }
}

/** Where nobody says how many live there. */
const POPULATIONS: Readonly<Record<string, number>> = {
  city: 100_000,
  town: 10_000,
  village: 800,
  suburb: 600,
  hamlet: 60,
};

/** An area of some pixels at least, on the level where it appears. @param size in square degrees */
function visibleFrom(size: number, from: number): number {
  // A pixel of level z is 360 / 2^(z + 8) degrees wide.
  const pixels = Math.sqrt(Math.max(size, 1e-12)) / 360;
  const level = Math.ceil(Math.log2(SMALLEST / pixels)) - 8;
  return Math.min(14, Math.max(from, level));
}

/** Pixels along the side of the smallest area that is worth drawing. */
const SMALLEST = 4;

/** A way as pieces without gaps: nodes that the extract lacks cut it. */
function pointsOf({ ways }: OsmData, way: number): Int32Array[] {
  const all = ways.nodes.subarray(ways.first[way], ways.first[way + 1]);
  if (!all.includes(-1)) return all.length < 2 ? [] : [all];
  const pieces: Int32Array[] = [];
  let begin = 0;
  for (let i = 0; i <= all.length; i++) {
    if (i < all.length && all[i] !== -1) continue;
    if (i - begin >= 2) pieces.push(all.subarray(begin, i));
    begin = i + 1;
  }
  return pieces;
}

function ringPolygons(data: OsmData, way: number): Polygon[] {
  const ring = ringOfWay(data, way);
  return ring === null ? [] : [{ outer: ring, inner: [] }];
}

import { distanceMetres } from '../../domain/geo.ts';
import type { KnownPlace, PlaceKind } from '../../domain/addresses/address.ts';
import { DEGREE, type OsmData } from '../data.ts';
import type { Key } from '../keys.ts';
import { addTo } from '../lists.ts';
import { assembleRings, isInRing, type Polygon } from '../rings.ts';

/** What is known of a position. */
export interface Where {
  municipality: string | null;
  ags: string | null;
  /** The village or part of town; null: the municipality itself, or not known. */
  place: string | null;
  postcode: string | null;
  /** True where a boundary says so, and not only what is nearest. */
  isCertain: boolean;
}

interface Area {
  level: number;
  name: string;
  ags: string | null;
  postcode: string | null;
  polygons: readonly Polygon[];
  south: number;
  west: number;
  north: number;
  east: number;
}

/** How far the name of a place reaches: of two places, the one nearer in these units. In metres. */
const REACH: Readonly<Record<PlaceKind, number>> = {
  city: 8_000,
  town: 4_000,
  village: 1_500,
  suburb: 1_200,
  hamlet: 700,
};

const KINDS: ReadonlyMap<string, PlaceKind> = new Map(
  Object.entries({
    city: 'city',
    town: 'town',
    village: 'village',
    suburb: 'suburb',
    quarter: 'suburb',
    neighbourhood: 'suburb',
    hamlet: 'hamlet',
  }),
);

/** Farther from all places than this reach times its size, nothing is near. */
const FARTHEST = 3;

/** Boundaries and places are looked up once for each cell of this many units (about 100 m), areas by larger ones. */
const CELL = 10_000;
const AREA_CELL = 100_000;

export type Places = ReturnType<typeof readPlaces>;

/** Boundaries and places of an extract, to tell of each position where it belongs. */
export function readPlaces(data: OsmData) {
  const areas = readAreas(data);
  const cells = new Map<string, Area[]>();
  for (const area of areas) {
    for (let y = Math.floor(area.south / AREA_CELL); y <= Math.floor(area.north / AREA_CELL); y++) {
      for (let x = Math.floor(area.west / AREA_CELL); x <= Math.floor(area.east / AREA_CELL); x++) {
        const key = `${y},${x}`;
        addTo(cells, key, area);
      }
    }
  }
  const places = readPlaceNodes(data);
  const called = new Map<string, string[]>();
  for (const { name, kind } of places) {
    if (kind === 'suburb' || kind === 'hamlet') continue;
    addTo(called, shortName(name), name);
  }
  const nearestKept = new Map<string, Named | null>();

  function areasAt(lat: number, lon: number): Area[] {
    const here = cells.get(`${Math.floor(lat / AREA_CELL)},${Math.floor(lon / AREA_CELL)}`) ?? [];
    return here.filter(
      (area) =>
        lat >= area.south &&
        lat <= area.north &&
        lon >= area.west &&
        lon <= area.east &&
        area.polygons.some((polygon) => isIn(data, polygon, lat, lon)),
    );
  }

  function nearest(lat: number, lon: number): Named | null {
    const key = `${Math.floor(lat / CELL)},${Math.floor(lon / CELL)}`;
    const kept = nearestKept.get(key);
    if (kept !== undefined) return kept;
    const here = { lat: lat / DEGREE, lon: lon / DEGREE };
    let best: { place: Named; rated: number } | null = null;
    for (const place of places) {
      const rated = distanceMetres(here, place) / REACH[place.kind];
      if (rated <= FARTHEST && (best === null || rated < best.rated)) best = { place, rated };
    }
    nearestKept.set(key, best?.place ?? null);
    return best?.place ?? null;
  }

  /** A municipality as the place is called that gives it its name, where there is one only: houses write it as they like. */
  function canonical(municipality: string): string {
    const names = called.get(shortName(municipality)) ?? [];
    return names.length === 1 ? (names[0] as string) : municipality;
  }

  /** A village beyond the border is nearer to some, but they do not belong to it. */
  function isWithin(place: Named, municipality: Area): boolean {
    return areasAt(Math.round(place.lat * DEGREE), Math.round(place.lon * DEGREE)).includes(municipality);
  }

  /** @param lat in 1e-7 degrees @param lon in 1e-7 degrees */
  function at(lat: number, lon: number): Where {
    const here = areasAt(lat, lon);
    const ofLevel = (level: number): Area | undefined => here.find((area) => area.level === level && area.name !== '');
    // A town that is a district of its own has no level 8.
    const municipality = ofLevel(8) ?? ofLevel(6);
    const part = ofLevel(11) ?? ofLevel(10) ?? ofLevel(9);
    const postcode = here.find((area) => area.postcode !== null)?.postcode ?? null;
    if (municipality !== undefined) {
      const near = part === undefined ? nearest(lat, lon) : null;
      const isVillage = near !== null && (near.kind === 'village' || near.kind === 'hamlet');
      const place = part?.name ?? (isVillage && isWithin(near, municipality) ? near.name : null);
      return {
        municipality: canonical(municipality.name),
        ags: municipality.ags,
        place: place === municipality.name || place === shortName(municipality.name) ? null : place,
        postcode,
        isCertain: part !== undefined,
      };
    }
    const near = nearest(lat, lon);
    return { municipality: null, ags: null, place: near?.name ?? null, postcode, isCertain: false };
  }

  return { at, places, canonical };
}

/** "Lauf an der Pegnitz", "Lauf a.d.Pegnitz" and "Lauf (Pegnitz)" are all called "Lauf". */
export function shortName(name: string): string {
  return (
    name.split(/ (?:an der|an|am|im|in|bei|ob|vor|auf|a\.|i\.|b\.|v\.|o\.)[ \w]| [-–] |\s?[/(,]/)[0] ?? name
  ).trim();
}

type Named = Pick<KnownPlace, 'name' | 'kind' | 'lat' | 'lon' | 'population'>;

function readPlaceNodes({ nodes, ways }: OsmData): Named[] {
  const found: Named[] = [];
  const seen = new Set<string>();
  const add = (tag: (key: Key) => string | undefined, lat: number, lon: number): void => {
    const kind = KINDS.get(tag('place') ?? '');
    const name = tag('name:de') ?? tag('name') ?? '';
    if (kind === undefined || name === '') return;
    // Node and outline of one place.
    const key = `${name}|${Math.round(lat / AREA_CELL / 3)}|${Math.round(lon / AREA_CELL / 3)}`;
    if (seen.has(key)) return;
    seen.add(key);
    const population = Number.parseInt(tag('population') ?? '', 10);
    found.push({
      name: name.slice(0, 120),
      kind,
      lat: lat / DEGREE,
      lon: lon / DEGREE,
      population: population >= 0 && population < 2 ** 31 ? population : null,
    });
  };
  for (const node of nodes.tagged) {
    add((key) => nodes.tags.get(node, key), nodes.lat[node] as number, nodes.lon[node] as number);
  }
  for (let way = 0; way < ways.count; way++) {
    if (ways.tags.get(way, 'place') === undefined) continue;
    const middle = middleOf({ nodes, ways }, way);
    if (middle !== null) add((key) => ways.tags.get(way, key), middle.lat, middle.lon);
  }
  return found;
}

/** In the middle of the corners of a way, in 1e-7 degrees; null: it has none. */
export function middleOf(
  { nodes, ways }: Pick<OsmData, 'nodes' | 'ways'>,
  way: number,
): { lat: number; lon: number } | null {
  let [lat, lon, count] = [0, 0, 0];
  const begin = ways.first[way] as number;
  const end = ways.first[way + 1] as number;
  // The last corner of a ring is the first one again.
  const isRing = end - begin > 2 && ways.nodes[begin] === ways.nodes[end - 1];
  for (let i = begin; i < (isRing ? end - 1 : end); i++) {
    const node = ways.nodes[i] as number;
    if (node === -1) continue;
    lat += nodes.lat[node] as number;
    lon += nodes.lon[node] as number;
    count += 1;
  }
  return count === 0 ? null : { lat: Math.round(lat / count), lon: Math.round(lon / count) };
}

function readAreas(data: OsmData): Area[] {
  const { relations } = data;
  const areas: Area[] = [];
  for (let relation = 0; relation < relations.count; relation++) {
    const tag = (key: Key): string | undefined => relations.tags.get(relation, key);
    const boundary = tag('boundary');
    const level = Number(tag('admin_level') ?? 0);
    const isOffice = boundary === 'administrative' && level >= 6 && level <= 11;
    const postcode = boundary === 'postal_code' ? (tag('postal_code') ?? '') : '';
    if (!isOffice && !/^\d{5}$/.test(postcode)) continue;
    const { polygons } = assembleRings(data, relation);
    if (polygons.length === 0) continue;
    areas.push({
      level: isOffice ? level : 0,
      name: isOffice ? (tag('name:de') ?? tag('name') ?? '').slice(0, 120) : '',
      ags: agsOf(tag('de:amtlicher_gemeindeschluessel')),
      postcode: postcode === '' ? null : postcode,
      polygons,
      ...boxOf(data, polygons),
    });
  }
  return areas;
}

/** Eight digits; the regional key of twelve has four of the association in between. */
function agsOf(text: string | undefined): string | null {
  const digits = (text ?? '').replace(/\s/g, '');
  if (/^\d{8}$/.test(digits)) return digits;
  return /^\d{12}$/.test(digits) ? digits.slice(0, 5) + digits.slice(9) : null;
}

function boxOf({ nodes: { lat, lon } }: OsmData, polygons: readonly Polygon[]) {
  const box = { south: Infinity, west: Infinity, north: -Infinity, east: -Infinity };
  for (const { outer } of polygons) {
    for (const node of outer) {
      box.south = Math.min(box.south, lat[node] as number);
      box.north = Math.max(box.north, lat[node] as number);
      box.west = Math.min(box.west, lon[node] as number);
      box.east = Math.max(box.east, lon[node] as number);
    }
  }
  return box;
}

function isIn({ nodes }: OsmData, { outer, inner }: Polygon, lat: number, lon: number): boolean {
  return (
    isInRing(outer, nodes.lat, nodes.lon, lat, lon) &&
    !inner.some((hole) => isInRing(hole, nodes.lat, nodes.lon, lat, lon))
  );
}

import type { Key } from '../keys.ts';

/** What of an extract is drawn, as what, and from which zoom level on. */

export type TagOf = (key: Key) => string | undefined;

interface Classed {
  class: string;
  /** The first zoom level on which it is drawn. */
  from: number;
}

const LANDUSE: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    forest: { class: 'wood', from: 7 },
    grass: { class: 'grass', from: 13 },
    meadow: { class: 'grass', from: 11 },
    village_green: { class: 'grass', from: 13 },
    recreation_ground: { class: 'park', from: 12 },
    farmland: { class: 'farmland', from: 11 },
    farmyard: { class: 'residential', from: 12 },
    orchard: { class: 'orchard', from: 12 },
    vineyard: { class: 'orchard', from: 12 },
    plant_nursery: { class: 'orchard', from: 13 },
    residential: { class: 'residential', from: 8 },
    industrial: { class: 'industrial', from: 10 },
    railway: { class: 'industrial', from: 13 },
    quarry: { class: 'industrial', from: 12 },
    landfill: { class: 'industrial', from: 12 },
    commercial: { class: 'commercial', from: 11 },
    retail: { class: 'commercial', from: 11 },
    cemetery: { class: 'cemetery', from: 12 },
    allotments: { class: 'allotments', from: 12 },
  }),
);
const NATURAL: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    wood: { class: 'wood', from: 7 },
    scrub: { class: 'wood', from: 12 },
    heath: { class: 'grass', from: 11 },
    grassland: { class: 'grass', from: 12 },
    sand: { class: 'sand', from: 12 },
    beach: { class: 'sand', from: 12 },
    wetland: { class: 'wetland', from: 11 },
  }),
);
const LEISURE: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    park: { class: 'park', from: 11 },
    garden: { class: 'park', from: 14 },
    golf_course: { class: 'park', from: 12 },
    nature_reserve: { class: 'grass', from: 99 },
    pitch: { class: 'sports', from: 14 },
    sports_centre: { class: 'sports', from: 13 },
    stadium: { class: 'sports', from: 13 },
    playground: { class: 'sports', from: 14 },
  }),
);
const AMENITY: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    grave_yard: { class: 'cemetery', from: 13 },
    school: { class: 'school', from: 13 },
    kindergarten: { class: 'school', from: 14 },
    university: { class: 'school', from: 13 },
    college: { class: 'school', from: 13 },
    hospital: { class: 'school', from: 13 },
    parking: { class: 'parking', from: 14 },
  }),
);

/** An area of ground; null: none that is drawn. */
export function landOf(tag: TagOf): Classed | null {
  const found =
    LANDUSE.get(tag('landuse') ?? '') ??
    NATURAL.get(tag('natural') ?? '') ??
    LEISURE.get(tag('leisure') ?? '') ??
    AMENITY.get(tag('amenity') ?? '');
  return found === undefined || found.from > 14 ? null : found;
}

export function isWater(tag: TagOf): boolean {
  const waterway = tag('waterway');
  return (
    tag('natural') === 'water' ||
    waterway === 'riverbank' ||
    waterway === 'dock' ||
    tag('landuse') === 'reservoir' ||
    tag('landuse') === 'basin' ||
    tag('leisure') === 'swimming_pool'
  );
}

export function isBuilding(tag: TagOf): boolean {
  const building = tag('building');
  return building !== undefined && building !== 'no' && tag('location') !== 'underground';
}

const WATERWAYS: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    river: { class: 'river', from: 8 },
    canal: { class: 'canal', from: 10 },
    stream: { class: 'stream', from: 12 },
    ditch: { class: 'ditch', from: 14 },
    drain: { class: 'ditch', from: 14 },
  }),
);

export function waterwayOf(tag: TagOf): Classed | null {
  return WATERWAYS.get(tag('waterway') ?? '') ?? null;
}

const ROADS: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    motorway: { class: 'motorway', from: 6 },
    trunk: { class: 'trunk', from: 7 },
    primary: { class: 'primary', from: 8 },
    secondary: { class: 'secondary', from: 9 },
    tertiary: { class: 'tertiary', from: 11 },
    unclassified: { class: 'minor', from: 12 },
    residential: { class: 'minor', from: 12 },
    road: { class: 'minor', from: 12 },
    living_street: { class: 'minor', from: 13 },
    pedestrian: { class: 'pedestrian', from: 13 },
    service: { class: 'service', from: 13 },
    track: { class: 'track', from: 13 },
    path: { class: 'path', from: 14 },
    footway: { class: 'path', from: 14 },
    cycleway: { class: 'path', from: 14 },
    bridleway: { class: 'path', from: 14 },
    steps: { class: 'path', from: 14 },
  }),
);

export function mapRoadOf(tag: TagOf): (Classed & { link: boolean }) | null {
  const highway = tag('highway') ?? '';
  const isLink = highway.endsWith('_link');
  const found = ROADS.get(isLink ? highway.slice(0, -5) : highway);
  if (found === undefined) return null;
  return { class: found.class, from: isLink ? Math.max(found.from, 11) : found.from, link: isLink };
}

const RAILWAYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    rail: 'rail',
    light_rail: 'light',
    tram: 'light',
    narrow_gauge: 'light',
    funicular: 'light',
  }),
);

export function railwayOf(tag: TagOf): Classed | null {
  const found = RAILWAYS.get(tag('railway') ?? '');
  if (found === undefined) return null;
  const isSide = tag('service') !== undefined;
  return isSide ? { class: 'side', from: 13 } : { class: found, from: found === 'rail' ? 9 : 12 };
}

const PLACES: ReadonlyMap<string, Classed> = new Map(
  Object.entries({
    city: { class: 'city', from: 6 },
    town: { class: 'town', from: 8 },
    village: { class: 'village', from: 11 },
    suburb: { class: 'suburb', from: 12 },
    quarter: { class: 'suburb', from: 13 },
    neighbourhood: { class: 'suburb', from: 14 },
    hamlet: { class: 'hamlet', from: 13 },
  }),
);

export function mapPlaceOf(tag: TagOf): Classed | null {
  return PLACES.get(tag('place') ?? '') ?? null;
}

/** The administrative levels whose borders are drawn, and from where on. */
export const BOUNDARIES: ReadonlyMap<string, number> = new Map(Object.entries({ '2': 6, '4': 6, '6': 8, '8': 11 }));

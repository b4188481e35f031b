/**
 * How a municipal car or small van with a suitcase drives: which roads, in which direction, how fast, and what turning
 * and waiting take. Reasons and sources of every figure: docs/roads.md.
 */

/** Another one for figures or rules that differ: what was computed before is then computed anew. */
export const PROFILE_VERSION = 'car-1';

/** The class of a road, the most important first. Its index is what a graph keeps. */
export const ROAD_CLASSES = [
  'motorway',
  'motorway_link',
  'trunk',
  'trunk_link',
  'primary',
  'primary_link',
  'secondary',
  'secondary_link',
  'tertiary',
  'tertiary_link',
  'unclassified',
  'road',
  'residential',
  'living_street',
  'service',
  'pedestrian',
  'track',
  'ferry',
] as const;

export type RoadClass = (typeof ROAD_CLASSES)[number];

/** The value of a tag; undefined: the element has none. */
export type TagOf = (key: string) => string | undefined;

/** A way that may be driven. */
export interface Road {
  roadClass: RoadClass;
  /** In km/h along the way; null: may not be driven so. */
  forward: number | null;
  /** Against it. */
  backward: number | null;
  /** For those only who want to get there, or on roads that are to be left alone: not a way through. */
  restricted: boolean;
  roundabout: boolean;
  /** Tenths of a second for boarding, besides driving; 0 for all that is no ferry. */
  boarding: number;
}

/** km/h that are reached on a road of the class, whatever the signs allow, and without signs. */
const SPEEDS: Readonly<Record<RoadClass, { most: number; unsigned: number }>> = {
  motorway: { most: 115, unsigned: 115 },
  motorway_link: { most: 60, unsigned: 55 },
  trunk: { most: 95, unsigned: 85 },
  trunk_link: { most: 50, unsigned: 45 },
  primary: { most: 82, unsigned: 62 },
  primary_link: { most: 45, unsigned: 40 },
  secondary: { most: 76, unsigned: 58 },
  secondary_link: { most: 42, unsigned: 38 },
  tertiary: { most: 66, unsigned: 50 },
  tertiary_link: { most: 40, unsigned: 35 },
  unclassified: { most: 52, unsigned: 42 },
  road: { most: 45, unsigned: 35 },
  residential: { most: 40, unsigned: 27 },
  living_street: { most: 8, unsigned: 8 },
  service: { most: 20, unsigned: 15 },
  pedestrian: { most: 8, unsigned: 8 },
  track: { most: 20, unsigned: 15 },
  ferry: { most: 30, unsigned: 8 },
};

/** km/h at most on a surface. */
const SURFACES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    sett: 35,
    cobblestone: 30,
    unhewn_cobblestone: 20,
    'cobblestone:flattened': 35,
    paving_stones: 60,
    'concrete:lanes': 35,
    'concrete:plates': 60,
    compacted: 35,
    fine_gravel: 30,
    gravel: 25,
    pebblestone: 25,
    unpaved: 25,
    dirt: 15,
    earth: 15,
    ground: 15,
    grass: 10,
    grass_paver: 20,
    metal: 40,
    mud: 5,
    sand: 5,
    wood: 30,
  }),
);

const SMOOTHNESS: ReadonlyMap<string, number> = new Map(Object.entries({ bad: 35, very_bad: 15, horrible: 8 }));

const SERVICES: ReadonlyMap<string, number> = new Map(
  Object.entries({ driveway: 10, parking_aisle: 10, 'drive-through': 8, alley: 12 }),
);

/** More specific ones overrule: https://wiki.openstreetmap.org/wiki/Key:access#Transport_mode_hierarchy. */
const ACCESS_KEYS = ['motorcar', 'motor_vehicle', 'vehicle', 'access'] as const;
const OPEN = new Set(['yes', 'permissive', 'designated', 'official', 'public']);
/** Whoever visits somebody there may. */
const FOR_SOME = new Set(['destination', 'delivery', 'customers', 'private', 'permit', 'residents', 'employees']);

export type Access = 'open' | 'forSome' | 'closed';

/** Null: nothing is said. */
export function accessOf(tag: TagOf): Access | null {
  for (const key of ACCESS_KEYS) {
    const value = tag(key);
    if (value === undefined) continue;
    const said = value.split(';').map((one) => one.trim());
    if (said.some((one) => OPEN.has(one))) return 'open';
    if (said.some((one) => FOR_SOME.has(one))) return 'forSome';
    return 'closed'; // no, agricultural, forestry, psv, emergency, military …
  }
  return null;
}

/** Whether and how a way is driven; null: not by car. */
export function roadOf(tag: TagOf): Road | null {
  const roadClass = classOf(tag);
  if (roadClass === null || tag('area') === 'yes') return null;
  const access = accessOf(tag);
  if (access === 'closed' || tag('smoothness') === 'impassable') return null;
  // Pedestrian zones and field tracks are closed unless something else is said of them.
  if (roadClass === 'pedestrian' && access === null) return null;
  if (roadClass === 'track' && access === null && !isGoodTrack(tag)) return null;

  const direction = directionOf(tag, roadClass);
  if (direction === null) return null;
  const restricted =
    access === 'forSome' || roadClass === 'track' || roadClass === 'pedestrian' || tag('service') === 'driveway';
  if (roadClass === 'ferry') {
    return { roadClass, ...direction(SPEEDS.ferry.unsigned), restricted, roundabout: false, boarding: 3_000 };
  }
  const roundabout = isRoundabout(tag);
  const forward = direction(speedOf(tag, roadClass, 'forward')).forward;
  const backward = direction(speedOf(tag, roadClass, 'backward')).backward;
  return { roadClass, forward, backward, restricted, roundabout, boarding: 0 };
}

function classOf(tag: TagOf): RoadClass | null {
  const highway = tag('highway');
  if (highway !== undefined) {
    return highway !== 'ferry' && (ROAD_CLASSES as readonly string[]).includes(highway) ? (highway as RoadClass) : null;
  }
  // A ferry takes cars only where that is said.
  return tag('route') === 'ferry' && (tag('motor_vehicle') ?? tag('motorcar') ?? 'no') !== 'no' ? 'ferry' : null;
}

function isGoodTrack(tag: TagOf): boolean {
  const type = tag('tracktype');
  return type === 'grade1' || type === 'grade2';
}

function isRoundabout(tag: TagOf): boolean {
  const junction = tag('junction');
  return junction === 'roundabout' || junction === 'circular';
}

/** Puts a speed on the directions that may be driven; null: none. */
function directionOf(
  tag: TagOf,
  roadClass: RoadClass,
): ((speed: number) => { forward: number | null; backward: number | null }) | null {
  const oneway = tag('oneway:motorcar') ?? tag('oneway:motor_vehicle') ?? tag('oneway');
  switch (oneway ?? '') {
    case 'yes':
    case 'true':
    case '1':
      return (speed) => ({ forward: speed, backward: null });
    case '-1':
    case 'reverse':
      return (speed) => ({ forward: null, backward: speed });
    case 'reversible':
    case 'alternating':
      return null; // nobody knows when which way
    case 'no':
    case 'false':
    case '0':
      return (speed) => ({ forward: speed, backward: speed });
    default: {
      const isImplied = isRoundabout(tag) || roadClass === 'motorway' || roadClass === 'motorway_link';
      return (speed) => ({ forward: speed, backward: isImplied ? null : speed });
    }
  }
}

function speedOf(tag: TagOf, roadClass: RoadClass, direction: 'forward' | 'backward'): number {
  const { most, unsigned } = SPEEDS[roadClass];
  const limit = limitOf(tag(`maxspeed:${direction}`) ?? tag('maxspeed')) ?? zoneOf(tag);
  let speed = limit === null ? unsigned : Math.min(most, drivenAt(limit));
  speed = Math.min(
    speed,
    SURFACES.get(tag('surface') ?? '') ?? Infinity,
    SMOOTHNESS.get(tag('smoothness') ?? '') ?? Infinity,
    roadClass === 'service' ? (SERVICES.get(tag('service') ?? '') ?? Infinity) : Infinity,
    isNarrow(tag) ? 40 : Infinity,
  );
  return Math.max(3, speed);
}

/** What is driven on the average where so much is allowed: curves, others, and looking for the place included. */
function drivenAt(limit: number): number {
  if (limit <= 10) return limit;
  if (limit <= 30) return limit * 0.9;
  if (limit <= 60) return limit * 0.86;
  return limit * 0.92;
}

const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    urban: 50,
    rural: 100,
    motorway: 130,
    living_street: 7,
    bicycle_road: 30,
    zone30: 30,
    'zone:30': 30,
    '30': 30,
    '20': 20,
  }),
);

/** km/h of a sign; null: none or not understood. Of several values the lowest one counts. */
export function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const values = text.split(/[;|]/).flatMap((one) => {
    const value = one.trim();
    if (value === 'none') return [130];
    if (value === 'walk') return [7];
    const [, number = '', mph] = /^(\d{1,3})(?: ?(mph))?(?: ?km\/h)?$/.exec(value) ?? [];
    if (number !== '' && Number(number) > 0) return [Number(number) * (mph === undefined ? 1 : 1.609)];
    const zone = ZONES.get(/^[A-Z]{2}:(.+)$/.exec(value)?.[1] ?? '');
    return zone === undefined ? [] : [zone];
  });
  return values.length === 0 ? null : Math.min(...values);
}

/** What is allowed without a sign of its own, where the kind of place is said. */
function zoneOf(tag: TagOf): number | null {
  return (
    limitOf(tag('maxspeed:type')) ??
    limitOf(tag('source:maxspeed')) ??
    limitOf(tag('zone:maxspeed')) ??
    limitOf(tag('zone:traffic'))
  );
}

/** Two cars do not pass each other without slowing down. */
function isNarrow(tag: TagOf): boolean {
  const width = Number.parseFloat((tag('width') ?? '').replace(',', '.'));
  if (width > 0 && width < 4.5) return true;
  return tag('lanes') === '1' && !['yes', '-1'].includes(tag('oneway') ?? '');
}

/** What stands on a node in the middle of a road. Times and penalties in tenths of a second. */
export interface Obstacle {
  /** Nobody passes. */
  closed: boolean;
  time: number;
  penalty: number;
}

const CLOSED_BARRIERS = new Set([
  'bollard',
  'block',
  'jersey_barrier',
  'log',
  'chain',
  'cycle_barrier',
  'motorcycle_barrier',
  'stile',
  'turnstile',
  'full-height_turnstile',
  'kissing_gate',
  'horse_stile',
  'debris',
  'planter',
  'bus_trap',
  'sump_buster',
  'fence',
  'wall',
  'hedge',
  'guard_rail',
  'rope',
  'spikes',
]);
const GATES = new Set([
  'gate',
  'lift_gate',
  'swing_gate',
  'sliding_gate',
  'sliding_beam',
  'hampshire_gate',
  'wicket_gate',
]);

/** Null: nothing that holds anybody up. */
export function obstacleOf(tag: TagOf): Obstacle | null {
  const barrier = tag('barrier');
  const signals = signalSeconds(tag);
  if (barrier === undefined) return signals === 0 ? null : { closed: false, time: signals * 10, penalty: 0 };
  const access = accessOf(tag);
  if (access === 'closed') return { closed: true, time: 0, penalty: 0 };
  if (access === null && CLOSED_BARRIERS.has(barrier)) return { closed: true, time: 0, penalty: 0 };
  if (GATES.has(barrier) || CLOSED_BARRIERS.has(barrier)) {
    if (tag('locked') === 'yes' && access !== 'open') return { closed: true, time: 0, penalty: 0 };
    // It has to be opened, and nobody knows whether it can be.
    return { closed: false, time: 150, penalty: access === 'open' ? 0 : 1_800 };
  }
  if (barrier === 'toll_booth' || barrier === 'border_control') return { closed: false, time: 200, penalty: 0 };
  return null; // kerb, cattle_grid, height_restrictor, entrance …
}

/** What waiting takes on the average, in seconds. */
function signalSeconds(tag: TagOf): number {
  switch (tag('highway') ?? '') {
    case 'traffic_signals':
      return 9;
    case 'stop':
      return 4;
    case 'give_way':
      return 2;
    case 'mini_roundabout':
      return 2;
    case 'crossing':
      return tag('crossing') === 'traffic_signals' ? 2 : 0;
    default:
      return tag('railway') === 'level_crossing' ? 6 : 0;
  }
}

export interface Bend {
  /** Degrees from straight on, -180 to 180; positive: to the right. */
  degrees: number;
  /** Roads that meet there; a bend of one road is part of its speed. */
  roads: number;
  /** Classes as indices of ROAD_CLASSES. */
  from: number;
  to: number;
  /** The most important other road there. */
  major: number;
  /** Both are parts of one roundabout. */
  isRoundabout: boolean;
}

/** Tenths of a second that turning takes: braking, giving way, driving off. Right-hand traffic. */
export function turnTime({ degrees, roads, from, to, major, isRoundabout }: Bend): number {
  if (roads < 3 || isRoundabout) return 0;
  const sharp = Math.min(1, Math.abs(degrees) / 90);
  const braking = sharp < 0.25 ? 0 : degrees > 0 ? 25 * sharp : 45 * sharp;
  // From a side street onto or across a road that is more important by two steps at least.
  const gives = rank(from) >= rank(Math.min(major, to)) + 2;
  return Math.round(braking + (gives ? 30 : 0));
}

/** A link is as important as what it leads to. */
function rank(roadClass: number): number {
  return roadClass < 10 ? Math.floor(roadClass / 2) : roadClass - 5;
}

/** Turning round where the road ends, or at a closed barrier. */
export const U_TURN_TIME = 200;

/** Into a street that is for those who want to get there only. In tenths of a second, for choosing the way only. */
export const RESTRICTED_PENALTY = 3_000;

/** Against a restriction along several ways, which is not followed exactly. */
export const LONG_RESTRICTION_PENALTY = 3_000;

export const FERRY_PENALTY = 6_000;

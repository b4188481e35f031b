import { expect } from 'chai';
import type {
  PlanningClerk,
  PlanningKit,
  PlanningPicture,
  PlanningVenue,
} from '../../../server/domain/tours/picture.ts';
import type { TravelMatrix } from '../../../server/domain/routing/travel.ts';
import type { PlannedStop, TourPlan } from '../../../server/domain/tours/tour.ts';
import { checkTour, type CheckInput, type Conflict } from '../../../server/domain/tours/conflicts.ts';

/**
 * A small office, in which the plan below has nothing against it: Meerane with two kits, four clerks and three venues,
 * each ten minutes (six kilometres) from the other and from the depot, and Schönberg, which has a venue only.
 */

export const MEERANE = 1;
export const SCHOENBERG = 2;
export const DEPOT = 11;
export const KIT = 21;
export const KIT_WITHOUT_CAMERA = 22;
export const ANNA = 31;
export const BERND = 32;
export const CLARA = 33;
export const DAVID = 34;
export const TOWN_HALL = 41;
export const LIBRARY = 42;
export const VILLAGE = 43;
export const ID_CARD = 51;
export const REGISTRATION = 52;
export const PASSPORT = 53;

/** A Tuesday. */
export const DATE = '2026-12-08';
export const TODAY = '2026-11-22';

export function clock(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? NaN) * 60 + (minutes ?? NaN);
}

function clerk(id: number, name: string, qualifiedFor: number[]): PlanningClerk {
  return {
    id,
    municipalityId: MEERANE,
    name,
    depotId: DEPOT,
    qualifiedFor,
    hours: [],
    absences: [],
    retired: false,
  };
}

function kit(id: number, name: string, capabilities: string[]): PlanningKit {
  return { id, municipalityId: MEERANE, name, depotId: DEPOT, status: 'ready', capabilities, retired: false };
}

function venue(id: number, name: string, municipalityId: number): PlanningVenue {
  return {
    id,
    slug: `v${id}`,
    municipalityId,
    name,
    locality: '',
    at: { lat: 50.8 + id / 1000, lon: 12.4 },
    retired: false,
    windows: [],
  };
}

const byId = <T extends { id: number }>(...things: T[]): Map<number, T> => new Map(things.map((one) => [one.id, one]));

function municipality(id: number, name: string) {
  return {
    id,
    slug: `m${id}`,
    name,
    holidayRegion: 'SN',
    setUpMinutes: 20,
    tearDownMinutes: 15,
    maxWorkingMinutes: 600,
    breakAfterMinutes: 360,
    breakMinutes: 30,
  };
}

function service(id: number, de: string, en: string, needs: string[]) {
  return { id, names: { de, en }, minutes: 15, needs, retired: false };
}

export function smallPicture(): PlanningPicture {
  return {
    municipalities: byId(municipality(MEERANE, 'Meerane'), municipality(SCHOENBERG, 'Schönberg')),
    depots: byId({
      id: DEPOT,
      municipalityId: MEERANE,
      name: 'Rathaus Meerane',
      at: { lat: 50.85, lon: 12.46 },
      retired: false,
    }),
    venues: byId(
      venue(TOWN_HALL, 'Rathaus', MEERANE),
      venue(LIBRARY, 'Bücherei', MEERANE),
      venue(VILLAGE, 'Dorfgemeinschaftshaus', SCHOENBERG),
    ),
    kits: byId(kit(KIT, 'Koffer 1', ['camera', 'printer']), kit(KIT_WITHOUT_CAMERA, 'Koffer 2', ['printer'])),
    clerks: byId(
      clerk(ANNA, 'Anna Winter', [ID_CARD, REGISTRATION, PASSPORT]),
      clerk(BERND, 'Bernd Sommer', [ID_CARD, REGISTRATION, PASSPORT]),
      clerk(CLARA, 'Clara Herbst', [ID_CARD, REGISTRATION]),
      clerk(DAVID, 'David Lenz', [REGISTRATION]),
    ),
    services: byId(
      service(ID_CARD, 'Personalausweis', 'Identity card', ['camera']),
      service(REGISTRATION, 'Anmeldung', 'Registration', []),
      service(PASSPORT, 'Reisepass', 'Passport', ['camera', 'printer']),
    ),
    closings: [],
    tours: [],
    busy: [],
  };
}

export function stop(venueId: number, from: string, to: string, more: Partial<PlannedStop> = {}): PlannedStop {
  return {
    id: null,
    venueId,
    fromMinute: clock(from),
    toMinute: clock(to),
    counters: 1,
    setUpMinutes: 20,
    tearDownMinutes: 15,
    ...more,
  };
}

export function goodPlan(more: Partial<TourPlan> = {}): TourPlan {
  return {
    municipalityId: MEERANE,
    date: DATE,
    depotId: DEPOT,
    kitId: KIT,
    clerkIds: [ANNA],
    announced: [ID_CARD, REGISTRATION],
    note: null,
    stops: [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:30', '14:00')],
    ...more,
  };
}

/** Between any two places the same. */
export function travel(places: number, minutes = 10, metres = 6000): TravelMatrix {
  const all = (value: number) =>
    Array.from({ length: places }, (_, from) => Array.from({ length: places }, (_, to) => (from === to ? 0 : value)));
  return { seconds: all(minutes * 60), metres: all(metres) };
}

export function checkInput(plan: TourPlan, picture = smallPicture(), more: Partial<CheckInput> = {}): CheckInput {
  return {
    tourId: null,
    plan,
    picture,
    travel: travel(plan.stops.length + 1),
    holiday: null,
    today: TODAY,
    ...more,
  };
}

/** The picture with one of its things changed. */
export function changed<Key extends 'kits' | 'clerks' | 'venues' | 'depots' | 'services' | 'municipalities'>(
  key: Key,
  id: number,
  change: Partial<PlanningPicture[Key] extends ReadonlyMap<number, infer Thing> ? Thing : never>,
  picture = smallPicture(),
): PlanningPicture {
  const things = new Map<number, object>(picture[key]);
  things.set(id, { ...things.get(id), ...change });
  return { ...picture, [key]: things };
}

export type Changes = Parameters<typeof goodPlan>[0];

export function conflictsOf(plan: Changes, picture?: PlanningPicture, more?: Partial<CheckInput>): Conflict[] {
  return checkTour(checkInput(goodPlan(plan), picture, more));
}

/** The conflicts of one kind, without kind and severity. */
export function found(
  kind: Conflict['kind'],
  plan: Changes = {},
  picture?: PlanningPicture,
  more?: Partial<CheckInput>,
): object[] {
  return conflictsOf(plan, picture, more).flatMap((one) => {
    if (one.kind !== kind) return [];
    expect(one.severity).to.equal(WARNINGS.has(kind) ? 'warning' : 'impossible');
    return [dataOf(one)];
  });
}

const WARNINGS = new Set<string>([
  'holiday',
  'sunday',
  'outsideWorkingTime',
  'nothingPossible',
  'serviceNotPossibleHere',
  'serviceNotPossibleAtCounter',
  'longWait',
  'sameVenueTwice',
]);

/** A conflict without its kind and severity. */
export function dataOf(conflict: Conflict): object {
  return Object.fromEntries(Object.entries(conflict).filter(([key]) => key !== 'kind' && key !== 'severity'));
}

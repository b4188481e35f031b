import type { Coordinates } from '../../server/domain/geo.ts';
import {
  bestArrangement,
  brokenPromises,
  prepare,
  withVisit,
  type AskedVisit,
} from '../../server/domain/homeVisits/day.ts';
import {
  checkedOffer,
  chooseWindows,
  rankWindows,
  windowsOfTour,
  type Candidate,
  type OfferingTour,
  type WindowOffer,
} from '../../server/domain/homeVisits/offers.ts';
import { addDays } from '../../server/domain/time.ts';
import {
  chanceOf,
  drivingOf,
  houseIn,
  publicDay,
  villagesOf,
  visitAt,
  type Chance,
  type PlacedDay,
} from '../support/homeDays.ts';

/** Of the crowd, and of one question. */
const TOURS = 120;
const DAYS = 60;
const CITIZENS = 500;
const RULES = { windowMinutes: 90, stepMinutes: 30 };
const MOST_STEPS = 20_000;
const SHOWN = 12;
/** So many days with so many asked windows are looked at by trying every order. */
const PROVED_VISITS = 150;

interface Office {
  villages: Coordinates[];
  days: PlacedDay[];
}

interface Citizen {
  at: Coordinates;
  minutes: number;
  /** Half days on which they are at home: weekday 0 to 4, morning or afternoon. */
  isAtHome(date: number, fromMinute: number): boolean;
}

function openOffice(seed: number): Office {
  const chance = chanceOf(seed);
  const villages = villagesOf(chance, 30);
  return { villages, days: Array.from({ length: TOURS }, () => publicDay(chance, villages)) };
}

function citizenOf(chance: Chance, { villages }: Office): Citizen {
  const free = Array.from({ length: 10 }, () => chance.fraction() < 0.4);
  free[chance.between(0, 9)] = true;
  return {
    at: houseIn(chance, chance.pick(villages)),
    minutes: chance.pick([20, 30, 30, 45]),
    isAtHome: (date, fromMinute) => free[2 * (date % 5) + (fromMinute < 720 ? 0 : 1)] === true,
  };
}

function tourOf(placed: PlacedDay, index: number): OfferingTour {
  return {
    tourId: index,
    date: addDays('2027-01-04', Math.floor(index / 2)),
    prepared: prepare(placed.day),
    mostVisits: 8,
    mostDetourMinutes: 45,
    canServe: true,
    earliestMinute: 0,
  };
}

function asked(office: Office, tours: readonly OfferingTour[], { at, minutes }: Citizen): Candidate[] {
  return tours.map((tour) => ({ tour, visit: visitAt(office.days[tour.tourId]!, at, minutes) }));
}

/** Puts the visit into its day; false: the exact router finds no day that keeps everything. */
function book(placed: PlacedDay, visit: AskedVisit, at: Coordinates, offer: WindowOffer): boolean {
  const larger = withVisit(placed.day, drivingOf(placed), visit, offer.arrival);
  const last = placed.day.stops.length;
  const order = placed.day.stops.map((_, index) => index);
  const best = bestArrangement(larger.day, larger.driving, {
    orders: [[...order.slice(0, offer.position), last, ...order.slice(offer.position)]],
    mostSteps: MOST_STEPS,
  });
  if (best === null) return false;
  const places = [...placed.places, at];
  placed.places = [places[0]!, ...best.order.map((index) => places[index + 1]!)];
  placed.day = { ...placed.day, stops: best.stops, legs: best.legs };
  if (brokenPromises(placed.day).length > 0) throw new Error('a promise is broken');
  return true;
}

type Way = 'ranked' | 'byDate';

interface Crowd {
  office: Office;
  booked: number;
  none: number;
  lost: number;
  drivenPerVisit: number;
}

/** Citizens one after the other: each takes the first window they are at home for, of those that are shown. */
function crowd(seed: number, way: Way, citizens = CITIZENS): Crowd {
  const office = openOffice(seed);
  const chance = chanceOf(seed + 1);
  const driven = (): number => office.days.reduce((sum, { day }) => sum + day.legs.reduce((a, b) => a + b, 0), 0);
  const before = driven();
  const tours = office.days.map(tourOf);
  let [booked, none, lost] = [0, 0, 0];
  for (let n = 0; n < citizens; n++) {
    const citizen = citizenOf(chance, office);
    const candidates = asked(office, tours, citizen);
    const { offers } = rankWindows(candidates, RULES);
    const inOrder =
      way === 'ranked'
        ? offers
        : [...offers].sort(
            (a, b) =>
              Math.floor(a.tourId / 2) - Math.floor(b.tourId / 2) || a.arrival.fromMinute - b.arrival.fromMinute,
          );
    let chosen: WindowOffer | null = null;
    for (const offer of inOrder) {
      if (!citizen.isAtHome(Math.floor(offer.tourId / 2), offer.arrival.fromMinute)) continue;
      chosen = checkedOffer(candidates[offer.tourId]!, offer);
      if (chosen !== null) break;
    }
    if (chosen === null) {
      none++;
      continue;
    }
    const placed = office.days[chosen.tourId]!;
    if (book(placed, candidates[chosen.tourId]!.visit, citizen.at, chosen)) booked++;
    else lost++;
    tours[chosen.tourId] = tourOf(placed, chosen.tourId);
  }
  return { office, booked, none, lost, drivenPerVisit: (driven() - before) / booked };
}

/** How many of the windows that some order keeps are found in the given order. */
function shareFound(office: Office, seed: number): { possible: number; found: number; wrong: number } {
  const chance = chanceOf(seed);
  const tours = office.days.map(tourOf);
  let [possible, found, wrong] = [0, 0, 0];
  for (let n = 0; n < PROVED_VISITS; n++) {
    const citizen = citizenOf(chance, office);
    const tour = chance.pick(tours);
    const placed = office.days[tour.tourId]!;
    const visit = visitAt(placed, citizen.at, citizen.minutes);
    const generous = { ...tour, mostDetourMinutes: 600, mostVisits: 100 };
    const offered = windowsOfTour(generous, visit, RULES);
    const offers = 'offers' in offered ? offered.offers : [];
    for (let from = 420; from <= 1080 - RULES.windowMinutes; from += RULES.stepMinutes) {
      const arrival = { fromMinute: from, toMinute: from + RULES.windowMinutes };
      const larger = withVisit(placed.day, drivingOf(placed), visit, arrival);
      const best = bestArrangement(larger.day, larger.driving, { orders: [], mostSteps: 2_000_000 });
      const offer = offers.find((one) => one.arrival.fromMinute === from);
      const isOffered = offer !== undefined && checkedOffer({ tour: generous, visit }, offer) !== null;
      if (best !== null) possible++;
      if (best !== null && isOffered) found++;
      if (best === null && isOffered) wrong++;
    }
  }
  return { possible, found, wrong };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** What it takes to offer windows on sixty days, how many possible ones are offered, and what the ranking saves. */
export function run(): Promise<string> {
  const ranked = crowd(1, 'ranked');
  const byDate = crowd(1, 'byDate');
  console.table([
    {
      shown: 'ranked',
      booked: ranked.booked,
      none: ranked.none,
      lost: ranked.lost,
      'driven min a visit': ranked.drivenPerVisit.toFixed(1),
    },
    {
      shown: 'by date',
      booked: byDate.booked,
      none: byDate.none,
      lost: byDate.lost,
      'driven min a visit': byDate.drivenPerVisit.toFixed(1),
    },
  ]);

  // A half full office: up to ten stops a day, many with room.
  const { office } = ranked;
  const fullest = {
    ...office,
    days: [...office.days].sort((a, b) => b.day.stops.length - a.day.stops.length).slice(0, DAYS),
  };
  const tours = fullest.days.map(tourOf);
  const chance = chanceOf(99);
  const questions = Array.from({ length: 300 }, () => asked(fullest, tours, citizenOf(chance, office)));
  const milliseconds: number[] = [];
  for (const candidates of [...questions.slice(0, 100), ...questions]) {
    const begin = performance.now();
    const { offers } = rankWindows(candidates, RULES);
    chooseWindows(candidates, offers, { most: SHOWN });
    milliseconds.push(performance.now() - begin);
  }
  const warm = milliseconds.slice(100).sort((a, b) => a - b);
  const mean = warm.reduce((sum, one) => sum + one, 0) / warm.length;
  const stops = fullest.days.map(({ day }) => day.stops.length);
  console.table([
    {
      'stops a day': (stops.reduce((a, b) => a + b, 0) / DAYS).toFixed(1),
      'most stops': Math.max(...stops),
      'p50 ms': percentile(warm, 0.5).toFixed(2),
      'p95 ms': percentile(warm, 0.95).toFixed(2),
      'offers a second': Math.round(1000 / mean),
    },
  ]);

  const share = shareFound(ranked.office, 7);
  console.table([{ ...share, share: (share.found / share.possible).toFixed(4) }]);
  return Promise.resolve(
    `p95 ${percentile(warm, 0.95).toFixed(2)} ms, ${Math.round(1000 / mean)} offers/s, ` +
      `${((100 * share.found) / share.possible).toFixed(2)} % of possible windows found, ` +
      `${((1 - ranked.drivenPerVisit / byDate.drivenPerVisit) * 100).toFixed(0)} % fewer driven minutes a visit`,
  );
}

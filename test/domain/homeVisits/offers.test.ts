import { expect } from 'chai';
import fc from 'fast-check';
import {
  arrange,
  bestArrangement,
  brokenPromises,
  planOf,
  prepare,
  withVisit,
  type HomeDay,
} from '../../../server/domain/homeVisits/day.ts';
import {
  checkedOffer,
  dayWith,
  isKeptByReordering,
  rankWindows,
  windowsOfTour,
  type Candidate,
  type OfferingTour,
} from '../../../server/domain/homeVisits/offers.ts';
import {
  chanceOf,
  drivingOf,
  houseIn,
  publicDay,
  villagesOf,
  visitAt,
  type Chance,
  type PlacedDay,
} from '../../support/homeDays.ts';

const RULES = { windowMinutes: 90, stepMinutes: 30 };
const MINUTES = [20, 30, 45];

function tourOf(placed: PlacedDay, changes: Partial<OfferingTour> = {}): OfferingTour {
  return {
    tourId: 1,
    date: '2027-01-05',
    prepared: prepare(placed.day),
    mostVisits: 20,
    mostDetourMinutes: 600,
    canServe: true,
    earliestMinute: 0,
    ...changes,
  };
}

/** Lets somebody book whatever window is possible; the day as it was where none is. */
function bookAny(chance: Chance, placed: PlacedDay, villages: ReturnType<typeof villagesOf>): PlacedDay {
  const at = houseIn(chance, chance.pick(villages));
  const visit = visitAt(placed, at, chance.pick(MINUTES));
  const found = windowsOfTour(tourOf(placed), visit, RULES);
  if (!('offers' in found)) return placed;
  const offer = checkedOffer({ tour: tourOf(placed), visit }, chance.pick(found.offers));
  if (offer === null) return placed;
  const larger = withVisit(placed.day, drivingOf(placed), visit, offer.arrival);
  const last = placed.day.stops.length;
  const order = [...placed.day.stops.keys()];
  const best = bestArrangement(larger.day, larger.driving, {
    orders: [[...order.slice(0, offer.position), last, ...order.slice(offer.position)]],
    mostSteps: 5_000,
  });
  if (best === null) throw new Error('an offer that was checked cannot be booked');
  const places = [...placed.places, at];
  return {
    places: [places[0]!, ...best.order.map((index) => places[index + 1]!)],
    day: { ...placed.day, stops: best.stops, legs: best.legs },
  };
}

function cancelOne(chance: Chance, placed: PlacedDay): PlacedDay {
  const homes = [...placed.day.stops.keys()].filter((index) => placed.day.stops[index]!.kind === 'home');
  if (homes.length === 0) return placed;
  const gone = chance.pick(homes);
  const stops = placed.day.stops.filter((_, index) => index !== gone);
  const places = placed.places.filter((_, index) => index !== gone + 1);
  const day = { ...placed.day, stops, legs: [] };
  if (stops.length === 0) return { places, day };
  const best = bestArrangement(day, drivingOf({ places }), {
    orders: [[...stops.keys()]],
    mostSteps: 5_000,
    rest: 'parts',
  });
  // The crew may miss some minutes of its break where the waiting time before a visit is gone: nothing else may be broken.
  if (best === null) {
    const same = { ...day, legs: legsOf(drivingOf({ places }), stops.length) };
    expect(new Set(brokenPromises(same).map(({ kind }) => kind))).to.deep.equal(new Set(['noBreak']));
    return { places, day: same };
  }
  return {
    places: [places[0]!, ...best.order.map((index) => places[index + 1]!)],
    day: { ...day, stops: best.stops, legs: best.legs },
  };
}

function legsOf(driving: ReturnType<typeof drivingOf>, stops: number): number[] {
  return Array.from({ length: stops + 1 }, (_, from) => driving[from]?.[from === stops ? 0 : from + 1] ?? 0);
}

function ordersOf(n: number): number[][] {
  if (n === 0) return [[]];
  return ordersOf(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

const windowsOf = ({ stops }: HomeDay): string[] =>
  stops.map(({ kind, arrival }) => `${kind} ${arrival.fromMinute}-${arrival.toMinute}`).sort();

describe('Arrival windows that are offered', () => {
  it('can be kept, and hardly one that some order could keep is missing', () => {
    let [possible, offered, reordered] = [0, 0, 0];
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(4), (seed, visits) => {
        const chance = chanceOf(seed);
        const villages = villagesOf(chance, 6);
        let placed = publicDay(chance, villages);
        for (let n = 0; n < visits && placed.day.stops.length < 4; n++) placed = bookAny(chance, placed, villages);
        const visit = visitAt(placed, houseIn(chance, chance.pick(villages)), chance.pick(MINUTES));
        const tour = tourOf(placed);
        const found = windowsOfTour(tour, visit, RULES);
        const offers = 'offers' in found ? found.offers : [];
        for (let fromMinute = 420; fromMinute <= 990; fromMinute += 90) {
          const larger = withVisit(placed.day, drivingOf(placed), visit, { fromMinute, toMinute: fromMinute + 90 });
          const isPossible = ordersOf(larger.day.stops.length).some(
            (order) => arrange(larger.day, larger.driving, order) !== null,
          );
          const offer = offers.find(({ arrival }) => arrival.fromMinute === fromMinute);
          const isOffered = offer !== undefined && checkedOffer({ tour, visit }, offer) !== null;
          if (isPossible) possible++;
          if (isOffered) offered++;
          const isFound =
            isOffered ||
            isKeptByReordering({ tour, visit }, drivingOf(placed), larger.day.stops.at(-1)!.arrival, 5_000);
          if (isFound) reordered++;
          expect(isPossible || !isFound, `an offer at ${fromMinute} that no order keeps`).to.equal(true);
        }
      }),
      { numRuns: 150, seed: 8 },
    );
    expect(possible).to.be.above(300);
    expect(offered / possible).to.be.at.least(0.97);
    expect(reordered / possible).to.be.at.least(0.99);
  });

  it('stay kept through whatever is booked and cancelled later', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.array(fc.boolean(), { minLength: 5, maxLength: 25 }), (seed, books) => {
        const chance = chanceOf(seed);
        const villages = villagesOf(chance, 8);
        let placed = publicDay(chance, villages);
        let hasCancelled = false;
        for (const isBooking of books) {
          const before = windowsOf(placed.day);
          placed = isBooking ? bookAny(chance, placed, villages) : cancelOne(chance, placed);
          hasCancelled ||= !isBooking;
          const broken = brokenPromises(placed.day).filter(({ kind }) => !hasCancelled || kind !== 'noBreak');
          expect(broken).to.deep.equal([]);
          const after = windowsOf(placed.day);
          const [fewer, more] = before.length < after.length ? [before, after] : [after, before];
          expect(more).to.include.members(fewer);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('say where in the day the visit comes and what it adds', () => {
    fc.assert(
      fc.property(fc.nat(1e9), (seed) => {
        const chance = chanceOf(seed);
        const villages = villagesOf(chance, 6);
        const placed = bookAny(chance, publicDay(chance, villages), villages);
        const visit = visitAt(placed, houseIn(chance, chance.pick(villages)), 30);
        const tour = tourOf(placed);
        const found = windowsOfTour(tour, visit, RULES);
        for (const offer of 'offers' in found ? found.offers : []) {
          const day = dayWith(tour, visit, offer);
          const added = day.legs.reduce((a, b) => a + b, 0) - placed.day.legs.reduce((a, b) => a + b, 0);
          expect(offer.addedDrivingMinutes).to.equal(added);
          expect(day.stops).to.have.length(placed.day.stops.length + 1);
          expect(day.legs).to.have.length(day.stops.length + 1);
          expect(offer.arrivesAt % 5).to.equal(0);
          expect(offer.arrivesAt).to.be.within(offer.arrival.fromMinute, offer.arrival.toMinute);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('Windows of several tours', () => {
  const chance = chanceOf(11);
  const [near, far] = [
    { lat: 50.8, lon: 12.4 },
    { lat: 50.95, lon: 12.7 },
  ];
  const depot = { lat: 50.85, lon: 12.46 };
  const at = (village: { lat: number; lon: number }): PlacedDay => {
    let placed = publicDay(chance, [village]);
    while (placed.day.stops.length !== 1) placed = publicDay(chance, [village]);
    return { ...placed, places: [depot, village] };
  };
  const candidate = (placed: PlacedDay, changes: Partial<OfferingTour>): Candidate => ({
    tour: tourOf(placed, changes),
    visit: visitAt(placed, { lat: near.lat + 0.002, lon: near.lon }, 30),
  });

  it('begin with the tour that is in the place anyway', () => {
    const candidates = [
      candidate(at(far), { tourId: 1, date: '2027-01-05' }),
      candidate(at(near), { tourId: 2, date: '2027-01-19' }),
    ];
    const { offers, refused } = rankWindows(candidates, RULES);
    expect(refused).to.deep.equal([]);
    expect(offers[0]?.tourId).to.equal(2);
    expect(new Set(offers.map(({ tourId }) => tourId))).to.deep.equal(new Set([1, 2]));
  });

  it('name for each tour that offers nothing why', () => {
    const candidates = [
      candidate(at(far), { tourId: 1, mostDetourMinutes: 5 }),
      candidate(at(near), { tourId: 2, canServe: false }),
      candidate(at(near), { tourId: 3, mostVisits: 0 }),
      candidate(at(near), { tourId: 4, earliestMinute: null }),
      candidate(at(near), { tourId: 5, earliestMinute: 1200 }),
    ];
    const { offers, refused } = rankWindows(candidates, RULES);
    expect(offers).to.deep.equal([]);
    expect(refused.map(({ tourId, reason }) => [tourId, reason])).to.deep.equal([
      [1, 'tooFar'],
      [2, 'cannotServe'],
      [3, 'full'],
      [4, 'tooLate'],
      [5, 'noTime'],
    ]);
    expect(refused[0]?.detourMinutes).to.be.above(5);
  });
});

describe('The check of a day', () => {
  const day: HomeDay = {
    stops: [
      {
        kind: 'home',
        fromMinute: 550,
        toMinute: 580,
        setUpMinutes: 10,
        tearDownMinutes: 5,
        arrival: { fromMinute: 540, toMinute: 630 },
      },
    ],
    legs: [12, 12],
    shift: { fromMinute: 420, toMinute: 1080 },
    rules: { breakAfterMinutes: 360, breakMinutes: 30, maxWorkingMinutes: 600 },
    reserveMinutes: 5,
  };
  const kinds = (changed: HomeDay): string[] => brokenPromises(changed).map(({ kind }) => kind);

  it('is content with a day that keeps everything', () => {
    expect(kinds(day)).to.deep.equal([]);
    expect(planOf(day)?.departureMinute).to.equal(540 - 12);
  });

  it('finds each promise that is broken', () => {
    const [visit] = day.stops;
    expect(kinds({ ...day, stops: [{ ...visit!, arrival: { fromMinute: 600, toMinute: 690 } }] })).to.deep.equal([
      'windowMissed',
    ]);
    expect(
      kinds({ ...day, stops: [{ ...visit!, kind: 'public', arrival: { fromMinute: 600, toMinute: 600 } }] }),
    ).to.deep.equal(['announcementMoved']);
    expect(kinds({ ...day, shift: { fromMinute: 530, toMinute: 1080 } })).to.deep.equal(['leavesTooEarly']);
    expect(kinds({ ...day, shift: { fromMinute: 420, toMinute: 590 } })).to.deep.equal(['returnsTooLate']);
    expect(kinds({ ...day, rules: { ...day.rules, maxWorkingMinutes: 60 } })).to.deep.equal(['workingDayTooLong']);
    expect(kinds({ ...day, rules: { ...day.rules, breakAfterMinutes: 60 } })).to.deep.equal(['noBreak']);
    const next = { ...visit!, fromMinute: 590, toMinute: 620 };
    expect(kinds({ ...day, stops: [visit!, next], legs: [12, 3, 12] })).to.deep.equal(['unreachable']);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import type { AskedTravel } from '../../../server/domain/routing/travel.ts';
import { placesOfDay } from '../../../server/domain/tours/day.ts';
import type { PlanningPicture } from '../../../server/domain/tours/picture.ts';
import {
  basisOf,
  canBeTimed,
  sameTimes,
  tourTimes,
  type DayRoute,
  type TourTimes,
} from '../../../server/domain/tours/times.ts';
import type { TourPlan } from '../../../server/domain/tours/tour.ts';
import {
  ANNA,
  BERND,
  changed,
  clock,
  DEPOT,
  goodPlan,
  KIT_WITHOUT_CAMERA,
  LIBRARY,
  MEERANE,
  smallPicture,
  stop,
  TOWN_HALL,
  travel,
} from './picture.ts';

function route(change: Partial<TourPlan> = {}, picture: PlanningPicture = smallPicture()): DayRoute {
  const plan = goodPlan(change);
  const rules = picture.municipalities.get(plan.municipalityId);
  if (rules === undefined) throw new Error('no municipality');
  return { stops: plan.stops, places: placesOfDay(plan, picture), rules };
}

function roads(places: number, minutes = 10, estimated = false): AskedTravel {
  const from = Array.from({ length: places }, () => Array.from({ length: places }, () => estimated));
  return { ...travel(places, minutes), estimated: from, fellBack: false };
}

function timesOf(given: DayRoute, asked = roads(given.places.length)): TourTimes {
  const times = tourTimes(given, asked);
  if (times === null) throw new Error('no times');
  return times;
}

describe('The times of a tour', () => {
  it('say when the crew leaves, arrives, waits, rests and is back', () => {
    // 9:00 − 20 min − 10 min of way = 8:30; 11:00 + 15 + 10 = 11:25, and set-up begins at 12:30 − 20 = 12:10: 45 min.
    // 14:00 + 15 + 10 = 14:25. 8:30 to 14:25 are 5 h 55 min: no break is due.
    expect(timesOf(route())).to.deep.include({
      departureMinute: clock('8:30'),
      returnMinute: clock('14:25'),
      workingMinutes: 355,
      legs: Array(3).fill({ minutes: 10, metres: 6000, estimated: false }),
      stops: [
        { arrivalMinute: clock('8:40'), waitingMinutes: 0 },
        { arrivalMinute: clock('11:25'), waitingMinutes: 45 },
      ],
      breaks: [],
    });
  });

  it('name the breaks, which do not count as work', () => {
    const long = route({ stops: [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:30', '15:00')] });
    // 8:30 to 15:25 = 6 h 55 min, 30 of them rest.
    expect(timesOf(long)).to.deep.include({
      workingMinutes: 385,
      breaks: [{ fromMinute: clock('11:40'), toMinute: clock('12:10') }],
    });
  });

  it('say by how much a stop comes too soon, and which way is estimated', () => {
    const late = route({ stops: [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '11:40', '13:00')] });
    const times = timesOf(late, roads(3, 10, true));
    expect(times.stops[1]).to.deep.equal({ arrivalMinute: clock('11:25'), waitingMinutes: -5 });
    expect(times.legs.map(({ estimated }) => estimated)).to.deep.equal([true, true, true]);
  });

  it('are of the clock on the wall, also in the hour that the clocks change', () => {
    // 2:30 − 20 − 10 = 2:00 on any date; the instants of the stops are the business of the zone.
    const night = { stops: [stop(TOWN_HALL, '2:30', '3:30')] };
    for (const date of ['2026-03-29', '2026-10-25', '2026-12-08']) {
      expect(timesOf(route({ ...night, date }))).to.deep.include({
        departureMinute: clock('2:00'),
        returnMinute: clock('3:55'),
      });
    }
  });

  it('may begin the day before and end the day after', () => {
    const times = timesOf(route({ stops: [stop(TOWN_HALL, '0:00', '24:00')] }));
    expect([times.departureMinute, times.returnMinute]).to.deep.equal([-30, 1465]);
  });

  it('are none without stops, with a stop that ends before it begins, or with stops out of order', () => {
    const senseless = [
      [],
      [stop(TOWN_HALL, '9:00', '9:00')],
      [stop(TOWN_HALL, '12:00', '13:00'), stop(LIBRARY, '9:00', '10:00')],
    ];
    for (const stops of senseless) {
      const given = route({ stops });
      expect(canBeTimed(given)).to.equal(false);
      expect(tourTimes(given, roads(given.places.length))).to.equal(null);
    }
  });

  it('can always be stored: the return after the departure, the breaks one after the other', () => {
    const minutes = fc.integer({ min: 0, max: 288 }).map((tick) => tick * 5);
    const anyStop = fc.tuple(minutes, minutes, fc.nat(120), fc.nat(120));
    fc.assert(
      fc.property(fc.array(anyStop, { maxLength: 6 }), fc.nat(90), (rows, way) => {
        const stops = rows.map(([fromMinute, toMinute, setUpMinutes, tearDownMinutes]) => ({
          fromMinute,
          toMinute,
          setUpMinutes,
          tearDownMinutes,
        }));
        const places = Array.from({ length: stops.length + 1 }, () => ({ lat: 50, lon: 12 }));
        const given = { stops, places, rules: { breakAfterMinutes: 120, breakMinutes: 60 } };
        const times = tourTimes(given, roads(places.length, way));
        expect(times !== null).to.equal(canBeTimed(given));
        if (times === null) return;
        expect(times.departureMinute).to.be.below(times.returnMinute);
        expect(times.workingMinutes).to.be.at.least(0);
        expect(times.legs.length).to.equal(stops.length + 1);
        expect(times.stops.length).to.equal(stops.length);
        times.breaks.forEach(({ fromMinute, toMinute }, index) => {
          expect(fromMinute).to.be.below(toMinute);
          expect(fromMinute).to.be.at.least(times.breaks[index - 1]?.toMinute ?? fromMinute);
        });
      }),
    );
  });
});

describe('What the times of a tour were computed from', () => {
  const before = basisOf(route());
  const moved = { at: { lat: 50.9, lon: 12.5 } };

  it('is another thing when a stop, its place or its times change', () => {
    const [first, second] = goodPlan().stops;
    const others: Partial<TourPlan>[] = [
      { stops: [first!] },
      { stops: [{ ...first!, fromMinute: first!.fromMinute - 5 }, second!] },
      { stops: [{ ...first!, toMinute: first!.toMinute + 5 }, second!] },
      { stops: [{ ...first!, setUpMinutes: 25 }, second!] },
      { stops: [{ ...first!, tearDownMinutes: 25 }, second!] },
      { stops: [{ ...first!, venueId: LIBRARY }, second!] },
      {
        stops: [
          { ...first!, venueId: second!.venueId },
          { ...second!, venueId: first!.venueId },
        ],
      },
    ];
    const all = [before, ...others.map((plan) => basisOf(route(plan)))];
    expect(new Set(all).size).to.equal(all.length);
  });

  it('is another thing when a venue or the depot moved, or the rules for breaks changed', () => {
    const all = [
      before,
      basisOf(route({}, changed('venues', LIBRARY, moved))),
      basisOf(route({}, changed('depots', DEPOT, moved))),
      basisOf(route({}, changed('municipalities', MEERANE, { breakAfterMinutes: 300 }))),
      basisOf(route({}, changed('municipalities', MEERANE, { breakMinutes: 45 }))),
    ];
    expect(new Set(all).size).to.equal(all.length);
  });

  it('is the same for another date, crew, kit of the same depot, note, or number of counters', () => {
    const stops = goodPlan().stops.map((one) => ({ ...one, id: 7, counters: 3 }));
    for (const plan of [
      { date: '2027-01-05' },
      { clerkIds: [BERND, ANNA] },
      { kitId: KIT_WITHOUT_CAMERA },
      { note: 'x' },
      { stops },
    ]) {
      expect(basisOf(route(plan))).to.equal(before);
    }
  });

  it('fits into the database', () => {
    expect(before).to.match(/^1-[0-9a-f]{16}$/);
  });

  it('differs for any two of many routes', () => {
    const seen = new Set<string>();
    for (let minute = 0; minute < 1400; minute++) {
      for (const setUpMinutes of [0, 5, 10, 15, 20]) {
        const one = { fromMinute: minute, toMinute: minute + 30, setUpMinutes, tearDownMinutes: 15 };
        seen.add(basisOf({ ...route(), stops: [one] }));
      }
    }
    expect(seen.size).to.equal(7000);
  });

  it('does not say whether the figures are still the same', () => {
    const times = timesOf(route());
    expect(sameTimes(times, timesOf(route()))).to.equal(true);
    expect(sameTimes(times, timesOf(route(), roads(3, 11)))).to.equal(false);
    expect(sameTimes(times, timesOf(route(), roads(3, 10, true)))).to.equal(false);
  });
});

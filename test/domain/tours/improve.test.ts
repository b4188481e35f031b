import { expect } from 'chai';
import fc from 'fast-check';
import { isPossible } from '../../../server/domain/tours/conflicts.ts';
import { cutWindows, heldReasons, startWindows } from '../../../server/domain/tours/freedom.ts';
import {
  countObstacles,
  dayMinutes,
  improveOrder,
  type Arrangement,
  type Improvement,
} from '../../../server/domain/tours/improve.ts';
import type { TravelMatrix } from '../../../server/domain/routing/travel.ts';
import type { PlanningPicture } from '../../../server/domain/tours/picture.ts';
import type { PlannedStop, TourPlan } from '../../../server/domain/tours/tour.ts';
import {
  ANNA,
  changed,
  checkInput,
  clock,
  goodPlan,
  LIBRARY,
  smallPicture,
  stop,
  TOWN_HALL,
  VILLAGE,
} from './picture.ts';

/**
 * Minutes along the sides of a square: the depot is at one corner, then town hall, library and village. Neighbours are
 * ten minutes apart, opposite corners twenty.
 */
const CORNERS = [undefined, TOWN_HALL, LIBRARY, VILLAGE];

function squareWays(stops: readonly PlannedStop[], minutes = 10): TravelMatrix {
  const corners = [0, ...stops.map(({ venueId }) => CORNERS.indexOf(venueId))];
  const sides = corners.map((from) => corners.map((to) => Math.min(Math.abs(from - to), 4 - Math.abs(from - to))));
  return {
    seconds: sides.map((row) => row.map((side) => side * minutes * 60)),
    metres: sides.map((row) => row.map((side) => side * 6_000)),
  };
}

/** Depot, town hall, village, library: 10 + 20 + 10 + 20 = 60 minutes of driving, twice across the square. */
const CROSSING = [
  stop(TOWN_HALL, '9:00', '10:00', { id: 1 }),
  stop(VILLAGE, '11:00', '12:00', { id: 2 }),
  stop(LIBRARY, '13:30', '14:30', { id: 3 }),
];

function improve(
  stops: readonly PlannedStop[],
  free: readonly boolean[],
  {
    picture = smallPicture(),
    minutes = 10,
    plan = {},
  }: { picture?: PlanningPicture; minutes?: number; plan?: Partial<TourPlan> } = {},
): Improvement {
  const input = checkInput(goodPlan({ stops, ...plan }), picture, { travel: squareWays(stops, minutes) });
  return improveOrder({ ...input, free });
}

function better(improvement: Improvement): { now: Arrangement; proposal: Arrangement; gapMinutes: number } {
  if (improvement.kind !== 'better') throw new Error(`nothing is proposed: ${improvement.kind}`);
  return improvement;
}

const timesOf = ({ plan }: Arrangement): [id: number | null, from: number, to: number][] =>
  plan.stops.map(({ id, fromMinute, toMinute }) => [id, fromMinute, toMinute]);

const TUESDAY = 2;

describe('A tour that crosses its own way', () => {
  it('gets the order around the square, with the least driving and as early as it begins today', () => {
    const { now, proposal, gapMinutes } = better(improve(CROSSING, [false, true, true]));
    expect(now.drivingMinutes).to.equal(60);
    // Depot, town hall, library, village: four sides of ten minutes.
    expect([proposal.drivingMinutes, proposal.metres, gapMinutes]).to.deep.equal([40, 24_000, 0]);
    // 10:00 + 15 tear-down + 10 driving + 20 set-up = 10:45; 11:45 + 45 = 12:30.
    expect(timesOf(proposal)).to.deep.equal([
      [1, clock('9:00'), clock('10:00')],
      [3, clock('10:45'), clock('11:45')],
      [2, clock('12:30'), clock('13:30')],
    ]);
    // 9:00 - 20 - 10 and 13:30 + 15 + 10.
    expect([proposal.day.departureMinute, proposal.day.returnMinute]).to.deep.equal([clock('8:30'), clock('13:55')]);
    expect(isPossible(proposal.conflicts)).to.equal(true);
  });

  it('keeps the times that were agreed, and visits the others around them', () => {
    const { proposal } = better(improve(CROSSING, [false, true, false]));
    // Only the village is free: after the library it needs 14:30 + 15 + 10 + 20 = 15:15.
    expect(timesOf(proposal)).to.deep.equal([
      [1, clock('9:00'), clock('10:00')],
      [3, clock('13:30'), clock('14:30')],
      [2, clock('15:15'), clock('16:15')],
    ]);
    expect(proposal.drivingMinutes).to.equal(40);
  });

  it('is left alone where no stop may get another time', () => {
    expect(improve(CROSSING, [false, false, false])).to.include({ kind: 'best', gapMinutes: 0 });
  });

  it('puts no stop outside the opening hours of its venue', () => {
    const windows = [{ weekday: TUESDAY, fromMinute: clock('13:00'), toMinute: clock('16:00') }];
    const { proposal } = better(
      improve(CROSSING, [true, true, true], { picture: changed('venues', LIBRARY, { windows }) }),
    );
    const library = proposal.plan.stops.find(({ venueId }) => venueId === LIBRARY);
    expect(library?.fromMinute).to.be.within(clock('13:00'), clock('15:00'));
    expect(proposal.drivingMinutes).to.equal(40);
  });

  it('leaves the working hours of its crew no further than it does today', () => {
    // Today the crew is back at 14:30 + 15 + 20 = 15:05, an hour after its working time.
    const hours = [{ weekday: TUESDAY, fromMinute: clock('8:30'), toMinute: clock('14:00') }];
    const { now, proposal } = better(
      improve(CROSSING, [true, true, true], { picture: changed('clerks', ANNA, { hours }) }),
    );
    expect(now.day.returnMinute).to.equal(clock('15:05'));
    expect(proposal.plan.stops.every(({ toMinute }) => toMinute <= clock('14:00'))).to.equal(true);
    expect(proposal.day.departureMinute).to.be.least(clock('8:30'));
    expect(proposal.conflicts).to.deep.equal([]);
  });
});

describe('A tour that is as good as can be', () => {
  const around = [stop(TOWN_HALL, '9:00', '10:00'), stop(LIBRARY, '10:45', '11:45'), stop(VILLAGE, '12:30', '13:30')];

  it('is said to be the best, with a proof', () => {
    expect(improve(around, [true, true, true])).to.include({ kind: 'best', gapMinutes: 0 });
  });

  it('with much waiting is offered a shorter day, with little it is not', () => {
    const waiting = (from: string, to: string) => [...around.slice(0, 2), stop(VILLAGE, from, to)];
    const { now, proposal } = better(improve(waiting('13:00', '14:00'), [true, true, true]));
    expect(proposal.drivingMinutes).to.equal(now.drivingMinutes);
    expect(dayMinutes(now) - dayMinutes(proposal)).to.equal(30);
    expect(improve(waiting('12:55', '13:55'), [true, true, true]).kind).to.equal('best');
  });
});

describe('A tour that cannot take place', () => {
  it('is mended where another order can', () => {
    // The village begins five minutes too early: 10:00 + 15 + 20 + 20 = 10:55.
    const stops = [stop(TOWN_HALL, '9:00', '10:00'), stop(VILLAGE, '10:50', '11:50')];
    const { now, proposal } = better(improve(stops, [false, true]));
    expect([countObstacles(now), countObstacles(proposal)]).to.deep.equal([1, 0]);
    expect(proposal.plan.stops[1]?.fromMinute).to.equal(clock('10:55'));
  });

  it('is told so where none can', () => {
    const windows = [{ weekday: TUESDAY, fromMinute: clock('9:00'), toMinute: clock('11:00') }];
    const picture = changed('venues', VILLAGE, { windows }, changed('venues', TOWN_HALL, { windows }));
    const stops = [stop(TOWN_HALL, '9:00', '10:30'), stop(VILLAGE, '9:30', '11:00')];
    const improvement = improve(stops, [true, true], { picture });
    expect(improvement.kind).to.equal('impossible');
  });

  it('for a reason that has nothing to do with its order still gets a better one', () => {
    const { proposal } = better(improve(CROSSING, [true, true, true], { plan: { kitId: null } }));
    expect(proposal.conflicts.map(({ kind }) => kind)).to.deep.equal(['noKit']);
    expect(proposal.drivingMinutes).to.equal(40);
  });

  it('gets no proposal before its places and times are known', () => {
    const missing = (stops: readonly PlannedStop[], plan: Partial<TourPlan> = {}): string => {
      const improvement = improve(
        stops,
        stops.map(() => true),
        { plan },
      );
      return improvement.kind === 'notYet' ? improvement.missing : improvement.kind;
    };
    expect(missing(CROSSING.slice(0, 1))).to.equal('stops');
    expect(missing(CROSSING, { depotId: null })).to.equal('place');
    expect(missing([...CROSSING, stop(99, '15:00', '16:00')])).to.equal('place');
    expect(missing([...CROSSING, stop(TOWN_HALL, '16:00', '15:00')])).to.equal('times');
    expect(missing([...CROSSING, stop(TOWN_HALL, '16:02', '17:00')])).to.equal('times');
  });
});

describe('The times at which a stop may begin', () => {
  const hours = [{ weekday: TUESDAY, fromMinute: clock('9:00'), toMinute: clock('17:00') }];
  const windows = [
    { weekday: TUESDAY, fromMinute: clock('8:02'), toMinute: clock('12:00') },
    { weekday: TUESDAY, fromMinute: clock('14:00'), toMinute: clock('18:00') },
    { weekday: 3, fromMinute: clock('6:00'), toMinute: clock('20:00') },
  ];
  const anHour = stop(LIBRARY, '9:00', '10:00');
  const spans = (picture: PlanningPicture, one = anHour): string =>
    startWindows(one, goodPlan(), picture)
      .map(({ fromMinute, toMinute }) => `${fromMinute / 60}-${toMinute / 60}`)
      .join(' ');

  it('are those at which its venue is open all the while, on the five-minute grid', () => {
    // 8:02 becomes 8:05, and an hour before 12 and 18.
    expect(spans(changed('venues', LIBRARY, { windows }))).to.equal(`${485 / 60}-11 14-17`);
  });

  it('are cut to the hours of the crew', () => {
    const picture = changed('clerks', ANNA, { hours }, changed('venues', LIBRARY, { windows }));
    expect(spans(picture)).to.equal('9-11 14-16');
    expect(spans(changed('clerks', ANNA, { hours }))).to.equal('9-16');
  });

  it('are 7 to 19 where nothing is known', () => {
    expect(spans(smallPicture())).to.equal('7-18');
  });

  it('are none where it is too long, and then its time stays', () => {
    const long = stop(LIBRARY, '8:00', '14:00');
    const picture = changed('venues', LIBRARY, { windows });
    expect(spans(picture, long)).to.equal('');
    expect(heldReasons(goodPlan({ stops: [stop(TOWN_HALL, '6:00', '7:00'), long] }), picture)).to.deep.equal([
      null,
      'noOtherTime',
    ]);
  });

  it('stay where two stops at one venue follow each other: that is a visit with a break', () => {
    const visit = [stop(TOWN_HALL, '9:00', '10:00'), stop(LIBRARY, '11:00', '12:00'), stop(LIBRARY, '13:00', '14:00')];
    expect(heldReasons(goodPlan({ stops: visit }), smallPicture())).to.deep.equal([null, 'sameVenue', 'sameVenue']);
  });

  it('are cut to the grid, too', () => {
    expect(cutWindows([{ fromMinute: 540, toMinute: 600 }], 541, 599)).to.deep.equal([
      { fromMinute: 545, toMinute: 595 },
    ]);
    expect(cutWindows([{ fromMinute: 540, toMinute: 600 }], 596, 599)).to.deep.equal([]);
  });
});

describe('Whatever is proposed', () => {
  const venues = [TOWN_HALL, LIBRARY, VILLAGE] as const;
  const oneStop = fc.record({
    venue: fc.constantFrom(...venues),
    minutes: fc.integer({ min: 6, max: 24 }).map((ticks) => ticks * 5),
    gap: fc.integer({ min: 0, max: 30 }).map((ticks) => ticks * 5),
    setUp: fc.integer({ min: 0, max: 25 }),
    tearDown: fc.integer({ min: 0, max: 25 }),
    free: fc.boolean(),
  });
  const day = fc.record({
    stops: fc.array(oneStop, { minLength: 2, maxLength: 5 }),
    ways: fc.array(fc.integer({ min: 0, max: 2_400 }), { minLength: 36, maxLength: 36 }),
    opens: fc.integer({ min: 6, max: 12 }),
    closes: fc.integer({ min: 13, max: 20 }),
    hours: fc.boolean(),
  });

  function inputOf(sample: typeof day extends fc.Arbitrary<infer Sample> ? Sample : never) {
    let minute = 8 * 60;
    const stops = sample.stops.map(({ venue, minutes, gap, setUp, tearDown }, index) => {
      const fromMinute = minute + gap;
      minute = fromMinute + minutes;
      return {
        ...stop(venue, '0:00', '0:00', { id: index + 1, setUpMinutes: setUp, tearDownMinutes: tearDown }),
        fromMinute,
        toMinute: minute,
      };
    });
    const windows = [{ weekday: TUESDAY, fromMinute: sample.opens * 60, toMinute: sample.closes * 60 }];
    const open = changed('venues', LIBRARY, { windows });
    const picture = sample.hours ? changed('clerks', ANNA, { hours: windows }, open) : open;
    const places = stops.length + 1;
    const seconds = Array.from({ length: places }, (_, from) =>
      Array.from({ length: places }, (__, to) => (from === to ? 0 : (sample.ways[from * 6 + to] ?? 0))),
    );
    const input = checkInput(goodPlan({ stops }), picture, { travel: { seconds, metres: seconds } });
    return { ...input, free: sample.stops.map(({ free }) => free) };
  }

  it('keeps every stop, its length and what was agreed, has no new obstacle and no more driving for nothing', () => {
    fc.assert(
      fc.property(day, (sample) => {
        const input = inputOf(sample);
        const improvement = improveOrder(input);
        if (improvement.kind !== 'better') return;
        const { now, proposal, gapMinutes } = improvement;
        expect([...proposal.order].sort()).to.deep.equal(input.plan.stops.map((_, index) => index));
        proposal.plan.stops.forEach((after, k) => {
          const index = proposal.order[k] ?? -1;
          const before = input.plan.stops[index];
          expect(after.fromMinute % 5, 'on the grid').to.equal(0);
          expect(after.toMinute - after.fromMinute).to.equal((before?.toMinute ?? 0) - (before?.fromMinute ?? 0));
          if (input.free[index] !== true) expect(after).to.deep.equal(before);
        });
        const kinds = (one: Arrangement): string[] =>
          one.conflicts.filter(({ severity }) => severity === 'impossible').map(({ kind }) => kind);
        expect(kinds(now)).to.include.members(kinds(proposal));
        expect(gapMinutes).to.be.least(0);
        if (countObstacles(proposal) === countObstacles(now)) {
          expect(proposal.drivingMinutes).to.be.most(now.drivingMinutes);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for the same tour', () => {
    fc.assert(
      fc.property(day, (sample) => {
        const input = inputOf(sample);
        expect(improveOrder(input)).to.deep.equal(improveOrder(input));
      }),
      { numRuns: 20 },
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { checkTour, isPossible, type Conflict } from '../../../server/domain/tours/conflicts.ts';
import type { TourPlan } from '../../../server/domain/tours/tour.ts';
import {
  ANNA,
  changed,
  checkInput,
  clock,
  dataOf,
  goodPlan,
  LIBRARY,
  MEERANE,
  smallPicture,
  stop,
  TOWN_HALL,
  travel,
  VILLAGE,
} from './picture.ts';

type Stops = ReturnType<typeof stop>[];

/** The conflicts of one kind, without kind and severity. Ten minutes between any two places. */
function found(kind: Conflict['kind'], stops: Stops, picture = smallPicture(), minutes = 10): object[] {
  const input = checkInput(goodPlan({ stops }), picture, { travel: travel(stops.length + 1, minutes) });
  return checkTour(input).flatMap((one) => {
    if (one.kind !== kind) return [];
    return [dataOf(one)];
  });
}

describe('The announced time of a stop', () => {
  it('has an end after its beginning, within one day', () => {
    const times = (fromMinute: number, toMinute: number) => [
      { ...stop(TOWN_HALL, '9:00', '10:00'), fromMinute, toMinute },
    ];
    expect(found('badTime', times(600, 600))).to.deep.equal([{ stop: 0, venueId: TOWN_HALL }]);
    expect(found('badTime', times(600, 540))).to.have.length(1);
    expect(found('badTime', times(-5, 60))).to.have.length(1);
    expect(found('badTime', times(1400, 1445))).to.have.length(1);
    expect(found('badTime', times(600, 605))).to.deep.equal([]);
    expect(found('badTime', times(0, 1440))).to.deep.equal([]);
  });
});

describe('Two stops, one after the other', () => {
  const first = stop(TOWN_HALL, '9:00', '11:00');

  it('must be in the order of the day', () => {
    expect(found('stopsUnordered', [first, stop(LIBRARY, '8:00', '8:30')])).to.deep.equal([
      { stop: 1, venueId: LIBRARY, previousVenueId: TOWN_HALL },
    ]);
    expect(found('stopsUnordered', [first, stop(LIBRARY, '9:00', '10:00')])).to.deep.equal([]);
  });

  it('must not overlap', () => {
    expect(found('stopsOverlap', [first, stop(LIBRARY, '10:30', '12:00')])).to.deep.equal([
      {
        stop: 1,
        venueId: LIBRARY,
        previousVenueId: TOWN_HALL,
        travelMinutes: 10,
        tearDownMinutes: 15,
        setUpMinutes: 20,
        // 11:00 + 15 + 10 + 20 = 11:45; 11:45 − 10:30 = 75.
        missingMinutes: 75,
        moveByMinutes: 75,
        movedFromMinute: clock('11:45'),
        movedToMinute: clock('13:15'),
      },
    ]);
    expect(found('stopsOverlap', [first, stop(LIBRARY, '11:00', '12:00')])).to.deep.equal([]);
  });

  it('need time for tear-down, the way and set-up', () => {
    // 15 + 12 + 20 = 47 min after 11:00.
    expect(found('tooCloseStops', [first, stop(LIBRARY, '11:45', '12:30')], undefined, 12)).to.deep.equal([
      {
        stop: 1,
        venueId: LIBRARY,
        previousVenueId: TOWN_HALL,
        travelMinutes: 12,
        tearDownMinutes: 15,
        setUpMinutes: 20,
        missingMinutes: 2,
        // On the five-minute grid.
        moveByMinutes: 5,
        movedFromMinute: clock('11:50'),
        movedToMinute: clock('12:35'),
      },
    ]);
    expect(found('tooCloseStops', [first, stop(LIBRARY, '11:47', '12:30')], undefined, 12)).to.deep.equal([]);
    // Overlapping ones are told so, and only so.
    expect(found('tooCloseStops', [first, stop(LIBRARY, '10:00', '12:30')], undefined, 12)).to.deep.equal([]);
  });

  it('need no more than the stops themselves say', () => {
    const kept = { ...first, tearDownMinutes: 0 };
    expect(found('tooCloseStops', [kept, stop(LIBRARY, '11:10', '12:00', { setUpMinutes: 0 })])).to.deep.equal([]);
    expect(found('tooCloseStops', [kept, stop(LIBRARY, '11:10', '12:00', { setUpMinutes: 1 })])[0]).to.include({
      missingMinutes: 1,
    });
  });

  it('with more than an hour and a half of nothing between them are pointed out', () => {
    // Free from 11:25 (15 + 10 after 11:00) until the set-up.
    expect(found('longWait', [first, stop(LIBRARY, '13:20', '14:00')])).to.deep.equal([
      {
        stop: 1,
        venueId: LIBRARY,
        previousVenueId: TOWN_HALL,
        fromMinute: clock('11:25'),
        toMinute: clock('13:00'),
        minutes: 95,
      },
    ]);
    expect(found('longWait', [first, stop(LIBRARY, '13:15', '14:00')])).to.deep.equal([]);
  });
});

describe('A tour', () => {
  it('begins on its day', () => {
    // 0:25 − 20 − 10 = −5 min.
    expect(found('startsTooEarly', [stop(TOWN_HALL, '0:25', '2:00')])).to.deep.equal([{ departureMinute: -5 }]);
    expect(found('startsTooEarly', [stop(TOWN_HALL, '0:30', '2:00')])).to.deep.equal([]);
  });

  it('ends on its day', () => {
    // 23:40 + 15 + 10 = 24:05.
    expect(found('returnsTooLate', [stop(TOWN_HALL, '22:00', '23:40')])).to.deep.equal([{ returnMinute: 1445 }]);
    expect(found('returnsTooLate', [stop(TOWN_HALL, '22:00', '23:35')])).to.deep.equal([]);
  });
});

describe('The working day', () => {
  it('has at most ten hours without breaks (ArbZG § 3), or as many as the municipality says', () => {
    // Leaves 7:00, back 17:50 = 10 h 50 min; waits 60 min from 11:25, of which 45 min are the break: 10 h 5 min.
    const stops = (end: string) => [stop(TOWN_HALL, '7:30', '11:00'), stop(LIBRARY, '12:45', end)];
    expect(found('workingDayTooLong', stops('17:25'))).to.deep.equal([
      { workingMinutes: 605, maxMinutes: 600, overMinutes: 5 },
    ]);
    expect(found('workingDayTooLong', stops('17:20'))).to.deep.equal([]);
    const eightHours = changed('municipalities', MEERANE, { maxWorkingMinutes: 480 });
    expect(found('workingDayTooLong', stops('17:20'), eightHours)[0]).to.include({ overMinutes: 120 });
  });

  it('has a break after six hours (ArbZG § 4)', () => {
    // 8:30 to 14:31 is a minute more than six hours; between 11:25 and 11:35 there is no time for a break.
    const stops = (end: string) => [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '11:55', end)];
    expect(found('noBreak', stops('14:06'))).to.deep.equal([
      { longestMinutes: 361, breakAfterMinutes: 360, dueMinutes: 30, foundMinutes: 0 },
    ]);
    expect(found('noBreak', stops('14:05'))).to.deep.equal([]);
    // With half an hour in between, there is one.
    expect(found('noBreak', [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:15', '14:30')])).to.deep.equal([]);
  });

  it('has its break after less than six hours if the municipality says so', () => {
    const picture = changed('municipalities', MEERANE, { breakAfterMinutes: 300 });
    const stops = [stop(TOWN_HALL, '9:00', '13:05')];
    // 8:30 to 13:30 are five hours.
    expect(found('noBreak', stops, picture)).to.deep.equal([]);
    expect(found('noBreak', [stop(TOWN_HALL, '9:00', '13:10')], picture)).to.have.length(1);
  });

  it('is not looked at while the times make no sense', () => {
    const stops = [stop(TOWN_HALL, '9:00', '20:00'), stop(LIBRARY, '6:00', '7:00')];
    for (const kind of ['noBreak', 'workingDayTooLong', 'longWait', 'startsTooEarly'] as const) {
      expect(found(kind, stops), kind).to.deep.equal([]);
    }
  });
});

describe('Whatever is planned', () => {
  const anyId = fc.oneof(fc.constantFrom(1, 2, 11, 21, 22, 31, 32, 33, 34, 41, 42, 43, 51, 52, 53), fc.integer());
  const anyMinute = fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.integer());
  const anyStop = fc.record({
    id: fc.constant(null),
    venueId: anyId,
    fromMinute: anyMinute,
    toMinute: anyMinute,
    counters: fc.integer({ min: -1, max: 20 }),
    setUpMinutes: fc.integer({ min: -10, max: 500 }),
    tearDownMinutes: fc.integer({ min: -10, max: 500 }),
  });
  const anyPlan: fc.Arbitrary<TourPlan> = fc.record({
    municipalityId: anyId,
    date: fc.constantFrom('2026-12-08', '2026-01-01', '2027-01-03', '9999-12-31'),
    depotId: fc.option(anyId),
    kitId: fc.option(anyId),
    clerkIds: fc.array(anyId, { maxLength: 5 }),
    announced: fc.option(fc.array(anyId, { maxLength: 5 })),
    note: fc.constant(null),
    stops: fc.array(anyStop, { maxLength: 8 }),
  });

  it('is answered with conflicts, obstacles first, never with a failure', () => {
    const picture = {
      ...changed('clerks', ANNA, { hours: [{ weekday: 2, fromMinute: 480, toMinute: 900 }] }),
      closings: [{ municipalityId: MEERANE, venueId: null, fromDate: '2027-01-01', toDate: '2027-01-10', reason: '' }],
    };
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 0, max: 9 }), (plan, places) => {
        // The matrix may even be too small.
        const conflicts = checkTour(checkInput(plan, picture, { travel: travel(places) }));
        const severities = conflicts.map(({ severity }) => severity);
        expect(severities).to.deep.equal([...severities].sort());
        expect(isPossible(conflicts)).to.equal(!severities.includes('impossible'));
      }),
      { numRuns: 1000 },
    );
  });

  it('is told the same each time, and nothing is changed by looking', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const input = checkInput(plan);
        const before = JSON.stringify([input.plan, input.travel, [...input.picture.clerks], [...input.picture.kits]]);
        const once = checkTour(input);
        expect(checkTour(input)).to.deep.equal(once);
        const after = JSON.stringify([input.plan, input.travel, [...input.picture.clerks], [...input.picture.kits]]);
        expect(after).to.equal(before);
      }),
    );
  });

  it('knows of a stop too near only if it is: moved as is proposed, it fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 540, max: 900 }), fc.integer({ min: 0, max: 90 }), (fromMinute, minutes) => {
        const second = { ...stop(VILLAGE, '0:00', '1:00'), fromMinute, toMinute: fromMinute + 60 };
        const stops = [stop(TOWN_HALL, '9:00', '11:00'), second];
        for (const kind of ['tooCloseStops', 'stopsOverlap'] as const) {
          const [conflict] = found(kind, stops, undefined, minutes) as {
            movedFromMinute: number;
            movedToMinute: number;
          }[];
          if (conflict === undefined) continue;
          const moved = { ...second, fromMinute: conflict.movedFromMinute, toMinute: conflict.movedToMinute };
          const again = [stop(TOWN_HALL, '9:00', '11:00'), moved];
          expect(found('tooCloseStops', again, undefined, minutes)).to.deep.equal([]);
          expect(found('stopsOverlap', again, undefined, minutes)).to.deep.equal([]);
          expect(moved.toMinute - moved.fromMinute).to.equal(60);
        }
      }),
    );
  });
});

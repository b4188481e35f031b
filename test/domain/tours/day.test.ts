import { expect } from 'chai';
import fc from 'fast-check';
import { breakMinutesDue, isEnough, placesOfDay, planDay, type DayTravel } from '../../../server/domain/tours/day.ts';
import { checkTour } from '../../../server/domain/tours/conflicts.ts';
import {
  checkInput,
  clock,
  DEPOT,
  goodPlan,
  KIT,
  LIBRARY,
  smallPicture,
  stop,
  TOWN_HALL,
  travel,
  VILLAGE,
} from './picture.ts';

const RULES = { breakAfterMinutes: 360, breakMinutes: 30 };
const at = (time: string) => clock(time);

function dayOf(stops: readonly ReturnType<typeof stop>[], matrix: DayTravel = travel(stops.length + 1), rules = RULES) {
  const day = planDay({ stops }, matrix, rules);
  if (day === null) throw new Error('no day');
  return day;
}

describe('The day of a tour', () => {
  it('is none without stops', () => {
    expect(planDay({ stops: [] }, travel(1), RULES)).to.equal(null);
  });

  it('begins just in time for the first stop and ends after the last way', () => {
    const day = dayOf(goodPlan().stops);
    // Open at 9:00, set-up 20 min → 8:40, way 10 min → leave at 8:30.
    // Closes at 14:00, tear-down 15 min → 14:15, way 10 min → back at 14:25.
    expect([day.departureMinute, day.returnMinute]).to.deep.equal([at('8:30'), at('14:25')]);
    expect(day.legs).to.deep.equal(Array(3).fill({ minutes: 10, metres: 6000, estimated: false }));
    expect(day.stops).to.deep.equal([
      {
        arrivalMinute: at('8:40'),
        setUpFrom: at('8:40'),
        opensAt: at('9:00'),
        closesAt: at('11:00'),
        tearDownTo: at('11:15'),
        slackMinutes: 0,
      },
      {
        // 11:15 + 10 min of way; 12:30 − 20 min of set-up = 12:10; 12:10 − 11:25 = 45 min.
        arrivalMinute: at('11:25'),
        setUpFrom: at('12:10'),
        opensAt: at('12:30'),
        closesAt: at('14:00'),
        tearDownTo: at('14:15'),
        slackMinutes: 45,
      },
    ]);
  });

  it('counts a begun minute of travel as a whole one', () => {
    const day = dayOf([stop(TOWN_HALL, '9:00', '10:00')], {
      seconds: [
        [0, 61],
        [120, 0],
      ],
      metres: [
        [0, 5],
        [6, 0],
      ],
    });
    expect(day.legs).to.deep.equal([
      { minutes: 2, metres: 5, estimated: false },
      { minutes: 2, metres: 6, estimated: false },
    ]);
  });

  it('says of each way whether its figures come from roads', () => {
    const estimated = [
      [false, true],
      [false, false],
    ];
    const day = dayOf([stop(TOWN_HALL, '9:00', '10:00')], { ...travel(2), estimated });
    expect(day.legs.map((leg) => leg.estimated)).to.deep.equal([true, false]);
  });

  it('may begin the day before and end the day after', () => {
    // 0:00 − 20 − 10 = −30; 24:00 + 15 + 10 = 1465.
    const day = dayOf([stop(TOWN_HALL, '0:00', '24:00')]);
    expect([day.departureMinute, day.returnMinute]).to.deep.equal([-30, 1465]);
  });

  it('tells by how much a stop comes too soon', () => {
    const day = dayOf([stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '11:40', '13:00')]);
    // 11:00 + 15 + 10 = 11:25, but the set-up would have to begin at 11:20.
    expect(day.stops[1]?.slackMinutes).to.equal(-5);
  });
});

describe('The break of a day (ArbZG § 4)', () => {
  it('is due after more than six hours, and longer after more than nine', () => {
    const due = [360, 361, 540, 541].map((minutes) => breakMinutesDue(minutes, RULES));
    expect(due).to.deep.equal([0, 30, 30, 45]);
  });

  it('is due as the municipality says where it wants more', () => {
    const strict = { breakAfterMinutes: 240, breakMinutes: 60 };
    expect([240, 241, 541].map((minutes) => breakMinutesDue(minutes, strict))).to.deep.equal([0, 60, 60]);
  });

  it('is not needed on a day of six hours', () => {
    // Ends 14:05: 8:30 to 14:30 are exactly 6 h.
    const day = dayOf([stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:30', '14:05')]);
    expect(day).to.include({ workingMinutes: 360, breakMinutes: 0, breakMinutesDue: 0, longestWithoutBreak: 360 });
    expect(day.breaks).to.deep.equal([]);
  });

  it('is taken between two stops, only as long as is due', () => {
    const day = dayOf([stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:30', '15:00')]);
    // 8:30 to 15:25 = 6 h 55 min. There are 45 min before 12:10; 30 of them at the end: 11:40 to 12:10.
    expect(day.breaks).to.deep.equal([{ fromMinute: at('11:40'), toMinute: at('12:10') }]);
    // 6 h 55 − 30 min = 6 h 25 min; until 11:40 3 h 10 min, from 12:10 3 h 15 min.
    expect(day).to.include({ workingMinutes: 385, breakMinutes: 30, breakMinutesDue: 30, longestWithoutBreak: 195 });
    expect(isEnough(day, RULES)).to.equal(true);
  });

  it('is shared by two waiting times of at least 15 minutes', () => {
    // Each stop 2 h; from 11:15 10 min of way → 11:25; set-up at 11:45 is 20 min later; then the same again.
    const stops = [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:05', '14:00'), stop(VILLAGE, '15:05', '17:00')];
    const day = dayOf(stops);
    // 8:30 to 17:25 = 8 h 55 min → 30 min are due: 15 + 15.
    expect(day.breaks).to.deep.equal([
      { fromMinute: at('11:30'), toMinute: at('11:45') },
      { fromMinute: at('14:30'), toMinute: at('14:45') },
    ]);
    expect(day.workingMinutes).to.equal(535 - 30);
  });

  it('is none in 14 minutes', () => {
    // Free from 11:25 to 11:39.
    const day = dayOf([stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '11:59', '15:00')]);
    expect(day.breaks).to.deep.equal([]);
    expect(isEnough(day, RULES)).to.equal(false);
  });

  it('may be 15 minutes if it leaves no more than six hours of work', () => {
    // 8:30 to 14:45 = 6 h 15 min, free from 11:25 to 11:40: 6 h of work (§ 2 (1): a break is not work).
    const day = dayOf([stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:00', '14:20')]);
    expect(day).to.include({ workingMinutes: 360, breakMinutes: 15, breakMinutesDue: 0 });
    expect(isEnough(day, RULES)).to.equal(true);
  });

  it('is 45 minutes when more than nine hours are worked', () => {
    // 7:30 to 17:25 = 9 h 55 min; with 30 min of break 9 h 25 min would be left, so 45 min are due. 60 min are free.
    const enough = dayOf([stop(TOWN_HALL, '8:00', '11:00'), stop(LIBRARY, '12:45', '17:00')]);
    expect(enough).to.include({ breakMinutes: 45, breakMinutesDue: 45, workingMinutes: 550 });
    // Only 40 min are free (11:25 to 12:05): 9 h 15 min of work with too little break.
    const little = dayOf([stop(TOWN_HALL, '8:00', '11:00'), stop(LIBRARY, '12:25', '17:00')]);
    expect(little).to.include({ breakMinutes: 40, breakMinutesDue: 45 });
    expect(isEnough(little, RULES)).to.equal(false);
  });

  it('comes before work has lasted longer than six hours, if need be before the way', () => {
    // 8:00 − 30 = 7:30. Torn down at 13:25, 20 min of way: 13:45 would be after 6 h 15 min. Set-up at 14:25: 40 min free.
    const stops = [stop(TOWN_HALL, '8:10', '13:10'), stop(LIBRARY, '14:45', '16:00')];
    const day = dayOf(stops, travel(3, 20));
    // Leaves at 8:10 − 20 − 20 = 7:30, so a break must begin by 13:30.
    expect(day.breaks).to.deep.equal([{ fromMinute: at('13:30'), toMinute: at('14:00') }]);
    expect(day.longestWithoutBreak).to.equal(360);
    expect(isEnough(day, RULES)).to.equal(true);
  });

  it('cannot be in the middle of one long stop', () => {
    const day = dayOf([stop(TOWN_HALL, '9:00', '15:00')]);
    // 8:30 to 15:25.
    expect(day).to.include({ longestWithoutBreak: 415, breakMinutes: 0, breakMinutesDue: 30 });
    expect(isEnough(day, RULES)).to.equal(false);
  });
});

describe('The places of a day', () => {
  const picture = smallPicture();
  const depot = picture.depots.get(DEPOT)?.at;
  const library = picture.venues.get(LIBRARY)?.at;

  it('are depot and stops', () => {
    const stops = [stop(LIBRARY, '9:00', '10:00')];
    expect(placesOfDay({ depotId: DEPOT, kitId: null, stops }, picture)).to.deep.equal([depot, library]);
  });

  it('have something else in place of what is not known', () => {
    const stops = [stop(999, '9:00', '10:00'), stop(LIBRARY, '11:00', '12:00')];
    expect(placesOfDay({ depotId: null, kitId: KIT, stops }, picture)).to.deep.equal([depot, depot, library]);
    expect(placesOfDay({ depotId: 999, kitId: null, stops }, picture)).to.deep.equal([library, library, library]);
    expect(placesOfDay({ depotId: null, kitId: null, stops: [] }, picture)).to.deep.equal([]);
  });
});

describe('Any day', () => {
  const anyStops = fc
    .array(fc.record({ gap: fc.integer({ min: 0, max: 200 }), length: fc.integer({ min: 5, max: 300 }) }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => {
      let minute = 240;
      return parts.flatMap(({ gap, length }) => {
        const from = minute + gap;
        minute = from + length;
        return minute > 1440 ? [] : [{ ...stop(TOWN_HALL, '0:00', '0:05'), fromMinute: from, toMinute: minute }];
      });
    })
    .filter((stops) => stops.length > 0);
  const anyMinutes = fc.integer({ min: 0, max: 60 });

  it('has the crew there before the set-up begins, when nothing is against it', () => {
    fc.assert(
      fc.property(anyStops, anyMinutes, (stops, minutes) => {
        const matrix = travel(stops.length + 1, minutes);
        const conflicts = checkTour(checkInput(goodPlan({ stops }), smallPicture(), { travel: matrix }));
        const tooClose = conflicts.flatMap((one) =>
          one.kind === 'tooCloseStops' || one.kind === 'stopsOverlap' ? [one.stop] : [],
        );
        const late = dayOf(stops, matrix).stops.flatMap(({ arrivalMinute, setUpFrom }, index) =>
          arrivalMinute > setUpFrom ? [index] : [],
        );
        expect(tooClose.sort()).to.deep.equal(late.sort());
      }),
    );
  });

  it('has its breaks in waiting time, each of at least 15 minutes, and counts them right', () => {
    fc.assert(
      fc.property(anyStops, anyMinutes, (stops, minutes) => {
        const day = dayOf(stops, travel(stops.length + 1, minutes));
        for (const { fromMinute, toMinute } of day.breaks) {
          expect(toMinute - fromMinute).to.be.at.least(15);
          const inWait = day.stops.some((later, index) => {
            const earlier = day.stops[index - 1];
            return earlier !== undefined && earlier.tearDownTo <= fromMinute && toMinute <= later.setUpFrom;
          });
          expect(inWait).to.equal(true);
        }
        // Work and breaks together are the time from departure to return.
        expect(day.workingMinutes + day.breakMinutes).to.equal(day.returnMinute - day.departureMinute);
        // Reference: the longest distance between the ends of the breaks.
        const from = [day.departureMinute, ...day.breaks.map(({ toMinute }) => toMinute)];
        const to = [...day.breaks.map(({ fromMinute }) => fromMinute), day.returnMinute];
        expect(day.longestWithoutBreak).to.equal(Math.max(...from.map((start, i) => (to[i] ?? NaN) - start)));
      }),
    );
  });

  it('has enough break whenever there is a way to have it', () => {
    // Reference: try for each wait no break, or all of it before or after the way.
    const canRest = (stops: ReturnType<typeof stop>[], minutes: number): boolean => {
      const day = dayOf(stops, travel(stops.length + 1, minutes));
      const waits = day.stops.flatMap((later, index) => {
        const earlier = day.stops[index - 1];
        return earlier !== undefined && later.slackMinutes >= 15
          ? [{ from: earlier.tearDownTo, to: later.setUpFrom, free: later.slackMinutes }]
          : [];
      });
      const tryFrom = (index: number, since: number, longest: number, total: number): boolean => {
        const wait = waits[index];
        if (wait === undefined) {
          const working = day.returnMinute - day.departureMinute - total;
          return (
            Math.max(longest, day.returnMinute - since) <= 360 && total >= (working > 540 ? 45 : working > 360 ? 30 : 0)
          );
        }
        return (
          tryFrom(index + 1, since, longest, total) ||
          tryFrom(index + 1, wait.from + wait.free, Math.max(longest, wait.from - since), total + wait.free) ||
          tryFrom(index + 1, wait.to, Math.max(longest, wait.to - wait.free - since), total + wait.free)
        );
      };
      return tryFrom(0, day.departureMinute, 0, 0);
    };
    fc.assert(
      fc.property(anyStops, anyMinutes, (stops, minutes) => {
        const enough = isEnough(dayOf(stops, travel(stops.length + 1, minutes)), RULES);
        // A break in the middle of a wait can do what these cannot, never the other way round.
        if (canRest(stops, minutes)) expect(enough).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });
});

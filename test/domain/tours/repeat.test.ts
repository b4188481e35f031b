import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, daysBetween, isoWeek, weekdayOf } from '../../../server/domain/time.ts';
import type { PlanningPicture } from '../../../server/domain/tours/picture.ts';
import { MAX_REPETITIONS, planRepetition, repetitionDates } from '../../../server/domain/tours/repeat.ts';
import {
  ANNA,
  BERND,
  changed,
  clock,
  goodPlan,
  KIT,
  LIBRARY,
  MEERANE,
  SCHOENBERG,
  smallPicture,
  stop,
  TODAY,
  TOWN_HALL,
  VILLAGE,
} from './picture.ts';

describe('The dates of a repetition', () => {
  it('are every other Tuesday over New Year and the 53rd week', () => {
    // 2026 has 53 weeks: Tuesday 29 December is in week 53, 12 January in week 2 of 2027.
    const dates = repetitionDates({ from: '2026-12-15', everyWeeks: 2, weekdays: [2], until: '2027-01-31' });
    expect(dates).to.deep.equal(['2026-12-29', '2027-01-12', '2027-01-26']);
    expect(dates.map((date) => isoWeek(date).week)).to.deep.equal([53, 2, 4]);
  });

  it('begin after the tour itself, in its own week if a later weekday is wanted', () => {
    // Tuesday 8 December; Monday of that week is over, Thursday is not.
    const dates = repetitionDates({ from: '2026-12-08', everyWeeks: 3, weekdays: [4, 1], until: '2027-01-01' });
    // Three weeks on is the week of Monday 28 December.
    expect(dates).to.deep.equal(['2026-12-10', '2026-12-28', '2026-12-31']);
  });

  it('include the last day and nothing behind it', () => {
    const rule = { from: '2026-12-08', everyWeeks: 1, weekdays: [2] };
    expect(repetitionDates({ ...rule, until: '2026-12-15' })).to.deep.equal(['2026-12-15']);
    expect(repetitionDates({ ...rule, until: '2026-12-14' })).to.deep.equal([]);
    expect(repetitionDates({ ...rule, until: '2026-12-01' })).to.deep.equal([]);
  });

  it('are none without a weekday', () => {
    expect(repetitionDates({ from: '2026-12-08', everyWeeks: 1, weekdays: [], until: '2027-12-08' })).to.deep.equal([]);
  });

  it('are 366 at most', () => {
    const all = { from: '2026-12-08', everyWeeks: 1, weekdays: [1, 2, 3, 4, 5, 6, 7], until: '2036-12-08' };
    expect(repetitionDates(all)).to.have.length(MAX_REPETITIONS);
    expect(repetitionDates(all).at(-1)).to.equal(addDays('2026-12-08', 366));
  });

  it('cannot be every 0, every 9 or every one and a half weeks', () => {
    for (const everyWeeks of [0, 9, 1.5, NaN]) {
      const rule = { from: '2026-12-08', everyWeeks, weekdays: [2], until: '2027-01-01' };
      expect(() => repetitionDates(rule), String(everyWeeks)).to.throw(RangeError);
    }
  });

  it('are those that a look at each single day finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2000-01-01', days)),
        fc.integer({ min: 1, max: 8 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
        fc.integer({ min: -20, max: 500 }),
        (from, everyWeeks, weekdays, length) => {
          const until = addDays(from, length);
          const dates = repetitionDates({ from, everyWeeks, weekdays, until });

          const monday = addDays(from, 1 - weekdayOf(from));
          const expected: string[] = [];
          for (let date = addDays(from, 1); date <= until; date = addDays(date, 1)) {
            const weeks = Math.floor(daysBetween(monday, date) / 7);
            if (weeks % everyWeeks === 0 && weekdays.includes(weekdayOf(date))) expected.push(date);
          }
          expect(dates).to.deep.equal(expected.slice(0, MAX_REPETITIONS));
        },
      ),
    );
  });

  it('ascend without doubles, on the wanted weekdays, and the same weekday comes again after so many weeks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2000-01-01', days)),
        fc.integer({ min: 1, max: 8 }),
        // Doubles and any order, as a form might send them.
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 10 }),
        (from, everyWeeks, weekdays) => {
          const dates = repetitionDates({ from, everyWeeks, weekdays, until: addDays(from, 400) });
          expect(dates).to.deep.equal([...new Set(dates)].sort());
          for (const date of dates) {
            expect(weekdays).to.include(weekdayOf(date));
            const before = dates.findLast((other) => other < date && weekdayOf(other) === weekdayOf(date));
            if (before !== undefined) expect(daysBetween(before, date)).to.equal(7 * everyWeeks);
          }
        },
      ),
    );
  });
});

describe('A repetition leaves out a date', () => {
  const DAY = '2026-12-22';
  const OTHER = '2026-12-29';
  const skipped = (picture: PlanningPicture, more: { plan?: ReturnType<typeof goodPlan>; today?: string } = {}) =>
    planRepetition({
      series: null,
      plan: more.plan ?? goodPlan(),
      dates: [DAY, OTHER],
      picture,
      holidayOn: () => null,
      today: more.today ?? TODAY,
    });
  /** What is skipped on the first date; the other one is always made. */
  const reasons = (picture: PlanningPicture, more?: Parameters<typeof skipped>[1]) => {
    const [first, other] = skipped(picture, more);
    expect(first?.date).to.equal(DAY);
    expect(other).to.deep.equal({ date: OTHER, skip: [] });
    return first?.skip;
  };

  it('not without a reason', () => {
    expect(reasons(smallPicture())).to.deep.equal([]);
  });

  it('in the past, but not today', () => {
    expect(reasons(smallPicture(), { today: '2026-12-23' })).to.deep.equal([{ kind: 'inPast' }]);
    expect(reasons(smallPicture(), { today: DAY })).to.deep.equal([]);
  });

  it('on a public holiday', () => {
    const planned = planRepetition({
      series: null,
      plan: goodPlan(),
      dates: ['2026-12-24', '2026-12-25'],
      picture: smallPicture(),
      holidayOn: (date) => (date === '2026-12-25' ? '1. Weihnachtstag' : null),
      today: TODAY,
    });
    expect(planned).to.deep.equal([
      { date: '2026-12-24', skip: [] },
      { date: '2026-12-25', skip: [{ kind: 'holiday', name: '1. Weihnachtstag' }] },
    ]);
  });

  it('on a closing day of a venue or of its whole municipality', () => {
    const closing = { municipalityId: MEERANE, venueId: LIBRARY, fromDate: DAY, toDate: '2026-12-28', reason: 'Umbau' };
    expect(reasons({ ...smallPicture(), closings: [closing] })).to.deep.equal([
      { kind: 'venueClosed', venueId: LIBRARY, everywhere: false, reason: 'Umbau' },
    ]);
    expect(reasons({ ...smallPicture(), closings: [{ ...closing, venueId: null }] })).to.deep.equal([
      { kind: 'venueClosed', venueId: TOWN_HALL, everywhere: true, reason: 'Umbau' },
      { kind: 'venueClosed', venueId: LIBRARY, everywhere: true, reason: 'Umbau' },
    ]);
    expect(reasons({ ...smallPicture(), closings: [{ ...closing, venueId: VILLAGE }] })).to.deep.equal([]);
    const elsewhere = { ...closing, municipalityId: SCHOENBERG, venueId: null };
    expect(reasons({ ...smallPicture(), closings: [elsewhere] })).to.deep.equal([]);
  });

  it('when a venue has other hours that weekday', () => {
    // 22 December is a Tuesday, 23 a Wednesday.
    const picture = changed('venues', LIBRARY, {
      windows: [{ weekday: 3, fromMinute: clock('8:00'), toMinute: clock('18:00') }],
    });
    const planned = planRepetition({
      series: null,
      plan: goodPlan(),
      dates: [DAY, '2026-12-23'],
      picture,
      holidayOn: () => null,
      today: TODAY,
    });
    expect(planned.map(({ skip }) => skip)).to.deep.equal([[{ kind: 'outsideOpeningWindow', venueId: LIBRARY }], []]);
  });

  it('when somebody of the crew is absent, last day included', () => {
    const absences = [{ fromDate: '2026-12-21', toDate: DAY, kind: 'vacation' as const }];
    expect(reasons(changed('clerks', ANNA, { absences }))).to.deep.equal([
      { kind: 'clerkAbsent', clerkId: ANNA, absence: 'vacation', fromDate: '2026-12-21', toDate: DAY },
    ]);
    expect(reasons(changed('clerks', BERND, { absences }))).to.deep.equal([]);
  });

  it('when somebody of the crew or the kit is on a tour already, and does not tell on which one of others', () => {
    const busy = (what: 'kit' | 'clerk', id: number, visible: boolean) => ({
      ...smallPicture(),
      busy: [{ date: DAY, what, id, tourId: 7, visible }],
    });
    expect(reasons(busy('clerk', ANNA, true))).to.deep.equal([{ kind: 'clerkTaken', clerkId: ANNA, tourId: 7 }]);
    expect(reasons(busy('clerk', ANNA, false))).to.deep.equal([{ kind: 'clerkTaken', clerkId: ANNA, tourId: null }]);
    expect(reasons(busy('kit', KIT, true))).to.deep.equal([{ kind: 'kitTaken', kitId: KIT, tourId: 7 }]);
    expect(reasons(busy('kit', KIT, false))).to.deep.equal([{ kind: 'kitTaken', kitId: KIT, tourId: null }]);
    // The same numbers mean something else for the other kind.
    expect(reasons(busy('kit', ANNA, true))).to.deep.equal([]);
  });

  it('for all its reasons at once, each venue once', () => {
    const picture: PlanningPicture = {
      ...smallPicture(),
      closings: [{ municipalityId: MEERANE, venueId: TOWN_HALL, fromDate: DAY, toDate: DAY, reason: '' }],
      busy: [{ date: DAY, what: 'kit', id: KIT, tourId: 7, visible: true }],
    };
    const plan = goodPlan({ stops: [stop(TOWN_HALL, '9:00', '10:00'), stop(TOWN_HALL, '12:00', '13:00')] });
    expect(reasons(picture, { plan })?.map(({ kind }) => kind)).to.deep.equal(['venueClosed', 'kitTaken']);
  });
});

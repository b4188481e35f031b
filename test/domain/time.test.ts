import { expect } from 'chai';
import fc from 'fast-check';
import {
  addDays,
  compareDates,
  daysBetween,
  formatMinute,
  isLocalDate,
  isoWeek,
  minutesToTicks,
  minuteToTick,
  parseMinute,
  tickToMinute,
  TICKS_PER_DAY,
  weekdayOf,
} from '../../server/domain/time.ts';

const MS_PER_DAY = 86_400_000;

/** JavaScript's own calendar in UTC, as an independent opinion. */
function viaDate(days: number): string {
  return new Date(days * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Days since 1970-01-01, from 0001-01-01 to 9999-12-31. */
const dayNumbers = fc.integer({ min: -719162, max: 2932896 });
const dates = dayNumbers.map(viaDate);

describe('The calendar of the office', () => {
  it('knows the days that exist', () => {
    for (const day of ['2026-11-22', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31']) {
      expect(isLocalDate(day), day).to.equal(true);
    }
  });

  it('refuses days that do not exist and other ways of writing', () => {
    const wrong = ['2026-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '0000-01-01'];
    const otherwise = ['2026-1-5', '22.11.2026', '2026-11-22T09:00', ' 2026-11-22', '2026-11-22\n', '', null, 20261122];
    for (const day of [...wrong, ...otherwise]) expect(isLocalDate(day), String(day)).to.equal(false);
  });

  it('accepts exactly the days that the built-in calendar accepts', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(parts, ([y, m, d]) => {
        const text = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
        const parsed = new Date(`${text}T00:00:00Z`);
        const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
        expect(isLocalDate(text)).to.equal(exists);
      }),
    );
  });

  it('counts on over the ends of months and years and over leap days', () => {
    expect(addDays('2026-11-30', 1)).to.equal('2026-12-01');
    expect(addDays('2026-12-31', 1)).to.equal('2027-01-01');
    expect(addDays('2028-02-28', 1)).to.equal('2028-02-29');
    expect(addDays('2027-02-28', 1)).to.equal('2027-03-01');
    expect(addDays('2026-03-01', -1)).to.equal('2026-02-28');
    // 2026-11-22 + 8 = 30 November, + 31 = 31 December, + 21 = 21 January: 60 days.
    expect(addDays('2026-11-22', 60)).to.equal('2027-01-21');
  });

  it('agrees with the built-in calendar on every day of the years 1 to 9999', () => {
    fc.assert(
      fc.property(dayNumbers, dayNumbers, (a, b) => {
        expect(daysBetween(viaDate(a), viaDate(b))).to.equal(b - a);
        expect(addDays(viaDate(a), b - a)).to.equal(viaDate(b));
        expect(weekdayOf(viaDate(a))).to.equal(new Date(a * MS_PER_DAY).getUTCDay() || 7);
        expect(Math.sign(compareDates(viaDate(a), viaDate(b)))).to.equal(Math.sign(a - b));
      }),
    );
  });

  it('moves by one day at a time through four hundred years without a gap', () => {
    let date = '1900-01-01';
    for (let days = daysBetween('1970-01-01', date); days < 120_000; days++) {
      if (date !== viaDate(days)) expect(date).to.equal(viaDate(days));
      date = addDays(date, 1);
    }
    expect(date).to.equal(viaDate(120_000));
  });

  it('stops on dates that do not exist instead of counting on from them', () => {
    expect(() => addDays('2026-02-30', 1)).to.throw(RangeError);
    expect(() => addDays('2026-02-01', 0.5)).to.throw(RangeError);
    expect(() => addDays('9999-12-31', 1)).to.throw(RangeError);
    expect(() => daysBetween('2026-02-01', 'tomorrow')).to.throw(RangeError);
    expect(() => weekdayOf('')).to.throw(RangeError);
  });

  it('calls Monday 1 and Sunday 7', () => {
    expect(weekdayOf('2026-11-16')).to.equal(1);
    expect(weekdayOf('2026-11-22')).to.equal(7);
    expect(weekdayOf('1969-12-31')).to.equal(3);
  });

  it('numbers the weeks after ISO 8601, also around New Year', () => {
    expect(isoWeek('2026-11-22')).to.deep.equal({ year: 2026, week: 47 });
    expect(isoWeek('2026-12-31')).to.deep.equal({ year: 2026, week: 53 });
    expect(isoWeek('2027-01-03')).to.deep.equal({ year: 2026, week: 53 });
    expect(isoWeek('2027-01-04')).to.deep.equal({ year: 2027, week: 1 });
    expect(isoWeek('2024-12-30')).to.deep.equal({ year: 2025, week: 1 });
  });

  it('keeps one week number from Monday to Sunday and changes it on the next Monday', () => {
    fc.assert(
      fc.property(dates, (date) => {
        fc.pre(date > '0001-01-14' && date < '9999-12-15');
        const monday = addDays(date, 1 - weekdayOf(date));
        expect(isoWeek(date)).to.deep.equal(isoWeek(monday));
        expect(isoWeek(addDays(monday, 7))).to.not.deep.equal(isoWeek(monday));
        expect(isoWeek(date).week).to.be.within(1, 53);
      }),
    );
  });
});

describe('The clock of the office', () => {
  it('writes a time of day in two digits each', () => {
    expect(formatMinute(545)).to.equal('09:05');
    expect(formatMinute(0)).to.equal('00:00');
    expect(formatMinute(1440)).to.equal('24:00');
    for (const wrong of [-1, 1441, 9.5, NaN]) expect(() => formatMinute(wrong)).to.throw(RangeError);
  });

  it('reads a time of day with one or two digits for the hour', () => {
    expect(parseMinute('09:05')).to.equal(545);
    expect(parseMinute('9:05')).to.equal(545);
    expect(parseMinute(' 24:00 ')).to.equal(1440);
  });

  it('does not take anything else for a time of day', () => {
    for (const wrong of ['', '9', '9:5', '09:60', '24:01', '25:00', '-1:00', '09:05:00', '9.05', 'neun', '1e1:00']) {
      expect(parseMinute(wrong), wrong).to.equal(null);
    }
  });

  it('reads every minute as it wrote it', () => {
    for (let minute = 0; minute <= 1440; minute++) expect(parseMinute(formatMinute(minute))).to.equal(minute);
  });

  it('divides the day into 288 rows of five minutes', () => {
    expect(TICKS_PER_DAY).to.equal(288);
    expect(minuteToTick(540)).to.equal(108);
    expect(minuteToTick(544)).to.equal(108);
    expect(minuteToTick(545)).to.equal(109);
    expect(tickToMinute(108)).to.equal(540);
    expect(tickToMinute(288)).to.equal(1440);
  });

  it('gives a service every row it begins', () => {
    expect([0, 1, 5, 6, 20, 21].map(minutesToTicks)).to.deep.equal([0, 1, 1, 2, 4, 5]);
  });
});

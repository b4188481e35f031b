import { expect } from 'chai';
import { callbackDue, isServiceDay, SERVICE_FROM, SERVICE_TO } from '../../../server/domain/hotline/callbackDue.ts';
import { addDays, parseMinute, weekdayOf, type LocalDate } from '../../../server/domain/time.ts';
import { createHolidays } from '../../../server/gateways/holidays.ts';
import { OFFICE_ZONE } from '../../support/officeFixture.ts';

const HOUR = 60 * 60_000;
const holidays = createHolidays();
const inSaxony = (date: LocalDate): boolean => isServiceDay(date, (day) => holidays.on(day, 'SN') !== null);

/** What is noted at this time in Saxony is due then, both as '2026-11-27 16:40'. */
function due(noted: string): string {
  const [date = '', time = ''] = noted.split(' ');
  const found = callbackDue({ date, minute: parseMinute(time) ?? 0 }, inSaxony);
  return `${found.date} ${Math.floor(found.minute / 60)}:${String(found.minute % 60).padStart(2, '0')}`;
}

describe('A call-back is due', () => {
  it('a day later at the same time', () => {
    expect(due('2026-11-23 9:05')).to.equal('2026-11-24 9:05');
  });

  it('after the weekend when it was noted on a Friday', () => {
    expect(due('2026-11-27 16:40')).to.equal('2026-11-30 16:40');
  });

  it('a day after service begins again when it was noted outside of its hours', () => {
    expect(due('2026-11-23 6:30'), 'before it begins').to.equal('2026-11-24 8:00');
    expect(due('2026-11-23 8:00'), 'as it begins').to.equal('2026-11-24 8:00');
    expect(due('2026-11-23 17:59'), 'in its last minute').to.equal('2026-11-24 17:59');
    expect(due('2026-11-23 18:00'), 'as it ends').to.equal('2026-11-25 8:00');
    expect(due('2026-11-27 19:00'), 'on Friday evening').to.equal('2026-12-01 8:00');
    expect(due('2026-11-28 11:00'), 'on Saturday').to.equal('2026-12-01 8:00');
    expect(due('2026-11-29 23:59'), 'on Sunday night').to.equal('2026-12-01 8:00');
  });

  it('after the holidays of Saxony', () => {
    expect(due('2026-11-17 10:00'), 'over Buß- und Bettag').to.equal('2026-11-19 10:00');
    // 2026: 25 December is a Friday, 26 a Saturday.
    expect(due('2026-12-24 14:15'), 'over Christmas').to.equal('2026-12-28 14:15');
    expect(due('2026-12-25 14:15'), 'at Christmas').to.equal('2026-12-29 8:00');
    expect(due('2026-12-31 9:30'), 'over New Year, a Friday').to.equal('2027-01-04 9:30');
    expect(due('2027-03-25 16:40'), 'over Easter').to.equal('2027-03-30 16:40');
  });

  it('by the clock on the wall when the clocks change', () => {
    const between = (noted: string): number => {
      const instantOf = (text: string): number => {
        const [date = '', time = ''] = text.split(' ');
        return OFFICE_ZONE.instantAt(date, parseMinute(time) ?? 0);
      };
      return (instantOf(due(noted)) - instantOf(noted)) / HOUR;
    };
    // Summer time began on Sunday, 29 March 2026, and ended on Sunday, 25 October 2026.
    expect(due('2026-03-27 16:40')).to.equal('2026-03-30 16:40');
    expect(between('2026-03-27 16:40')).to.equal(3 * 24 - 1);
    expect(due('2026-10-23 16:40')).to.equal('2026-10-26 16:40');
    expect(between('2026-10-23 16:40')).to.equal(3 * 24 + 1);
  });

  it('always on a working day, within the hours of service, later than it was noted, and never a working day too late', () => {
    for (let day = '2026-01-01'; day < '2029-01-01'; day = addDays(day, 1)) {
      for (const minute of [0, 479, 480, 700, 1079, 1080, 1439]) {
        const found = callbackDue({ date: day, minute }, inSaxony);
        const what = `${day} ${minute}`;
        expect(weekdayOf(found.date), what).to.be.lessThan(6);
        expect(holidays.on(found.date, 'SN'), what).to.equal(null);
        expect(found.minute, what).to.be.within(SERVICE_FROM, SERVICE_TO - 1);
        expect(found.date > day, what).to.equal(true);
        let workingDays = 0;
        for (let next = addDays(day, 1); next <= found.date; next = addDays(next, 1)) workingDays += +inSaxony(next);
        const isStarted = inSaxony(day) && minute < 1080;
        expect(workingDays, what).to.equal(isStarted ? 1 : 2);
      }
    }
  });

  it('never, as nobody works', () => {
    expect(() => callbackDue({ date: '2026-11-23', minute: 600 }, () => false)).to.throw(RangeError, 'no working day');
  });
});

import { expect } from 'chai';
import { DEMO_KITS } from '../../server/demo/crew.ts';
import {
  DEMO_HORIZON_DAYS,
  isOpenDay,
  planTours,
  RARE_PATTERN,
  rareTourChoices,
  TOUR_PATTERNS,
  type Demand,
} from '../../server/demo/tours.ts';
import { DEMO_VENUES } from '../../server/demo/venues.ts';
import { addDays, weekdayOf } from '../../server/domain/time.ts';

const FIRST_DAY = '2026-10-01';
const LAST_DAY = '2031-12-31';

/** @param step every so many days */
function days(step: number): string[] {
  const dates: string[] = [];
  for (let date = FIRST_DAY; date <= LAST_DAY; date = addDays(date, step)) dates.push(date);
  return dates;
}

describe('the tour pattern of the demonstration', () => {
  const tours = planTours(FIRST_DAY, addDays(LAST_DAY, DEMO_HORIZON_DAYS));

  const demandsBetween = (from: string, to: string): Set<Demand> =>
    new Set(
      tours.filter(({ date }) => date >= from && date <= to).flatMap(({ stops }) => stops.map(({ demand }) => demand)),
    );

  it('has no tour on Sundays, public holidays in Saxony, Christmas Eve and New Year’s Eve', () => {
    // Good Friday, Easter Monday, 1 May, Ascension, Whit Monday, Unity Day, Reformation Day, Buß- und Bettag.
    const closed = ['2027-03-26', '2027-03-29', '2027-05-01', '2027-05-06', '2027-05-17', '2028-10-03', '2028-10-31'];
    for (const date of [
      ...closed,
      '2026-11-18',
      '2026-12-24',
      '2026-12-25',
      '2026-12-31',
      '2027-01-01',
      '2026-11-22',
    ]) {
      expect(isOpenDay(date), date).to.equal(false);
    }
    // Corpus Christi and All Saints' Day are working days in Meerane.
    for (const date of ['2027-05-27', '2027-11-01', '2026-11-19']) expect(isOpenDay(date), date).to.equal(true);
    expect(tours.filter(({ date }) => !isOpenDay(date))).to.deep.equal([]);
  });

  it('is the same for a date whatever day it is planned from', () => {
    for (const from of ['2026-10-02', '2026-12-27', '2027-03-28']) {
      const to = addDays(from, DEMO_HORIZON_DAYS);
      const expected = tours.filter(({ date }) => date >= from && date <= to);
      expect(planTours(from, to)).to.deep.equal(expected);
    }
  });

  it('never needs a kit or a clerk twice a day, not even together with the rare visit', () => {
    const used = new Set<string>();
    const rare = days(1)
      .filter((date) => weekdayOf(date) === RARE_PATTERN.weekday && isOpenDay(date))
      .map((date) => ({ date, pattern: RARE_PATTERN }));
    for (const { date, pattern } of [...tours, ...rare]) {
      for (const resource of [`kit ${pattern.kit}`, ...pattern.crew.map((clerk) => `clerk ${clerk}`)]) {
        expect(used.has(`${date} ${resource}`), `${date} ${resource}`).to.equal(false);
        used.add(`${date} ${resource}`);
      }
    }
  });

  it('has a full, a nearly full and an empty stop in the next two weeks, whatever day it is', () => {
    for (const today of days(1)) {
      const demands = demandsBetween(addDays(today, 1), addDays(today, 14));
      for (const demand of ['full', 'last', 'none'] as const) {
        expect(demands.has(demand), `${demand} after ${today}`).to.equal(true);
      }
    }
  });

  it('has a stop within three days, unless the offices are closed on all of them', () => {
    const dates = new Set(tours.map(({ date }) => date));
    for (const today of days(1)) {
      const next = [1, 2, 3].map((n) => addDays(today, n));
      expect(next.some((date) => dates.has(date)) || !next.some(isOpenDay), today).to.equal(true);
    }
  });

  it('lets the crew get from one stop to the next', () => {
    for (const { stops } of TOUR_PATTERNS) {
      for (const [index, stop] of stops.entries()) {
        expect(stop.fromMinute % 5 === 0 && stop.toMinute % 5 === 0 && stop.fromMinute < stop.toMinute).to.equal(true);
        const previous = stops[index - 1];
        // Tear-down 15, set-up 20, a break of 30 and at most 20 minutes on the road.
        if (previous) expect(stop.fromMinute - previous.toMinute).to.be.at.least(85);
      }
    }
  });

  it('visits every venue, with patterns that have numbers of their own', () => {
    const patterns = [...TOUR_PATTERNS, RARE_PATTERN];
    expect(new Set(patterns.map(({ number }) => number)).size).to.equal(patterns.length);
    const visited = new Set(patterns.flatMap(({ stops }) => stops.map(({ venue }) => venue)));
    expect([...visited].sort()).to.deep.equal(DEMO_VENUES.map(({ slug }) => slug).sort());
    for (const { stops, municipality } of patterns) {
      for (const { venue } of stops) {
        expect(DEMO_VENUES.find(({ slug }) => slug === venue)?.municipality).to.equal(municipality);
      }
    }
    expect(new Set(patterns.map(({ kit }) => DEMO_KITS[kit]?.name)).size).to.equal(2);
  });

  it('finds a day for the rare visit from any day on, the farthest first', () => {
    for (const today of days(11)) {
      const choices = rareTourChoices(today).map(({ date }) => date);
      expect(choices.length, today).to.be.at.least(1);
      expect(choices).to.deep.equal([...choices].sort().reverse());
      expect(choices.every((date) => date > today && date <= addDays(today, DEMO_HORIZON_DAYS))).to.equal(true);
    }
  });
});

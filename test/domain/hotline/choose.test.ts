import { expect } from 'chai';
import fc from 'fast-check';
import { chooseTimes, type FreeVisit } from '../../../server/domain/hotline/choose.ts';
import { addDays } from '../../../server/domain/time.ts';

interface Visit extends FreeVisit {
  place: string;
}

let venues = new Map<string, number>();

/** "Köthel, 0 m, 9 December at 14:20 and 16:00" */
function visit(place: string, metres: number | null, day: number, ...times: string[]): Visit {
  const venueId = venues.get(place) ?? venues.size + 1;
  venues.set(place, venueId);
  const ticks = times.map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return hour * 12 + minute / 5;
  });
  return { place, venueId, metres, date: addDays('2026-12-01', day - 1), ticks };
}

function words(visits: readonly Visit[], count: number): string[] {
  return chooseTimes(visits, count).map(({ visit: { place, date }, tick }) => {
    const minute = String((tick % 12) * 5).padStart(2, '0');
    return `${place} ${Number(date.slice(-2))}. ${Math.floor(tick / 12)}:${minute}`;
  });
}

/** Every 20 minutes from 9 o'clock on. */
const MORNING = ['9:00', '9:20', '9:40', '10:00', '10:20', '10:40', '11:00', '11:20', '11:40'];

describe('Three times for a caller', () => {
  beforeEach(() => {
    venues = new Map();
  });

  it('are two in the place, far apart, and the soonest of all where that is sooner', () => {
    const visits = [
      visit('Köthel', 300, 9, '14:20', '14:40', '15:00', '16:00'),
      visit('Schönberg', 2_000, 8, ...MORNING),
    ];
    expect(words(visits, 3)).to.deep.equal(['Köthel 9. 14:20', 'Köthel 9. 16:00', 'Schönberg 8. 9:00']);
  });

  it('are one at the next visit to the place where the first visit has nothing else', () => {
    const visits = [
      visit('Köthel', 300, 9, '14:20', '14:30', '15:00'),
      visit('Köthel', 300, 16, '14:00'),
      visit('Schönberg', 2_000, 8, '9:00'),
    ];
    expect(words(visits, 3)).to.deep.equal(['Köthel 9. 14:20', 'Köthel 16. 14:00', 'Schönberg 8. 9:00']);
  });

  it('are half an hour apart where the place has no other visit', () => {
    const visits = [visit('Köthel', 300, 9, '14:20', '14:30', '15:00'), visit('Schönberg', 2_000, 8, '9:00')];
    expect(words(visits, 3)).to.deep.equal(['Köthel 9. 14:20', 'Köthel 9. 15:00', 'Schönberg 8. 9:00']);
  });

  it('are one in the next place where nothing is sooner than here', () => {
    const visits = [
      visit('Köthel', 300, 9, '14:20', '16:00'),
      visit('Schönberg', 2_000, 9, '9:00'), // sooner, but the same day
      visit('Meerane', 5_000, 9, '8:00'),
    ];
    expect(words(visits, 3)).to.deep.equal(['Köthel 9. 14:20', 'Köthel 9. 16:00', 'Schönberg 9. 9:00']);
  });

  it('begin in the nearest place when the own one has none', () => {
    const visits = [
      visit('Köthel', 300, 9),
      visit('Schönberg', 2_000, 10, ...MORNING),
      visit('Tettau', 2_500, 9, '9:00'),
    ];
    expect(words(visits, 3)).to.deep.equal(['Schönberg 10. 9:00', 'Schönberg 10. 10:40', 'Tettau 9. 9:00']);
  });

  it('take venues of one place as one, and far ones that are as far as each other', () => {
    expect(words([visit('Markt', 900, 10, '9:00'), visit('Heim', 100, 11, '9:00')], 2)).to.deep.equal([
      'Markt 10. 9:00',
      'Heim 11. 9:00',
    ]);
    expect(words([visit('Glauchau', 9_900, 10, '9:00'), visit('Meerane', 7_000, 11, '9:00')], 2)).to.deep.equal([
      'Glauchau 10. 9:00',
      'Meerane 11. 9:00',
    ]);
  });

  it('do not begin with a place where nothing is free for weeks', () => {
    const visits = [visit('Köthel', 300, 31, ...MORNING), visit('Schönberg', 2_000, 2, ...MORNING)];
    expect(words(visits, 1)).to.deep.equal(['Schönberg 2. 9:00']);
    expect(words([visits[0]!, visit('Schönberg', 2_000, 3, ...MORNING)], 1)).to.deep.equal(['Köthel 31. 9:00']);
  });

  it('are the soonest at three visits where no place was named', () => {
    const visits = [
      visit('Schönberg', null, 8, ...MORNING),
      visit('Köthel', null, 8, '14:00', '16:00'),
      visit('Meerane', null, 7, '10:00'),
    ];
    expect(words(visits, 3)).to.deep.equal(['Meerane 7. 10:00', 'Schönberg 8. 9:00', 'Köthel 8. 14:00']);
  });

  it('are close to each other only where there is nothing else', () => {
    expect(words([visit('Köthel', 300, 9, '9:00', '9:10', '9:20')], 3)).to.deep.equal([
      'Köthel 9. 9:00',
      'Köthel 9. 9:10',
      'Köthel 9. 9:20',
    ]);
    expect(words([visit('Köthel', 300, 9, '9:00', '9:10', '9:30')], 2)).to.deep.equal([
      'Köthel 9. 9:00',
      'Köthel 9. 9:30',
    ]);
  });

  it('are followed by others, of other places first, the own one more often', () => {
    const visits = [
      visit('Köthel', 300, 9, ...MORNING),
      visit('Köthel', 300, 16, ...MORNING),
      visit('Schönberg', 2_000, 8, ...MORNING),
      visit('Meerane', 5_000, 10, ...MORNING),
    ];
    expect(words(visits, 7)).to.deep.equal([
      'Köthel 9. 9:00',
      'Köthel 9. 10:40',
      'Schönberg 8. 9:00',
      'Meerane 10. 9:00',
      'Köthel 16. 9:00',
      'Schönberg 8. 10:40',
      'Meerane 10. 10:40',
    ]);
  });

  it('are none where nothing is free', () => {
    expect(words([], 3)).to.deep.equal([]);
    expect(words([visit('Köthel', 300, 9)], 3)).to.deep.equal([]);
    expect(words([visit('Köthel', 300, 9, '9:00')], 0)).to.deep.equal([]);
  });
});

describe('Times for a caller, whatever is free,', () => {
  const visits = fc.array(
    fc.record({
      place: fc.constant(''),
      venueId: fc.integer({ min: 1, max: 5 }),
      day: fc.nat({ max: 40 }),
      ticks: fc.uniqueArray(fc.integer({ min: 96, max: 200 }), { maxLength: 8 }),
    }),
    { maxLength: 12 },
  );
  const distances = fc.option(fc.array(fc.nat({ max: 15_000 }), { minLength: 6, maxLength: 6 }));

  it('are free, none twice, as many as there are, and at first as far apart as can be', () => {
    fc.assert(
      fc.property(visits, distances, fc.integer({ min: 1, max: 9 }), (drawn, metres, count) => {
        const free: Visit[] = drawn.map(({ day, ticks, ...one }) => ({
          ...one,
          date: addDays('2026-12-01', day),
          metres: metres === null ? null : (metres[one.venueId] ?? 0),
          ticks: [...ticks].sort((a, b) => a - b),
        }));
        const chosen = chooseTimes(free, count);
        const all = free.reduce((sum, { ticks }) => sum + ticks.length, 0);
        expect(chosen.length).to.equal(Math.min(count, all));
        for (const { visit: one, tick } of chosen) expect(one.ticks).to.include(tick);
        expect(new Set(chosen.map((one) => `${free.indexOf(one.visit)}/${one.tick}`)).size).to.equal(chosen.length);

        // Times that are half an hour apart or of different visits, as many as can be found one after the other.
        const spread = free.reduce((sum, { ticks }) => {
          let last = -Infinity;
          return sum + ticks.filter((tick) => tick - last >= 6 && ((last = tick), true)).length;
        }, 0);
        const first = chosen.slice(0, 3);
        const isClose = first.some((a) =>
          first.some((b) => a !== b && a.visit === b.visit && Math.abs(a.tick - b.tick) < 6),
        );
        if (spread >= 2 * count + 1) expect(isClose).to.equal(false);
        if (free.filter(({ ticks }) => ticks.length > 0).length >= count) expect(isClose).to.equal(false);

        // The soonest in the nearest place that has one soon comes first; without a place the soonest of all.
        const key = (one: Visit, tick: number): string => `${one.date}/${String(tick).padStart(3, '0')}`;
        const keys = free.flatMap((one) => one.ticks.map((tick) => key(one, tick))).sort();
        const [best] = chosen;
        if (metres === null && best !== undefined) expect(key(best.visit, best.tick)).to.equal(keys[0]);
        if (best !== undefined) expect(best.tick).to.equal(best.visit.ticks[0]);
      }),
    );
  });

  it('do not depend on the order in which they were found', () => {
    fc.assert(
      fc.property(visits, fc.integer({ min: 1, max: 9 }), (drawn, count) => {
        const free: Visit[] = drawn.map(({ day, ticks, ...one }, index) => ({
          ...one,
          venueId: index,
          date: addDays('2026-12-01', day),
          metres: one.venueId * 700,
          ticks: [...ticks].sort((a, b) => a - b),
        }));
        const key = (one: Visit, tick: number): string => `${one.venueId}/${tick}`;
        const a = chooseTimes(free, count).map((one) => key(one.visit, one.tick));
        const b = chooseTimes([...free].reverse(), count).map((one) => key(one.visit, one.tick));
        expect(b).to.deep.equal(a);
      }),
    );
  });
});

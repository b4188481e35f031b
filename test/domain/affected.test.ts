import { expect } from 'chai';
import fc from 'fast-check';
import {
  fatesOf,
  placeAtCounters,
  type BookedTime,
  type Placeable,
  type StopChange,
  type StopState,
} from '../../server/domain/tours/affected.ts';

const stop: StopState = {
  date: '2026-12-01',
  venueId: 1,
  fromMinute: 540,
  toMinute: 720,
  counters: [
    { counter: 1, qualifiedFor: [1, 2] },
    { counter: 2, qualifiedFor: [1] },
  ],
  kitCapabilities: ['fingerprint'],
  announced: null,
};
const needs = new Map([
  [1, ['fingerprint']],
  [2, []],
]);

function at(id: number, startTick: number, more: Partial<BookedTime> = {}): BookedTime {
  return { id, claim: 'promised', counter: 1, startTick, ticks: 4, serviceIds: [1], ...more };
}

function fates(after: StopState | null, booked: readonly BookedTime[], more: Partial<StopChange> = {}) {
  return fatesOf({ before: stop, after, gone: 'stopGone', booked, needs, ...more });
}

const one = (counter: number, qualifiedFor: readonly number[] | null = [1, 2]) => ({ counter, qualifiedFor });

describe('Whom a change of a stop affects', () => {
  it('is nobody when nothing that was promised changes', () => {
    expect(fates({ ...stop, toMinute: 900 }, [at(1, 108), at(2, 108, { counter: 2 })])).to.deep.equal([
      { id: 1, breaches: [], counter: 1 },
      { id: 2, breaches: [], counter: 2 },
    ]);
  });

  it('names the other date and the other venue, where staying at the same time of day is possible', () => {
    const after = { ...stop, date: '2026-12-02', venueId: 2 };
    expect(fates(after, [at(1, 108)])).to.deep.equal([
      { id: 1, breaches: ['dateChanged', 'venueChanged'], counter: 1 },
    ]);
  });

  it('is who begins before the new window or ends after it, to the minute', () => {
    const after = { ...stop, fromMinute: 560, toMinute: 600 };
    const booked = [at(1, 111), at(2, 112), at(3, 116), at(4, 117, { counter: 2 })];
    expect(fates(after, booked).map(({ breaches }) => breaches)).to.deep.equal([
      ['outsideWindow'],
      [],
      [],
      ['outsideWindow'],
    ]);
  });

  it('puts people to another counter rather than breaking a promise', () => {
    const booked = [at(1, 108, { counter: 1 }), at(2, 108, { counter: 2, serviceIds: [2] })];
    expect(fates(stop, booked).map(({ counter }) => counter)).to.deep.equal([2, 1]);
  });

  it('is who has no counter left when there are fewer', () => {
    const after = { ...stop, counters: [one(1)] };
    const booked = [at(1, 108), at(2, 110, { counter: 2 }), at(3, 112, { counter: 2 })];
    const found = fates(after, booked);
    expect(found).to.deep.equal([
      { id: 1, breaches: [], counter: 1 },
      { id: 2, breaches: ['noCounter'], counter: null },
      { id: 3, breaches: [], counter: 1 },
    ]);
  });

  it('is whose service neither kit nor crew can do any more', () => {
    expect(fates({ ...stop, kitCapabilities: [] }, [at(1, 108)])).to.deep.equal([
      { id: 1, breaches: ['serviceImpossible'], counter: null },
    ]);
    expect(fates({ ...stop, counters: [one(1, [2])] }, [at(1, 108)])[0]?.breaches).to.deep.equal(['serviceImpossible']);
    expect(fates({ ...stop, counters: [one(1, null)] }, [at(1, 108)])[0]?.breaches).to.deep.equal([
      'serviceImpossible',
    ]);
  });

  it('may stay although the service is no longer announced, when somebody can do it', () => {
    expect(fates({ ...stop, announced: [2] }, [at(1, 108)])).to.deep.equal([
      { id: 1, breaches: ['serviceImpossible'], counter: 1 },
    ]);
    const before = { ...stop, announced: [2] };
    expect(fates({ ...stop, announced: [2] }, [at(1, 108)], { before })[0]?.breaches).to.deep.equal([]);
  });

  it('is not who could not be served before either', () => {
    const before = { ...stop, counters: [one(1, [2])] };
    expect(fates({ ...before, toMinute: 800 }, [at(1, 108)], { before })).to.deep.equal([
      { id: 1, breaches: [], counter: 1 },
    ]);
  });

  it('is everybody when the stop goes or the tour is cancelled; what is over or only held is not asked about', () => {
    const booked = [at(1, 108), at(2, 112, { claim: 'held' }), at(3, 116, { claim: 'done' })];
    expect(fates(null, booked)).to.deep.equal([
      { id: 1, breaches: ['stopGone'], counter: null },
      { id: 2, breaches: [], counter: null },
      { id: 3, breaches: [], counter: null },
    ]);
    expect(fates(null, booked, { gone: 'tourCancelled' })[0]?.breaches).to.deep.equal(['tourCancelled']);
  });

  it('gives a held time up for a promise, and when the day or the place changes', () => {
    const after = { ...stop, counters: [one(1)] };
    const booked = [at(1, 108, { claim: 'held' }), at(2, 108, { counter: 2 })];
    expect(fates(after, booked).map(({ counter }) => counter)).to.deep.equal([null, 1]);
    expect(fates({ ...stop, date: '2026-12-02' }, [at(1, 108, { claim: 'held' })])[0]?.counter).to.equal(null);
    expect(fates(stop, [at(1, 108, { claim: 'held' })])[0]?.counter).to.equal(1);
  });

  it('leaves a hold that has ended on record where it was, if that is still there, without taking room', () => {
    const booked = [at(1, 108, { claim: 'ended' }), at(2, 108)];
    expect(fates(stop, booked).map(({ counter }) => counter)).to.deep.equal([1, 1]);
    expect(fates({ ...stop, fromMinute: 600 }, booked)[0]?.counter).to.equal(null);
  });
});

const item = fc.record({
  counter: fc.integer({ min: 1, max: 3 }),
  startTick: fc.integer({ min: 100, max: 112 }),
  ticks: fc.integer({ min: 1, max: 6 }),
  able: fc.subarray([1, 2, 3]),
  weight: fc.constantFrom(1e3, 1e7, 1e11),
});
const someItems = (maxLength: number) =>
  fc.array(item, { maxLength }).map((all) => all.map((one, id): Placeable => ({ ...one, id })));

function overlap(a: Placeable, b: Placeable): boolean {
  return a.startTick < b.startTick + b.ticks && b.startTick < a.startTick + a.ticks;
}

function worthOf(items: readonly Placeable[], counters: ReadonlyMap<number, number>): number {
  return items.reduce((sum, { id, weight, counter }) => {
    const placed = counters.get(id);
    return placed === undefined ? sum : sum + weight + (placed === counter ? 1 : 0);
  }, 0);
}

/** The best of all ways there are. */
function bestWorth(items: readonly Placeable[], placed = new Map<number, number>(), index = 0): number {
  const next = items[index];
  if (next === undefined) return worthOf(items, placed);
  let best = bestWorth(items, placed, index + 1);
  for (const counter of next.able) {
    const isFree = items.every((other) => placed.get(other.id) !== counter || !overlap(other, next));
    if (!isFree) continue;
    placed.set(next.id, counter);
    best = Math.max(best, bestWorth(items, placed, index + 1));
    placed.delete(next.id);
  }
  return best;
}

describe('Placing appointments at the counters', () => {
  it('never puts two at one counter at the same time, nor anybody where they cannot be served', () => {
    fc.assert(
      fc.property(someItems(40), (items) => {
        const placed = placeAtCounters(items);
        for (const a of items) {
          const counter = placed.get(a.id);
          if (counter === undefined) continue;
          expect(a.able).to.include(counter);
          for (const b of items) {
            if (b.id > a.id && placed.get(b.id) === counter) expect(overlap(a, b)).to.equal(false);
          }
        }
      }),
    );
  });

  it('places as many as can be placed, and moves as few as that allows', () => {
    fc.assert(
      fc.property(someItems(7), (items) => {
        expect(worthOf(items, placeAtCounters(items))).to.equal(bestWorth(items));
      }),
      { numRuns: 300 },
    );
  });

  it('moves nobody who can stay, however many counters there are', () => {
    const items: Placeable[] = [];
    for (let counter = 1; counter <= 20; counter++) {
      const able = Array.from({ length: 20 }, (_, index) => index + 1);
      for (let visit = 0; visit < 9; visit++) {
        items.push({
          id: items.length,
          counter,
          startTick: 100 + visit * 4 + (counter % 4),
          ticks: 4,
          able,
          weight: 1e11,
        });
      }
    }
    const inTheWay: Placeable = { id: 999, counter: 1, startTick: 110, ticks: 4, able: [1], weight: 1e7 };
    const placed = placeAtCounters([...items, inTheWay]);
    expect(items.filter(({ id, counter }) => placed.get(id) !== counter)).to.deep.equal([]);
    expect(placed.has(999)).to.equal(false);
  });
});

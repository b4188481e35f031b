import { expect } from 'chai';
import fc from 'fast-check';
import {
  bestCounter,
  capacity,
  freeStarts,
  nearestStarts,
  offeredStarts,
  pickForDisplay,
} from '../../server/domain/booking/slots.ts';
import type { CounterDay, Start, StopDay } from '../../server/domain/booking/slots.ts';

// Some real cases. 09:00 is tick 108, 12:00 is tick 144.

function morning(...taken: number[][]): StopDay {
  return { fromTick: 108, toTick: 144, counters: taken.map((ticks, i) => ({ counter: i + 1, taken: ticks })) };
}

/** Ticks from (inclusive) to (exclusive). */
function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

const ticksOf = (starts: readonly Start[]) => starts.map((start) => start.tick);

describe('Free times at a stop', () => {
  it('can begin on every five minutes as long as they end inside the window', () => {
    expect(freeStarts(morning([]), 34)).to.deep.equal([108, 109, 110]);
    expect(freeStarts(morning([]), 36)).to.deep.equal([108]);
    expect(freeStarts(morning([]), 37)).to.deep.equal([]);
  });

  it('are free as soon as one of several counters is', () => {
    const day = morning(span(108, 140), span(104, 120).concat(span(124, 150)));
    expect(freeStarts(day, 4)).to.deep.equal([120, 140]);
  });

  it('are not offered before the lead time is over', () => {
    expect(freeStarts(morning([]), 4, 139)).to.deep.equal([139, 140]);
    expect(freeStarts(morning([]), 4, 141)).to.deep.equal([]);
    expect(freeStarts(morning([]), 4, 0)).to.deep.equal(freeStarts(morning([]), 4));
  });

  it('do not exist on a day that is out of reach, without counters, or with an empty window', () => {
    for (const starts of [freeStarts, offeredStarts]) {
      expect(starts(morning([]), 4, null)).to.deep.equal([]);
      expect(starts({ fromTick: 108, toTick: 144, counters: [] }, 4)).to.deep.equal([]);
      expect(starts({ fromTick: 108, toTick: 108, counters: [{ counter: 1, taken: [] }] }, 1)).to.deep.equal([]);
    }
    expect(capacity(morning([]), 4, null)).to.equal(0);
    expect(bestCounter(morning([]), 4, 108, null)).to.equal(null);
  });

  it('reach to the last five minutes of the day and no further', () => {
    const day: StopDay = { fromTick: 280, toTick: 288, counters: [{ counter: 1, taken: [-1, 288, 500] }] };
    expect(freeStarts(day, 4)).to.deep.equal([280, 281, 282, 283, 284]);
    expect(ticksOf(offeredStarts(day, 4))).to.deep.equal([280, 284]);
  });

  it('are a mistake in the program for lengths and windows that cannot be', () => {
    for (const ticks of [0, -1, 1.5, NaN]) {
      for (const ask of [freeStarts, offeredStarts, capacity])
        expect(() => ask(morning([]), ticks)).to.throw(RangeError);
    }
    expect(() => freeStarts({ fromTick: -1, toTick: 10, counters: [] }, 1)).to.throw(RangeError);
    expect(() => freeStarts({ fromTick: 0, toTick: 289, counters: [] }, 1)).to.throw(RangeError);
  });
});

describe('Offered times', () => {
  it('lie a whole number of appointments from the ends of the gap, the ends first', () => {
    // Gap of 10 ticks, 3 ticks each: from the left 108, 111, 114; from the right 115, 112, 109; 1 tick stays over.
    const day: StopDay = { fromTick: 108, toTick: 118, counters: [{ counter: 1, taken: [] }] };
    const offered = offeredStarts(day, 3);
    expect(ticksOf(offered)).to.deep.equal([108, 115, 109, 111, 112, 114]);
    expect(offered.every((start) => start.waste === 1)).to.equal(true);
  });

  it('fill the gap that fits exactly first, then the smaller gap, and keep the large one whole', () => {
    // Gaps: 108–116 (8), 120–124 (4), 130–144 (14).
    const day = morning([...span(116, 120), ...span(124, 130)]);
    expect(offeredStarts(day, 4).slice(0, 4)).to.deep.equal([
      { tick: 120, counter: 1, waste: 0 },
      { tick: 108, counter: 1, waste: 0 },
      { tick: 112, counter: 1, waste: 0 },
      { tick: 130, counter: 1, waste: 2 },
    ]);
  });

  it('name each time once, with the counter where it fits best', () => {
    // At counter 2 the gap 108–112 fits exactly.
    const day = morning([], span(112, 144));
    expect(offeredStarts(day, 4).filter((start) => start.tick === 108)).to.deep.equal([
      { tick: 108, counter: 2, waste: 0 },
    ]);
  });

  it('go to the lowest counter where all are alike, in whatever order they are listed', () => {
    const counters: CounterDay[] = [3, 1, 2].map((counter) => ({ counter, taken: [] }));
    const day: StopDay = { fromTick: 108, toTick: 144, counters };
    expect(offeredStarts(day, 4).every((start) => start.counter === 1)).to.equal(true);
    expect(bestCounter(day, 4, 109)).to.equal(1);
  });

  it('pack from the lead time on', () => {
    // From 121 on the gap is 121–144, 23 ticks: 121, 125, … 137 from the left, 140, 136, … 124 from the right.
    const left = [121, 125, 129, 133, 137];
    const right = [140, 136, 132, 128, 124];
    expect(ticksOf(offeredStarts(morning([]), 4, 121)).sort()).to.deep.equal([...left, ...right].sort());
  });
});

describe('The counter for a wanted time', () => {
  it('is one at which no second appointment is lost, even if its gap is larger', () => {
    // Counter 1: gap 108–116 of two appointments, 110 would cost both. Counter 2: gap 110–144.
    expect(bestCounter(morning(span(116, 144), span(108, 110)), 4, 110)).to.equal(2);
  });

  it('is one with scraps at both ends rather than one at which a second appointment is lost', () => {
    // Counter 1: gap 108–116, 110 leaves 2 and 2 of 8 ticks: both appointments are gone.
    // Counter 2: gap 109–119, 110 leaves 1 and 5 of 10 ticks: one of two still fits.
    expect(bestCounter(morning(span(116, 144), [108, ...span(119, 144)]), 4, 110)).to.equal(2);
  });

  it('is the one with the smaller gap when both lose nothing', () => {
    expect(bestCounter(morning([], span(116, 144)), 4, 108)).to.equal(2);
  });

  it('is none when all are taken, closed, too early, or the time is none', () => {
    const day = morning(span(108, 112), span(111, 115));
    expect(bestCounter(day, 4, 108)).to.equal(null);
    expect(bestCounter(day, 4, 107)).to.equal(null);
    expect(bestCounter(day, 4, 141)).to.equal(null);
    expect(bestCounter(day, 4, 120, 121)).to.equal(null);
    expect(bestCounter(day, 4, 120.5)).to.equal(null);
    expect(bestCounter(day, 4, NaN)).to.equal(null);
    // Both counters can have it packed: 20 ticks to the end. The gap of counter 2 is smaller (115 instead of 112).
    expect(bestCounter(day, 4, 120)).to.equal(2);
  });
});

describe('Times to choose from', () => {
  const list = (...ticks: number[]): Start[] => ticks.map((tick) => ({ tick, counter: 1, waste: 0 }));

  it('after a lost race are the nearest ones, the earlier of two first', () => {
    expect(ticksOf(nearestStarts(list(100, 130, 118, 122, 121), 120, 3))).to.deep.equal([121, 118, 122]);
    expect(nearestStarts(list(100), 120, 3)).to.deep.equal(list(100));
    expect(nearestStarts(list(100), 120, 0)).to.deep.equal([]);
    expect(nearestStarts([], 120, 3)).to.deep.equal([]);
  });

  it('are shown in the order of the clock when all fit on the page', () => {
    expect(ticksOf(pickForDisplay(list(120, 108, 140), 3))).to.deep.equal([108, 120, 140]);
  });

  it('show morning, noon and afternoon although the best ones are all in the morning', () => {
    // From 108 to 143 the thirds begin at 108, 120 and 132.
    const starts = list(108, 109, 110, 111, 112, 125, 126, 143);
    expect(ticksOf(pickForDisplay(starts, 3))).to.deep.equal([108, 125, 143]);
    expect(ticksOf(pickForDisplay(starts, 5))).to.deep.equal([108, 109, 125, 126, 143]);
  });

  it('always show the best one, even alone', () => {
    expect(ticksOf(pickForDisplay(list(125, 108, 143), 1))).to.deep.equal([125]);
    expect(pickForDisplay(list(125, 108, 143), 0)).to.deep.equal([]);
  });
});

// The same questions answered slowly and obviously.

function isFree(day: StopDay, lane: CounterDay, tick: number, ticks: number, earliest: number): boolean {
  for (let t = tick; t < tick + ticks; t++) {
    if (t < day.fromTick || t >= day.toTick || lane.taken.includes(t)) return false;
  }
  return tick >= earliest;
}

function slowFreeStarts(day: StopDay, ticks: number, earliest: number): number[] {
  return span(0, 288).filter((tick) => day.counters.some((lane) => isFree(day, lane, tick, ticks, earliest)));
}

/** Booking as early as possible again and again fills every gap with as many appointments as it can hold. */
function slowCapacity(day: StopDay, ticks: number, earliest: number): number {
  let count = 0;
  for (const lane of day.counters) {
    let tick = 0;
    while (tick < 288) {
      const fits = isFree(day, lane, tick, ticks, earliest);
      if (fits) count++;
      tick += fits ? ticks : 1;
    }
  }
  return count;
}

function book(day: StopDay, counter: number, tick: number, ticks: number): StopDay {
  const counters = day.counters.map((lane) =>
    lane.counter === counter ? { ...lane, taken: [...lane.taken, ...span(tick, tick + ticks)] } : lane,
  );
  return { ...day, counters };
}

/** Small days far into the day's middle and at both of its ends, with up to three counters and bookings anywhere. */
const questions = fc
  .record({
    base: fc.constantFrom(0, 100, 240),
    from: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 0, max: 28 }),
    lanes: fc.uniqueArray(
      fc.record({
        counter: fc.integer({ min: 1, max: 9 }),
        bookings: fc.array(fc.tuple(fc.integer({ min: -4, max: 52 }), fc.integer({ min: 1, max: 7 })), {
          maxLength: 6,
        }),
      }),
      { maxLength: 3, selector: (lane) => lane.counter },
    ),
    ticks: fc.integer({ min: 1, max: 9 }),
    earliest: fc.integer({ min: -5, max: 50 }),
  })
  .map(({ base, from, length, lanes, ticks, earliest }) => ({
    day: {
      fromTick: base + from,
      toTick: base + from + length,
      counters: lanes.map(({ counter, bookings }) => ({
        counter,
        taken: bookings.flatMap(([at, width]) => span(base + at, base + at + width)),
      })),
    } satisfies StopDay,
    ticks,
    earliest: base + earliest,
  }));

describe('On any day with any bookings', () => {
  it('the free times and the number that still fit are those of a count by hand', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        expect(freeStarts(day, ticks, earliest)).to.deep.equal(slowFreeStarts(day, ticks, earliest));
        expect(capacity(day, ticks, earliest)).to.equal(slowCapacity(day, ticks, earliest));
      }),
      { numRuns: 500 },
    );
  });

  it('only free times are offered, each once, at a free counter, not too early, and none only if none is free', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        const offered = offeredStarts(day, ticks, earliest);
        for (const { tick, counter, waste } of offered) {
          const lane = day.counters.find((candidate) => candidate.counter === counter)!;
          expect(isFree(day, lane, tick, ticks, earliest)).to.equal(true);
          expect(waste).to.be.within(0, ticks - 1);
        }
        expect(new Set(ticksOf(offered)).size).to.equal(offered.length);
        expect(offered.length === 0).to.equal(slowFreeStarts(day, ticks, earliest).length === 0);
      }),
      { numRuns: 500 },
    );
  });

  it('an offered time costs exactly one of the appointments that fit', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        const before = capacity(day, ticks, earliest);
        for (const { tick, counter } of offeredStarts(day, ticks, earliest)) {
          expect(capacity(book(day, counter, tick, ticks), ticks, earliest)).to.equal(before - 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('booking the best time again and again fits as many as were promised, never two in one place', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        const promised = capacity(day, ticks, earliest);
        let current: StopDay = day;
        let booked = 0;
        for (;;) {
          const best = offeredStarts(current, ticks, earliest)[0];
          if (!best) break;
          const lane = current.counters.find((candidate) => candidate.counter === best.counter)!;
          expect(isFree(current, lane, best.tick, ticks, earliest)).to.equal(true);
          current = book(current, best.counter, best.tick, ticks);
          booked++;
        }
        expect(booked).to.equal(promised);
      }),
      { numRuns: 300 },
    );
  });

  it('the counter for a time is free, exists for exactly the free times, and is the one it was offered with', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        const counters = span(0, 288).map((tick) => bestCounter(day, ticks, tick, earliest));
        expect(span(0, 288).filter((tick) => counters[tick] !== null)).to.deep.equal(freeStarts(day, ticks, earliest));
        for (const { tick, counter } of offeredStarts(day, ticks, earliest)) expect(counters[tick]).to.equal(counter);
      }),
      { numRuns: 300 },
    );
  });

  it('no other counter would leave room for more appointments than the chosen one', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        for (const tick of slowFreeStarts(day, ticks, earliest)) {
          const after = (counter: number) => slowCapacity(book(day, counter, tick, ticks), ticks, earliest);
          const others = day.counters.filter((lane) => isFree(day, lane, tick, ticks, earliest));
          const most = Math.max(...others.map((lane) => after(lane.counter)));
          expect(after(bestCounter(day, ticks, tick, earliest)!)).to.equal(most);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('the order of counters and bookings in the input makes no difference', () => {
    fc.assert(
      fc.property(questions, ({ day, ticks, earliest }) => {
        const turned = {
          ...day,
          counters: day.counters.map((lane) => ({ ...lane, taken: [...lane.taken].reverse() })).reverse(),
        };
        expect(offeredStarts(turned, ticks, earliest)).to.deep.equal(offeredStarts(day, ticks, earliest));
      }),
    );
  });

  it('the short list is a part of the offer in the order of the clock, not too long, with the best one in it', () => {
    fc.assert(
      fc.property(questions, fc.integer({ min: 0, max: 12 }), ({ day, ticks, earliest }, max) => {
        const offered = offeredStarts(day, ticks, earliest);
        const shown = pickForDisplay(offered, max);
        expect(shown.length).to.equal(Math.min(max, offered.length));
        for (const start of shown) expect(offered).to.include(start);
        expect(ticksOf(shown)).to.deep.equal([...new Set(ticksOf(shown))].sort((a, b) => a - b));
        if (shown.length > 0) expect(shown).to.include(offered[0]);
      }),
      { numRuns: 300 },
    );
  });

  it('no other time is nearer to the wanted one than the alternatives named', () => {
    fc.assert(
      fc.property(
        questions,
        fc.integer({ min: 0, max: 287 }),
        fc.integer({ min: 0, max: 6 }),
        ({ day, ticks, earliest }, wanted, n) => {
          const offered = offeredStarts(day, ticks, earliest);
          const named = nearestStarts(offered, wanted, n);
          const distances = (starts: readonly Start[]) => starts.map((start) => Math.abs(start.tick - wanted));
          expect(distances(named)).to.deep.equal(
            distances(offered)
              .sort((a, b) => a - b)
              .slice(0, n),
          );
        },
      ),
    );
  });
});

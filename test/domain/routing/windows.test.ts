import { expect } from 'chai';
import fc from 'fast-check';
import type { RoutingProblem } from '../../../server/domain/routing/problem.ts';
import { schedule } from '../../../server/domain/routing/schedule.ts';
import { fitsOf, roomOf, shortestIn, startsOfAll, type NewStop } from '../../../server/domain/routing/windows.ts';

const LAST = 60;

const minutes = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const windows = fc.oneof(
  fc.tuple(minutes(0, LAST), minutes(0, 25)).map(([from, long]) => [{ from, to: from + long }]),
  fc.tuple(minutes(0, 25), minutes(0, 10), minutes(1, 15), minutes(0, 10)).map(([from, long, gap, other]) => [
    { from, to: from + long },
    { from: from + long + gap, to: from + long + gap + other },
  ]),
);

/** Days of few minutes, small enough to try every start; the new stop is the last but one node. */
const days = minutes(0, 4).chain((n) =>
  fc.record({
    ways: fc.array(fc.array(minutes(0, 8), { minLength: n + 3, maxLength: n + 3 }), {
      minLength: n + 3,
      maxLength: n + 3,
    }),
    stops: fc.array(fc.record({ serviceSeconds: minutes(0, 6), windows }), { minLength: n, maxLength: n }),
    shift: fc.record({ from: minutes(0, 10), to: minutes(30, LAST) }),
    break: fc.option(fc.record({ afterSeconds: minutes(5, 40), seconds: minutes(0, 8) })),
    serviceSeconds: minutes(0, 6),
  }),
);

type Day = typeof days extends fc.Arbitrary<infer T> ? T : never;

function withoutNew({ ways, stops, shift, break: rule }: Day): RoutingProblem {
  const nodes = nodesOf(stops.length);
  return { travel: nodes.map((from) => nodes.map((to) => ways[from]![to]!)), stops, shift, break: rule };
}

function nodesOf(n: number): number[] {
  return [...Array.from({ length: n + 1 }, (_, index) => index), n + 2];
}

function newStop({ ways, stops, serviceSeconds }: Day): NewStop {
  const n = stops.length;
  return {
    serviceSeconds,
    to: nodesOf(n).map((from) => ways[from]![n + 1]!),
    from: nodesOf(n).map((to) => ways[n + 1]![to]!),
  };
}

describe('The room of a day', () => {
  it('is all there is: a start is found exactly where the day with it can be kept', () => {
    let possible = 0;
    fc.assert(
      fc.property(days, (day) => {
        const { ways, stops, shift, break: rule, serviceSeconds } = day;
        const order = stops.map((_, index) => index);
        const found = fitsOf(withoutNew(day), order, newStop(day));
        for (let position = 0; position <= stops.length; position++) {
          const starts = startsOfAll(found.filter((fit) => fit.position === position));
          for (let at = 0; at <= LAST + 10; at++) {
            const visit = { serviceSeconds, windows: [{ from: at, to: at }] };
            const whole = { travel: ways, stops: [...stops, visit], shift, break: rule };
            const { violations } = schedule(whole, [
              ...order.slice(0, position),
              stops.length,
              ...order.slice(position),
            ]);
            const isKept = violations.length === 0;
            if (isKept) possible++;
            const isFound = starts.some(({ from, to }) => from <= at && at <= to);
            expect(isFound, `position ${position}, start ${at}`).to.equal(isKept);
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(possible).to.be.above(500);
  });

  it('knows how long the day will be, and what the detour costs', () => {
    fc.assert(
      fc.property(days, minutes(0, LAST), minutes(0, 20), (day, from, width) => {
        const { ways, stops, shift, break: rule, serviceSeconds } = day;
        const order = stops.map((_, index) => index);
        const span = { from, to: from + width };
        const problem = withoutNew(day);
        const found = fitsOf(problem, order, newStop(day), roomOf(problem, order));
        const before = schedule({ ...problem, shift: { from: -1e6, to: 1e6 }, break: null }, order).travelSeconds;
        for (let position = 0; position <= stops.length; position++) {
          const fits = found.filter((fit) => fit.position === position);
          const lengths = fits.flatMap((fit) => shortestIn(fit, span)?.daySeconds ?? []);
          const whole = { travel: ways, stops: [...stops, { serviceSeconds, windows: [span] }], shift, break: rule };
          const made = schedule(whole, [...order.slice(0, position), stops.length, ...order.slice(position)]);
          expect(lengths.length > 0, `position ${position}`).to.equal(made.violations.length === 0);
          if (lengths.length === 0) continue;
          expect(Math.min(...lengths)).to.equal(made.return - made.departure);
          expect(fits[0]?.addedCost).to.equal(made.travelSeconds - before);
          for (const fit of fits) {
            const start = shortestIn(fit, span)?.start ?? from;
            expect(start).to.be.within(from, from + width);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

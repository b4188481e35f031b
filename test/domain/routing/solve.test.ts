import { expect } from 'chai';
import fc from 'fast-check';
import type { RoutingProblem } from '../../../server/domain/routing/problem.ts';
import { proveReturn } from '../../../server/domain/routing/earliestReturn.ts';
import { proveDay } from '../../../server/domain/routing/exact.ts';
import { solve } from '../../../server/domain/routing/solve.ts';
import { bruteForce, bruteForceBySchedule, days, easyDay, OBJECTIVES, tourDay, wideDay } from './days.ts';

const never = (): boolean => false;

describe('The best route of a day', () => {
  for (const objective of OBJECTIVES) {
    it(`is never worse than trying all orders (${objective}, up to 5 stops, windows, breaks)`, () => {
      fc.assert(
        fc.property(days(), (problem) => {
          const best = bruteForce(problem, objective);
          const found = solve(problem, { objective, seed: 1, stop: never });
          expect(found.proved).to.equal(true);
          expect(found.order === null ? null : found.value).to.equal(best);
          expect(found.bound).to.equal(best ?? Infinity);
          if (found.schedule !== null) expect(found.schedule.violations).to.deep.equal([]);
        }),
        { numRuns: 300 },
      );
    });

    it(`is never worse than trying all orders (${objective}, 6 to 8 stops)`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 1e9 }), fc.boolean(), (seed, withBreak) => {
          const problem = easyDay(6 + (seed % 3 === 0 ? 2 : seed % 2), seed, withBreak);
          const best = bruteForceBySchedule(problem, objective);
          const found = solve(problem, { objective, seed, stop: never });
          expect(found.proved).to.equal(true);
          expect(found.order === null ? null : found.value).to.equal(best);
        }),
        { numRuns: 4 },
      );
    });
  }

  it('is the same by the method for many stops as by trying all orders (earliest return, no break)', () => {
    fc.assert(
      fc.property(
        days({ withBreak: false, stops: 6 }).filter(({ stops }) => stops.length > 0),
        (problem) => {
          const found = proveReturn(problem, { seed: 1, isOver: never });
          expect(found.proved).to.equal(true);
          const best = bruteForceBySchedule(problem, 'makespan');
          expect(found.order === null ? null : found.value).to.equal(best);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of 15 to 22 stops is the same by two methods that share little (earliest return)', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const problem = tourDay(15 + (seed % 8), seed, 60 + 15 * seed);
      const one = proveDay(problem, { objective: 'makespan', seed, isOver: never });
      const other = proveReturn(problem, { seed, isOver: never });
      expect(one.proved && other.proved).to.equal(true);
      expect(one.value).to.equal(other.value);
    }
  });

  it('is the same again for the same seed', () => {
    for (const objective of OBJECTIVES) {
      const problem = { ...wideDay(16, 7), break: { afterSeconds: 180, seconds: 20 } };
      const afterSome = (steps: number): boolean => steps > 20_000;
      const once = solve(problem, { objective, seed: 3, stop: afterSome });
      expect(solve(problem, { objective, seed: 3, stop: afterSome })).to.deep.equal(once);
    }
  });

  it('is not searched for any longer once it is to stop', () => {
    const problem = wideDay(20, 5);
    let asked = 0;
    const atOnce = (): boolean => ++asked > 0;
    const found = solve(problem, { objective: 'travelTime', seed: 1, stop: atOnce });
    expect(found.proved).to.equal(false);
    expect(asked).to.be.lessThan(20);
    expect(found.bound).to.be.at.most(found.value);
  });

  it('counts the driving alone where the problem says what driving is', () => {
    // By travel 1-2 is shorter (1 + 1 + 1 against 9 + 1 + 9), by cost 2-1 (0 + 0 + 0 against 5 + 5 + 5).
    const problem: RoutingProblem = {
      travel: [
        [0, 1, 9, 0],
        [0, 0, 1, 9],
        [0, 1, 0, 1],
        [0, 0, 0, 0],
      ],
      cost: [
        [0, 5, 0, 0],
        [0, 0, 5, 0],
        [0, 0, 0, 5],
        [0, 0, 0, 0],
      ],
      stops: [1, 2].map(() => ({ serviceSeconds: 0, windows: [{ from: 0, to: 100 }] })),
      shift: { from: 0, to: 100 },
      break: null,
    };
    const byDriving = solve(problem, { objective: 'travelTime', seed: 1, stop: never });
    expect(byDriving.order).to.deep.equal([1, 0]);
    expect(byDriving.value).to.equal(0);
    const withoutCost = { ...problem, cost: problem.travel };
    expect(solve(withoutCost, { objective: 'travelTime', seed: 1, stop: never }).order).to.deep.equal([0, 1]);
  });

  it('is empty for a day without stops', () => {
    const problem: RoutingProblem = {
      travel: [
        [0, 4],
        [4, 0],
      ],
      stops: [],
      shift: { from: 10, to: 20 },
      break: null,
    };
    const values = OBJECTIVES.map((objective) => solve(problem, { objective, seed: 1, stop: never }).value);
    // Travel 4; leaving at 10 back at 14; 4 on the road.
    expect(values).to.deep.equal([4, 14, 4]);
  });
});

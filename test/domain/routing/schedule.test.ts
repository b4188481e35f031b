import { expect } from 'chai';
import fc from 'fast-check';
import type { RoutingProblem } from '../../../server/domain/routing/problem.ts';
import { schedule } from '../../../server/domain/routing/schedule.ts';
import { days, OBJECTIVES, slowValue } from './days.ts';
import { valueOf } from '../../../server/domain/routing/costs.ts';

/** Depot and two stops, ten minutes between any two of them; service takes 20 minutes. All in minutes. */
function twoStops(changes: Partial<RoutingProblem> = {}): RoutingProblem {
  const travel = Array.from({ length: 4 }, (_, from) => Array.from({ length: 4 }, (_, to) => (from === to ? 0 : 10)));
  return {
    travel,
    stops: [
      { serviceSeconds: 20, windows: [{ from: 100, to: 110 }] },
      { serviceSeconds: 20, windows: [{ from: 140, to: 200 }] },
    ],
    shift: { from: 0, to: 300 },
    break: null,
    ...changes,
  };
}

describe('The times of a day in a given order', () => {
  it('leave the depot as late as the earliest return allows', () => {
    const day = schedule(twoStops(), [0, 1]);
    // The second window opens at 140: 130 is early enough there, so service at the first ends at 130, begins at 110,
    // and the crew leaves at 100. It is back at 140 + 20 + 10.
    expect(day).to.deep.equal({
      departure: 100,
      return: 170,
      travelSeconds: 30,
      cost: 30,
      waitingSeconds: 0,
      breaks: [],
      visits: [
        { stop: 0, arrival: 110, waiting: 0, start: 110, end: 130, departure: 130 },
        { stop: 1, arrival: 140, waiting: 0, start: 140, end: 160, departure: 160 },
      ],
      violations: [],
    });
  });

  it('say by how much a window is missed', () => {
    // The second one first: its service ends at 160, the crew is at the first at 170, 60 after 110.
    const day = schedule(twoStops(), [1, 0]);
    expect(day.violations).to.deep.equal([
      { kind: 'windowMissed', stop: 0, arrival: 170, windowTo: 110, lateSeconds: 60 },
    ]);
    expect(day.departure).to.equal(130);
    expect(day.return).to.equal(200);
  });

  it('say by how much the shift is too short', () => {
    expect(schedule(twoStops({ shift: { from: 0, to: 165 } }), [0, 1]).violations).to.deep.equal([
      { kind: 'shiftEnd', return: 170, shiftTo: 165, lateSeconds: 5 },
    ]);
  });

  it('put the break after a stop where it costs least', () => {
    // The whole day lasts at least 70 > 40. After the first stop, 30 minutes after the departure; the crew is at the
    // second at 110 + 20 + 15 + 10 = 155 if it leaves at 100, 145 if it leaves at 90.
    const day = schedule(twoStops({ break: { afterSeconds: 40, seconds: 15 } }), [0, 1]);
    expect(day.violations).to.deep.equal([]);
    expect(day.breaks).to.deep.equal([{ from: 120, to: 135 }]);
    expect([day.departure, day.return]).to.deep.equal([90, 175]);
  });

  it('report a break that has no place', () => {
    // No service ends earlier than 30 minutes after the departure.
    const day = schedule(twoStops({ break: { afterSeconds: 29, seconds: 15 } }), [0, 1]);
    expect(day.violations).to.deep.equal([
      { kind: 'breakMissing', daySeconds: 170, afterSeconds: 29, breakSeconds: 15 },
    ]);
    expect(day.breaks).to.deep.equal([]);
  });

  it('choose among several windows what makes the day shortest', () => {
    const problem = twoStops();
    const stops = [
      {
        serviceSeconds: 20,
        windows: [
          { from: 20, to: 30 },
          { from: 100, to: 110 },
        ],
      },
      problem.stops[1]!,
    ];
    expect(schedule({ ...problem, stops }, [0, 1]).departure).to.equal(100);
  });

  it('break no window that they do not report, and are the best there are for the order', () => {
    fc.assert(
      fc.property(days(), fc.constantFrom(...OBJECTIVES), fc.nat(), (problem, objective, shuffle) => {
        const order = problem.stops.map((_, stop) => stop);
        for (let at = order.length - 1; at > 0; at--) {
          const other = (shuffle >> at) % (at + 1);
          [order[at], order[other]] = [order[other]!, order[at]!];
        }
        const day = schedule(problem, order, objective);
        const reported = new Set(day.violations.flatMap((violation) => ('stop' in violation ? [violation.stop] : [])));
        let at = 0;
        let now = day.departure;
        for (const visit of day.visits) {
          expect(visit.arrival).to.equal(now + problem.travel[at]![visit.stop + 1]!);
          expect(visit.start - visit.arrival).to.equal(visit.waiting);
          expect(visit.waiting).to.be.at.least(0);
          const { windows, serviceSeconds } = problem.stops[visit.stop]!;
          const isInWindow = windows.some(({ from, to }) => visit.start >= from && visit.start <= to);
          expect(isInWindow || reported.has(visit.stop)).to.equal(true);
          expect(visit.end).to.equal(visit.start + serviceSeconds);
          const rest = day.breaks.filter(({ from, to }) => from === visit.end && to === visit.departure);
          expect(visit.departure === visit.end || rest.length === 1).to.equal(true);
          now = visit.departure;
          at = visit.stop + 1;
        }
        expect(day.return).to.equal(now + problem.travel[at]![problem.stops.length + 1]!);
        expect(day.departure).to.be.at.least(problem.shift.from);
        const kinds = day.violations.map(({ kind }) => kind);
        expect(day.return <= problem.shift.to || kinds.includes('shiftEnd')).to.equal(true);
        const { break: rule } = problem;
        const isLong = rule !== null && day.return - day.departure > rule.afterSeconds;
        const inTime = day.breaks.some(({ from }) => from - day.departure <= (rule?.afterSeconds ?? 0));
        if (isLong && !kinds.includes('breakMissing')) expect(inTime).to.equal(true);
        const best = slowValue(problem, order, objective);
        expect(day.violations.length === 0 ? valueOf(objective, day) : null).to.equal(best);
      }),
      { numRuns: 2000 },
    );
  });
});

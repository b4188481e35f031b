import { expect } from 'chai';
import { explain, explainIn, type ExplainWords } from '../../../server/domain/routing/explain.ts';
import type { RoutingProblem, TimeSpan } from '../../../server/domain/routing/problem.ts';
import { schedule } from '../../../server/domain/routing/schedule.ts';
import { solve } from '../../../server/domain/routing/solve.ts';

const minute = 60;
const at = (clock: string): number => {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours! * 60 + minutes!) * minute;
};
const words: ExplainWords = {
  name: (stop) => ['Tettau', 'Ortrand', 'Lauchhammer'][stop]!,
  clock: (instant) => `${Math.floor(instant / 3600)}:${String(Math.floor(instant / 60) % 60).padStart(2, '0')}`,
};

/** Every way takes so many minutes; service an hour. */
function day(ways: number, windows: readonly [string, string][], shift: [string, string]): RoutingProblem {
  const size = windows.length + 2;
  const span = ([from, to]: readonly [string, string]): TimeSpan => ({ from: at(from), to: at(to) });
  return {
    travel: Array.from({ length: size }, (_, from) =>
      Array.from({ length: size }, (_, to) => (from === to ? 0 : ways * minute)),
    ),
    stops: windows.map((window) => ({ serviceSeconds: 60 * minute, windows: [span(window)] })),
    shift: span(shift),
    break: null,
  };
}

function sentences(problem: RoutingProblem, order: number[] | null, locale: 'de' | 'en' = 'de'): string[] {
  const times = order === null ? null : schedule(problem, order);
  return explain(problem, times).map((why) => explainIn(locale, why, words));
}

describe('Why a day is not possible', () => {
  it('is said for a stop that is reached too late in this order', () => {
    // Ortrand ends at 10:00 at the earliest, 44 minutes of way: 10:44.
    const problem = day(
      44,
      [
        ['10:30', '10:30'],
        ['9:00', '9:00'],
      ],
      ['8:00', '16:00'],
    );
    expect(sentences(problem, [1, 0])).to.deep.equal([
      'Tettau 10:30 ist in dieser Reihenfolge nicht erreichbar: Ankunft frühestens 10:44, das sind 14 Minuten zu spät.',
    ]);
    expect(sentences(problem, [1, 0], 'en')).to.deep.equal([
      'Tettau cannot be reached by 10:30 in this order: arrival at 10:44 at the earliest, 14 minutes too late.',
    ]);
  });

  it('is said for a return after the end of the shift', () => {
    // Service from 15:00 to 16:00, 30 minutes of way: 16:30.
    const problem = day(30, [['15:00', '15:00']], ['8:00', '16:00']);
    expect(sentences(problem, [0])).to.deep.equal([
      'Die Rückkehr ist frühestens um 16:30, der Dienst endet um 16:00: 30 Minuten zu spät.',
    ]);
    // One minute of way more than there is time: 16:01.
    expect(sentences(day(1, [['15:00', '15:00']], ['8:00', '16:00']), [0])).to.deep.equal([
      'Die Rückkehr ist frühestens um 16:01, der Dienst endet um 16:00: 1 Minute zu spät.',
    ]);
    expect(sentences(problem, null)).to.deep.equal([
      'Von Tettau ist die Rückkehr frühestens um 16:30, der Dienst endet um 16:00.',
    ]);
  });

  it('is said for a stop that cannot be reached at all', () => {
    const problem = day(44, [['8:30', '8:40']], ['8:00', '16:00']);
    expect(sentences(problem, null)).to.deep.equal(['Tettau 8:40 ist nicht erreichbar: Ankunft frühestens 8:44.']);
  });

  it('is said for two stops that exclude each other', () => {
    // One ends at 10:00, the other is 30 minutes away: 10:30 instead of 9:30, and the other way round.
    const problem = day(
      30,
      [
        ['9:00', '9:30'],
        ['9:00', '9:30'],
      ],
      ['8:00', '16:00'],
    );
    expect(solve(problem, { objective: 'travelTime', seed: 1, stop: () => false })).to.include({
      order: null,
      proved: true,
      bound: Infinity,
    });
    expect(sentences(problem, null)).to.deep.equal([
      'Tettau und Ortrand schließen sich aus: Nach Tettau ist die Ankunft in Ortrand frühestens 10:30 statt spätestens 9:30, nach Ortrand in Tettau frühestens 10:30 statt spätestens 9:30.',
    ]);
  });

  it('is said for a shift that is too short for everything', () => {
    // Three hours of service and four ways of 30 minutes.
    const problem = day(
      30,
      [
        ['8:00', '16:00'],
        ['8:00', '16:00'],
        ['8:00', '16:00'],
      ],
      ['8:00', '12:30'],
    );
    expect(sentences(problem, null)).to.deep.equal([
      'Die Halte brauchen mit den kürzesten Fahrten mindestens 5:00 Stunden, der Dienst dauert 4:30 Stunden.',
    ]);
  });

  it('is said for a break without a place', () => {
    const problem = { ...day(30, [['9:00', '9:00']], ['8:00', '16:00']), break: { afterSeconds: 3600, seconds: 1800 } };
    // The first service ends an hour and a half after the departure; the day lasts two hours. Left at 8:00: 2:30.
    expect(explain(problem, schedule(problem, [0])).map(({ kind }) => kind)).to.deep.equal(['breakMissing']);
    expect(explain(problem, null, 'possible').map((why) => explainIn('de', why, words))).to.deep.equal([
      'Ohne Pause gäbe es eine Reihenfolge. Mit der Pause von 30 Minuten, die spätestens nach 1:00 Stunden beginnt, gibt es keine.',
    ]);
  });

  it('is said in general where no single reason is enough', () => {
    // Two fit in any order, three do not: each takes 90 minutes with its way and all begin by 11:00 (8:30, 10:00, 11:30).
    const problem = day(
      30,
      [
        ['8:00', '11:00'],
        ['8:00', '11:00'],
        ['8:00', '11:00'],
      ],
      ['8:00', '20:00'],
    );
    expect(sentences(problem, null)).to.deep.equal(['Keine Reihenfolge hält alle Zeiten zusammen ein.']);
  });
});

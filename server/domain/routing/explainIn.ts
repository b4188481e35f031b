import type { Explanation } from './explain.ts';

export interface ExplainWords {
  /** The name of a stop, by its index in the problem. */
  name: (stop: number) => string;
  /** An instant of the problem as people read it: "10:44". */
  clock: (instant: number) => string;
}

/** The sentence for an explanation, with its numbers. */
export function explainIn(locale: 'de' | 'en', explanation: Explanation, words: ExplainWords): string {
  return locale === 'de' ? inGerman(explanation, words) : inEnglish(explanation, words);
}

function inGerman(why: Explanation, { name, clock }: ExplainWords): string {
  switch (why.kind) {
    case 'windowMissed':
      return `${name(why.stop)} ${clock(why.windowTo)} ist in dieser Reihenfolge nicht erreichbar: Ankunft frühestens ${clock(why.arrival)}, das sind ${minutes(why.lateSeconds, 'Minute', 'Minuten')} zu spät.`;
    case 'shiftEnd':
      return `Die Rückkehr ist frühestens um ${clock(why.return)}, der Dienst endet um ${clock(why.shiftTo)}: ${minutes(why.lateSeconds, 'Minute', 'Minuten')} zu spät.`;
    case 'breakMissing':
      return `Der Tag dauert ${hours(why.daySeconds)} Stunden. Die Pause von ${minutes(why.breakSeconds, 'Minute', 'Minuten')}, die spätestens nach ${hours(why.afterSeconds)} Stunden beginnt, hat zwischen den Halten keinen Platz.`;
    case 'outOfReach':
      return `${name(why.stop)} ${clock(why.windowTo)} ist nicht erreichbar: Ankunft frühestens ${clock(why.arrival)}.`;
    case 'noWayBack':
      return `Von ${name(why.stop)} ist die Rückkehr frühestens um ${clock(why.return)}, der Dienst endet um ${clock(why.shiftTo)}.`;
    case 'pairExcluded':
      return `${name(why.first)} und ${name(why.second)} schließen sich aus: Nach ${name(why.first)} ist die Ankunft in ${name(why.second)} frühestens ${clock(why.arrival)} statt spätestens ${clock(why.windowTo)}, nach ${name(why.second)} in ${name(why.first)} frühestens ${clock(why.otherArrival)} statt spätestens ${clock(why.otherWindowTo)}.`;
    case 'shiftTooShort':
      return `Die Halte brauchen mit den kürzesten Fahrten mindestens ${hours(why.neededSeconds)} Stunden, der Dienst dauert ${hours(why.shiftSeconds)} Stunden.`;
    case 'noPlaceForBreak':
      return `Ohne Pause gäbe es eine Reihenfolge. Mit der Pause von ${minutes(why.breakSeconds, 'Minute', 'Minuten')}, die spätestens nach ${hours(why.afterSeconds)} Stunden beginnt, gibt es keine.`;
    case 'noOrder':
      return 'Keine Reihenfolge hält alle Zeiten zusammen ein.';
  }
}

function inEnglish(why: Explanation, { name, clock }: ExplainWords): string {
  switch (why.kind) {
    case 'windowMissed':
      return `${name(why.stop)} cannot be reached by ${clock(why.windowTo)} in this order: arrival at ${clock(why.arrival)} at the earliest, ${minutes(why.lateSeconds, 'minute', 'minutes')} too late.`;
    case 'shiftEnd':
      return `The return is at ${clock(why.return)} at the earliest, the shift ends at ${clock(why.shiftTo)}: ${minutes(why.lateSeconds, 'minute', 'minutes')} too late.`;
    case 'breakMissing':
      return `The day lasts ${hours(why.daySeconds)} hours. There is no room between the stops for the break of ${minutes(why.breakSeconds, 'minute', 'minutes')}, which begins after ${hours(why.afterSeconds)} hours at the latest.`;
    case 'outOfReach':
      return `${name(why.stop)} cannot be reached by ${clock(why.windowTo)}: arrival at ${clock(why.arrival)} at the earliest.`;
    case 'noWayBack':
      return `From ${name(why.stop)} the return is at ${clock(why.return)} at the earliest, the shift ends at ${clock(why.shiftTo)}.`;
    case 'pairExcluded':
      return `${name(why.first)} and ${name(why.second)} exclude each other: after ${name(why.first)} the arrival in ${name(why.second)} is at ${clock(why.arrival)} at the earliest instead of ${clock(why.windowTo)} at the latest, after ${name(why.second)} in ${name(why.first)} at ${clock(why.otherArrival)} instead of ${clock(why.otherWindowTo)}.`;
    case 'shiftTooShort':
      return `The stops take at least ${hours(why.neededSeconds)} hours with the shortest drives, the shift lasts ${hours(why.shiftSeconds)} hours.`;
    case 'noPlaceForBreak':
      return `Without a break there would be an order. With the break of ${minutes(why.breakSeconds, 'minute', 'minutes')}, which begins after ${hours(why.afterSeconds)} hours at the latest, there is none.`;
    case 'noOrder':
      return 'No order keeps all the times together.';
  }
}

/** "8 Minuten", begun ones count. */
function minutes(seconds: number, one: string, many: string): string {
  const count = Math.ceil(seconds / 60);
  return `${count} ${count === 1 ? one : many}`;
}

/** "6:30", begun minutes count. */
function hours(seconds: number): string {
  const all = Math.ceil(seconds / 60);
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, '0')}`;
}

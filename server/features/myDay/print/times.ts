import type { TourTimes } from '../../../domain/tours/times.ts';
import { MINUTES_PER_DAY } from '../../../domain/time.ts';
import { clockTime, distance } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { stepsOf, type Step } from '../pages/steps.ts';
import type { CrewTour } from '../ports.ts';

/** What happens on the way, in the order in which it is lived through. */
export interface SheetStep {
  time: string;
  text: string;
}

/** The steps of the day around its stops; the announced times themselves stand in the headings of the stops. */
export interface SheetSteps {
  /** Before each stop, packing up the stop before included. */
  before: SheetStep[][];
  /** After the last stop. */
  home: SheetStep[];
}

/** Also for minutes of the day before or after, which a sheet of one day tells by the order of its lines. */
function clock(minute: number): string {
  return clockTime(((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY);
}

/** @param times null: not known; then there are only set-up and packing up */
export function presentSteps(tour: CrewTour, times: TourTimes | null, locale: Locale, t: Translate): SheetSteps {
  const before: SheetStep[][] = tour.stops.map(() => []);
  const home: SheetStep[] = [];
  let next = 0;
  for (const step of stepsOf(tour.stops, times)) {
    if (step.kind === 'open') {
      next = step.stop + 1;
      continue;
    }
    const text = textOf(step, tour, locale, t);
    if (text !== null) (before[next] ?? home).push({ time: clock(step.from), text });
  }
  return { before, home };
}

/** Null: not worth a line on paper. */
function textOf(step: Step, tour: CrewTour, locale: Locale, t: Translate): string | null {
  const depot = tour.depot?.name ?? t('sheet.depot');
  const minutes = step.to - step.from;
  switch (step.kind) {
    case 'departure':
      return t('sheet.leave', { place: depot });
    case 'drive': {
      const place = step.stop === null ? depot : (tour.stops[step.stop]?.venue.locality ?? '');
      const words = { place, minutes: step.leg.minutes, distance: distance(step.leg.metres, locale) };
      return step.leg.estimated ? t('sheet.driveEstimated', words) : t('sheet.drive', words);
    }
    case 'break':
      return t('sheet.rest', { minutes });
    case 'setUp':
      return minutes === 0 ? null : t('sheet.setUp', { minutes });
    case 'tearDown':
      return minutes === 0 ? null : t('sheet.packUp', { minutes });
    case 'return':
      return t('sheet.back', { place: depot });
    case 'wait':
    case 'open':
      return null;
  }
}

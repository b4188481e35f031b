import { explain, explainIn } from '../../../domain/routing/explain.ts';
import type { Improvement } from '../../../domain/tours/improve.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { clockTime } from '../../../web/format.ts';
import type { Locale } from '../../../web/locale.ts';

/** Why no order keeps everything, with the numbers. */
export function explainImpossible(
  { now, problem, proved }: Extract<Improvement, { kind: 'impossible' }>,
  picture: PlanningPicture,
  locale: Locale,
): string[] {
  const venues = now.plan.stops.map(({ venueId }) => picture.venues.get(venueId));
  const words = {
    name: (stop: number): string => {
      const venue = venues[stop];
      if (venue === undefined) return String(stop + 1);
      const isOnlyOne = venues.filter((other) => other?.locality === venue.locality).length === 1;
      return isOnlyOne ? venue.locality : `${venue.locality} (${venue.name})`;
    },
    clock: (instant: number): string => clockTime(Math.round(instant / 60)),
  };
  return explain(problem, null)
    .filter(({ kind }) => proved || kind !== 'noOrder')
    .map((explanation) => explainIn(locale, explanation, words));
}

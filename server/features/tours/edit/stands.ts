import type { Conflict } from '../../../domain/tours/conflicts.ts';
import type { DayPlan } from '../../../domain/tours/day.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { TourPlan, TourWithLoad } from '../../../domain/tours/tour.ts';
import { MINUTES_PER_DAY } from '../../../domain/time.ts';
import { clockTime, distance, duration, timeSpan } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { presentConflict } from '../conflictTexts.ts';

/** What can be said of a stop, a depot or a day when its times are computed: the same in the form and on the page to read. */

export interface StandView {
  /** Place in the form, from 1. */
  n: number;
  title: string;
  times: string | null;
  /** The way to the next place. */
  leg: string | null;
  /** What stands against it, in a few words. */
  problems: readonly string[];
}

export interface DepotView {
  title: string;
  times: string | null;
  leg: string | null;
}

export interface DayView {
  start: DepotView;
  stands: readonly StandView[];
  end: DepotView;
  figures: readonly { key: string; value: string; hint: string | null }[];
}

export interface DayInput {
  plan: TourPlan | null;
  day: DayPlan | null;
  metres: number;
  conflicts: readonly Conflict[];
  /** For each stop of the plan its place in the form, from 0. */
  places: readonly number[];
  picture: PlanningPicture;
  load: TourWithLoad | null;
  /** Ids of the venues as entered, one a stop of the form. */
  venueIds: readonly (number | null)[];
}

export function presentDay(input: DayInput, locale: Locale, t: Translate): DayView {
  const { plan, day, picture } = input;
  const depot = plan?.depotId === undefined || plan.depotId === null ? null : picture.depots.get(plan.depotId);
  const name = depot?.name ?? t('tour.stands.noDepot');
  const legs = day?.legs ?? [];
  const way = (index: number): string | null => {
    const leg = legs[index];
    return leg === undefined
      ? null
      : t('tour.stands.leg', { minutes: duration(leg.minutes, locale), distance: distance(leg.metres, locale) });
  };
  return {
    start: {
      title: t('tour.stands.start', { depot: name }),
      times: day === null ? null : t('tour.stands.departure', { time: clock(day.departureMinute, t) }),
      leg: way(0),
    },
    stands: input.venueIds.map((venueId, place) => {
      const k = input.places.indexOf(place);
      return presentStand(input, { place, k, venueId }, k < 0 ? null : way(k + 1), locale, t);
    }),
    end: {
      title: t('tour.stands.end', { depot: name }),
      times: day === null ? null : t('tour.stands.return', { time: clock(day.returnMinute, t) }),
      leg: null,
    },
    figures: presentFigures(input, locale, t),
  };
}

function presentStand(
  { plan, day, conflicts, picture }: DayInput,
  { place, k, venueId }: { place: number; k: number; venueId: number | null },
  way: string | null,
  locale: Locale,
  t: Translate,
): StandView {
  const venue = venueId === null ? undefined : picture.venues.get(venueId);
  const stop = plan?.stops[k];
  const times = day?.stops[k];
  const after = times === undefined ? null : restAfter(day, k, locale, t);
  return {
    n: place + 1,
    title: venue === undefined ? t('tour.stands.unknown') : `${venue.locality}, ${venue.name}`,
    times:
      stop === undefined || times === undefined
        ? null
        : t('tour.stands.times', {
            arrival: clock(times.arrivalMinute, t),
            open: timeSpan(stop.fromMinute, stop.toMinute, locale),
            tearDown: clock(times.tearDownTo, t),
          }),
    leg: way === null || after === null ? way : `${way} · ${after}`,
    problems:
      k < 0
        ? []
        : conflicts.flatMap((conflict) =>
            conflict.severity === 'impossible' && 'stop' in conflict && conflict.stop === k
              ? [presentConflict(conflict, picture, locale).title]
              : [],
          ),
  };
}

/** What the crew does between this stop and the next one, besides driving. */
function restAfter(day: DayPlan | null, k: number, locale: Locale, t: Translate): string | null {
  const here = day?.stops[k];
  const next = day?.stops[k + 1];
  if (day === null || here === undefined || next === undefined) return null;
  const rest = day.breaks.find(({ fromMinute }) => fromMinute >= here.tearDownTo && fromMinute < next.setUpFrom);
  if (rest !== undefined) {
    return t('tour.stands.break', { span: timeSpan(rest.fromMinute, rest.toMinute, locale) });
  }
  return next.slackMinutes >= 5 ? t('tour.stands.slack', { minutes: duration(next.slackMinutes, locale) }) : null;
}

function presentFigures({ day, metres, load }: DayInput, locale: Locale, t: Translate): DayView['figures'] {
  const loaded =
    load === null
      ? []
      : [
          {
            key: t('tour.figures.appointments'),
            value: String(load.appointments),
            hint:
              load.possibleMinutes === 0
                ? null
                : t('tour.figures.load', { percent: Math.round((100 * load.bookedMinutes) / load.possibleMinutes) }),
          },
        ];
  if (day === null) return loaded;
  const estimated = day.legs.some((leg) => leg.estimated) ? t('tour.figures.estimated') : null;
  const driving = day.legs.reduce((sum, leg) => sum + leg.minutes, 0);
  return [
    { key: t('tour.figures.departure'), value: clock(day.departureMinute, t), hint: null },
    { key: t('tour.figures.return'), value: clock(day.returnMinute, t), hint: null },
    {
      key: t('tour.figures.travel'),
      value: t('tour.figures.minutes', { minutes: driving }),
      hint: estimated,
    },
    {
      key: t('tour.figures.distance'),
      value: distance(metres, locale),
      hint: estimated,
    },
    ...loaded,
  ];
}

/** "8:05"; outside the day with a word for it. */
export function clock(minute: number, t: Translate): string {
  const within = ((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  if (minute < 0) return t('tour.stands.dayBefore', { time: clockTime(within) });
  return minute > MINUTES_PER_DAY ? t('tour.stands.dayAfter', { time: clockTime(within) }) : clockTime(minute);
}

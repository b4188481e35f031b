import {
  countMoved,
  countObstacles,
  dayMinutes,
  type Arrangement,
  type Improvement,
} from '../../../domain/tours/improve.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { PlannedStop } from '../../../domain/tours/tour.ts';
import { clockTime, distance, duration } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { presentConflict } from '../conflictTexts.ts';
import { clock } from '../edit/stands.ts';
import { explainImpossible } from './explanations.ts';
import type { OrderAnswer } from './proposeOrder.ts';

/** What was found, in a headline and sentences, with the figures before and after. */
export interface ResultView {
  /** Which icon stands before the headline. */
  icon: 'success' | 'danger' | 'info';
  headline: string;
  texts: readonly string[];
  /** Why no order is possible. */
  reasons: readonly string[];
  rows: readonly { name: string; now: string; proposed: string; difference: string }[];
  changes: readonly { place: string; now: string; proposed: string }[];
  /** How many stops keep their time; null: all change. */
  kept: string | null;
  /** What is to be known of the proposal. */
  conflicts: readonly { kind: string; severity: 'impossible' | 'warning'; title: string; text: string }[];
  accept: { action: string; fields: readonly { name: string; value: string }[] } | null;
}

export function plainResult(icon: ResultView['icon'], headline: string, texts: readonly string[]): ResultView {
  return { icon, headline, texts, reasons: [], rows: [], changes: [], kept: null, conflicts: [], accept: null };
}

export function presentResult(
  { improvement, choices, picture }: OrderAnswer,
  locale: Locale,
  t: Translate,
): ResultView {
  if (improvement.kind === 'notYet') {
    return plainResult('info', t('order.notYet.headline'), [t(`order.notYet.${improvement.missing}`)]);
  }
  if (choices.every(({ free }) => !free)) {
    const canChoose = choices.some(({ held }) => held === null);
    return plainResult('info', t('order.noneFree.headline'), [
      canChoose ? t('order.noneFree.choose') : t('order.noneFree.never'),
    ]);
  }
  switch (improvement.kind) {
    case 'impossible':
      return {
        ...plainResult('danger', t('order.impossible.headline'), [
          ...(improvement.proved ? [] : [t('order.impossible.notFound')]),
          countObstacles(improvement.now) > 0 ? t('order.impossible.text') : t('order.impossible.stays'),
        ]),
        reasons: explainImpossible(improvement, picture, locale),
      };
    case 'best':
      return improvement.gapMinutes === 0
        ? plainResult('success', t('order.best.headline'), [
            t('order.best.proved'),
            ...estimateNote(improvement.now, t),
          ])
        : plainResult('info', t('order.best.notFound'), [
            t('order.best.gap', { minutes: duration(improvement.gapMinutes, locale) }),
            ...estimateNote(improvement.now, t),
          ]);
    case 'better':
      return presentBetter(improvement, picture, locale, t);
  }
}

function presentBetter(
  { now, proposal, gapMinutes }: Extract<Improvement, { kind: 'better' }>,
  picture: PlanningPicture,
  locale: Locale,
  t: Translate,
): ResultView {
  const kept = proposal.plan.stops.length - countMoved(proposal, now);
  return {
    icon: 'success',
    headline: headlineOf(now, proposal, locale, t),
    texts: [
      ...dayWords(now, proposal, locale, t),
      gapMinutes === 0 ? t('order.better.proved') : t('order.better.gap', { minutes: duration(gapMinutes, locale) }),
      ...estimateNote(proposal, t),
    ],
    reasons: [],
    rows: rowsOf(now, proposal, locale, t),
    changes: changesOf(now, proposal, picture),
    kept: kept === 0 ? null : t('order.changes.kept', { count: kept }),
    conflicts: proposal.conflicts.map((conflict) => {
      const { kind, severity, title, text } = presentConflict(conflict, picture, locale);
      return { kind, severity, title, text };
    }),
    accept: null,
  };
}

function headlineOf(now: Arrangement, proposal: Arrangement, locale: Locale, t: Translate): string {
  const saved = now.drivingMinutes - proposal.drivingMinutes;
  if (countObstacles(proposal) < countObstacles(now)) {
    return countObstacles(proposal) === 0 ? t('order.better.possible') : t('order.better.lessWrong');
  }
  return saved > 0
    ? t('order.better.driving', { minutes: duration(saved, locale) })
    : t('order.better.day', { minutes: duration(dayMinutes(now) - dayMinutes(proposal), locale) });
}

/** What the headline does not say: the driving where it grows, and the day. */
function dayWords(now: Arrangement, proposal: Arrangement, locale: Locale, t: Translate): string[] {
  const driving = proposal.drivingMinutes - now.drivingMinutes;
  const day = dayMinutes(proposal) - dayMinutes(now);
  return [
    ...(driving > 0 ? [t('order.better.moreDriving', { minutes: duration(driving, locale) })] : []),
    ...(day > 0 ? [t('order.better.longerDay', { minutes: duration(day, locale) })] : []),
    ...(day < 0 && driving !== 0 ? [t('order.better.shorterDay', { minutes: duration(-day, locale) })] : []),
  ];
}

function estimateNote({ day }: Arrangement, t: Translate): string[] {
  return day.legs.some(({ estimated }) => estimated) ? [t('order.estimated')] : [];
}

function rowsOf(now: Arrangement, proposal: Arrangement, locale: Locale, t: Translate): ResultView['rows'] {
  const minutes = (value: number): string => duration(value, locale);
  const row = (
    name: string,
    [before, after]: readonly [number, number],
    words: (value: number) => string,
    difference: (by: number) => string,
  ): ResultView['rows'][number] => ({
    name,
    now: words(before),
    proposed: words(after),
    difference: words(before) === words(after) ? t('order.difference.none') : difference(after - before),
  });
  const amount = (words: (value: number) => string) => (by: number) =>
    by < 0 ? t('order.difference.less', { amount: words(-by) }) : t('order.difference.more', { amount: words(by) });
  const moment = (by: number): string =>
    by < 0
      ? t('order.difference.earlier', { amount: minutes(-by) })
      : t('order.difference.later', { amount: minutes(by) });
  const length = (metres: number): string => distance(metres, locale);
  const time = (minute: number): string => clock(minute, t);
  return [
    row(t('order.rows.driving'), [now.drivingMinutes, proposal.drivingMinutes], minutes, amount(minutes)),
    row(t('order.rows.distance'), [shown(now.metres), shown(proposal.metres)], length, amount(length)),
    row(t('order.rows.departure'), [now.day.departureMinute, proposal.day.departureMinute], time, moment),
    row(t('order.rows.return'), [now.day.returnMinute, proposal.day.returnMinute], time, moment),
    row(t('order.rows.day'), [dayMinutes(now), dayMinutes(proposal)], minutes, amount(minutes)),
  ];
}

/** Metres as `distance` rounds them, so that the difference is that of the figures beside it. */
function shown(metres: number): number {
  const step = metres < 950 ? 100 : metres < 9_950 ? 500 : 1_000;
  return Math.round(metres / step) * step;
}

/** In the proposed order. */
function changesOf(now: Arrangement, proposal: Arrangement, picture: PlanningPicture): ResultView['changes'] {
  return proposal.plan.stops.flatMap((stop, k) => {
    const before = now.plan.stops[proposal.order[k] ?? k];
    return before === undefined || before.fromMinute === stop.fromMinute
      ? []
      : [{ place: placeOf(stop, picture), now: spanOf(before), proposed: spanOf(stop) }];
  });
}

/** "10:30–11:30" */
export function spanOf({ fromMinute, toMinute }: Pick<PlannedStop, 'fromMinute' | 'toMinute'>): string {
  return `${clockTime(fromMinute)}–${clockTime(toMinute)}`;
}

export function placeOf({ venueId }: Pick<PlannedStop, 'venueId'>, picture: PlanningPicture): string {
  const venue = picture.venues.get(venueId);
  return venue === undefined ? String(venueId) : `${venue.locality}, ${venue.name}`;
}

import { addDays, isoWeek, weekdayOf } from '../../../domain/time.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { dateLeaf, dayDate, shortDate } from '../../../web/format.ts';
import { presentConflict } from '../conflictTexts.ts';
import { daysFrom, firstOfMonth, mondayOf } from './calendar.ts';
import { crewNames, hours, kitName, loadOf, loadOfAll, placeName, stateOf, type ChipView } from './chips.ts';
import type { BoardContext } from './context.ts';
import { presentCrew, type CrewRow } from './crew.ts';
import { presentDay, type DayView } from './days.ts';
import { presentFilter, type FilterView } from './filterPresenter.ts';
import type { LookedAt } from './look.ts';
import { isFiltered, isWanted, monthHref, weekHref, withoutFilter } from './query.ts';
import { presentRows, type RowView } from './rows.ts';

export interface Link {
  text: string;
  href: string;
}

export interface WeekView {
  title: string;
  heading: string;
  label: string;
  summary: string;
  previous: Link;
  next: Link;
  /** Null: it is this week. */
  now: Link | null;
  /** Null: nobody here may make tours. */
  add: string | null;
  views: readonly (Link & { current: boolean })[];
  rowKinds: readonly (Link & { current: boolean })[];
  weekend: Link | null;
  decisions: readonly DecisionView[];
  filter: FilterView;
  columns: readonly DayView[];
  rows: readonly RowView[];
  caption: string;
  /** Null: the rows are the team already. */
  crew: readonly CrewRow[] | null;
  table: readonly TableRow[];
  empty: EmptyView | null;
  canDrag: boolean;
}

export interface DecisionView {
  title: string;
  text: string;
  links: readonly Link[];
}

export interface TableRow {
  number: string;
  href: string;
  day: string;
  kit: string;
  crew: string;
  stops: string;
  load: string;
  state: ChipView['state'];
}

export interface EmptyView {
  title: string;
  text: string;
  link: Link | null;
}

/** @param all every tour of the week, by date and time */
export function presentWeek(all: readonly LookedAt[], context: BoardContext): WeekView {
  const { t, p, query, today } = context;
  const shown = all.filter(({ tour }) => isWanted(tour, query.filter));
  const sunday = addDays(query.week, 6);
  const columns = daysFrom(query.week, sunday)
    .filter((date) => weekdayOf(date) <= 5 || query.weekend || all.some(({ tour }) => tour.date === date))
    .map((date) =>
      presentDay(
        date,
        shown.filter(({ tour }) => tour.date === date).map(({ tour }) => tour),
        context,
      ),
    );
  const { week, year } = isoWeek(query.week);
  const heading = spanTitle(query.week, columns.at(-1)?.date ?? sunday, context);
  const canChange = [...context.picture.municipalities.keys()].some((id) => context.mayChange(id));
  return {
    title: t('board.week.title', { week, year }),
    heading,
    label: t('board.week.label', { week }),
    summary: summaryOf(shown, context),
    previous: weekLink(addDays(query.week, -7), context),
    next: weekLink(addDays(query.week, 7), context),
    now:
      query.week === mondayOf(today)
        ? null
        : { text: t('board.week.now'), href: weekHref(p, query, { week: mondayOf(today) }) },
    add: canChange ? p.newTour({ datum: today > query.week ? (today <= sunday ? today : null) : query.week }) : null,
    views: presentViews('week', context),
    rowKinds: (['kits', 'team'] as const).map((rows) => ({
      text: t(`board.rows.${rows}`),
      href: weekHref(p, query, { rows }),
      current: rows === query.rows,
    })),
    weekend:
      columns.length === 7 && !query.weekend
        ? null
        : {
            text: query.weekend ? t('board.week.noWeekend') : t('board.week.weekend'),
            href: weekHref(p, query, { weekend: !query.weekend }),
          },
    decisions: all
      .filter(({ tour, obstacles }) => tour.state === 'published' && obstacles.length > 0)
      .filter(({ tour }) => context.mayChange(tour.municipalityId))
      .map((looked) => presentDecision(looked, context)),
    filter: presentFilter('week', context),
    columns,
    rows: presentRows(shown, columns, context),
    caption: t(query.rows === 'kits' ? 'board.week.captionKits' : 'board.week.captionTeam', { week }),
    crew: query.rows === 'team' ? null : presentCrew(all, columns, context),
    table: shown.map((looked) => presentTableRow(looked, context)),
    empty: emptyOf(all, shown, canChange, context),
    canDrag: canChange && query.rows === 'kits',
  };
}

/** The same board by week or by month. */
export function presentViews(current: 'week' | 'month', { t, p, query, today }: BoardContext): WeekView['views'] {
  const thursday = addDays(query.week, 3);
  const holdsToday = today.slice(0, 7) === query.month.slice(0, 7);
  return [
    {
      text: t('board.views.week'),
      href: weekHref(p, query, current === 'week' ? {} : { week: mondayOf(holdsToday ? today : query.month) }),
      current: current === 'week',
    },
    {
      text: t('board.views.month'),
      href: monthHref(p, query, current === 'month' ? {} : { month: firstOfMonth(thursday) }),
      current: current === 'month',
    },
  ];
}

function weekLink(week: string, { t, p, query }: BoardContext): Link {
  return { text: t('board.week.short', { week: isoWeek(week).week }), href: weekHref(p, query, { week }) };
}

/** "7. bis 11. Dezember 2026", "28. Dezember 2026 bis 1. Januar 2027" */
function spanTitle(from: string, to: string, { t, locale }: BoardContext): string {
  const parameters = { from: shortDate(from, locale), to: shortDate(to, locale), year: to.slice(0, 4) };
  if (from.slice(0, 7) === to.slice(0, 7)) {
    return t('board.week.span', { ...parameters, from: dateLeaf(from, locale).day });
  }
  return from.slice(0, 4) === to.slice(0, 4)
    ? t('board.week.spanMonths', parameters)
    : t('board.week.spanYears', { ...parameters, fromYear: from.slice(0, 4) });
}

/** "12 Touren, davon 2 Entwürfe, zu 68 % belegt" */
export function summaryOf(shown: readonly Pick<LookedAt, 'tour'>[], context: BoardContext): string {
  const { t } = context;
  const tours = shown.map(({ tour }) => tour).filter(({ state }) => state !== 'cancelled');
  const drafts = tours.filter(({ state }) => state === 'draft').length;
  const cancelled = shown.length - tours.length;
  const load = loadOfAll(tours, context);
  return [
    t('board.summary.tours', { count: tours.length }),
    ...(drafts > 0 ? [t('board.summary.drafts', { count: drafts })] : []),
    ...(cancelled > 0 ? [t('board.summary.cancelled', { count: cancelled })] : []),
    ...(load === null ? [] : [load.text]),
  ].join(' · ');
}

function presentDecision({ tour, obstacles }: LookedAt, context: BoardContext): DecisionView {
  const { t, p, picture, locale } = context;
  const number = tourNumber(tour.id);
  const [first, ...more] = obstacles.map((conflict) => presentConflict(conflict, picture, locale));
  const kit = first?.fixes.find(({ field }) => field === 'kit');
  return {
    title: t('board.decision.title', { number, date: dayDate(tour.date, locale), problem: first?.title ?? '' }),
    text: [
      first?.text ?? '',
      ...(more.length > 0 ? [t('board.decision.more', { count: more.length })] : []),
      ...(tour.appointments > 0 ? [t('board.decision.appointments', { count: tour.appointments })] : []),
    ].join(' '),
    links: [
      { text: t('board.decision.open', { number }), href: p.tour(tour.id) },
      ...(kit === undefined ? [] : [{ text: kit.label, href: p.tour(tour.id, { koffer: kit.value }) }]),
    ],
  };
}

function presentTableRow(looked: LookedAt, context: BoardContext): TableRow {
  const { tour } = looked;
  const { t, p, picture, locale } = context;
  const { weekday, day, month } = dateLeaf(tour.date, locale);
  const load = tour.state === 'published' ? loadOf(tour.bookedMinutes, tour.possibleMinutes, context) : null;
  return {
    number: tourNumber(tour.id),
    href: p.tour(tour.id),
    day: t('board.table.date', { weekday, date: t('board.day.short', { day, month }) }),
    kit: kitName(tour, context),
    crew: crewNames(tour, context),
    stops: tour.stops
      .map((stop) =>
        t('board.stop', {
          place: placeName(picture, stop.venueId, context),
          time: hours(stop.fromMinute, stop.toMinute),
        }),
      )
      .join(', '),
    load: load?.text ?? '–',
    state: stateOf(looked, context),
  };
}

function emptyOf(
  all: readonly LookedAt[],
  shown: readonly LookedAt[],
  canChange: boolean,
  { t, p, picture, query }: BoardContext,
): EmptyView | null {
  if (shown.length > 0) return null;
  if (all.length > 0 && isFiltered(query)) {
    return {
      title: t('board.empty.filteredTitle'),
      text: t('board.empty.filtered'),
      link: { text: t('board.filter.clear'), href: weekHref(p, withoutFilter(query)) },
    };
  }
  if (!canChange) return { title: t('board.empty.title'), text: t('board.empty.reader'), link: null };
  if (picture.kits.size === 0) {
    return {
      title: t('board.empty.noKitsTitle'),
      text: t('board.empty.noKits'),
      link: { text: t('board.empty.toMasterData'), href: p.masterData() },
    };
  }
  return { title: t('board.empty.title'), text: t('board.empty.planner'), link: null };
}

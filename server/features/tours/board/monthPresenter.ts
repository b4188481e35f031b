import { addDays, isoWeek, type LocalDate } from '../../../domain/time.ts';
import type { TourWithLoad } from '../../../domain/tours/tour.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { stateText } from '../edit/presenter.ts';
import { daysFrom, firstOfMonth, mondayOf, nextMonth, previousMonth } from './calendar.ts';
import { kitName, loadOf, placeName } from './chips.ts';
import type { BoardContext } from './context.ts';
import type { LookedAt } from './look.ts';
import { presentDay, type DayView } from './days.ts';
import { presentFilter, type FilterView } from './filterPresenter.ts';
import { isWanted, monthHref, weekHref, withoutFilter } from './query.ts';
import { presentViews, summaryOf, type EmptyView, type Link, type WeekView } from './weekPresenter.ts';

export interface MonthView {
  title: string;
  heading: string;
  summary: string;
  previous: Link;
  next: Link;
  /** Null: it is this month. */
  now: Link | null;
  add: string | null;
  views: WeekView['views'];
  filter: FilterView;
  weekdays: readonly string[];
  weeks: readonly { label: string; href: string; days: readonly (MonthDay | null)[] }[];
  caption: string;
  empty: EmptyView | null;
}

export interface MonthDay extends DayView {
  tours: readonly MonthTour[];
}

export interface MonthTour {
  number: string;
  href: string;
  kit: string;
  stops: string;
  load: string | null;
  /** Null: published and nothing stands against it. */
  state: { kind: 'draft' | 'cancelled' | 'conflict'; text: string } | null;
}

/** @param looked all tours of the month */
export function presentMonth(looked: readonly LookedAt[], context: BoardContext): MonthView {
  const tours = looked.map(({ tour }) => tour);
  const impossible = new Set(looked.filter(({ obstacles }) => obstacles.length > 0).map(({ tour }) => tour.id));
  const { t, p, query, locale, today } = context;
  const first = query.month;
  const last = addDays(nextMonth(first), -1);
  const shown = tours.filter((tour) => isWanted(tour, query.filter));
  const byDate = groupByDate(shown);
  const canChange = [...context.picture.municipalities.keys()].some((id) => context.mayChange(id));
  const name = (month: LocalDate): string => MONTHS[locale].format(Date.parse(`${month}T12:00:00Z`));
  const heading = t('board.month.heading', { month: name(first), year: first.slice(0, 4) });
  const thisMonth = firstOfMonth(today);
  const mondays = daysFrom(mondayOf(first), last).filter((_, index) => index % 7 === 0);
  return {
    title: heading,
    heading,
    summary: summaryOf(
      shown.map((tour) => ({ tour })),
      context,
    ),
    previous: { text: name(previousMonth(first)), href: monthHref(p, query, { month: previousMonth(first) }) },
    next: { text: name(nextMonth(first)), href: monthHref(p, query, { month: nextMonth(first) }) },
    now: first === thisMonth ? null : { text: t('board.month.now'), href: monthHref(p, query, { month: thisMonth }) },
    add: canChange ? p.newTour({ datum: first > today ? first : null }) : null,
    views: presentViews('month', context),
    filter: presentFilter('month', context),
    weekdays: daysFrom(mondayOf(first), addDays(mondayOf(first), 6)).map((date) =>
      WEEKDAYS[locale].format(Date.parse(`${date}T12:00:00Z`)),
    ),
    weeks: mondays.map((monday) => ({
      label: t('board.week.short', { week: isoWeek(monday).week }),
      href: weekHref(p, query, { week: monday }),
      days: daysFrom(monday, addDays(monday, 6)).map((date) =>
        date < first || date > last
          ? null
          : {
              ...presentDay(date, byDate.get(date) ?? [], context),
              tours: (byDate.get(date) ?? []).map((tour) => presentTour(tour, impossible.has(tour.id), context)),
            },
      ),
    })),
    caption: t('board.month.caption', { month: heading }),
    empty: emptyOf(tours, shown, canChange, context),
  };
}

function groupByDate(tours: readonly TourWithLoad[]): Map<LocalDate, TourWithLoad[]> {
  const groups = new Map<LocalDate, TourWithLoad[]>();
  for (const tour of tours) groups.set(tour.date, [...(groups.get(tour.date) ?? []), tour]);
  return groups;
}

/** @param isImpossible something stands against it; of a draft that is no news */
function presentTour(tour: TourWithLoad, isImpossible: boolean, context: BoardContext): MonthTour {
  const { t, p, picture } = context;
  const { state } = tour;
  const published = isImpossible ? ({ kind: 'conflict', text: t('board.state.conflict') } as const) : null;
  return {
    number: tourNumber(tour.id),
    href: p.tour(tour.id),
    kit: kitName(tour, context),
    stops: tour.stops.map(({ venueId }) => placeName(picture, venueId, context)).join(', '),
    load: state === 'published' ? (loadOf(tour.bookedMinutes, tour.possibleMinutes, context)?.text ?? null) : null,
    state: state === 'published' ? published : { kind: state, text: stateText(state, t) },
  };
}

function emptyOf(
  all: readonly TourWithLoad[],
  shown: readonly TourWithLoad[],
  canChange: boolean,
  { t, p, query }: BoardContext,
): EmptyView | null {
  if (shown.length > 0) return null;
  if (all.length > 0) {
    return {
      title: t('board.empty.filteredTitle'),
      text: t('board.empty.filtered'),
      link: { text: t('board.filter.clear'), href: monthHref(p, withoutFilter(query)) },
    };
  }
  return {
    title: t('board.empty.monthTitle'),
    text: canChange ? t('board.empty.monthPlanner') : t('board.empty.reader'),
    link: null,
  };
}

const monthFormat = (tag: string) => new Intl.DateTimeFormat(tag, { month: 'long', timeZone: 'UTC' });
const weekdayFormat = (tag: string) => new Intl.DateTimeFormat(tag, { weekday: 'long', timeZone: 'UTC' });
const MONTHS = { de: monthFormat('de-DE'), en: monthFormat('en-GB') };
const WEEKDAYS = { de: weekdayFormat('de-DE'), en: weekdayFormat('en-GB') };

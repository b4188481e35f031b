import type { Municipality, Venue } from '../../domain/booking/office.ts';
import type { LocalDate } from '../../domain/time.ts';
import type { Stop } from '../../domain/tours/stop.ts';
import { pathsFor } from '../../paths.ts';
import { dateLeaf, dayDate, longDate, shortDate, timeSpan } from '../../web/format.ts';
import { translator, type Locale } from '../../web/locale.ts';
import type { Coming, ComingState, ComingVisit, NextVisit } from './findComing.ts';

const NBSP = '\u00A0';

export interface MunicipalityView {
  name: string;
  href: string;
  /** "Dienstag, 8. Dezember, 9 bis 12 Uhr"; null: no visit is planned. */
  when: string | null;
  /** "Schönberg, Gemeindeamt"; null: no visit is planned. */
  where: string | null;
}

/** The municipalities to choose from. */
export function presentMunicipalities(found: readonly NextVisit[], locale: Locale): MunicipalityView[] {
  return found.map(({ municipality, next }) => ({
    name: municipality.name,
    href: pathsFor(locale).timetable(municipality.slug),
    when: next === null ? null : `${dayDate(next.stop.date, locale)}, ${hoursOf(next.stop, locale)}`,
    where: next === null ? null : placeOf(next.venue),
  }));
}

export interface VisitView {
  hours: string;
  /** "Schönberg, Gemeindeamt" */
  place: string;
  venueHref: string;
  address: string;
  stepFree: boolean;
  /** "stufenfrei" or what the way in is like. */
  access: string;
  badge: { text: string; look: 'success' | 'neutral' };
  /** Null: it cannot be booked online. */
  book: { href: string; hint: string } | null;
}

export interface DayView {
  leaf: { weekday: string; day: string; month: string };
  /** "Dienstag, 8. Dezember" */
  title: string;
  visits: VisitView[];
}

export interface MonthView {
  id: string;
  /** "Dezember 2026" */
  title: string;
  days: DayView[];
}

export interface TimetableView {
  title: string;
  lead: string;
  months: MonthView[];
  poster: string;
  /** Null: there is only one municipality. */
  others: string | null;
}

/** @param several true when there are other municipalities to go to */
export function presentTimetable(
  municipality: Municipality,
  { visits }: Coming,
  several: boolean,
  locale: Locale,
): TimetableView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const last = visits.at(-1);
  return {
    title: t('timetable.title', { name: municipality.name }),
    lead:
      last === undefined
        ? t('timetable.leadNone')
        : t('timetable.lead', { count: visits.length, until: shortDate(last.stop.date, locale) }),
    months: groupRuns(visits, ({ stop }) => stop.date.slice(0, 7)).map((month) => ({
      id: `monat-${month.key}`,
      title: monthWords(`${month.key}-01`, locale),
      days: groupRuns(month.items, ({ stop }) => stop.date).map((day) => ({
        leaf: dateLeaf(day.key, locale),
        title: dayDate(day.key, locale),
        visits: day.items.map((visit) => presentVisit(visit, locale)),
      })),
    })),
    poster: p.timetablePoster(municipality.slug),
    others: several ? p.timetables() : null,
  };
}

function presentVisit({ stop, venue, state, bookableFrom }: ComingVisit, locale: Locale): VisitView {
  const t = translator(locale);
  const p = pathsFor(locale);
  return {
    hours: hoursOf(stop, locale),
    place: placeOf(venue),
    venueHref: p.venue(venue.slug),
    address: addressOf(venue),
    stepFree: venue.stepFree,
    access: accessOf(venue, locale),
    badge: badgeOf(state, bookableFrom, locale),
    book:
      state === 'open'
        ? {
            href: p.services({ halt: stop.id }),
            hint: t('timetable.bookHint', { place: venue.locality, date: longDate(stop.date, locale) }),
          }
        : null,
  };
}

function badgeOf(state: ComingState, bookableFrom: LocalDate | null, locale: Locale): VisitView['badge'] {
  const t = translator(locale);
  switch (state) {
    case 'open':
      return { text: t('timetable.state.open'), look: 'success' };
    case 'full':
      return { text: t('timetable.state.full'), look: 'neutral' };
    case 'phone':
      return { text: t('timetable.state.phone'), look: 'neutral' };
    case 'later': {
      const date = bookableFrom === null ? '' : shortDate(bookableFrom, locale);
      return { text: t('timetable.state.later', { date }), look: 'neutral' };
    }
  }
}

export function hoursOf(stop: Stop, locale: Locale): string {
  return timeSpan(stop.fromMinute, stop.toMinute, locale);
}

/** "Schönberg, Gemeindeamt" */
export function placeOf(venue: Venue): string {
  return `${venue.locality}, ${venue.name}`;
}

/** "Am Anger 2" with the number kept beside the street. */
export function streetOf(venue: Venue): string {
  return venue.street.replace(/ (?=\S+$)/, NBSP);
}

/** "Am Anger 2, 08393 Schönberg" */
export function addressOf(venue: Venue): string {
  return `${streetOf(venue)}, ${venue.postcode}${NBSP}${venue.city}`;
}

/** "stufenfrei" or, where it is not, what the way in is like. */
export function accessOf(venue: Venue, locale: Locale): string {
  const t = translator(locale);
  return venue.stepFree ? t('common.stepFree') : (venue.access[locale] ?? t('common.notStepFree'));
}

/** "Dezember 2026" */
function monthWords(date: LocalDate, locale: Locale): string {
  const tag = locale === 'de' ? 'de-DE' : 'en-GB';
  const format = new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(Date.parse(`${date}T12:00:00Z`));
}

/** Neighbours with the same key, together. */
function groupRuns<T>(items: readonly T[], keyOf: (item: T) => string): { key: string; items: T[] }[] {
  const groups: { key: string; items: T[] }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last?.key === key) {
      last.items.push(item);
    } else {
      groups.push({ key, items: [item] });
    }
  }
  return groups;
}

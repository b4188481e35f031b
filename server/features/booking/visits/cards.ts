import type { Venue } from '../../../domain/booking/office.ts';
import type { Stop } from '../../../domain/tours/stop.ts';
import { pathsFor, type Query } from '../../../paths.ts';
import { dayDate, longDate, timeSpan } from '../../../web/format.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import { distanceWords, presentLeaf, presentVenue, type DateLeafView, type MapStop } from '../presenter.ts';
import type { ListedVisit, Visit } from './findVisits.ts';

/** From this many free times down it is said that few are left. */
const FEW = 3;

export interface LinkView {
  text: string;
  href: string;
}

export interface BadgeView {
  text: string;
  /** Kind of badge and its icon. */
  look: 'success' | 'warning' | 'neutral';
}

export interface CardView {
  /** On the map; null: the page has no numbered markers. */
  number: number | null;
  leaf: DateLeafView;
  /** The place; the day where the page is about one place. */
  title: string;
  /** What that page says once is left out: null. */
  venue: string | null;
  hours: string;
  distance: string | null;
  access: { text: string; stepFree: boolean } | null;
  badge: BadgeView;
  full: boolean;
  /** Null: the page is about the venue and there is nothing to book. */
  href: string | null;
  /** What follows the title for those who only hear the link. */
  hint: string;
  note: LinkView | null;
}

export interface CardContext {
  locale: Locale;
  /** What goes along to the booking: place and service. */
  along: Query;
}

/** One visit as a card of a list. */
export function presentCard(
  visit: ListedVisit | Visit,
  number: number | null,
  { locale, along }: CardContext,
): CardView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const { stop } = visit;
  const venue = presentVenue(visit.venue, locale);
  const leaf = presentLeaf(stop.date, locale);
  const book = (id: number): string => p.services({ halt: id, ...along });
  return {
    number,
    leaf,
    title: venue.locality,
    venue: venue.line,
    hours: timeSpan(stop.fromMinute, stop.toMinute, locale),
    distance: distanceWords(visit.metres, locale),
    access: { text: venue.way, stepFree: venue.stepFree },
    badge: badgeOf(visit, locale),
    full: visit.state !== 'open',
    href: visit.state === 'open' ? book(stop.id) : p.venue(visit.venue.slug),
    hint: t(visit.state === 'open' ? 'visits.card.book' : 'visits.card.venue', { date: leaf.full }),
    note: noteOf(visit, book, locale),
  };
}

/** The same card on the page of its venue: the day is what tells the visits apart. */
export function presentDay(visit: ListedVisit, locale: Locale): CardView {
  return {
    ...presentCard(visit, null, { locale, along: {} }),
    title: dayDate(visit.stop.date, locale),
    venue: null,
    distance: null,
    access: null,
    hint: translator(locale)('venue.book'),
    ...(visit.state === 'open' ? {} : { href: null }),
  };
}

/** How much is free, in words. */
export function badgeOf({ state, free }: Visit, locale: Locale): BadgeView {
  const t = translator(locale);
  switch (state) {
    case 'open':
      return free <= FEW
        ? { text: t('visits.card.few', { count: free }), look: 'warning' }
        : { text: t('visits.card.free', { count: free }), look: 'success' };
    case 'phone':
      return { text: t('visits.card.phone'), look: 'neutral' };
    case 'full':
      return { text: t('visits.card.full'), look: 'neutral' };
  }
}

function noteOf(visit: ListedVisit | Visit, book: (stopId: number) => string, locale: Locale): LinkView | null {
  const t = translator(locale);
  if (visit.state === 'phone') {
    return { text: t('visits.card.call'), href: 'tel:115' };
  }
  if (visit.state === 'full' && 'next' in visit && visit.next !== null) {
    return { text: t('visits.card.next', { date: dayDate(visit.next.date, locale) }), href: book(visit.next.id) };
  }
  return null;
}

/** "Schönberg, Gemeindeamt: Dienstag, 8. Dezember, 9 bis 12 Uhr" */
export function visitWords(stop: Stop, venue: Venue, locale: Locale): string {
  const span = timeSpan(stop.fromMinute, stop.toMinute, locale);
  return `${venue.locality}, ${venue.name}: ${dayDate(stop.date, locale)}, ${span}`;
}

/** The visits on the map, numbered as in the list. */
export function markersOf(visits: readonly Visit[], locale: Locale): MapStop[] {
  return visits.map((visit, index) => ({
    at: [visit.venue.at.lat, visit.venue.at.lon],
    label: String(index + 1),
    name: visit.venue.locality,
    kind: visit.state === 'open' ? 'public' : 'full',
    title: `${index + 1}: ${visit.venue.locality}, ${longDate(visit.stop.date, locale)}, ${badgeOf(visit, locale).text}`,
    href: `#besuch-${index + 1}`,
  }));
}

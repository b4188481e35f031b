import { mapView, type MapView } from '../../web/mapView.ts';
import { costsOn, type Directory, type Line, type Locale, type Venue } from '../../domain/booking/office.ts';
import { totalMinutes } from '../../domain/booking/rules.ts';
import { tickToMinute, type LocalDate } from '../../domain/time.ts';
import { dateLeaf, distance, duration, longDate, money, timeOfDay } from '../../web/format.ts';
import { translator, type Translate } from '../../web/locale.ts';
import type { MapSettings } from './deps.ts';
import type { Origin } from './origin.ts';

/** Words and pictures that several pages of the booking share. */

const NBSP = '\u00A0';

/** "in Schönberg"-like words for where the citizen looks. */
export function originWords(origin: Origin, locale: Locale): string {
  const t = translator(locale);
  switch (origin.kind) {
    case 'place':
      return t('common.near', { place: origin.name });
    case 'position':
      return t('common.nearYou');
    case 'anywhere':
      return t('common.everywhere');
  }
}

/** "im Ort" below 1 km, else "3,5 km"; null where no place was named. */
export function distanceWords(metres: number | null, locale: Locale): string | null {
  if (metres === null) {
    return null;
  }
  return metres < 1_000 ? translator(locale)('common.inPlace') : distance(metres, locale);
}

export interface VenueView {
  name: string;
  locality: string;
  /** "Gemeindeamt, Am Anger 2" */
  line: string;
  /** "Am Anger 2, 08393 Schönberg" */
  address: string;
  /** "stufenfrei, Parkplatz am Haus": all that is said of the way in. */
  access: string;
  /** "stufenfrei" or, where it is not, what the way in is like. */
  way: string;
  stepFree: boolean;
}

export function presentVenue(venue: Venue, locale: Locale): VenueView {
  const t = translator(locale);
  const note = venue.access[locale];
  const stepFree = t('common.stepFree');
  return {
    name: venue.name,
    locality: venue.locality,
    line: `${venue.name}, ${venue.street.replace(/ (?=\S+$)/, NBSP)}`,
    address: `${venue.street.replace(/ (?=\S+$)/, NBSP)}, ${venue.postcode}${NBSP}${venue.city}`,
    access: venue.stepFree
      ? [stepFree, note].filter((part) => part !== null).join(', ')
      : (note ?? t('common.notStepFree')),
    way: venue.stepFree ? stepFree : (note ?? t('common.notStepFree')),
    stepFree: venue.stepFree,
  };
}

export interface DateLeafView {
  weekday: string;
  day: string;
  month: string;
  /** For screen readers. */
  full: string;
}

export function presentLeaf(date: LocalDate, locale: Locale): DateLeafView {
  return { ...dateLeaf(date, locale), full: longDate(date, locale) };
}

/** "59,00 €", "kostenlos", "59,00 € und Gebühr nach Satzung". */
export function costWords(cents: number, open: boolean, locale: Locale): string {
  const t = translator(locale);
  if (open) {
    return cents === 0 ? t('common.feeByStatute') : t('common.feeAndStatute', { amount: money(cents, locale) });
  }
  return cents === 0 ? t('common.free') : money(cents, locale);
}

/** "Personalausweis beantragen (2 Personen)" */
export function lineWords({ service, persons }: Line, locale: Locale): string {
  const name = service.texts[locale].name;
  return persons === 1 ? name : `${name} (${translator(locale)('common.persons', { count: persons })})`;
}

export interface SumView {
  /** "30 Minuten" */
  duration: string;
  /** "59,00 €" */
  costs: string;
  lines: string[];
}

/** What an appointment takes and costs on a day. */
export function presentSum(lines: readonly Line[], date: LocalDate, locale: Locale): SumView {
  const costs = costsOn(lines, date);
  return {
    duration: duration(
      totalMinutes(lines.map(({ service, persons }) => ({ minutes: service.minutes, persons }))),
      locale,
    ),
    costs: costWords(costs.cents, costs.open, locale),
    lines: lines.map((line) => lineWords(line, locale)),
  };
}

/** Everything to bring, each once, the bank card last where only cards are taken. */
export function bringList(lines: readonly Line[], cardOnly: boolean, cents: number, locale: Locale): string[] {
  const documents = lines.flatMap(({ service }) => service.texts[locale].documents);
  return [...new Set(documents), ...(cardOnly && cents > 0 ? [translator(locale)('common.bringCard')] : [])];
}

/** "Dienstag, 8. Dezember 2026, 9:40 Uhr" */
export function whenWords(date: LocalDate, startTick: number, locale: Locale): string {
  return `${longDate(date, locale)}, ${timeOfDay(tickToMinute(startTick), locale)}`;
}

/** "8:42" minutes and seconds, never negative. */
export function timeLeft(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export interface MapStop {
  at: [number, number];
  label: string;
  name: string;
  kind: 'public' | 'full' | 'home';
  title: string;
  /** Element on the page that tells the same. */
  href?: string;
}

/** The data of a map; the list beside it says the same. */
export function presentMap(
  settings: MapSettings,
  stops: readonly MapStop[],
  here: { at: [number, number]; title: string } | null,
  t: Translate,
): MapView {
  return mapView(settings, {
    stops,
    ...(here === null ? {} : { here }),
    texts: { zoomIn: t('common.map.zoomIn'), zoomOut: t('common.map.zoomOut'), noTiles: t('common.map.noTiles') },
  });
}

/** A link that opens directions in whatever map program the device has; no third party is asked before it is pressed. */
export function directionsLink(venue: Venue): string {
  return `https://www.openstreetmap.org/directions?to=${venue.at.lat}%2C${venue.at.lon}`;
}

/** The municipality a venue belongs to. */
export function municipalityOfVenue(directory: Directory, venue: Venue) {
  return directory.municipalities.get(venue.municipalityId);
}

export type { MapView };

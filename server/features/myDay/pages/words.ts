import { MINUTES_PER_DAY } from '../../../domain/time.ts';
import type { TimedLeg } from '../../../domain/tours/times.ts';
import { clockTime, distance, duration, money } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { CrewAppointment, CrewService, CrewStop } from '../ports.ts';

/** Small words that several parts of the clerk's day share. */

/** "9:40"; minutes of the day before or after as the clock shows them then. */
export function clock(minute: number): string {
  return clockTime(((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY);
}

/** "8 Minuten, 4 km", with a word where it is estimated. */
export function legWords({ minutes, metres, estimated }: TimedLeg, locale: Locale, t: Translate): string {
  const words = { minutes: duration(minutes, locale), distance: distance(metres, locale) };
  return estimated ? t('myDay.leg.estimated', words) : t('myDay.leg.known', words);
}

/** "Personalausweis beantragen, 2 Personen" */
export function serviceWords({ names, persons }: CrewService, locale: Locale, t: Translate): string {
  return persons === 1 ? names[locale] : t('myDay.service', { service: names[locale], count: persons });
}

/** What is to be paid on the spot; null: nothing. */
export function feeWords({ services }: Pick<CrewAppointment, 'services'>, locale: Locale, t: Translate): string | null {
  const cents = services.reduce((sum, { feeCents, persons }) => sum + (feeCents ?? 0) * persons, 0);
  const isOpen = services.some(({ feeCents }) => feeCents === null);
  if (isOpen) return cents === 0 ? t('myDay.fee.statute') : t('myDay.fee.andStatute', { amount: money(cents, locale) });
  return cents === 0 ? null : t('myDay.fee.known', { amount: money(cents, locale) });
}

/** The first telephone number in a text, ready to be dialled; null: there is none. */
export function phoneLink(text: string | null): string | null {
  const found = /\+?\(?\d[\d\s()/.\-–]{4,}\d/.exec(text ?? '')?.[0];
  if (found === undefined) return null;
  const isAbroad = found.startsWith('+');
  // "+49 (0)3764": the bracketed zero is for calls from inside the country.
  const digits = (isAbroad ? found.replace('(0)', '') : found).replace(/\D/g, '');
  return digits.length < 6 ? null : `tel:${isAbroad ? '+' : ''}${digits}`;
}

export interface PlaceView {
  address: string;
  access: string | null;
  contact: { text: string; href: string | null } | null;
  /** Opens the navigation of the phone (RFC 5870, with the label that Android understands). */
  geo: string;
  /** A map in the browser. */
  map: string;
  name: string;
}

export function presentPlace({ venue }: Pick<CrewStop, 'venue'>, locale: Locale): PlaceView {
  const { lat, lon } = venue.at;
  const at = `${lat.toFixed(5)},${lon.toFixed(5)}`;
  const name = `${venue.name}, ${venue.locality}`;
  return {
    address: `${venue.street}, ${venue.postcode} ${venue.city}`,
    access: venue.access[locale],
    contact: venue.contact === null ? null : { text: venue.contact, href: phoneLink(venue.phone ?? venue.contact) },
    geo: `geo:${at}?q=${at}(${encodeURIComponent(name)})`,
    map: `https://www.openstreetmap.org/?mlat=${lat.toFixed(5)}&mlon=${lon.toFixed(5)}#map=17/${lat.toFixed(5)}/${lon.toFixed(5)}`,
    name,
  };
}

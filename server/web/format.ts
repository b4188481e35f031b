import type { LocalDate, MinuteOfDay } from '../domain/time.ts';
import type { Locale } from './locale.ts';

/** No-break space: dates, times and amounts stay on one line. */
const NBSP = '\u00A0';

function formats(locale: Locale) {
  const tag = locale === 'de' ? 'de-DE' : 'en-GB';
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' });
  return {
    long: date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    day: date({ weekday: 'long', day: 'numeric', month: 'long' }),
    dayMonth: date({ day: 'numeric', month: 'long' }),
    weekday: date({ weekday: 'short' }),
    month: date({ month: 'short' }),
    money: new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR' }),
    number: new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }),
  };
}

const FORMATS: Record<Locale, ReturnType<typeof formats>> = { de: formats('de'), en: formats('en') };

function noonOf(date: LocalDate): number {
  return Date.parse(`${date}T12:00:00Z`);
}

/** "Dienstag, 8. Dezember 2026": everything after the weekday stays on one line. */
function keepTogether(text: string): string {
  return text.replace(/(\d\.?) (\p{L}+)/u, `$1${NBSP}$2`).replace(/(\p{L}) (\d{4})/u, `$1${NBSP}$2`);
}

/** "Dienstag, 8. Dezember 2026" */
export function longDate(date: LocalDate, locale: Locale): string {
  return keepTogether(FORMATS[locale].long.format(noonOf(date)).replace(/^(\w+day) /, '$1, '));
}

/** "Dienstag, 8. Dezember" */
export function dayDate(date: LocalDate, locale: Locale): string {
  return keepTogether(FORMATS[locale].day.format(noonOf(date)).replace(/^(\w+day) /, '$1, '));
}

/** "8. Dezember" */
export function shortDate(date: LocalDate, locale: Locale): string {
  return keepTogether(FORMATS[locale].dayMonth.format(noonOf(date)));
}

/** The calendar leaf: "Di", "8", "Dez". */
export function dateLeaf(date: LocalDate, locale: Locale): { weekday: string; day: string; month: string } {
  const time = noonOf(date);
  return {
    weekday: FORMATS[locale].weekday.format(time).replace('.', ''),
    day: String(Number(date.slice(8))),
    month: FORMATS[locale].month.format(time).replace('.', '').slice(0, 4),
  };
}

/** "9:40", without unit, as on a slot. */
export function clockTime(minute: MinuteOfDay): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

/** "9:40 Uhr", in English "9:40" (24 hours, as on every German timetable). */
export function timeOfDay(minute: MinuteOfDay, locale: Locale): string {
  return locale === 'de' ? `${clockTime(minute)}${NBSP}Uhr` : clockTime(minute);
}

/** "9 bis 12:30 Uhr", "9:00 to 12:30". */
export function timeSpan(from: MinuteOfDay, to: MinuteOfDay, locale: Locale): string {
  if (locale === 'en') {
    return `${clockTime(from)}${NBSP}to${NBSP}${clockTime(to)}`;
  }
  const short = (minute: MinuteOfDay) => clockTime(minute).replace(/:00$/, '');
  return `${short(from)}${NBSP}bis${NBSP}${short(to)}${NBSP}Uhr`;
}

/** "46,00 €" */
export function money(cents: number, locale: Locale): string {
  return FORMATS[locale].money.format(cents / 100).replace(/ /g, NBSP);
}

/** "30 Minuten"; an hour and more as "1 Stunde 10 Minuten". */
export function duration(minutes: number, locale: Locale): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const words =
    locale === 'de'
      ? { hour: 'Stunde', hours: 'Stunden', minute: 'Minute', minutes: 'Minuten' }
      : { hour: 'hour', hours: 'hours', minute: 'minute', minutes: 'minutes' };
  const parts = [
    ...(hours > 0 ? [`${hours}${NBSP}${hours === 1 ? words.hour : words.hours}`] : []),
    ...(rest > 0 || hours === 0 ? [`${rest}${NBSP}${rest === 1 ? words.minute : words.minutes}`] : []),
  ];
  return parts.join(' ');
}

/** "800 m", "3,5 km", "12 km": rounded as far as a person wants to know. */
export function distance(metres: number, locale: Locale): string {
  if (metres < 950) {
    return `${Math.max(1, Math.round(metres / 100)) * 100}${NBSP}m`;
  }
  const kilometres = metres < 9_950 ? Math.round(metres / 500) / 2 : Math.round(metres / 1000);
  return `${FORMATS[locale].number.format(kilometres)}${NBSP}km`;
}

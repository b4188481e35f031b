import type { Locale } from '../../domain/booking/office.ts';
import { addDays, type LocalDate, type MinuteOfDay } from '../../domain/time.ts';
import { dayDate } from '../../web/format.ts';

/** Days, times, distances, amounts and numbers in words, as they are said on the telephone. */

const NBSP = '\u00A0';

const NUMBERS: Readonly<Record<Locale, readonly string[]>> = {
  de: 'null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf'.split(' '),
  en: 'no one two three four five six seven eight nine ten eleven twelve'.split(' '),
};

/** To twelve in words, as books are set; 1 is "ein", because something follows. */
export function numberWord(n: number, locale: Locale): string {
  return NUMBERS[locale][n] ?? String(n);
}

/** "am Dienstag, dem 8. Dezember", "noch heute", "morgen"; without a comma behind it. */
export function spokenDate(date: LocalDate, today: LocalDate, locale: Locale): string {
  const near = nearDay(date, today, locale);
  if (near === null) return fullDate(date, locale);
  return locale === 'de' && date === today ? `noch ${near}` : near;
}

/** "heute", "morgen"; null for any other day. */
export function nearDay(date: LocalDate, today: LocalDate, locale: Locale): string | null {
  if (date === today) return locale === 'de' ? 'heute' : 'today';
  if (date === addDays(today, 1)) return locale === 'de' ? 'morgen' : 'tomorrow';
  return null;
}

/** "am Dienstag, dem 8. Dezember"; "on Tuesday, 8 December". */
export function fullDate(date: LocalDate, locale: Locale): string {
  const words = dayDate(date, locale);
  return locale === 'de' ? `am${NBSP}${words.replace(', ', ', dem ')}` : `on ${words}`;
}

/** "9 Uhr 20", "9 Uhr", "9 Uhr 5"; "9:20 in the morning", "2 o’clock in the afternoon", "noon". */
export function spokenTime(minute: MinuteOfDay, locale: Locale): string {
  const hour = Math.floor(minute / 60);
  const rest = minute % 60;
  if (locale === 'de') {
    return rest === 0 ? `${hour}${NBSP}Uhr` : `${hour}${NBSP}Uhr${NBSP}${rest}`;
  }
  if (minute === 12 * 60) return 'noon';
  const half = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
  const clock = ((hour + 11) % 12) + 1;
  return `${clock}${rest === 0 ? `${NBSP}o’clock` : `:${String(rest).padStart(2, '0')}`} ${half}`;
}

/** "zwei Kilometer entfernt", below one "ganz in der Nähe"; rounded to whole kilometres. */
export function spokenDistance(metres: number, locale: Locale): string {
  if (metres < 1000) return locale === 'de' ? 'ganz in der Nähe' : 'very near you';

  const kilometres = Math.round(metres / 1000);
  if (locale === 'de') {
    return `${kilometres === 1 ? 'einen' : numberWord(kilometres, locale)}${NBSP}Kilometer entfernt`;
  }
  return kilometres === 1 ? `one${NBSP}kilometre away` : `${numberWord(kilometres, locale)}${NBSP}kilometres away`;
}

/** 4600 → "46 Euro", 2760 → "27 Euro 60", 100 → "ein Euro", 50 → "50 Cent". */
export function spokenMoney(cents: number, locale: Locale): string {
  const euros = Math.floor(cents / 100);
  const rest = cents % 100;
  if (euros === 0) return locale === 'de' ? `${rest}${NBSP}Cent` : `${rest}${NBSP}cents`;

  const whole = `${euros === 1 ? numberWord(1, locale) : euros}${NBSP}${
    locale === 'de' ? 'Euro' : euros === 1 ? 'euro' : 'euros'
  }`;
  return rest === 0 ? whole : `${whole}${NBSP}${rest}`;
}

import { daysBetween, MILLISECONDS_PER_MINUTE, MINUTES_PER_DAY, type Instant } from '../../domain/time.ts';
import { dayDate, timeOfDay } from '../../web/format.ts';
import type { Locale, Translate } from '../../web/locale.ts';
import type { Zone } from './ports.ts';

/** Days and times as people say them, seen from now. */
export interface Words {
  t: Translate;
  locale: Locale;
  zone: Zone;
  now: Instant;
}

/** "heute", "morgen", "gestern", the weekday of the coming days, else "Montag, 30. November". */
function dayOf(instant: Instant, { t, locale, zone, now }: Words): string {
  const { date } = zone.local(instant);
  const days = daysBetween(zone.local(now).date, date);
  if (days === 0) return t('callbacks.today');
  if (days === 1) return t('callbacks.tomorrow');
  if (days === -1) return t('callbacks.yesterday');
  const text = dayDate(date, locale);
  return days > 0 && days < 7 ? (text.split(',')[0] ?? text) : text;
}

function timeOf(instant: Instant, { locale, zone }: Words): string {
  return timeOfDay(zone.local(instant).minute, locale);
}

/** "morgen, 16:40 Uhr" */
export function dayAndTime(instant: Instant, words: Words): string {
  return words.t('callbacks.dayAndTime', { day: dayOf(instant, words), time: timeOf(instant, words) });
}

/** "heute bis 16:40 Uhr" */
export function until(instant: Instant, words: Words): string {
  return words.t('callbacks.until', { day: dayOf(instant, words), time: timeOf(instant, words) });
}

/** "9:12 Uhr" of today, else with its day. */
export function since(instant: Instant, words: Words): string {
  const { zone, now } = words;
  return zone.local(instant).date === zone.local(now).date ? timeOf(instant, words) : dayAndTime(instant, words);
}

/** "seit 2 Stunden überfällig", in whole minutes, hours or days, rounded down. */
export function overdueFor(dueAt: Instant, { t, now }: Words): string {
  const minutes = Math.max(1, Math.floor((now - dueAt) / MILLISECONDS_PER_MINUTE));
  if (minutes < 60) return t('callbacks.overdue.minutes', { count: minutes });
  if (minutes < MINUTES_PER_DAY) return t('callbacks.overdue.hours', { count: Math.floor(minutes / 60) });
  return t('callbacks.overdue.days', { count: Math.floor(minutes / MINUTES_PER_DAY) });
}

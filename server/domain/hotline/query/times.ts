import { MINUTES_PER_DAY, type MinuteOfDay } from '../../time.ts';
import { isDash, worth, type Span } from './span.ts';
import { isNumber, isSoonest, means, valueOf, type Token } from './words.ts';

/*
 * Times of day as agents say them.
 *
 * A window holds the minutes at which the appointment may begin. "Um 10" and "gegen 15 Uhr" mean an hour before to an
 * hour after. The hours 1 to 6 are those of the afternoon (nobody books for the night), unless they are written with
 * two digits ("06:30") or named early. "Viertel drei" is 14:15, as Saxony and Thuringia say it.
 */

export interface Window {
  /** Inclusive. */
  readonly from: MinuteOfDay;
  /** Exclusive. */
  readonly to: MinuteOfDay;
}

interface Reading extends Window {
  readonly end: number;
  /** Tokens among them that only belong to others. */
  readonly little: number;
}

interface Clock {
  readonly minute: MinuteOfDay;
  readonly end: number;
  /** True when it cannot be anything but a time: "14 Uhr", "9:30". */
  readonly certain: boolean;
}

type HalfDay = 'unknown' | 'am' | 'pm';

const ROUGHLY = 60;
const NOON = 12 * 60;
const PERIODS: ReadonlyMap<string, Window> = new Map([
  ['early', { from: 0, to: 11 * 60 }],
  ['morning', { from: 0, to: 11 * 60 }],
  ['forenoon', { from: 0, to: NOON }],
  ['noon', { from: 11 * 60, to: 14 * 60 }],
  ['afternoon', { from: NOON, to: 18 * 60 }],
  ['evening', { from: 17 * 60, to: MINUTES_PER_DAY }],
]);
const INDEFINITE = new Set(['ein', 'eine', 'einen', 'einem', 'einer', 'a', 'an']);

/** Every reading of a time of day in the text. */
export function timeSpans(tokens: readonly Token[]): Span<Window>[] {
  const spans: Span<Window>[] = [];
  const add = (start: number, reading: Reading, before: number): void => {
    const behind = means(tokens[reading.end - 1], 'hour') ? periodAt(tokens, reading.end) : null;
    for (const end of behind === null ? [reading.end] : [reading.end, behind.end]) {
      const exact = !tokens.slice(start, end).some((token) => token.forgiven);
      const score = worth(tokens, start, end, reading.little + before);
      if (reading.from < reading.to)
        spans.push({ start, end, score, value: { from: reading.from, to: reading.to }, exact });
    }
  };
  for (let start = 0; start < tokens.length; start++) {
    for (const reading of windowsAt(tokens, start, 'unknown')) add(start, reading, 0);
    const period = periodAt(tokens, start);
    if (period === null) continue;
    add(start, period, 0);
    for (const reading of windowsAt(tokens, period.end, halfOf(period))) add(start, reading, period.little);
  }
  return spans;
}

/** "nachmittags", "am Vormittag", "in the morning"; "morgen" only where it cannot be tomorrow. */
function periodAt(tokens: readonly Token[], start: number): Reading | null {
  let at = start;
  while (at < start + 2 && means(tokens[at], 'on', 'in')) at++;
  const token = tokens[at];
  const sense = token?.senses.find((one) => PERIODS.has(one));
  const window = PERIODS.get(sense ?? '');
  if (token === undefined || window === undefined || isSoonest(tokens, at)) return null;
  const before = tokens[at - 1];
  const isTomorrow = before?.word !== 'am' && !means(before, 'today') && valueOf(before, 'weekday') === null;
  if (sense === 'morning' && isTomorrow) return null;
  return { ...window, end: at + 1, little: at - start };
}

function halfOf(period: Window): HalfDay {
  if (period.to <= NOON) return 'am';
  return period.from >= NOON ? 'pm' : 'unknown';
}

function windowsAt(tokens: readonly Token[], start: number, half: HalfDay): Reading[] {
  const first = tokens[start];
  const readings: Reading[] = clocksAt(tokens, start, half).flatMap((clock) => [
    ...(clock.certain ? [{ ...roughly(clock.minute), end: clock.end, little: 0 }] : []),
    ...rangesFrom(tokens, clock, half),
  ]);
  if (means(first, 'at', 'about')) {
    const at = means(tokens[start + 1], 'at', 'about') ? start + 2 : start + 1;
    for (const clock of clocksAt(tokens, at, half)) {
      readings.push({ ...roughly(clock.minute), end: clock.end, little: at - start });
    }
  }
  const isNotBefore = means(first, 'not') && means(tokens[start + 1], 'before');
  if (means(first, 'from', 'after', 'earliest') || isNotBefore) {
    const cue = isNotBefore || means(tokens[start + 1], 'at', 'from', 'after') ? 2 : 1;
    for (const clock of clocksAt(tokens, start + cue, half)) {
      const open = { from: clock.minute, to: MINUTES_PER_DAY, end: clock.end, little: cue };
      readings.push(open, ...cutAt(tokens, open, half));
    }
  }
  if (!isNotBefore && means(first, 'before', 'until', 'latest')) {
    const cue = means(tokens[start + 1], 'at', 'until', 'latest') ? 2 : 1;
    for (const clock of clocksAt(tokens, start + cue, half)) {
      readings.push({ from: 0, to: clock.minute, end: clock.end, little: cue });
    }
  }
  if (means(first, 'between')) {
    for (const clock of clocksAt(tokens, start + 1, half)) {
      if (!means(tokens[clock.end], 'and', 'until')) continue;
      for (const last of clocksAt(tokens, clock.end + 1, half)) {
        readings.push({ from: clock.minute, to: afternoonAfter(clock, last), end: last.end, little: 2 });
      }
    }
  }
  return readings;
}

/** "14-16 Uhr", "9 bis 11 Uhr", "9-11". */
function rangesFrom(tokens: readonly Token[], clock: Clock, half: HalfDay): Reading[] {
  const next = tokens[clock.end];
  if (next === undefined) return [];
  const dashed = isDash(next.gap);
  if (!dashed && !means(next, 'until')) return [];
  const at = dashed ? clock.end : clock.end + 1;
  return clocksAt(tokens, at, half)
    .filter(
      (last) => clock.certain || last.certain || (dashed && !next.gap.includes('.') && tokens[last.end]?.gap !== '-'),
    )
    .map((last) => ({ from: clock.minute, to: afternoonAfter(clock, last), end: last.end, little: at - clock.end }));
}

/** "ab 9 bis 11", "nach 14 vor 16 Uhr". */
function cutAt(tokens: readonly Token[], open: Reading, half: HalfDay): Reading[] {
  if (!means(tokens[open.end], 'until', 'before')) return [];
  return clocksAt(tokens, open.end + 1, half).map((last) => ({
    from: open.from,
    to: afternoonAfter({ minute: open.from }, last),
    end: last.end,
    little: open.little + 1,
  }));
}

/** The end of a window: "von 11 bis 7" ends in the evening. */
function afternoonAfter(first: { minute: MinuteOfDay }, last: Clock): MinuteOfDay {
  return last.minute <= first.minute && last.minute < NOON ? last.minute + NOON : last.minute;
}

function roughly(minute: MinuteOfDay): Window {
  return { from: Math.max(0, minute - ROUGHLY), to: Math.min(MINUTES_PER_DAY, minute + ROUGHLY) };
}

function clocksAt(tokens: readonly Token[], start: number, half: HalfDay): Clock[] {
  const token = tokens[start];
  if (means(token, 'noon')) return [{ minute: NOON, end: start + 1, certain: false }];
  return [...fractions(tokens, start, half), ...wholeHours(tokens, start, half)];
}

/** "halb drei", "Viertel nach zwei", "Viertel drei", "dreiviertel drei", "half past two". */
function fractions(tokens: readonly Token[], start: number, half: HalfDay): Clock[] {
  const [first, second, third] = [tokens[start], tokens[start + 1], tokens[start + 2]];
  const clock = (at: number, token: Token | undefined, shift: number): Clock[] => {
    const hour = hourOf(token);
    if (hour === null || hour > 12) return [];
    const behind = means(tokens[at + 1], 'hour') ? 1 : 0;
    const minute = minuteOf(hour, 0, '', half) + shift;
    return minute < 0 ? [] : [{ minute, end: at + 1 + behind, certain: true }];
  };
  if (means(first, 'half') && means(second, 'past') && second?.word === 'past') return clock(start + 2, third, 30);
  if (means(first, 'half')) return clock(start + 1, second, -30);
  if (means(first, 'quarter') && means(second, 'past')) return clock(start + 2, third, 15);
  if (means(first, 'quarter') && means(second, 'to')) return clock(start + 2, third, -15);
  if (means(first, 'quarter')) return clock(start + 1, second, -45);
  return means(first, 'threeQuarters') ? clock(start + 1, second, -15) : [];
}

/** "14", "14 Uhr", "14 Uhr 30", "9:30", "8.30 Uhr", "15.30" (no day: there is no such month), "2 pm". */
function wholeHours(tokens: readonly Token[], start: number, half: HalfDay): Clock[] {
  const token = tokens[start];
  const hour = hourOf(token);
  if (token === undefined || hour === null) return [];
  const clocks: Clock[] = [];
  const add = (minutes: number, end: number, certain: boolean): void => {
    const named = dayHalf(tokens, end);
    if (minutes > 59 || (hour === 24 && minutes > 0)) return;
    const which = named?.half ?? half;
    clocks.push({
      minute: minuteOf(hour, minutes, token.raw, which),
      end: named?.end ?? end,
      certain: certain || named !== null,
    });
  };
  const [next, third] = [tokens[start + 1], tokens[start + 2]];
  const minutes = isNumber(next) && next.raw.length === 2 ? next.number : null;
  const isDotted = next?.gap === '.' && !next.after.startsWith('.');
  if (minutes !== null && next?.gap === ':') add(minutes, start + (means(third, 'hour') ? 3 : 2), true);
  if (minutes !== null && isDotted && means(third, 'hour')) add(minutes, start + 3, true);
  else if (minutes !== null && isDotted && (minutes > 12 || minutes === 0)) add(minutes, start + 2, true);
  if (means(next, 'hour')) {
    add(0, start + 2, true);
    if (isNumber(third) && third.raw.length === 2 && /^\s*$/.test(third.gap)) add(third.number, start + 3, true);
  } else if (!token.after.startsWith('.') || means(tokens[start + 1], 'am', 'pm')) {
    if (!(INDEFINITE.has(token.word) || next?.gap === ':')) add(0, start + 1, false);
  }
  return clocks;
}

/** "am", "pm", "a.m." behind an hour. */
function dayHalf(tokens: readonly Token[], at: number): { half: HalfDay; end: number } | null {
  const [token, next] = [tokens[at], tokens[at + 1]];
  const letters = /^[ap]$/.test(token?.word ?? '') && next?.word === 'm' ? `${token?.word}m` : token?.word;
  if (letters !== 'am' && letters !== 'pm') return null;
  // In German, "am" begins a day: "um 10 am Freitag".
  const isGerman = letters === 'am' && valueOf(next, 'weekday') !== null && next?.word.endsWith('day') !== true;
  return isGerman ? null : { half: letters, end: letters === token?.word ? at + 1 : at + 2 };
}

function hourOf(token: Token | undefined): number | null {
  if (token === undefined || token.raw.length > 5) return null;
  const hour = token.number === null ? valueOf(token, 'number') : token.raw.length <= 2 ? token.number : null;
  return hour !== null && hour <= 24 ? hour : null;
}

/** Local minutes of an hour as written. */
function minuteOf(hour: number, minutes: number, written: string, half: HalfDay): MinuteOfDay {
  const isSmall = hour >= 1 && hour <= 6 && !written.startsWith('0');
  const isLate = half === 'pm' ? hour < 12 : half === 'unknown' && isSmall;
  const midnight = half === 'am' && hour === 12 ? -NOON : 0;
  return (isLate ? hour + 12 : hour) * 60 + minutes + midnight;
}

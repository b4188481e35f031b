import { addDays, isoWeek, weekdayOf, type LocalDate } from '../../time.ts';
import { dateOf, earlier, firstOf, lastOf, later, monthFromNow, nextWeekday } from './calendar.ts';
import { clipped, numericDays, yearOf, type Days, type Reading } from './numericDates.ts';
import { isBare, isDash, WORD, worth, type Span } from './span.ts';
import { isNumber, means, valueOf, type Token } from './words.ts';

export type { Days } from './numericDates.ts';

/*
 * Days as agents say them.
 *
 * A weekday is the next one after today: today itself is only "heute". "Nächsten Freitag" is the Friday of the next
 * calendar week, which is what it means at an office counter and never the day that "Freitag" alone would be said for.
 * "Nächste Woche" runs from Monday to Sunday; so do "in 2 Wochen" and "KW 50". What has begun already is cut at today.
 * Days and months without a year are the next ones, a day may be today.
 */

/** "Ab Montag" ends so many days after today: further than any municipality books ahead. */
export const OPEN_END_DAYS = 400;

/** Every reading of days in the text. A day that does not exist ("31.2.") has `null` as value. */
export function dateSpans(tokens: readonly Token[], today: LocalDate): Span<Days | null>[] {
  const reader = new DayReader(tokens, today);
  const spans: Span<Days | null>[] = [];
  const add = (start: number, reading: Reading): void => {
    const forgiven = tokens.slice(start, reading.end).some((token) => token.forgiven);
    const value = { from: reading.from, to: reading.to };
    const score = worth(tokens, start, reading.end, reading.little);
    spans.push({ start, end: reading.end, score, value, exact: !forgiven });
  };
  for (let start = 0; start < tokens.length; start++) {
    for (const reading of reader.ranges(start)) add(start, reading);
    const impossible = reader.impossibleEnd(start);
    if (impossible > start)
      spans.push({ start, end: impossible, score: (impossible - start) * (WORD + 3), value: null, exact: true });
  }
  return spans;
}

class DayReader {
  private readonly tokens: readonly Token[];
  private readonly today: LocalDate;

  constructor(tokens: readonly Token[], today: LocalDate) {
    this.tokens = tokens;
    this.today = today;
  }

  /** All that can begin at a token: from … to …, from, until, between, or days alone. */
  ranges(start: number): Reading[] {
    const readings: Reading[] = [];
    for (const first of this.days(start, this.today)) {
      readings.push(first, ...this.until(first));
    }
    const first = this.tokens[start];
    const open = addDays(this.today, OPEN_END_DAYS);
    if (means(first, 'from', 'earliest', 'between')) {
      if (means(first, 'from') && means(this.tokens[start + 1], 'soon')) {
        readings.push({ from: this.today, to: open, end: start + 2, little: 0 });
      }
      for (const days of this.days(start + 1, this.today)) {
        const begin = { ...days, little: days.little + 1 };
        if (!means(first, 'between')) readings.push({ ...begin, to: later(open, days.from) });
        readings.push(...this.until(begin, means(first, 'between')));
      }
    }
    if (means(first, 'until', 'latest')) {
      const skip = means(this.tokens[start + 1], 'latest') ? 2 : 1;
      for (const days of this.days(start + skip, this.today)) {
        readings.push({ ...days, from: earlier(this.today, days.to), little: days.little + skip });
      }
    }
    readings.push(...this.relative(start, open));
    return readings;
  }

  /** The end of a date that does not exist; `start` when there is none. */
  impossibleEnd(start: number): number {
    const [day, month, year] = [this.tokens[start], this.tokens[start + 1], this.tokens[start + 2]];
    if (!isNumber(day) || numericDays(this.tokens, start, this.today, this.today).length > 0) return start;
    const isDotted = isNumber(month) && month.gap === '.' && month.after.startsWith('.');
    if (isDotted) return isNumber(year) && year.gap === '.' ? start + 3 : start + 2;
    const named =
      month !== undefined && valueOf(month, 'month') !== null && /^\.?\s*$/.test(month.gap) && day.number > 28;
    return named ? start + 2 : start;
  }

  /** "nach dem 8.12.", "vor Freitag". */
  private relative(start: number, open: LocalDate): Reading[] {
    const first = this.tokens[start];
    if (!means(first, 'after', 'before')) return [];
    return this.days(start + 1, this.today).map((days) => {
      const little = days.little + 1;
      if (means(first, 'after')) {
        const from = addDays(days.to, 1);
        return { from, to: later(open, from), end: days.end, little };
      }
      const to = addDays(days.from, -1);
      return { from: earlier(this.today, to), to, end: days.end, little };
    });
  }

  /** Continues with "bis …", a dash, "oder" between neighbouring days, or "und" after "zwischen". */
  private until(first: Reading, isBetween = false): Reading[] {
    const next = this.tokens[first.end];
    if (next === undefined) return [];
    const readings: Reading[] = [];
    const add = (start: number, little: number, isChoice = false): void => {
      for (const last of this.days(start, first.from)) {
        const isNeighbour = last.from === addDays(first.to, 1);
        if (last.to < first.from || (isChoice && !isNeighbour)) continue;
        readings.push({ from: first.from, to: last.to, end: last.end, little: first.little + last.little + little });
      }
    };
    if (means(next, 'until')) add(first.end + 1, 1);
    if (isBetween && means(next, 'and')) add(first.end + 1, 1);
    if (means(next, 'or', 'and')) add(first.end + 1, 1, true);
    if (isDash(next.gap)) add(first.end, 0);
    if (next.gap.includes('/')) add(first.end, 0, true);
    return readings;
  }

  /** Days at a token, after "am", "den", "im" or nothing. `after`: the day before the first that may be meant. */
  private days(start: number, after: LocalDate): Reading[] {
    const plain = this.bareDays(start, after);
    let at = start;
    while (at < start + 2 && means(this.tokens[at], 'on', 'in')) at++;
    if (at === start) return plain;
    const dressed = this.bareDays(at, after)
      .filter(() => !means(this.tokens[at], 'tomorrow'))
      .map((days) => ({ ...days, little: days.little + at - start }));
    return [...plain, ...dressed, ...this.dayOfMonth(at, at - start)];
  }

  private bareDays(start: number, after: LocalDate): Reading[] {
    return [
      ...this.named(start),
      ...this.weekdays(start, after),
      ...this.relativeUnits(start),
      ...this.partsOf(start),
      ...this.calendarWeeks(start),
      ...numericDays(this.tokens, start, after, this.today),
      ...this.distances(start),
      ...this.dottedDay(start),
    ];
  }

  /** heute, morgen, übermorgen, "day after tomorrow", also with the weekday: "morgen, Dienstag". */
  private named(start: number): Reading[] {
    const token = this.tokens[start];
    const readings: Reading[] = [];
    const add = (offset: number, end: number, little: number): void => {
      const date = addDays(this.today, offset);
      readings.push({ from: date, to: date, end, little });
      if (valueOf(this.tokens[end], 'weekday') === weekdayOf(date)) {
        readings.push({ from: date, to: date, end: end + 1, little });
      }
      const moved = this.weeksLater(end, date);
      if (moved !== null && offset >= 0) readings.push({ ...moved, little });
    };
    if (means(token, 'today')) add(0, start + 1, 0);
    if (means(token, 'tomorrow')) add(1, start + 1, 0);
    if (means(token, 'afterTomorrow')) add(2, start + 1, 0);
    if (means(token, 'yesterday')) add(-1, start + 1, 0);
    if (means(token, 'day') && means(this.tokens[start + 1], 'after') && means(this.tokens[start + 2], 'tomorrow')) {
      add(2, start + 3, 0);
    }
    return readings;
  }

  private weekdays(start: number, after: LocalDate): Reading[] {
    const token = this.tokens[start];
    const weekday = valueOf(token, 'weekday');
    if (token === undefined || weekday === null) return [];
    const readings: Reading[] = [];
    // "so" is a word of its own; it is the Sunday with a dot only.
    const next = nextWeekday(after, weekday);
    if (token.word !== 'so' || token.after.startsWith('.'))
      readings.push({ from: next, to: next, end: start + 1, little: 0 });
    let at = start + 1;
    while (at < start + 3 && means(this.tokens[at], 'on', 'in')) at++;
    for (const date of numericDays(this.tokens, at, this.today, this.today)) {
      if (date.from === date.to) readings.push({ ...date, little: at - start - 1 });
    }
    for (const week of this.relativeUnits(at, 'week')) {
      const monday = addDays(week.to, -6);
      const date = addDays(monday, weekday - 1);
      readings.push({ from: date, to: date, end: week.end, little: at - start - 1 });
    }
    const moved = this.weeksLater(start + 1, next);
    return moved === null ? readings : [...readings, moved];
  }

  /** "nächste Woche", "diesen Freitag", "kommendes Wochenende", "übernächster Monat". */
  private relativeUnits(start: number, only?: 'week'): Reading[] {
    const token = this.tokens[start];
    if (!means(token, 'next', 'this', 'afterNext', 'coming')) {
      if (only === undefined && means(token, 'weekend')) return [this.weekend(0, start + 1)];
      if (only === undefined && means(token, 'monthEnd'))
        return [this.partOfMonth('end', monthFromNow(this.today, 0), start + 1)];
      return [];
    }
    const count = means(token, 'next') ? 1 : means(token, 'afterNext') ? 2 : 0;
    const unit = this.tokens[start + 1];
    const readings: Reading[] = [];
    if (means(unit, 'week')) {
      const week = this.week(means(token, 'coming') ? 1 : count, start + 2);
      readings.push(week);
      const weekday = valueOf(this.tokens[start + 2], 'weekday');
      const date = weekday === null ? null : addDays(addDays(week.to, -6), weekday - 1);
      if (date !== null && only === undefined) readings.push({ from: date, to: date, end: start + 3, little: 0 });
    }
    if (only === 'week') return readings;
    if (means(unit, 'month')) {
      const { year, month } = monthFromNow(this.today, means(token, 'coming') ? 1 : count);
      readings.push(clipped(this.today, firstOf(year, month), lastOf(year, month), start + 2));
    }
    if (means(unit, 'weekend')) readings.push(this.weekend(count, start + 2));
    const weekday = valueOf(unit, 'weekday');
    if (weekday !== null) {
      const inWeek = addDays(this.monday(count), weekday - 1);
      const isAhead = count > 0 || (means(token, 'this') && inWeek >= this.today);
      const date = isAhead ? inWeek : nextWeekday(this.today, weekday);
      readings.push({ from: date, to: date, end: start + 2, little: 0 });
    }
    return readings;
  }

  /** "Anfang Dezember", "Ende nächster Woche", "Mitte des Monats". */
  private partsOf(start: number): Reading[] {
    const part = (['begin', 'middle', 'end'] as const).find((one) => means(this.tokens[start], one));
    if (part === undefined) return [];
    let at = start + 1;
    while (at < start + 3 && means(this.tokens[at], 'of')) at++;
    const little = at - start - 1;
    const token = this.tokens[at];
    const relative = (['this', 'next', 'afterNext', 'coming'] as const).find((one) => means(token, one));
    const unit = relative === undefined ? token : this.tokens[at + 1];
    const end = relative === undefined ? at + 1 : at + 2;
    const count = { this: 0, next: 1, coming: 1, afterNext: 2, none: 0 }[relative ?? 'none'];
    if (means(unit, 'week')) {
      const monday = this.monday(count);
      const [from, to] = { begin: [0, 1], middle: [1, 3], end: [3, 6] }[part] as [number, number];
      return [{ ...clipped(this.today, addDays(monday, from), addDays(monday, to), end), little }];
    }
    if (means(unit, 'month')) return [{ ...this.partOfMonth(part, monthFromNow(this.today, count), end), little }];
    const month = relative === undefined ? valueOf(unit, 'month') : null;
    if (month === null) return [];
    const { year, end: after } = yearOf(this.tokens[end], end, month, this.today);
    return [{ ...this.partOfMonth(part, { year, month }, after), little }];
  }

  private calendarWeeks(start: number): Reading[] {
    const [token, other] = [this.tokens[start], this.tokens[start + 1]];
    const isBefore = isNumber(token) && means(other, 'calendarWeek');
    const isAfter = means(token, 'calendarWeek', 'week') && isNumber(other) && isBare(other.gap.replace('.', ''));
    const number = isBefore ? token.number : isAfter ? other.number : null;
    if (number === null || number < 1 || number > 53) return [];
    const year = isoWeek(this.today).year;
    for (const candidate of [year, year + 1]) {
      const fourth = `${String(candidate).padStart(4, '0')}-01-04`;
      const monday = addDays(fourth, 1 - weekdayOf(fourth) + 7 * (number - 1));
      const exists = isoWeek(monday).year === candidate && isoWeek(monday).week === number;
      if (exists && addDays(monday, 6) >= this.today)
        return [clipped(this.today, monday, addDays(monday, 6), start + 2)];
    }
    return [];
  }

  /** "in 2 Wochen", "in drei Tagen", "in einem Monat". */
  private distances(start: number): Reading[] {
    const count = valueOf(this.tokens[start + 1], 'number');
    if (!means(this.tokens[start], 'in') || count === null || count > 60) return [];
    const unit = this.tokens[start + 2];
    const end = start + 3;
    if (means(unit, 'week')) return [this.week(count, end)];
    if (means(unit, 'day')) {
      const date = addDays(this.today, count);
      return [{ from: date, to: date, end, little: 0 }];
    }
    if (!means(unit, 'month')) return [];
    const { year, month } = monthFromNow(this.today, count);
    return [clipped(this.today, firstOf(year, month), lastOf(year, month), end)];
  }

  /** A day moved by what stands behind it: "Freitag in zwei Wochen". */
  private weeksLater(start: number, date: LocalDate): Reading | null {
    const count = valueOf(this.tokens[start + 1], 'number');
    const isDistance = means(this.tokens[start], 'in') && means(this.tokens[start + 2], 'week');
    if (!isDistance || count === null || count > 60) return null;
    const moved = addDays(date, 7 * count);
    return { from: moved, to: moved, end: start + 3, little: 0 };
  }

  /** "8." alone, and as the beginning of "8. bis 12. Dezember" and "8.-12.12.". */
  private dottedDay(start: number): Reading[] {
    const token = this.tokens[start];
    if (!isNumber(token) || !token.after.startsWith('.')) return [];
    const gap = token.after;
    let at = start + 1;
    const next = this.tokens[at];
    if (isNumber(next) && gap === '.') return [];
    if (means(next, 'until')) at++;
    else if (!isDash(gap)) return this.dayOfMonth(start, 0);
    const readings: Reading[] = [];
    for (const last of numericDays(this.tokens, at, this.today, this.today)) {
      const date =
        last.from === last.to
          ? dateOf(Number(last.from.slice(0, 4)), Number(last.from.slice(5, 7)), token.number)
          : null;
      if (date !== null && date <= last.to)
        readings.push({ from: date, to: last.to, end: last.end, little: at - start - 1 });
    }
    return readings.length > 0 ? readings : this.dayOfMonth(start, 0);
  }

  private dayOfMonth(start: number, little: number): Reading[] {
    const token = this.tokens[start];
    if (!isNumber(token) || token.number < 1 || token.number > 31) return [];
    if (little === 0 && !token.after.startsWith('.')) return [];
    if (little > 0 && !means(this.tokens[start - 1], 'on')) return [];
    const { year, month } = monthFromNow(this.today, 0);
    for (let ahead = 0; ahead < 12; ahead++) {
      const date = dateOf(year + Math.floor((month - 1 + ahead) / 12), ((month - 1 + ahead) % 12) + 1, token.number);
      if (date !== null && date >= this.today) return [{ from: date, to: date, end: start + 1, little }];
    }
    return [];
  }

  private partOfMonth(part: 'begin' | 'middle' | 'end', of: { year: number; month: number }, end: number): Reading {
    const first = firstOf(of.year, of.month);
    const last = lastOf(of.year, of.month);
    const [from, to] = {
      begin: [first, addDays(first, 9)],
      middle: [addDays(first, 10), addDays(first, 19)],
      end: [addDays(first, 20), last],
    }[part] as [LocalDate, LocalDate];
    const year = of.year + 1;
    // "Anfang November" at the end of November is a year away.
    return to >= this.today || year > 9998
      ? clipped(this.today, from, to, end)
      : this.partOfMonth(part, { ...of, year }, end);
  }

  private weekend(count: number, end: number): Reading {
    const monday = this.monday(count);
    return clipped(this.today, addDays(monday, 5), addDays(monday, 6), end);
  }

  private week(count: number, end: number): Reading {
    const monday = this.monday(count);
    return clipped(this.today, monday, addDays(monday, 6), end);
  }

  private monday(weeksAhead: number): LocalDate {
    return addDays(this.today, 1 - weekdayOf(this.today) + 7 * weeksAhead);
  }
}

import type { Directory } from '../../domain/booking/office.ts';
import { formatReference } from '../../domain/booking/reference.ts';
import { daysBetween, type Instant, type LocalDate } from '../../domain/time.ts';
import { pathsFor } from '../../paths.ts';
import { longDate, shortDate, timeOfDay } from '../../web/format.ts';
import { translator, type Locale } from '../../web/locale.ts';
import { presentLetter, type LetterView } from './letter.ts';
import { seenValue } from './markPrinted.ts';
import type { ListedLetter, OpenLetter, PrintedLetter, Zone } from './ports.ts';
import { kindNow, type OwnOf } from './texts.ts';

/** So many letters are listed at once; more stand behind a word to open. */
const SHORT_LIST = 8;
/** No more are listed of one municipality. */
const LONGEST_LIST = 200;
/** Days before the appointment from which on a letter may come too late by post. */
const POST_DAYS = 3;

export interface ListedView {
  id: number;
  reference: string;
  /** "Bestätigung, Termin am 8. Dezember" */
  what: string;
  since: string;
  /** The letter may come too late. */
  hint: string | null;
}

export interface MunicipalityLetters {
  id: string;
  name: string;
  count: string;
  open: string;
  openLabel: string;
  isShort: boolean;
  letters: ListedView[];
  /** "… und 40 weitere"; null: all are listed. */
  more: string | null;
}

export interface PrintedView {
  reference: string;
  what: string;
  when: string;
  /** Id to queue it again; null: not possible. */
  again: number | null;
}

export interface LettersView {
  municipalities: MunicipalityLetters[];
  printed: PrintedView[];
  action: string;
}

export interface Today {
  locale: Locale;
  zone: Zone;
  now: Instant;
}

/** The queue by municipality, and what was printed in the last days. */
export function presentLetters(
  waiting: readonly ListedLetter[],
  printed: readonly PrintedLetter[],
  directory: Directory,
  today: Today,
): LettersView {
  const { locale } = today;
  const p = pathsFor(locale);
  const nameOf = (id: number): string => directory.municipalities.get(id)?.name ?? '';
  const ids = [...new Set(waiting.map(({ municipalityId }) => municipalityId))].sort((a, b) =>
    nameOf(a).localeCompare(nameOf(b), 'de'),
  );
  const t = translator(locale);
  return {
    municipalities: ids.map((id) => {
      const own = waiting.filter(({ municipalityId }) => municipalityId === id);
      const name = nameOf(id);
      return {
        id: `kommune-${id}`,
        name,
        count: t('letters.count', { count: own.length, since: momentWords(own[0]?.createdAt ?? today.now, today) }),
        open: p.lettersPrint({ kommune: id }),
        openLabel: t('letters.openOf', { name }),
        isShort: own.length <= SHORT_LIST,
        letters: own.slice(0, LONGEST_LIST).map((letter) => presentListed(letter, today)),
        more: own.length > LONGEST_LIST ? t('letters.more', { count: own.length - LONGEST_LIST }) : null,
      };
    }),
    printed: printed.map((letter) => ({
      reference: formatReference(letter.reference),
      what: whatWords(letter, locale),
      when: t('letters.printedBy', {
        name: letter.printedBy ?? t('letters.somebody'),
        when: momentWords(letter.printedAt, today),
      }),
      again: letter.canRepeat ? letter.id : null,
    })),
    action: p.lettersPrinted(),
  };
}

function presentListed(letter: ListedLetter, today: Today): ListedView {
  const t = translator(today.locale);
  const days = daysBetween(today.zone.local(today.now).date, letter.date);
  return {
    id: letter.id,
    reference: formatReference(letter.reference),
    what: whatWords(letter, today.locale),
    since: t('letters.since', { when: momentWords(letter.createdAt, today) }),
    hint: days >= POST_DAYS ? null : days === 0 ? t('letters.soonToday') : t('letters.soon', { count: days }),
  };
}

function whatWords(letter: ListedLetter, locale: Locale): string {
  const t = translator(locale);
  return t(`letters.kinds.${kindNow(letter)}`, { date: shortDate(letter.date, locale) });
}

/** "23. November, 9:12 Uhr" */
function momentWords(instant: Instant, { zone, locale }: Today): string {
  const { date, minute } = zone.local(instant);
  return translator(locale)('letters.moment', { date: shortDate(date, locale), time: timeOfDay(minute, locale) });
}

export interface SheetView extends LetterView {
  id: string;
  /** What the form sends when it was printed well. */
  value: string;
  /** For the box beside it, in the language of the page. */
  label: string;
  /** The block on the right, with the day it is printed. */
  info: { label: string; text: string }[];
}

export interface PrintView {
  title: string;
  lead: string;
  action: string;
  back: string;
  /** No postal address is on record: whatever cannot be delivered would not come back. */
  withoutAddress: string | null;
  sheets: SheetView[];
}

/** The letters of one municipality that are printed at once, each as a sheet. */
export function presentPrint(
  { letters, ownOf, areMore }: { letters: readonly OpenLetter[]; ownOf: OwnOf; areMore: boolean },
  municipality: { id: number; name: string; postalAddress: string },
  directory: Directory,
  origin: string,
  today: Today,
): PrintView {
  const { locale } = today;
  const t = translator(locale);
  const p = pathsFor(locale);
  const { date } = today.zone.local(today.now);
  return {
    title: t('letters.print.title', { name: municipality.name }),
    lead: areMore
      ? t('letters.print.leadFirst', { count: letters.length })
      : t('letters.print.lead', { count: letters.length }),
    action: p.lettersPrinted(),
    back: p.letters(),
    withoutAddress:
      municipality.postalAddress.trim() === '' ? t('letters.print.withoutAddress', { name: municipality.name }) : null,
    sheets: letters.map((letter) => {
      const own = ownOf(letter);
      const view = presentLetter(letter, own, directory, origin);
      return {
        ...view,
        id: `brief-${letter.id}`,
        value: seenValue(letter, own, directory, origin),
        label: t('letters.print.good', { reference: formatReference(letter.reference) }),
        info: [
          ...view.info,
          { label: translator(view.locale)('letters.letter.date'), text: dayOfLetter(date, view.locale) },
        ],
      };
    }),
  };
}

/** "24. November 2026": on a letter without the day of the week. */
function dayOfLetter(date: LocalDate, locale: Locale): string {
  return longDate(date, locale).replace(/^[^,]+, /, '');
}

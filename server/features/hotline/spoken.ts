import type { Costs, Line, Locale, Venue } from '../../domain/booking/office.ts';
import type { SpelledSymbol } from '../../domain/booking/spelling.ts';
import type { LocalDate, MinuteOfDay } from '../../domain/time.ts';
import type { Translate } from '../../web/locale.ts';
import { fullDate, nearDay, numberWord, spokenDate, spokenDistance, spokenMoney, spokenTime } from './spokenWords.ts';
import { venueInSentence } from './spokenVenue.ts';

export { spokenDate, spokenDistance, spokenMoney, spokenTime };

/** Sentences for agents to read aloud, as a person says them: no colons of clocks, no signs, no abbreviations. */

const NBSP = '\u00A0';

type SpokenVenue = Pick<Venue, 'name' | 'locality' | 'street'>;

/** When and where somebody is expected. */
export interface SpokenVisit {
  date: LocalDate;
  minute: MinuteOfDay;
  venue: SpokenVenue;
}

export interface SpokenOffer extends SpokenVisit {
  /** As the crow flies; null: no place was named. */
  metres: number | null;
  today: LocalDate;
  /** The venue is in the place the caller named. */
  inPlace: boolean;
  /** What is read aloud just before. */
  before?: SpokenVisit;
}

/**
 * "Am Dienstag, dem 8. Dezember, um 9 Uhr 20 im Gemeindeamt Schönberg, Am Anger 2, zwei Kilometer entfernt."; of the
 * same visit as the sentence before: "Am selben Tag auch dort, um 10 Uhr 40."
 */
export function spokenOffer(offer: SpokenOffer, locale: Locale, t: Translate): string {
  const time = spokenTime(offer.minute, locale);
  const sameVenue = offer.before !== undefined && isSameVenue(offer.before.venue, offer.venue);
  if (sameVenue && offer.before?.date === offer.date) return t('hotlineSpoken.sameVisit', { time });

  const date = capitalized(dateInSentence(offer.date, offer.today, locale));
  if (sameVenue) return t('hotlineSpoken.sameVenue', { date, time });

  const near = nearWords(offer, locale, t);
  return t('hotlineSpoken.offer', { date, time, place: `${placeWords(offer.venue, locale)}${near}` });
}

export interface ReadBack extends SpokenVisit {
  /** 'Werner Gläser'; null: no name was given. */
  name: string | null;
  lines: readonly Line[];
  today: LocalDate;
}

/**
 * "Ich wiederhole: Werner Gläser, am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im Feuerwehrhaus Köthel, Dorfstraße 18.
 * Ihr Anliegen: Personalausweis beantragen. Stimmt das so?"
 */
export function readBack(said: ReadBack, locale: Locale, t: Translate): string {
  const { lead, rest } = readBackParts(said, locale, t);
  return `${lead} ${said.name === null ? '' : `${said.name}, `}${rest}`;
}

/** "Dieser Termin ist abgesagt: Werner Gläser, am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im Feuerwehrhaus Köthel." */
export function readState(said: Omit<ReadBack, 'lines'>, isCancelled: boolean, locale: Locale, t: Translate): string {
  const words = `${said.name === null ? '' : `${said.name}, `}${visitWords(said, locale, t)}`;
  return isCancelled ? t('hotlineSpoken.cancelled', { words }) : t('hotlineSpoken.over', { words });
}

/** The same in two parts: the name stands between them and a comma behind it, so that it can follow what is typed. */
export function readBackParts(
  said: Omit<ReadBack, 'name'>,
  locale: Locale,
  t: Translate,
): { lead: string; rest: string } {
  return {
    lead: t('hotlineSpoken.readBack'),
    rest: `${visitWords(said, locale, t)} ${rightWords(said.lines, locale, t)}`,
  };
}

/** "Ich verschiebe den Termin von Werner Gläser. Neu ist er am Mittwoch, dem 9. Dezember, um …. Stimmt das so?" */
export function readMove(said: Omit<ReadBack, 'lines'>, locale: Locale, t: Translate): string {
  const visit = visitWords(said, locale, t);
  return said.name === null
    ? t('hotlineSpoken.moveNameless', { visit })
    : t('hotlineSpoken.move', { name: said.name, visit });
}

/** "Die Gebühr ist 46 Euro, wir können nur Karte nehmen." */
export function spokenCosts(costs: Costs, cardOnly: boolean, locale: Locale, t: Translate): string {
  if (costs.cents === 0 && !costs.open) return t('hotlineSpoken.free');

  const amount = spokenMoney(costs.cents, locale);
  if (!costs.open) {
    const fee = t('hotlineSpoken.fee', { amount });
    return cardOnly ? t('hotlineSpoken.feeByCard', { fee }) : `${fee}.`;
  }
  const fee = costs.cents === 0 ? t('hotlineSpoken.feeByStatute') : t('hotlineSpoken.feeAndStatute', { amount });
  return cardOnly ? `${fee} ${t('hotlineSpoken.cardOnly')}` : fee;
}

/** "Bringen Sie bitte mit: Ihren bisherigen Personalausweis oder Reisepass; unter 16 Jahren die Zustimmung …." */
export function spokenBring(lines: readonly Line[], locale: Locale, t: Translate): string {
  const items = [...new Set(lines.flatMap(({ service }) => service.texts[locale].documents.map(spokenDocument)))];
  if (items.length === 0) return t('hotlineSpoken.bringNothing');
  // Where a part has commas of its own, a comma between parts could not be heard.
  const long = items.some((item) => item.includes(','));
  const between = long ? '; ' : ', ';
  const last = items.at(-1) as string;
  const text =
    items.length === 1
      ? last
      : t(long ? 'hotlineSpoken.andLong' : 'hotlineSpoken.and', { items: items.slice(0, -1).join(between), last });
  return t('hotlineSpoken.bring', { text });
}

/** One group of a reference: "K wie Köln, sieben, M wie München". */
export function spokenSpelling(group: readonly SpelledSymbol[], t: Translate): string {
  return group
    .map(({ symbol, word }) =>
      /\d/.test(symbol) ? word : t('hotlineSpoken.letter', { letter: symbol, word }).replaceAll(' ', NBSP),
    )
    .join(', ');
}

/** "Dorfstr. 18" → "Dorfstraße 18": what an abbreviation means, a house number on the same line. */
export function spokenStreet(street: string, locale: Locale): string {
  const written = street
    .trim()
    .replace(/(\p{Ll})str\.?(?=\s|$)/giu, '$1straße')
    .replace(/(^|[\s-])str\.?(?=\s|$)/giu, '$1Straße')
    .replace(/(\p{Ll})pl\.(?=\s|$)/gu, '$1platz')
    .replace(/(^|[\s-])Pl\.(?=\s|$)/gu, '$1Platz')
    .replace(/\bSt\.(?=[\s-])/gu, 'Sankt')
    .replace(/\bDr\.(?=[\s-])/gu, 'Doktor')
    .replace(/\bProf\.(?=[\s-])/gu, 'Professor')
    .replace(/(\d)([a-z])\b/giu, `$1${NBSP}$2`)
    .replace(/(\d)\s*[-–]\s*(\d)/gu, locale === 'de' ? '$1 bis $2' : '$1 to $2');
  return written.replace(/ (?=\d)/gu, NBSP);
}

/** "am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im Feuerwehrhaus Köthel, Dorfstraße 18." */
function visitWords(visit: SpokenVisit & { today: LocalDate }, locale: Locale, t: Translate): string {
  const near = nearDay(visit.date, visit.today, locale);
  const full = fullDate(visit.date, locale);
  return t('hotlineSpoken.offer', {
    // Who repeats says the day in full.
    date: near === null ? `${full},` : `${near}, ${full},`,
    time: spokenTime(visit.minute, locale),
    place: placeWords(visit.venue, locale),
  });
}

function rightWords(lines: readonly Line[], locale: Locale, t: Translate): string {
  const services = lines.map(({ service, persons }) => {
    const name = service.texts[locale].name;
    return persons === 1
      ? name
      : t('hotlineSpoken.forPersons', { service: name, persons: numberWord(persons, locale) });
  });
  return t('hotlineSpoken.matter', { count: services.length, services: services.join('; ') });
}

function dateInSentence(date: LocalDate, today: LocalDate, locale: Locale): string {
  const words = spokenDate(date, today, locale);
  // "Am Dienstag, dem 8. Dezember, um": the comma closes what was put in; "Morgen um" has none.
  return nearDay(date, today, locale) === null ? `${words},` : words;
}

/** " im Gemeindeamt Schönberg, Am Anger 2"; ", Schönberg, Gemeindeamt, Am Anger 2" is right for every name. */
function placeWords(venue: SpokenVenue, locale: Locale): string {
  const street = spokenStreet(venue.street, locale);
  const place = venueInSentence(venue, locale);
  return `${place === null ? `, ${venue.locality}, ${venue.name}` : ` ${place}`}${street === '' ? '' : `, ${street}`}`;
}

function nearWords({ inPlace, metres }: SpokenOffer, locale: Locale, t: Translate): string {
  if (inPlace) return `, ${t('hotlineSpoken.inPlace')}`;
  return metres === null ? '' : `, ${spokenDistance(metres, locale)}`;
}

/** "unter 16 Jahren: die Zustimmung" is heard as one sentence; "wenn Sie …: den Code" keeps a comma. */
function spokenDocument(text: string): string {
  return text
    .replace(/^(\p{Ll}[^:]*): /u, (_all, when: string) => `${when}${/^(wenn|falls|sofern)\b/.test(when) ? ',' : ''} `)
    .replace(/[.;]$/, '');
}

function isSameVenue(a: SpokenVenue, b: SpokenVenue): boolean {
  return a.name === b.name && a.locality === b.locality && a.street === b.street;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { foldName } from '../../places/fold.ts';
import { allowedErrors, typingErrors } from '../../places/typingErrors.ts';

/** The words of a search text, and the words of time and grammar an agent may use, in German and English. */

/** A run of letters or of digits. */
export interface Token {
  /** As typed. */
  readonly raw: string;
  /** Where it stands in the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** What was typed between the token before (or the beginning) and this one. */
  readonly gap: string;
  /** What was typed between this one and the next (or the end). */
  readonly after: string;
  /** As names are folded, without spaces; empty for letters that do not exist here. */
  readonly word: string;
  /** The value of at most six digits, else null. */
  readonly number: number | null;
  /** Meanings in the grammar of days, times and persons. */
  readonly senses: readonly string[];
  /** True when the senses are there because a typing error was forgiven or the word is not complete. */
  readonly forgiven: boolean;
}

/** What is not said by a single word: sense → its words. Senses of days and hours carry their number. */
const SENSES: Readonly<Record<string, string>> = {
  today: 'heute today',
  tomorrow: 'morgen tomorrow',
  afterTomorrow: 'übermorgen',
  yesterday: 'gestern yesterday',
  'weekday 1': 'montag montags monday mo mon',
  'weekday 2': 'dienstag dienstags tuesday di tue',
  'weekday 3': 'mittwoch mittwochs wednesday mi wed',
  'weekday 4': 'donnerstag donnerstags thursday do thu don',
  'weekday 5': 'freitag freitags friday fr fri',
  'weekday 6': 'samstag samstags sonnabend sonnabends saturday sa sam sat',
  'weekday 7': 'sonntag sonntags sunday so',
  'month 1': 'januar jänner january jan',
  'month 2': 'februar february feb',
  'month 3': 'märz march mär mrz',
  'month 4': 'april apr',
  'month 5': 'mai may',
  'month 6': 'juni june jun',
  'month 7': 'juli july jul',
  'month 8': 'august aug',
  'month 9': 'september sep sept',
  'month 10': 'oktober october okt oct',
  'month 11': 'november nov',
  'month 12': 'dezember december dez dec',
  'number 1': 'ein eins eine einen einem einer one a an',
  'number 2': 'zwei zwo two',
  'number 3': 'drei three',
  'number 4': 'vier four',
  'number 5': 'fünf five',
  'number 6': 'sechs six',
  'number 7': 'sieben seven',
  'number 8': 'acht eight',
  'number 9': 'neun nine',
  'number 10': 'zehn ten',
  'number 11': 'elf eleven',
  'number 12': 'zwölf twelve',
  'number 14': 'vierzehn fourteen',
  'group 2': 'zweit',
  'group 3': 'dritt',
  'group 4': 'viert',
  'group 5': 'fünft',
  next: 'nächste nächsten nächster nächstes nächstem next',
  coming: 'kommende kommenden kommender kommendes coming',
  this: 'diese diesen dieser dieses diesem this',
  afterNext: 'übernächste übernächsten übernächster übernächstes',
  day: 'tag tage tagen day days',
  week: 'woche wochen week weeks',
  month: 'monat monats monate monaten month months',
  weekend: 'wochenende wochenendes weekend',
  monthEnd: 'monatsende',
  calendarWeek: 'kw kalenderwoche cw',
  begin: 'anfang beginn beginning early start',
  middle: 'mitte mid middle',
  end: 'ende end late',
  at: 'um at',
  about: 'gegen circa ca etwa ungefähr around about',
  from: 'ab from von',
  after: 'nach after',
  before: 'vor before',
  until: 'bis until till by to',
  earliest: 'frühestens earliest',
  latest: 'spätestens latest',
  not: 'nicht not',
  between: 'zwischen zw between',
  and: 'und and sowie',
  or: 'oder or',
  in: 'in im',
  on: 'am an den dem der des on the of zum zur',
  of: 'des der of the im in',
  hour: 'uhr h oclock',
  am: 'am',
  pm: 'pm',
  half: 'halb half',
  quarter: 'viertel quarter',
  threeQuarters: 'dreiviertel',
  past: 'nach past',
  to: 'vor to',
  forenoon: 'vormittag vormittags forenoon',
  early: 'früh frühs morgens morning mornings',
  morning: 'morgen',
  noon: 'mittag mittags noon midday',
  afternoon: 'nachmittag nachmittags afternoon afternoons',
  evening: 'abend abends evening evenings',
  soon: 'sofort jetzt now',
  for: 'für for',
  together: 'zu',
  persons: 'person personen leute persons people erwachsene kinder kindern children',
  pair: 'ehepaar couple',
  times: 'x mal',
  more: 'neue neuen neuer neues weitere new',
  honorific: 'frau herr herrn mr mrs ms familie name heißt',
  abbreviatedHonorific: 'fr hr',
};

/** Words that say nothing about the search. */
const FILLERS = new Set(
  words(
    `aber alle alles als also am an anrufer anruferin auch auf aus bald bei beim benötige benötigt bereits bitte braucht
    brauche bräuchte buchen bürger bürgerin da danke dann das dass dem den denn der des die doch dort dringend du ein
    eine einem einen einer er es etwas familie frau frei freie freien freier frühester für ganz geht genau gern gerne
    gibt guten habe haben hallo hat hätte herr herrn hier ich ihm ihn ihr ihre ihren im in ist ja kann kein keine können
    könnte kommen lieber man mehr mein meine meinem meinen meiner mit möchte möchten mögen möglich möglichst muss müssen
    nach nächster nächsten name nehmen noch nur ob oder ort paar plus schnell schnellstmöglich schon sehr sein seine
    seinen sich sie so sowie soll sollen sucht suche tag termin termine terminen über uhrzeit um und uns unser unsere
    unter vielleicht vom von vor wäre wann was wegen weil wenn wie will wir wird wo wohnt wohne wohnhaft wollen würde
    zeit zeiten zu zum zur
    baby bruder ehefrau ehemann eltern enkel kind kinder kindes mann mutter nachbar nachbarin oma opa schwester sohn
    tochter vater child children daughter father husband mother son wife
    absagen stornieren umbuchen verlegen verschieben vorgangsnummer nummer
    cancel move reschedule reference number
    a about an and any are as asap at available be book booking caller can could for free from get has have he hello her
    his i in is it like live lives madam me mr mrs ms my near need needs new of on or our please possible she sir slot
    some soon soonest that the their them there they this time times to via want wants we when will with would you your
    appointment appointments place`,
  ),
);

/** Long words of time in which one wrong letter is forgiven, and which are understood from five letters on. */
const FORGIVING = words(
  `übermorgen montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar september oktober
  november dezember wochenende vormittag vormittags nachmittag nachmittags nächsten nächste übernächste
  tomorrow tuesday wednesday thursday saturday afternoon december weekend`,
).map((word) => ({ word, errorsIn: typingErrors(word, 1, 'whole') }));

const SENSES_OF: ReadonlyMap<string, readonly string[]> = sensesByWord();

/** Runs of digits and of letters; "Freitagnachmittag" is two words. */
const WORDS =
  /\p{N}+|(?:mon|diens|donners|frei|sams|sonn)tag(?=(?:vor|nach)?mittag|morgen|abend|früh|frueh)|mittwoch(?=(?:vor|nach)?mittag|morgen|abend|früh|frueh)|[\p{L}\p{M}]+/giu;

type Meaning = Pick<Token, 'word' | 'number' | 'senses' | 'forgiven'>;

/** What was found out about words; for texts that have many words in common. */
export type WordMemo = Map<string, Meaning>;

/** The words of a text in order; letters and digits are separated even where they touch. */
export function tokensOf(text: string, memo: WordMemo = new Map()): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  const matches = [...text.matchAll(WORDS)];
  for (const [i, match] of matches.entries()) {
    const raw = match[0];
    const meaning = memo.get(raw) ?? meaningOf(raw);
    memo.set(raw, meaning);
    tokens.push({
      raw,
      start: match.index,
      end: match.index + raw.length,
      gap: text.slice(end, match.index),
      after: text.slice(match.index + raw.length, matches[i + 1]?.index ?? text.length),
      ...meaning,
    });
    end = match.index + raw.length;
  }
  return tokens;
}

function meaningOf(raw: string): Meaning {
  const word = foldName(raw).replaceAll(' ', '');
  const digits = /^\d{1,6}$/.test(word) ? Number(word) : null;
  if (digits !== null) return { word, number: digits, senses: [`number ${digits}`], forgiven: false };
  const exact = SENSES_OF.get(word);
  const near = exact === undefined && !FILLERS.has(word) ? forgivenSenses(word) : undefined;
  return { word, number: null, senses: exact ?? near ?? [], forgiven: near !== undefined };
}

/** True for digits; false behind the end. */
export function isNumber(token: Token | undefined): token is Token & { number: number } {
  return token !== undefined && token.number !== null;
}

/** True for a word that says nothing about the search. */
export function isFiller(token: Token): boolean {
  return FILLERS.has(token.word);
}

/** True for the middle of "so früh wie möglich": as soon as possible, not early in the day. */
export function isSoonest(tokens: readonly Token[], at: number): boolean {
  const behind = tokens[at + 1]?.word ?? '';
  return means(tokens[at], 'early') && tokens[at - 1]?.word === 'so' && (behind === 'wie' || behind === 'es');
}

/** True when the grammar or the fillers know the word exactly as it is. */
export function isKnown(token: Token): boolean {
  return FILLERS.has(token.word) || (token.senses.length > 0 && !token.forgiven);
}

/** Whether a token has a sense; false behind the end. */
export function means(token: Token | undefined, ...senses: readonly string[]): boolean {
  return token !== undefined && senses.some((sense) => token.senses.includes(sense));
}

/** The number in a sense such as 'weekday 3'; null when the token has no such sense. */
export function valueOf(token: Token | undefined, sense: 'weekday' | 'month' | 'number' | 'group'): number | null {
  const found = token?.senses.find((one) => one.startsWith(`${sense} `));
  return found === undefined ? null : Number(found.slice(sense.length + 1));
}

/** The folded words of a list in natural spelling. */
export function words(text: string): string[] {
  return text
    .split(/\s+/)
    .map((word) => foldName(word))
    .filter((word) => word !== '');
}

function sensesByWord(): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [sense, list] of Object.entries(SENSES)) {
    for (const word of words(list)) map.set(word, [...(map.get(word) ?? []), sense]);
  }
  return map;
}

function forgivenSenses(word: string): readonly string[] | undefined {
  if (word.length < 5 || word.length > 14) return undefined;
  const begun = FORGIVING.find((one) => one.word.startsWith(word));
  if (begun !== undefined) return SENSES_OF.get(begun.word);
  if (allowedErrors(word.length) === 0) return undefined;
  const misspelt = FORGIVING.find(
    (one) => one.word.charCodeAt(0) === word.charCodeAt(0) && one.word.length >= 6 && one.errorsIn(word) <= 1,
  );
  return misspelt === undefined ? undefined : SENSES_OF.get(misspelt.word);
}

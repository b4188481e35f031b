import { z } from 'zod';
import type {
  CallerContactKind,
  CallerField,
  CallerInput,
  CallerProblem,
  LookUp,
} from '../../../domain/hotline/desk.ts';
import { parseReference } from '../../../domain/booking/reference.ts';
import { checkAddress, tidyCaller, tidyNote } from '../../../domain/hotline/caller.ts';
import { isLocalDate, TICKS_PER_DAY } from '../../../domain/time.ts';
import { addError, enteredFields, type Entered, type FormErrors } from '../../../web/form.ts';
import type { Translate } from '../../../web/locale.ts';
import type { Slot } from '../ports.ts';

/** What the forms of the screen send, see the names of the fields below. */

/** As much as is read and kept of a search. */
export const LONGEST_SEARCH = 200;
export const LONGEST_NOTE = 300;

/** At first so many times are offered, then as many as there are digits. */
export const FEW_TIMES = 3;
export const MOST_TIMES = 9;

export interface Search {
  /** `suche`; `zur-suche` beside a time that is sent with the form of the caller: what it was offered for. */
  text: string;
  /** `weitere`: as many times as there are digits. */
  more: boolean;
  /** `verschieben`: another time for the appointment of this call. */
  moving: boolean;
  /** `zeit`: the time that was chosen. */
  slot: Slot | null;
}

const searchSchema = z.object({
  suche: z
    .string()
    .default('')
    .transform((text) =>
      text
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .trim()
        .slice(0, LONGEST_SEARCH),
    ),
  weitere: z.string().optional(),
  verschieben: z.string().optional(),
  zeit: z.string().optional(),
});

/** @param fields of a body or of a query */
export function searchOf(fields: unknown): Search {
  const { 'zur-suche': offeredFor, ...entered } = enteredFields(fields);
  const parsed = searchSchema.parse(offeredFor === undefined ? entered : { ...entered, suche: offeredFor });
  return {
    text: parsed.suche,
    more: parsed.weitere === '1',
    moving: parsed.verschieben === '1',
    slot: slotOf(parsed.zeit),
  };
}

/** `stop.tick`; null when it is none. */
function slotOf(value: string | undefined): Slot | null {
  const match = /^([1-9]\d{0,9})\.(\d{1,3})$/.exec(value ?? '');
  const slot = match === null ? null : { stopId: Number(match[1]), tick: Number(match[2]) };
  return slot !== null && slot.tick < TICKS_PER_DAY && slot.stopId < 2 ** 31 ? slot : null;
}

export function slotValue(slot: Slot): string {
  return `${slot.stopId}.${slot.tick}`;
}

/** Words of the form for the ways to hear of an appointment, in its order. */
export const CONTACT_WORDS: readonly (readonly [word: string, kind: CallerContactKind])[] = [
  ['telefon', 'phone'],
  ['email', 'email'],
  ['brief', 'letter'],
  ['ohne', 'none'],
];

/** Longer than anything that is accepted, so that nobody's mistake costs memory. */
const LONGEST_TEXT = 300;

/** Who calls, as typed: only the part that belongs to the chosen way. */
export function callerOf(body: unknown): { caller: CallerInput; entered: Entered } {
  const entered = enteredFields(body);
  const text = (name: string): string => (entered[name] ?? '').slice(0, LONGEST_TEXT);
  const orNull = (name: string): string | null => text(name) || null;
  const kind = CONTACT_WORDS.find(([word]) => word === entered['weg'])?.[1] ?? null;
  return {
    entered,
    caller: {
      firstName: orNull('vorname'),
      familyName: orNull('familienname'),
      contactKind: kind,
      contact: kind === 'phone' ? orNull('telefon') : kind === 'email' ? orNull('email') : null,
      address:
        kind === 'letter'
          ? { extra: text('zusatz'), street: text('strasse'), postcode: text('plz'), city: text('ort') }
          : null,
    },
  };
}

/** False when the hold cannot keep all that was typed: half an address, or what belongs to another way. */
export function canKeep({ caller, entered }: ReturnType<typeof callerOf>): boolean {
  const { contactKind, address } = tidyCaller(caller);
  const others = [
    ...(contactKind === 'phone' ? [] : ['telefon']),
    ...(contactKind === 'email' ? [] : ['email']),
    ...(contactKind === 'letter' ? [] : ['zusatz', 'strasse']),
  ];
  const isWhole = contactKind !== 'letter' || checkAddress(address).size === 0;
  return isWhole && others.every((name) => (entered[name] ?? '') === '');
}

/** The field of the form for each field of a caller, in the order of the form. */
const FIELDS: readonly (readonly [CallerField, string])[] = [
  ['firstName', 'vorname'],
  ['familyName', 'familienname'],
  ['contactKind', 'weg'],
  ['phone', 'telefon'],
  ['email', 'email'],
  ['extra', 'zusatz'],
  ['street', 'strasse'],
  ['postcode', 'plz'],
  ['city', 'ort'],
];

export function callerErrors(problems: ReadonlyMap<CallerField, CallerProblem>, t: Translate): FormErrors {
  const errors: FormErrors = { list: [], fields: {} };
  for (const [field, name] of FIELDS) {
    const problem = problems.get(field);
    if (problem === undefined) continue;
    const text = problem === 'missing' ? t(`hotline.missing.${field}`) : t(`hotline.problem.${problem}`);
    addError(errors, name, text);
  }
  // A group of radio buttons has no control of its own to lead to.
  return {
    ...errors,
    list: errors.list.map((one) => (one.href === '#weg' ? { ...one, href: '#weg-telefon' } : one)),
  };
}

/** A note has words, but not too many. */
export function noteErrors(typed: string, t: Translate): FormErrors {
  const errors: FormErrors = { list: [], fields: {} };
  if (tidyNote(typed) === null) {
    addError(errors, 'notiz', t(typed === '' ? 'hotline.note.empty' : 'hotline.note.tooLong', { max: LONGEST_NOTE }));
  }
  return errors;
}

export type AskedFor = { ok: true; lookUp: LookUp } | { ok: false; errors: FormErrors };

/**
 * What is looked up: `nummer`, or both `familienname` and `tag`. One of the two ways must be complete; what a reference
 * lacks is said before anything is searched for.
 */
export function askedForOf(body: unknown, t: Translate): AskedFor {
  const { nummer = '', gesucht = '', tag = '' } = enteredFields(body);
  const errors: FormErrors = { list: [], fields: {} };
  if (nummer !== '') {
    const parsed = parseReference(nummer);
    if (parsed.kind === 'ok') return { ok: true, lookUp: { by: 'reference', reference: parsed.reference } };
    addError(
      errors,
      'nummer',
      parsed.kind === 'wrongSymbol'
        ? t('hotline.lookup.wrongSymbol', { symbol: parsed.symbol })
        : t(`hotline.lookup.${parsed.kind === 'wrongCheck' ? 'wrongCheck' : 'wrongLength'}`),
    );
    return { ok: false, errors };
  }
  if (gesucht === '' && tag === '') addError(errors, 'nummer', t('hotline.lookup.nothing'));
  else if (gesucht === '') addError(errors, 'gesucht', t('hotline.lookup.noName'));
  if (gesucht !== '' && !isLocalDate(tag)) addError(errors, 'tag', t('hotline.lookup.noDay'));
  return errors.list.length > 0
    ? { ok: false, errors }
    : { ok: true, lookUp: { by: 'name', familyName: gesucht.slice(0, LONGEST_TEXT), date: tag } };
}

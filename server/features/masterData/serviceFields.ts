import { z } from 'zod';
import type { Fee, Locale, ServiceCategory, ServiceTexts } from '../../domain/booking/office.ts';
import { isLocalDate, type LocalDate } from '../../domain/time.ts';
import { LONGEST_FORM } from '../../domain/tours/packing.ts';
import { addError, type Entered, type FormErrors, parseForm } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import { capabilityName } from '../../web/capability.ts';
import { composed } from './listFields.ts';
import type { Picture, ServiceInput } from './servicePorts.ts';
import { canBeFound, eachOnce, LONGEST_SYNONYM, LONGEST_SYNONYMS } from './serviceSynonyms.ts';

/**
 * The fields of a service. Their names are the same in the form, in the columns of a CSV file and in the history; what
 * they are called is `services.field.<name>`.
 */
export const SERVICE_FIELDS = [
  'name_de',
  'name_en',
  'kategorie',
  'reihenfolge',
  'minuten_halt',
  'minuten_hausbesuch',
  'persoenlich',
  'kombinierbar',
  'personen',
  'leika',
  'bedarf',
  'gebuehren',
  'gebuehrenhinweis_de',
  'gebuehrenhinweis_en',
  'hinweis_de',
  'hinweis_en',
  'unterlagen_de',
  'unterlagen_en',
  'vordrucke',
  'suchwoerter',
] as const;

export type ServiceField = (typeof SERVICE_FIELDS)[number];

/** German words for the categories, as they stand in forms and files. */
export const CATEGORY_WORDS: Readonly<Record<ServiceCategory, string>> = {
  identity: 'Ausweise',
  residence: 'Wohnen',
  certificates: 'Bescheinigungen',
};

/** The word for a fee that the municipal statute sets. */
export const BY_STATUTE = 'laut Satzung';

/** At most so many in one language. */
const MOST_DOCUMENTS = 30;
export const MOST_FEES = 20;
/** All names of paper forms together, with line ends. */
const LONGEST_FORMS = 500;

const line = (max: number) =>
  z
    .string()
    .default('')
    .transform((value) => composed(value).replace(/\s+/g, ' ').trim())
    .refine((value) => value.length <= max, { message: `services.error.tooLong?max=${max}` });
const paragraph = (max: number) =>
  z
    .string()
    .default('')
    .transform((value) => tidyLines(value))
    .refine((value) => value.length <= max, { message: `services.error.tooLong?max=${max}` });
const lines = z
  .string()
  .default('')
  .transform((value) =>
    tidyLines(value)
      .split('\n')
      .filter((one) => one !== ''),
  );
const documents = lines
  .refine((all) => all.length <= MOST_DOCUMENTS, { message: `services.error.tooManyDocuments?max=${MOST_DOCUMENTS}` })
  .refine((all) => all.every((one) => one.length <= 300), { message: 'services.error.documentTooLong?max=300' });
const forms = lines
  .transform((all) => [...new Set(all)])
  .refine((all) => all.every((one) => one.length <= LONGEST_FORM), {
    message: `services.error.formTooLong?max=${LONGEST_FORM}`,
  })
  .refine((all) => all.join('\n').length <= LONGEST_FORMS, { message: 'services.error.tooManyForms' });
const synonyms = lines
  .transform(eachOnce)
  .refine((all) => all.every((one) => one.length <= LONGEST_SYNONYM), {
    message: `services.error.synonymTooLong?max=${LONGEST_SYNONYM}`,
  })
  .refine((all) => all.every(canBeFound), { message: 'services.error.synonymEmpty' })
  .refine((all) => all.join('\n').length <= LONGEST_SYNONYMS, {
    message: `services.error.tooManySynonyms?max=${LONGEST_SYNONYMS}`,
  });
const whole = (message: string, min: number, max: number) =>
  z
    .string()
    .default('')
    .refine((value) => /^\d{1,6}$/.test(value) && Number(value) >= min && Number(value) <= max, {
      message: `${message}?min=${min}&max=${max}`,
    })
    .transform(Number);
const flag = z
  .string()
  .default('nein')
  .refine((value) => /^(ja|nein)?$/i.test(value), { message: 'services.error.yesNo' })
  .transform((value) => value.toLowerCase() === 'ja');

function tidyLines(value: string): string {
  return composed(value)
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .split('\n')
    .map((one) => one.replace(/[^\S\n]+/g, ' ').trim())
    .join('\n')
    .trim();
}

/** Ja/nein as it stands in files and in the value of a box. */
export function yesNo(value: boolean): string {
  return value ? 'ja' : 'nein';
}

const schema = z.object({
  name_de: line(160).refine((value) => value !== '', { message: 'services.error.name' }),
  name_en: line(160),
  kategorie: z
    .string()
    .default('')
    .transform((value) => categoryOf(value))
    .refine((value) => value !== undefined, { message: 'services.error.category' }),
  reihenfolge: whole('services.error.position', 0, 9999),
  minuten_halt: whole('services.error.minutes', 5, 480),
  minuten_hausbesuch: z.union([
    z.literal('').transform(() => null),
    z.undefined().transform(() => null),
    whole('services.error.homeMinutes', 5, 480),
  ]),
  persoenlich: flag,
  kombinierbar: flag,
  personen: whole('services.error.persons', 1, 20),
  leika: z
    .string()
    .default('')
    .transform((value) => value.replace(/\s+/g, ''))
    .refine((value) => value === '' || /^\d{14}$/.test(value), { message: 'services.error.leika' }),
  gebuehrenhinweis_de: paragraph(600),
  gebuehrenhinweis_en: paragraph(600),
  hinweis_de: paragraph(600),
  hinweis_en: paragraph(600),
  unterlagen_de: documents,
  unterlagen_en: documents,
  vordrucke: forms,
  suchwoerter: synonyms,
});

/** The category of its German word or of its name in the program, in any case. */
function categoryOf(value: string): ServiceCategory | undefined {
  const wanted = value.trim().toLowerCase();
  return (Object.keys(CATEGORY_WORDS) as ServiceCategory[]).find(
    (category) => category === wanted || CATEGORY_WORDS[category].toLowerCase() === wanted,
  );
}

/** A fee as it was typed. */
export interface FeeEntered {
  /** Local date, as a date control sends it or as a German writes it. */
  ab: string;
  betrag: string;
  grundlage: string;
}

export type FeePart = keyof FeeEntered;

/** What is wrong with a part of the fee in this place (from 0); `problem` is a text `services.error.<problem>`. */
export interface FeeProblem {
  index: number;
  part: FeePart;
  problem: 'feeDate' | 'feeDateTwice' | 'feeAmount' | 'feeBasis' | 'feeBasisLong';
}

/** '2026-01-01' of '2026-01-01' or '1.1.2026'; null when it is no day. */
export function parseDay(text: string): LocalDate | null {
  const match = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(text.trim());
  const date =
    match === null
      ? text.trim()
      : `${match[3] ?? ''}-${(match[2] ?? '').padStart(2, '0')}-${(match[1] ?? '').padStart(2, '0')}`;
  return isLocalDate(date) ? date : null;
}

/** '1.1.2026' as people write it, with leading zeros: '01.01.2026'. */
export function dayText(date: LocalDate): string {
  return `${date.slice(8)}.${date.slice(5, 7)}.${date.slice(0, 4)}`;
}

/** Euro cents of '46', '46,00', '46.00 €', '1.234,50'; null for 'laut Satzung'; undefined when it is neither. */
export function parseAmount(text: string): number | null | undefined {
  const plain = text
    .replace(/(€|EUR|Euro)\s*$/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (/^(laut |nach )?satzung$/i.test(plain)) {
    return null;
  }
  const match = /^(\d{1,3}(?:\.\d{3})+|\d{1,6})(?:[.,](\d{2}))?$/.exec(plain);
  if (match === null) {
    return undefined;
  }
  return Number((match[1] ?? '').replaceAll('.', '')) * 100 + Number(match[2] ?? 0);
}

/** '46,00', 'laut Satzung' */
export function amountText(cents: number | null): string {
  return cents === null ? BY_STATUTE : `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, '0')}`;
}

/** Reads fees; rows in which nothing was typed count as not there. */
export function parseFees(rows: readonly FeeEntered[]): { fees: Fee[]; problems: FeeProblem[] } {
  const fees: Fee[] = [];
  const problems: FeeProblem[] = [];
  rows.forEach((row, index) => {
    if (row.ab === '' && row.betrag === '' && row.grundlage === '') {
      return;
    }
    const validFrom = parseDay(row.ab);
    const cents = parseAmount(row.betrag);
    const legalBasis = composed(row.grundlage).replace(/\s+/g, ' ').trim();
    if (validFrom === null) problems.push({ index, part: 'ab', problem: 'feeDate' });
    else if (fees.some((fee) => fee.validFrom === validFrom)) {
      problems.push({ index, part: 'ab', problem: 'feeDateTwice' });
    }
    if (cents === undefined) problems.push({ index, part: 'betrag', problem: 'feeAmount' });
    if (legalBasis === '') problems.push({ index, part: 'grundlage', problem: 'feeBasis' });
    if (legalBasis.length > 200) problems.push({ index, part: 'grundlage', problem: 'feeBasisLong' });
    fees.push({ validFrom: validFrom ?? '', cents: cents ?? null, legalBasis });
  });
  fees.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  return { fees, problems };
}

/** Everything that was typed about a service. */
export interface ServiceEntered {
  fields: Entered;
  /** Codes of capabilities. */
  needs: readonly string[];
  fees: readonly FeeEntered[];
}

/** The id of the control for a part of a fee. */
export function feeFieldId(index: number, part: FeePart): string {
  return `gebuehr-${index + 1}-${part}`;
}

/**
 * Checks what was typed.
 * @param capabilities the codes there are; what is none of them is left out
 */
export function parseService(
  entered: ServiceEntered,
  capabilities: readonly string[],
  t: Translate,
): { ok: true; value: ServiceInput } | { ok: false; errors: FormErrors } {
  const parsed = parseForm(schema, entered.fields, t);
  const { fees, problems } = parseFees(entered.fees);
  const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
  for (const { index, part, problem } of problems) {
    addError(errors, feeFieldId(index, part), t(`services.error.${problem}`));
  }
  const { name_en: nameEn = '' } = entered.fields;
  const english = ['gebuehrenhinweis_en', 'hinweis_en', 'unterlagen_en'].some(
    (name) => (entered.fields[name] ?? '') !== '',
  );
  if (english && nameEn.trim() === '') {
    addError(errors, 'name_en', t('services.error.nameEn'));
  }
  if (!parsed.ok || errors.list.length > 0) {
    return { ok: false, errors };
  }
  const { value } = parsed;
  const textIn = (locale: Locale): ServiceTexts => ({
    name: value[`name_${locale}`],
    feeNote: orNull(value[`gebuehrenhinweis_${locale}`]),
    note: orNull(value[`hinweis_${locale}`]),
    documents: value[`unterlagen_${locale}`],
  });
  return {
    ok: true,
    value: {
      category: value.kategorie,
      position: value.reihenfolge,
      minutes: value.minuten_halt,
      homeMinutes: value.minuten_hausbesuch,
      inPerson: value.persoenlich,
      combinable: value.kombinierbar,
      maxPersons: value.personen,
      leikaKey: orNull(value.leika),
      needs: [...new Set(entered.needs)].filter((code) => capabilities.includes(code)).sort(),
      forms: value.vordrucke,
      synonyms: value.suchwoerter,
      fees,
      texts: { de: textIn('de'), en: value.name_en === '' ? null : textIn('en') },
    },
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** What a form shows of a service that exists. */
export function enteredOfService(service: ServiceInput): ServiceEntered {
  const { de, en } = service.texts;
  return {
    fields: {
      name_de: de?.name ?? '',
      name_en: en?.name ?? '',
      kategorie: CATEGORY_WORDS[service.category],
      reihenfolge: String(service.position),
      minuten_halt: String(service.minutes),
      minuten_hausbesuch: service.homeMinutes === null ? '' : String(service.homeMinutes),
      persoenlich: yesNo(service.inPerson),
      kombinierbar: yesNo(service.combinable),
      personen: String(service.maxPersons),
      leika: service.leikaKey ?? '',
      gebuehrenhinweis_de: de?.feeNote ?? '',
      gebuehrenhinweis_en: en?.feeNote ?? '',
      hinweis_de: de?.note ?? '',
      hinweis_en: en?.note ?? '',
      unterlagen_de: (de?.documents ?? []).join('\n'),
      unterlagen_en: (en?.documents ?? []).join('\n'),
      vordrucke: service.forms.join('\n'),
      suchwoerter: service.synonyms.join('\n'),
    },
    needs: service.needs,
    fees: service.fees.map((fee) => ({
      ab: fee.validFrom,
      betrag: amountText(fee.cents),
      grundlage: fee.legalBasis,
    })),
  };
}

const SEPARATOR = ' | ';

/** Several texts in one cell of a file; a bar or backslash within a text gets a backslash before it. */
export function joinTexts(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/[\\|]/g, '\\$&')).join(SEPARATOR);
}

/** The texts of a cell that `joinTexts` made, or a person with bars between them; empty ones are left out. */
export function splitTexts(cell: string): string[] {
  const parts = cell.match(/(?:\\.|[^\\|]|\\$)+/gsu) ?? [];
  return parts.map((part) => part.trim().replace(/\\(.)/gsu, '$1')).filter((part) => part !== '');
}

/** '01.01.2021: 46,00: § 1 PAuswGebV' */
export function feeText(fee: Fee): string {
  return `${dayText(fee.validFrom)}: ${amountText(fee.cents)}: ${fee.legalBasis}`;
}

/** Day, amount and legal basis of such a text, each as it was typed. */
export function feeOfText(text: string): FeeEntered {
  const [ab = '', betrag = '', ...grundlage] = text.split(':');
  return { ab: ab.trim(), betrag: betrag.trim(), grundlage: grundlage.join(':').trim() };
}

/** A service as the cells of a file, by the names of the columns. */
export function cellsOfService(service: ServiceInput): Record<ServiceField, string> {
  const { fields } = enteredOfService(service);
  return {
    ...(fields as Record<ServiceField, string>),
    bedarf: joinTexts(service.needs),
    gebuehren: joinTexts(service.fees.map(feeText)),
    unterlagen_de: joinTexts(service.texts.de?.documents ?? []),
    unterlagen_en: joinTexts(service.texts.en?.documents ?? []),
    vordrucke: joinTexts(service.forms),
    suchwoerter: joinTexts(service.synonyms),
  };
}

/** A service as the history tells of it: labels and texts as people read them. */
export function pictureOfService(t: Translate): (service: ServiceInput) => Picture {
  return (service) => {
    const cells = {
      ...cellsOfService(service),
      bedarf: service.needs.map((code) => capabilityName(code, t)).join(', '),
    };
    return Object.fromEntries(SERVICE_FIELDS.map((field) => [t(`services.field.${field}`), cells[field]]));
  };
}

import { z } from 'zod';
import type { ContactKind } from '../../../domain/booking/appointment.ts';
import type { Directory, Line } from '../../../domain/booking/office.ts';
import type { PersonInput } from '../../../domain/booking/person.ts';
import { totalMinutes } from '../../../domain/booking/rules.ts';
import { LONGEST_MINUTES, MOST_SERVICES, parseLines } from '../choice.ts';

/** Far more than anybody's name has; what is longer is cut before it is looked at. */
const LONGEST_INPUT = 400;

/** A text field: without control characters, spaces folded. Missing or repeated fields count as empty. */
const text = z
  .string()
  .catch('')
  .transform((value) =>
    value
      .slice(0, LONGEST_INPUT)
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );

const WAYS: Readonly<Record<string, ContactKind>> = { email: 'email', telefon: 'phone', ohne: 'none' };

const detailsSchema = z.object({ vorname: text, nachname: text, weg: text, email: text, telefon: text });

export interface DetailsForm {
  /** As typed, for showing it again. */
  entered: { vorname: string; nachname: string; weg: string; email: string; telefon: string };
  person: PersonInput;
}

/** Reads name and contact; which of them are wrong says `checkPerson`. */
export function parseDetails(body: unknown): DetailsForm {
  const entered = detailsSchema.parse(body ?? {});
  const contactKind = WAYS[entered.weg] ?? null;
  const contact = contactKind === 'email' ? entered.email : contactKind === 'phone' ? entered.telefon : '';
  return {
    entered,
    person: {
      firstName: entered.vorname === '' ? null : entered.vorname,
      familyName: entered.nachname === '' ? null : entered.nachname,
      contactKind,
      contact: contact === '' ? null : contact,
    },
  };
}

/** What a hold already knows, as the form shows it. */
export function enteredOf(person: PersonInput): DetailsForm['entered'] {
  const way = Object.entries(WAYS).find(([, kind]) => kind === person.contactKind)?.[0] ?? '';
  return {
    vorname: person.firstName ?? '',
    nachname: person.familyName ?? '',
    weg: way,
    email: person.contactKind === 'email' ? (person.contact ?? '') : '',
    telefon: person.contactKind === 'phone' ? (person.contact ?? '') : '',
  };
}

export type ServicesProblem = 'none' | 'tooMany' | 'notCombinable' | 'tooLong';

/** Reads the ticked services and their persons. */
export function parseServices(body: unknown, directory: Directory): { lines: Line[]; problem: ServicesProblem | null } {
  const fields = (body ?? {}) as Record<string, unknown>;
  const ticked = [fields['leistung'] ?? []].flat().filter((slug): slug is string => typeof slug === 'string');
  const lines = parseLines(
    ticked.map((slug) => `${slug}:${personsOf(fields[`personen-${slug}`])}`),
    directory,
  );
  return { lines, problem: servicesProblem(lines, new Set(ticked).size) };
}

/** A number of persons as it came; whatever is no text counts as one. */
function personsOf(value: unknown): string {
  return typeof value === 'string' ? value : '1';
}

function servicesProblem(lines: readonly Line[], ticked: number): ServicesProblem | null {
  if (lines.length === 0) {
    return 'none';
  }
  if (ticked > MOST_SERVICES) {
    return 'tooMany';
  }
  if (aloneOnly(lines).length > 0) {
    return 'notCombinable';
  }
  const minutes = totalMinutes(lines.map(({ service, persons }) => ({ minutes: service.minutes, persons })));
  return minutes > LONGEST_MINUTES ? 'tooLong' : null;
}

/** Of services chosen together those that can only be booked alone. */
export function aloneOnly(lines: readonly Line[]): Line[] {
  return lines.length > 1 ? lines.filter(({ service }) => !service.combinable) : [];
}

/** The name of a hold that a form carries; null when it is none of ours. */
export function parseSecret(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{22}$/.test(value) ? value : null;
}

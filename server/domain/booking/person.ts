import type { ContactKind } from './appointment.ts';

/** Who comes to an appointment and how they are reached: what a form or a hold says of it. */
export interface PersonInput {
  firstName: string | null;
  familyName: string | null;
  contactKind: ContactKind | null;
  contact: string | null;
}

export type PersonField = 'firstName' | 'familyName' | 'contactKind' | 'email' | 'phone';

export type PersonProblem =
  'missing' | 'tooLong' | 'notAName' | 'noAt' | 'noDomain' | 'noLocalPart' | 'malformed' | 'notAPhone';

export const LONGEST_NAME = 80;
const LONGEST_EMAIL = 254; // RFC 5321, 4.5.3.1.3
/** With all the brackets and spaces somebody may put between fifteen digits. */
const LONGEST_PHONE = 60;

/** At least one letter of any script; no web addresses, brackets or control characters. */
const NAME = /^(?=.*\p{L})[\p{L}\p{M}\p{N}'’ʼ.,\- ]+$/u;

function nameProblem(name: string | null, required: 'required' | 'optional'): PersonProblem | null {
  if (name === null || name === '') {
    return required === 'required' ? 'missing' : null;
  }
  if (name.length > LONGEST_NAME) {
    return 'tooLong';
  }
  return NAME.test(name) ? null : 'notAName';
}

/** What is wrong with an e-mail address, as far as its form tells (RFC 5321 in the subset that mail systems use). */
export function emailProblem(email: string | null): PersonProblem | null {
  if (email === null || email === '') {
    return 'missing';
  }
  const at = email.lastIndexOf('@');
  if (at === -1) {
    return 'noAt';
  }
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  if (local === '') {
    return 'noLocalPart';
  }
  if (!domain.includes('.') || domain.startsWith('.') || domain.endsWith('.')) {
    return 'noDomain';
  }
  const wellFormed =
    email.length <= LONGEST_EMAIL &&
    /^[^\s@"(),:;<>[\\\]]+$/u.test(local) &&
    !/^\.|\.\.|\.$/.test(local) &&
    /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]*[\p{L}\p{N}]$/u.test(domain);
  return wellFormed ? null : 'malformed';
}

/** What is wrong with a phone number: 6 to 15 digits (ITU-T E.164), written in any usual way. */
export function phoneProblem(phone: string | null): PersonProblem | null {
  if (phone === null || phone === '') {
    return 'missing';
  }
  const digits = phone.replace(/\D/g, '').length;
  const wellFormed = phone.length <= LONGEST_PHONE && /^[\d\s()+/.\-–]+$/.test(phone);
  return wellFormed && digits >= 6 && digits <= 15 ? null : 'notAPhone';
}

/** Every problem of what was entered, by field; an empty map: complete. */
export function checkPerson(person: PersonInput): Map<PersonField, PersonProblem> {
  const found: [PersonField, PersonProblem | null][] = [
    ['firstName', nameProblem(person.firstName, 'optional')],
    ['familyName', nameProblem(person.familyName, 'required')],
    ['contactKind', person.contactKind === null ? 'missing' : null],
    ['email', person.contactKind === 'email' ? emailProblem(person.contact) : null],
    ['phone', person.contactKind === 'phone' ? phoneProblem(person.contact) : null],
  ];
  return new Map(found.filter((entry): entry is [PersonField, PersonProblem] => entry[1] !== null));
}

import { checkPerson, type PersonInput } from '../booking/person.ts';
import type { CallerField, CallerInput, CallerProblem, PostalAddress } from './desk.ts';

/** What an agent may type about a caller, and what of it can be kept. */

const LONGEST_LINE = 100;

/** As it is kept and checked: without control characters and spaces around it; empty is null. */
function tidy(text: string | null): string | null {
  const tidied = (text ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  return tidied === '' ? null : tidied;
}

/** Without spaces around it; what does not belong to the kind of contact is gone. */
export function tidyCaller(caller: CallerInput): CallerInput {
  const { contactKind, address } = caller;
  return {
    firstName: tidy(caller.firstName),
    familyName: tidy(caller.familyName),
    contactKind,
    contact: contactKind === 'phone' || contactKind === 'email' ? tidy(caller.contact) : null,
    address:
      contactKind === 'letter'
        ? {
            extra: tidy(address?.extra ?? null) ?? '',
            street: tidy(address?.street ?? null) ?? '',
            postcode: (tidy(address?.postcode ?? null) ?? '').replace(/\s/g, ''),
            city: tidy(address?.city ?? null) ?? '',
          }
        : null,
  };
}

/** What the appointment itself knows of the caller: a letter goes to an address that is kept beside it. */
export function personOf(caller: CallerInput): PersonInput {
  const { firstName, familyName, contactKind, contact } = caller;
  return { firstName, familyName, contactKind: contactKind === 'letter' ? 'none' : contactKind, contact };
}

function lineProblem(line: string, required: 'required' | 'optional'): CallerProblem | null {
  if (line === '') return required === 'required' ? 'missing' : null;
  return line.length > LONGEST_LINE ? 'tooLong' : null;
}

function postcodeProblem(postcode: string): CallerProblem | null {
  if (postcode === '') return 'missing';
  return /^(?!00)\d{5}$/.test(postcode) ? null : 'notAPostcode'; // the first is 01067
}

/** Every problem of an address for letters, by field; an empty map: complete. */
export function checkAddress(address: PostalAddress | null): Map<CallerField, CallerProblem> {
  const { extra, street, postcode, city } = address ?? { extra: '', street: '', postcode: '', city: '' };
  const found: [CallerField, CallerProblem | null][] = [
    ['extra', lineProblem(extra, 'optional')],
    ['street', lineProblem(street, 'required')],
    ['postcode', postcodeProblem(postcode)],
    ['city', lineProblem(city, 'required')],
  ];
  return new Map(found.filter((entry): entry is [CallerField, CallerProblem] => entry[1] !== null));
}

/** Every problem of what an agent typed about a caller, by field; an empty map: complete. */
export function checkCaller(caller: CallerInput): Map<CallerField, CallerProblem> {
  return new Map<CallerField, CallerProblem>([
    ...checkPerson(personOf(caller)),
    ...(caller.contactKind === 'letter' ? checkAddress(caller.address) : []),
  ]);
}

const LONGEST_NOTE = 300;

/** A note as it is kept; null: empty or longer than 300 characters. */
export function tidyNote(text: string): string | null {
  const tidied = tidy(text);
  return tidied === null || tidied.length > LONGEST_NOTE ? null : tidied;
}

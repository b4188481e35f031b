import type { Request } from 'express';
import { z } from 'zod';
import { checkPerson, LONGEST_NAME, phoneProblem } from '../../domain/booking/person.ts';
import type { Instant } from '../../domain/time.ts';
import { addError, enteredFields, parseForm, type Entered, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';

/** What the forms of the call-backs send, see the names of the fields below. */

export const LONGEST_REASON = 500;

const line = z.string().transform((text) => text.normalize('NFC').replace(/\s+/g, ' '));

const noteSchema = z.object({
  telefon: line.superRefine((phone, context) => {
    const problem = phoneProblem(phone);
    if (problem === null) return;
    const message = problem === 'missing' ? 'callbacks.error.phoneMissing' : 'callbacks.error.phone';
    context.addIssue({ code: 'custom', message });
  }),
  name: line.superRefine((name, context) => {
    if (name === '') return;
    const problem = checkPerson({ familyName: name, firstName: null, contactKind: 'none', contact: null }).get(
      'familyName',
    );
    if (problem === undefined) return;
    const message = problem === 'tooLong' ? `callbacks.error.nameLong?max=${LONGEST_NAME}` : 'callbacks.error.name';
    context.addIssue({ code: 'custom', message });
  }),
  anliegen: z
    .string()
    .transform((text) => text.normalize('NFC'))
    .refine((text) => text !== '', { message: 'callbacks.error.reason' })
    .refine((text) => text.length <= LONGEST_REASON, { message: `callbacks.error.reasonLong?max=${LONGEST_REASON}` }),
});

export interface NoteForm<Municipality> {
  municipality: Municipality;
  phone: string;
  name: string | null;
  reason: string;
}

/**
 * `telefon`, `name` (may be left out), `anliegen`, `kommune`: its id; where there is only one, that one.
 * @param municipalities in which the sender may note call-backs
 */
export function parseNote<Municipality extends { id: number }>(
  body: unknown,
  municipalities: readonly Municipality[],
  t: Translate,
): { ok: true; value: NoteForm<Municipality> } | { ok: false; entered: Entered; errors: FormErrors } {
  const entered: Entered = { telefon: '', name: '', anliegen: '', kommune: '', ...enteredFields(body) };
  const parsed = parseForm(noteSchema, entered, t);
  const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
  const [only] = municipalities;
  const municipality =
    municipalities.length === 1 ? only : municipalities.find(({ id }) => String(id) === entered['kommune']);
  if (municipality === undefined) addError(errors, 'kommune', t('callbacks.error.municipality'));
  if (!parsed.ok || municipality === undefined) return { ok: false, entered, errors };

  const { telefon, name, anliegen } = parsed.value;
  return { ok: true, value: { municipality, phone: telefon, name: name === '' ? null : name, reason: anliegen } };
}

/** What an address fills in: `kommune`, `grund`. A number or a name never stand in one. */
export function prefilled(query: Request['query']): Entered {
  const { kommune, grund } = query;
  return {
    telefon: '',
    name: '',
    anliegen: typeof grund === 'string' ? grund.replaceAll('\0', '').slice(0, LONGEST_REASON) : '',
    kommune: typeof kommune === 'string' ? kommune : '',
  };
}

export function idOf(request: Request): number | null {
  const text = String(request.params['id']);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** `aktion`: anything but the one that takes back counts as the first of the two. */
export function isTakenBack(body: unknown): boolean {
  return enteredFields(body)['aktion'] === 'zurueck';
}

/** `stand`: since when somebody else has it, as the page said; missing: it was free. */
export function seenTakenAt(body: unknown): Instant | null {
  const { stand = '' } = enteredFields(body);
  return /^\d{1,15}$/.test(stand) ? Number(stand) : null;
}

import type { Request, Response } from 'express';
import { checkPerson, LONGEST_NAME } from '../../domain/booking/person.ts';
import { addError, enteredFields, listField, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import type { Sent, TickState, WalkIn } from './outcomes.ts';
import type { Clock } from './ports.ts';
import { MOST_MINUTES_LATE } from './reportDelay.ts';
import { LONGEST_NOTE } from './writeNote.ts';

/** What the forms of the clerk's day send, see the names of the fields below. */

/** A phone without a signal tells late what happened, but not later than this, in milliseconds. */
const LATEST = 48 * 60 * 60_000;

/** At most so many things of a packing list. */
const MOST_ITEMS = 200;

const KEY = /^[A-Za-z0-9-]{8,36}$/;

export function idOf(request: Request): number | null {
  const text = String(request.params['id']);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function keyOf(text: string | undefined): string | null {
  return text !== undefined && KEY.test(text) ? text : null;
}

/**
 * `schluessel`: the key of the action. `zeit`: when it happened, epoch milliseconds; missing or impossible: now. Null:
 * no key.
 */
export function sentOf(request: Request, response: Response, clock: Clock): Sent | null {
  const { schluessel, zeit = '' } = enteredFields(request.body);
  const key = keyOf(schluessel);
  if (key === null) return null;
  const now = clock.now();
  const told = /^\d{1,15}$/.test(zeit) ? Number(zeit) : now;
  return { userId: actorOf(response).userId, key, at: Math.min(now, Math.max(now - LATEST, told)) };
}

const TICK_STATES: readonly TickState[] = ['arrived', 'served', 'missed'];

/** `stand` */
export function tickStateOf(request: Request): TickState | null {
  const { stand } = enteredFields(request.body);
  return TICK_STATES.find((state) => state === stand) ?? null;
}

/** `aktion`: the key of the action that is taken back. */
export function actionKeyOf(request: Request): string | null {
  return keyOf(enteredFields(request.body)['aktion']);
}

/** `gepackt`, repeated. */
export function packedOf(request: Request): string[] {
  return listField(request.body, 'gepackt').slice(0, MOST_ITEMS);
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: FormErrors };

function parsed<T>(value: T, errors: FormErrors): Parsed<T> {
  return errors.list.length === 0 ? { ok: true, value } : { ok: false, errors };
}

/** `minuten` */
export function parseDelay(body: unknown, t: Translate): Parsed<number> {
  const { minuten = '' } = enteredFields(body);
  const errors: FormErrors = { list: [], fields: {} };
  if (!/^\d{1,3}$/.test(minuten) || Number(minuten) > MOST_MINUTES_LATE) {
    addError(errors, 'minuten', t('dayActions.error.minutes', { max: MOST_MINUTES_LATE }));
  }
  return parsed(Number(minuten), errors);
}

/** `notiz` */
export function parseNote(body: unknown, t: Translate): Parsed<string> {
  const text = (enteredFields(body)['notiz'] ?? '').normalize('NFC');
  const errors: FormErrors = { list: [], fields: {} };
  if (text === '') addError(errors, 'notiz', t('dayActions.error.note'));
  if (text.length > LONGEST_NOTE) addError(errors, 'notiz', t('dayActions.error.noteLong', { max: LONGEST_NOTE }));
  return parsed(text, errors);
}

/** As many persons of one service as an appointment can have. */
const MOST_PERSONS = 20;

/** `schalter`, `leistungen` (ids, repeated), `personen-<id>` (missing: one), `nachname`, `vorname` (both optional). */
export function parseWalkIn(stopId: number, body: unknown, t: Translate): Parsed<WalkIn> {
  const fields = enteredFields(body);
  const errors: FormErrors = { list: [], fields: {} };
  const counter = fields['schalter'] ?? '';
  if (!/^[1-9]\d?$/.test(counter)) addError(errors, 'schalter', t('dayActions.error.counter'));

  const services = listField(body, 'leistungen')
    .filter((id) => /^[1-9]\d{0,8}$/.test(id))
    .map((id) => ({ serviceId: Number(id), persons: Number(fields[`personen-${id}`] ?? 1) }));
  if (services.length === 0) addError(errors, 'leistungen', t('dayActions.error.services'));
  for (const { serviceId, persons } of services) {
    if (!Number.isInteger(persons) || persons < 1 || persons > MOST_PERSONS) {
      addError(errors, `personen-${serviceId}`, t('dayActions.error.persons', { max: MOST_PERSONS }));
    }
  }

  const familyName = orNull(fields['nachname']);
  const firstName = orNull(fields['vorname']);
  // A name may be left out; one that is given has to look like one.
  const person = checkPerson({ familyName: familyName ?? 'a', firstName, contactKind: 'none', contact: null });
  for (const [field, name] of [
    ['familyName', 'nachname'],
    ['firstName', 'vorname'],
  ] as const) {
    const problem = person.get(field);
    if (problem === undefined || (field === 'familyName' && familyName === null)) continue;
    addError(
      errors,
      name,
      t(problem === 'tooLong' ? 'dayActions.error.nameLong' : 'dayActions.error.name', { max: LONGEST_NAME }),
    );
  }
  return parsed({ stopId, counter: Number(counter), services, familyName, firstName }, errors);
}

function orNull(text: string | undefined): string | null {
  const value = (text ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  return value === '' ? null : value;
}

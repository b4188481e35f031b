import { parseForm, addError, type Entered, type FormErrors } from '../../web/form.ts';
import { z } from 'zod';
import { clockTime } from '../../web/format.ts';
import type { Translate } from '../../web/locale.ts';
import { ABSENCE_KINDS, type Absence, type ClerkChoices, type ClerkInput, type WorkingDay } from './clerkPorts.ts';
import { neededLine, timeTyped } from './listFields.ts';
import { parseDay } from './serviceFields.ts';
import type { Picture } from './servicePorts.ts';
import { WEEKDAY_FIELDS } from './venueFields.ts';

/** Everything that was typed about a clerk. */
export interface ClerkEntered {
  fields: Entered;
  /** Ids of services, as texts. */
  services: readonly string[];
}

/** Names of the two fields of a weekday, 1 = Monday. */
export function hourFields(weekday: number): { from: string; to: string } {
  const day = WEEKDAY_FIELDS[weekday - 1] ?? 'mo';
  return { from: `${day}_von`, to: `${day}_bis` };
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

export type HourProblem = 'time' | 'bothTimes' | 'order';

/** Reads the working week; days without times are left out. */
export function parseHours(fields: Entered): {
  hours: WorkingDay[];
  problems: { field: string; problem: HourProblem }[];
} {
  const hours: WorkingDay[] = [];
  const problems: { field: string; problem: HourProblem }[] = [];
  for (const weekday of WEEKDAYS) {
    const names = hourFields(weekday);
    const [from = '', to = ''] = [fields[names.from]?.trim(), fields[names.to]?.trim()];
    if (from === '' && to === '') {
      continue;
    }
    const fromMinute = timeTyped(from);
    const toMinute = timeTyped(to);
    if (from === '' || to === '') {
      problems.push({ field: from === '' ? names.from : names.to, problem: 'bothTimes' });
    } else if (fromMinute === null || toMinute === null) {
      problems.push({ field: fromMinute === null ? names.from : names.to, problem: 'time' });
    } else if (fromMinute >= toMinute) {
      problems.push({ field: names.to, problem: 'order' });
    } else {
      hours.push({ weekday, fromMinute, toMinute });
    }
  }
  return { hours, problems };
}

/** Minutes of the working week. */
export function weeklyMinutes(hours: readonly WorkingDay[]): number {
  return hours.reduce((sum, day) => sum + day.toMinute - day.fromMinute, 0);
}

const schema = z.object({ name: neededLine(120, 'clerks.error.name') });

function chosen<T extends { id: number }>(value: string | undefined, all: readonly T[]): T | null | undefined {
  if (value === undefined || value === '') {
    return null;
  }
  return all.find((one) => String(one.id) === value);
}

/** Checks what was typed; what stands in no choice cannot be chosen. */
export function parseClerk(
  { fields, services }: ClerkEntered,
  choices: ClerkChoices,
  t: Translate,
): { ok: true; value: ClerkInput } | { ok: false; errors: FormErrors } {
  const parsed = parseForm(schema, fields, t);
  const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
  const municipality = chosen(fields['kommune'], choices.municipalities);
  const depot = chosen(fields['depot'], choices.depots);
  const user = chosen(fields['nutzer'], choices.users);
  const { hours, problems } = parseHours(fields);
  if (municipality === null || municipality === undefined) addError(errors, 'kommune', t('data.errors.municipality'));
  if (depot === undefined) addError(errors, 'depot', t('clerks.error.depot'));
  if (user === undefined) addError(errors, 'nutzer', t('clerks.error.user'));
  for (const { field, problem } of problems) {
    addError(errors, field, t(`clerks.error.${problem}`));
  }
  if (!parsed.ok || !municipality || depot === undefined || user === undefined || errors.list.length > 0) {
    return { ok: false, errors };
  }
  return {
    ok: true,
    value: {
      name: parsed.value.name,
      municipalityId: municipality.id,
      depotId: depot?.id ?? null,
      userId: user?.id ?? null,
      qualifications: choices.services.map((one) => one.id).filter((id) => services.includes(String(id))),
      hours,
    },
  };
}

/** What a form shows of a clerk who exists. */
export function enteredOfClerk(clerk: ClerkInput): ClerkEntered {
  const hours = clerk.hours.flatMap((day): [string, string][] => {
    const names = hourFields(day.weekday);
    return [
      [names.from, clockTime(day.fromMinute)],
      [names.to, clockTime(day.toMinute)],
    ];
  });
  return {
    fields: {
      name: clerk.name,
      kommune: String(clerk.municipalityId),
      depot: clerk.depotId === null ? '' : String(clerk.depotId),
      nutzer: clerk.userId === null ? '' : String(clerk.userId),
      ...Object.fromEntries(hours),
    },
    services: clerk.qualifications.map(String),
  };
}

/** A clerk as the history tells of them. What lies in no choice is told by its number; labels as people read them. */
export function pictureOfClerk(choices: ClerkChoices, t: Translate): (clerk: ClerkInput) => Picture {
  const name = (id: number | null, all: readonly { id: number; name: string }[]): string | null =>
    id === null ? null : (all.find((one) => one.id === id)?.name ?? `#${id}`);
  return (clerk) => ({
    [t('clerks.field.name')]: clerk.name,
    [t('clerks.field.kommune')]: name(clerk.municipalityId, choices.municipalities),
    [t('clerks.field.depot')]: name(clerk.depotId, choices.depots),
    [t('clerks.field.nutzer')]: name(clerk.userId, choices.users),
    [t('clerks.field.leistungen')]: choices.services
      .filter((one) => clerk.qualifications.includes(one.id))
      .map((one) => one.name)
      .join(', '),
    [t('clerks.field.arbeitszeit')]: clerk.hours
      .map((day) => `${t(`clerks.weekday.${day.weekday}`)} ${clockTime(day.fromMinute)}–${clockTime(day.toMinute)}`)
      .join(', '),
  });
}

/** Longest absence that is entered in one go, in days: guards against a wrong year. */
export const LONGEST_ABSENCE = 400;

/** Checks a typed absence; an empty last day is the first one. */
export function parseAbsence(
  fields: Entered,
  t: Translate,
): { ok: true; value: Pick<Absence, 'fromDate' | 'toDate' | 'kind'> } | { ok: false; errors: FormErrors } {
  const errors: FormErrors = { list: [], fields: {} };
  const fromDate = parseDay(fields['von'] ?? '');
  const toDate = (fields['bis'] ?? '') === '' ? fromDate : parseDay(fields['bis'] ?? '');
  const kind = ABSENCE_KINDS.find((one) => one === fields['art']);
  if (fromDate === null) addError(errors, 'von', t('clerks.error.from'));
  if (fromDate !== null && toDate === null) addError(errors, 'bis', t('clerks.error.to'));
  if (fromDate !== null && toDate !== null && toDate < fromDate) addError(errors, 'bis', t('clerks.error.toBefore'));
  if (
    fromDate !== null &&
    toDate !== null &&
    Date.parse(toDate) - Date.parse(fromDate) > LONGEST_ABSENCE * 86_400_000
  ) {
    addError(errors, 'bis', t('clerks.error.tooLong', { max: LONGEST_ABSENCE }));
  }
  if (kind === undefined) addError(errors, 'art', t('clerks.error.kind'));
  if (fromDate === null || toDate === null || kind === undefined || errors.list.length > 0) {
    return { ok: false, errors };
  }
  return { ok: true, value: { fromDate, toDate, kind } };
}

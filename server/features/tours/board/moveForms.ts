import { isLocalDate, type LocalDate } from '../../../domain/time.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { addError, enteredFields, type FormErrors } from '../../../web/form.ts';
import type { Translate } from '../../../web/locale.ts';
import { readForm } from '../edit/form.ts';

/** The two small forms of the board: a tour goes to another day or kit, a stop to another tour. */

export interface TourMoveForm {
  date: string;
  /** Id of a kit; empty: it keeps the one it has. */
  kit: string;
  version: string;
}

export function readTourMove(body: unknown): TourMoveForm {
  const { date, kit, version } = readForm(body);
  return { date, kit, version };
}

/** What is wrong with it, and, if nothing is, where the tour goes. */
export function understandTourMove(
  form: TourMoveForm,
  picture: PlanningPicture,
  t: Translate,
): { date: LocalDate; kitId?: number; errors: FormErrors } {
  const errors: FormErrors = { list: [], fields: {} };
  if (!isLocalDate(form.date) || !/^2/.test(form.date)) addError(errors, 'datum', t('tour.errors.date'));
  if (form.kit === '') return { date: form.date, errors };
  const kitId = idIn(form.kit);
  if (!picture.kits.has(kitId)) addError(errors, 'koffer', t('tour.errors.foreign'));
  return { date: form.date, kitId, errors };
}

export interface StopMoveForm {
  /** Tour and the version of it that was shown, `12.3`; empty: none chosen. */
  target: string;
  /** Version of the tour the stop is on. */
  version: string;
}

export function readStopMove(body: unknown): StopMoveForm {
  const fields = enteredFields(body);
  return { target: fields['ziel'] ?? '', version: fields['version'] ?? '' };
}

/** Null: no tour was chosen. */
export function targetIn(form: StopMoveForm): { tourId: number; version: number } | null {
  const [, tourId, version] = /^([1-9]\d{0,8})\.(\d{1,9})$/.exec(form.target) ?? [];
  return tourId === undefined ? null : { tourId: Number(tourId), version: Number(version) };
}

/** 0 for what is no id. */
export function idIn(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}

import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { clockTime } from '../../../web/format.ts';
import { parseTime, MOST_STOPS, type StopForm, type TourForm } from './form.ts';

/**
 * What the buttons of the form do without saving: each takes the form as it was sent and answers the form as it should
 * be shown. Values of `aktion`: `halt-neu`, `halt-weg-2`, `halt-hoch-2`, `halt-runter-2`, `uebernehmen-…`.
 */
export interface Edited {
  form: TourForm;
  /** Stop that gets the focus, from 1; null: none. */
  focusStop: number | null;
}

/** Null: no action of this kind. */
export function applyAction(form: TourForm, action: string, picture: PlanningPicture): Edited | null {
  if (action === 'pruefen') return { form, focusStop: null };
  if (action === 'halt-neu') return addStop(form, picture);
  const [, verb, place] = /^halt-(weg|hoch|runter)-(\d{1,2})$/.exec(action) ?? [];
  if (verb !== undefined) {
    const index = Number(place) - 1;
    if (form.stops[index] === undefined) return { form, focusStop: null };
    switch (verb) {
      case 'weg': {
        const stops = form.stops.filter((_, at) => at !== index);
        return { form: { ...form, stops }, focusStop: stops.length === 0 ? null : Math.min(index + 1, stops.length) };
      }
      case 'hoch':
        return { form: swap(form, index - 1), focusStop: Math.max(1, index) };
      default:
        return { form: swap(form, index), focusStop: Math.min(form.stops.length, index + 2) };
    }
  }
  return action.startsWith('uebernehmen-') ? applyFix(form, action.slice('uebernehmen-'.length)) : null;
}

/** A stop that nothing is known of but the defaults of the municipality. */
export function emptyStop(form: TourForm, picture: PlanningPicture): StopForm {
  const municipality = picture.municipalities.get(Number(form.municipality));
  return {
    id: '',
    venue: '',
    from: '',
    to: '',
    counters: String(Math.max(1, form.crew.length)),
    setUp: String(municipality?.setUpMinutes ?? 20),
    tearDown: String(municipality?.tearDownMinutes ?? 15),
  };
}

function addStop(form: TourForm, picture: PlanningPicture): Edited {
  if (form.stops.length >= MOST_STOPS) return { form, focusStop: form.stops.length };
  const stops = [...form.stops, emptyStop(form, picture)];
  return { form: { ...form, stops }, focusStop: stops.length };
}

/**
 * Swaps a stop with the next one. The times go with them: what comes first now begins when the first one began, what
 * comes last ends when the last one ended, and both stay as long as they were.
 */
function swap(form: TourForm, index: number): TourForm {
  const first = form.stops[index];
  const second = form.stops[index + 1];
  if (first === undefined || second === undefined) return form;
  const [a, b] = [spanOf(first), spanOf(second)];
  const [earlier, later] =
    a === null || b === null
      ? [second, first]
      : [at(second, a.from, a.from + (b.to - b.from)), at(first, b.to - (a.to - a.from), b.to)];
  return {
    ...form,
    stops: form.stops.map((stop, place) => (place === index ? earlier : place === index + 1 ? later : stop)),
  };
}

function spanOf(stop: StopForm): { from: number; to: number } | null {
  const from = parseTime(stop.from);
  const to = parseTime(stop.to);
  return from === null || to === null || to <= from ? null : { from, to };
}

function at(stop: StopForm, from: number, to: number): StopForm {
  return { ...stop, from: clockTime(from), to: clockTime(to) };
}

/** `koffer-3`, `depot-1`, `team-2-7` (second place), `team-neu-7`, `halt-1-540-660` (first stop). */
function applyFix(form: TourForm, fix: string): Edited {
  const [field = '', ...rest] = fix.split('-');
  const numbers = rest.filter((text) => /^\d{1,9}$/.test(text)).map(Number);
  const [one = 0, two = 0, three = 0] = numbers;
  switch (field) {
    case 'koffer':
      return { form: { ...form, kit: String(one) }, focusStop: null };
    case 'depot':
      return { form: { ...form, depot: String(one) }, focusStop: null };
    case 'team':
      return {
        form: {
          ...form,
          crew:
            rest[0] === 'neu'
              ? [...form.crew, String(one)]
              : form.crew.map((id, place) => (place === one - 1 ? String(two) : id)),
        },
        focusStop: null,
      };
    case 'halt':
      return {
        form: {
          ...form,
          stops: form.stops.map((stop, place) =>
            place === one - 1 && two < three && three <= 1440 ? at(stop, two, three) : stop,
          ),
        },
        focusStop: null,
      };
    default:
      return { form, focusStop: null };
  }
}

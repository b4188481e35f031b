import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { PlannedStop, TourPlan } from '../../../domain/tours/tour.ts';
import { isLocalDate, MINUTES_PER_DAY, TICK_MINUTES, type LocalDate, type MinuteOfDay } from '../../../domain/time.ts';
import { addError, enteredFields, listField, type FormErrors } from '../../../web/form.ts';
import { clockTime } from '../../../web/format.ts';
import type { Translate } from '../../../web/locale.ts';

/**
 * The form of a tour: what was typed, and what it means. A form is kept as texts, so that nothing typed is lost, however
 * far from a tour it is.
 */

export interface StopForm {
  /** Id of the saved stop, or empty. */
  id: string;
  venue: string;
  from: string;
  to: string;
  counters: string;
  setUp: string;
  tearDown: string;
}

export interface TourForm {
  municipality: string;
  date: string;
  depot: string;
  kit: string;
  /** In the order of the counters, without empty places. */
  crew: readonly string[];
  announces: 'all' | 'chosen';
  services: readonly string[];
  note: string;
  stops: readonly StopForm[];
  version: string;
}

export const MOST_STOPS = 20;
export const MOST_CREW = 9;
const MOST_NOTE = 500;
const MOST_MINUTES = 240;

/** Names of the fields of a stop; n counts from 1. */
export const stopField = (
  n: number,
  part: 'id' | 'standort' | 'von' | 'bis' | 'schalter' | 'aufbau' | 'abbau',
): string => `halt-${n}-${part}`;

export function readForm(body: unknown): TourForm {
  const fields = enteredFields(body);
  const stops = Math.min(MOST_STOPS, Number(fields['halte']) || 0);
  return {
    municipality: fields['kommune'] ?? '',
    date: dateOf(fields['datum'] ?? ''),
    depot: fields['depot'] ?? '',
    kit: fields['koffer'] ?? '',
    crew: Array.from({ length: MOST_CREW }, (_, index) => fields[`team-${index + 1}`] ?? '').filter((id) => id !== ''),
    announces: fields['ansage'] === 'auswahl' ? 'chosen' : 'all',
    services: [...listField(body, 'leistung'), ...(fields['leistungen'] ?? '').split('-').filter((id) => id !== '')],
    note: fields['notiz'] ?? '',
    stops: Array.from({ length: stops }, (_, index) => {
      const of = (part: Parameters<typeof stopField>[1]): string => fields[stopField(index + 1, part)] ?? '';
      return {
        id: of('id'),
        venue: of('standort'),
        from: of('von'),
        to: of('bis'),
        counters: of('schalter'),
        setUp: of('aufbau'),
        tearDown: of('abbau'),
      };
    }),
    version: fields['version'] ?? '',
  };
}

/** "8.12.2026" is taken too: a browser may show a plain text field instead of a calendar. */
function dateOf(text: string): string {
  const match = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text);
  if (match === null) return text;
  const [, day = '', month = '', year = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

export function formOfPlan(plan: TourPlan, version: number): TourForm {
  return {
    municipality: String(plan.municipalityId),
    date: plan.date,
    depot: idText(plan.depotId),
    kit: idText(plan.kitId),
    crew: plan.clerkIds.map(String),
    announces: plan.announced === null ? 'all' : 'chosen',
    services: (plan.announced ?? []).map(String),
    note: plan.note ?? '',
    stops: plan.stops.map(formOfStop),
    version: String(version),
  };
}

export function formOfStop(stop: PlannedStop): StopForm {
  return {
    id: idText(stop.id),
    venue: String(stop.venueId),
    from: clockTime(stop.fromMinute),
    to: clockTime(stop.toMinute),
    counters: String(stop.counters),
    setUp: String(stop.setUpMinutes),
    tearDown: String(stop.tearDownMinutes),
  };
}

const idText = (id: number | null): string => (id === null ? '' : String(id));

/** The form as fields that can be sent again, for a question in between. */
export function fieldsOf(form: TourForm): { name: string; value: string }[] {
  return [
    { name: 'version', value: form.version },
    { name: 'kommune', value: form.municipality },
    { name: 'datum', value: form.date },
    { name: 'depot', value: form.depot },
    { name: 'koffer', value: form.kit },
    ...form.crew.map((value, index) => ({ name: `team-${index + 1}`, value })),
    { name: 'ansage', value: form.announces === 'all' ? 'alles' : 'auswahl' },
    { name: 'leistungen', value: form.services.join('-') },
    { name: 'notiz', value: form.note },
    { name: 'halte', value: String(form.stops.length) },
    ...form.stops.flatMap((stop, index) => [
      { name: stopField(index + 1, 'id'), value: stop.id },
      { name: stopField(index + 1, 'standort'), value: stop.venue },
      { name: stopField(index + 1, 'von'), value: stop.from },
      { name: stopField(index + 1, 'bis'), value: stop.to },
      { name: stopField(index + 1, 'schalter'), value: stop.counters },
      { name: stopField(index + 1, 'aufbau'), value: stop.setUp },
      { name: stopField(index + 1, 'abbau'), value: stop.tearDown },
    ]),
  ];
}

/**
 * The time somebody typed: "9", "9:30", "9.30", "0930", each perhaps with "Uhr". Null when it is no time of day.
 */
export function parseTime(text: string): MinuteOfDay | null {
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?(?:\s*(?:uhr|h))?$/i.exec(text.trim());
  if (match === null) return null;
  const minutes = Number(match[2] ?? 0);
  const minute = Number(match[1]) * 60 + minutes;
  return minutes <= 59 && minute <= MINUTES_PER_DAY ? minute : null;
}

/** What a form means: a tour as far as it can be understood, and what cannot. */
export interface Understood {
  /** Null while municipality or date are not known: without them nothing can be said about the tour. */
  plan: TourPlan | null;
  /** For each stop of the plan its place in the form, from 0: stops that are not understood are left out. */
  places: readonly number[];
  errors: FormErrors;
}

/** Where the entries of a form may come from. */
export interface Known {
  picture: PlanningPicture;
  /** Municipalities in which tours may be changed. */
  municipalityIds: ReadonlySet<number>;
  /** The tour as it is saved: its stops keep their ids. */
  saved: TourPlan | null;
}

export function understand(form: TourForm, known: Known, t: Translate): Understood {
  const errors: FormErrors = { list: [], fields: {} };
  const { picture } = known;
  const municipalityId = Number(form.municipality);
  const hasMunicipality = known.municipalityIds.has(municipalityId);
  if (!hasMunicipality) addError(errors, 'kommune', t('tour.errors.municipality'));
  // Like the board: a year such as 0026 or 9999 is a slip of the hand, and beyond it there may be no calendar.
  const date: LocalDate | null = isLocalDate(form.date) && form.date.startsWith('2') ? form.date : null;
  if (date === null) addError(errors, 'datum', t('tour.errors.date'));

  const depotId = chosen(form.depot, picture.depots);
  if (depotId === undefined) addError(errors, 'depot', t('tour.errors.foreign'));
  const kitId = chosen(form.kit, picture.kits);
  if (kitId === undefined) addError(errors, 'koffer', t('tour.errors.foreign'));
  const clerkIds: number[] = [];
  for (const [index, text] of form.crew.entries()) {
    const id = Number(text);
    if (!picture.clerks.has(id)) {
      addError(errors, `team-${index + 1}`, t('tour.errors.foreign'));
    } else if (clerkIds.includes(id)) {
      addError(errors, `team-${index + 1}`, t('tour.errors.twice'));
    } else {
      clerkIds.push(id);
    }
  }

  const announced = form.services.map(Number).filter((id) => picture.services.has(id));
  if (form.announces === 'chosen' && announced.length === 0) addError(errors, 'ansage', t('tour.errors.announced'));
  if (form.note.length > MOST_NOTE) addError(errors, 'notiz', t('tour.errors.note', { max: MOST_NOTE }));

  const places: number[] = [];
  const stops: PlannedStop[] = [];
  for (const [index, entered] of form.stops.entries()) {
    const stop = understandStop(entered, index + 1, known, errors, t);
    if (stop !== null) {
      places.push(index);
      // No two entries are the same saved stop, whatever was sent: those booked there belong to one of them.
      const isFirst = !stops.some(({ id }) => id !== null && id === stop.id);
      stops.push(isFirst ? stop : { ...stop, id: null });
    }
  }
  return {
    errors,
    places,
    plan:
      !hasMunicipality || date === null
        ? null
        : {
            municipalityId,
            date,
            depotId: depotId ?? null,
            kitId: kitId ?? null,
            clerkIds,
            announced: form.announces === 'all' ? null : announced,
            note: form.note === '' ? null : form.note.slice(0, MOST_NOTE),
            stops,
          },
  };
}

/** Undefined: chosen was something that is not there. */
function chosen(text: string, from: ReadonlyMap<number, unknown>): number | null | undefined {
  if (text === '') return null;
  const id = Number(text);
  return from.has(id) ? id : undefined;
}

function understandStop(
  entered: StopForm,
  n: number,
  { picture, saved }: Known,
  errors: FormErrors,
  t: Translate,
): PlannedStop | null {
  const before = errors.list.length;
  const venueId = Number(entered.venue);
  if (entered.venue === '' || !picture.venues.has(venueId)) {
    addError(errors, stopField(n, 'standort'), t('tour.errors.venue', { n }));
  }
  const from = timeIn(entered.from, stopField(n, 'von'), n, errors, t);
  const to = timeIn(entered.to, stopField(n, 'bis'), n, errors, t);
  if (from !== null && to !== null && to <= from) {
    addError(errors, stopField(n, 'bis'), t('tour.errors.span', { n, from: clockTime(from) }));
  }
  const whole = (part: 'schalter' | 'aufbau' | 'abbau', text: string, least: number, most: number): number => {
    const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
    if (!(number >= least && number <= most)) {
      addError(errors, stopField(n, part), t('tour.errors.number', { n, least, most }));
    }
    return number;
  };
  const counters = whole('schalter', entered.counters, 1, MOST_CREW);
  const setUpMinutes = whole('aufbau', entered.setUp, 0, MOST_MINUTES);
  const tearDownMinutes = whole('abbau', entered.tearDown, 0, MOST_MINUTES);
  if (errors.list.length > before || from === null || to === null) return null;

  // A stop of another tour must never come along: only the stops that this tour has keep their ids.
  const id = Number(entered.id);
  const isOurs = saved?.stops.some((stop) => stop.id === id) === true;
  return { id: isOurs ? id : null, venueId, fromMinute: from, toMinute: to, counters, setUpMinutes, tearDownMinutes };
}

function timeIn(text: string, field: string, n: number, errors: FormErrors, t: Translate): MinuteOfDay | null {
  const minute = parseTime(text);
  if (minute === null) {
    addError(errors, field, t('tour.errors.time', { n }));
  } else if (minute % TICK_MINUTES !== 0) {
    addError(errors, field, t('tour.errors.grid', { n }));
  }
  return minute;
}

import { isoWeek, isLocalDate } from '../../../domain/time.ts';
import type { Way } from '../../../domain/routing/travel.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { tourNumber, type Tour, type TourPlan } from '../../../domain/tours/tour.ts';
import type { Paths } from '../../../paths.ts';
import { NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { longDate } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { crewOf } from '../checkPlan.ts';
import type { CheckedForm } from './checkForm.ts';
import { countImpossible, presentCheck, type CheckView } from './checks.ts';
import { MOST_CREW, MOST_STOPS, type TourForm } from './form.ts';
import type { MapSettings } from '../ports.ts';
import { presentTourMap, type MapView } from './map.ts';
import { presentDay, type DayView, type StandView } from './stands.ts';

export interface Option {
  value: string;
  name: string;
  selected: boolean;
}

export interface OptionGroup {
  /** Null: the options stand without a group. */
  name: string | null;
  options: readonly Option[];
}

export interface StopFields {
  n: number;
  id: string;
  stand: StandView;
  venues: readonly OptionGroup[];
  from: string;
  to: string;
  counters: string;
  setUp: string;
  tearDown: string;
  errors: Readonly<Record<'standort' | 'von' | 'bis' | 'schalter' | 'aufbau' | 'abbau', string | null>>;
  isFirst: boolean;
  isLast: boolean;
  focus: boolean;
}

export interface EditorView {
  action: string;
  version: string;
  heading: string;
  back: { href: string; text: string };
  state: { kind: 'draft' | 'published' | 'new'; text: string; changed: string | null };
  errors: FormErrors['list'];
  flash: { kind: string; text: string } | null;
  /** Somebody else has changed it meanwhile. */
  stale: StaleView | null;
  /** Null: there is only one. */
  municipalities: readonly Option[] | null;
  municipality: string;
  municipalityError: string | null;
  date: string;
  dateError: string | null;
  depots: readonly Option[];
  depotError: string | null;
  kits: readonly Option[];
  kitError: string | null;
  crew: readonly { id: string; label: string; options: readonly Option[]; error: string | null }[];
  announcesAll: boolean;
  announceError: string | null;
  services: readonly { value: string; name: string; checked: boolean }[];
  note: string;
  noteError: string | null;
  stops: readonly StopFields[];
  canAddStop: boolean;
  day: DayView;
  check: CheckView;
  map: MapView | null;
  saveNote: string;
  isDraft: boolean;
  links: {
    history: string;
    repetition: string;
    /** Null: there is but one. */
    order: string | null;
    copy: string;
    cancellation: string | null;
    deletion: string | null;
  } | null;
}

export interface StaleView {
  title: string;
  rows: readonly { field: string; now: string; entered: string }[];
}

export interface EditorContext {
  locale: Locale;
  t: Translate;
  p: Paths;
  map: MapSettings;
}

export interface EditorInput {
  form: TourForm;
  checked: CheckedForm;
  /** Null: a new one. */
  tour: Tour | null;
  /** Shown beside the fields and in the summary; else only the check says what is missing. */
  errors?: FormErrors;
  fresh?: boolean;
  focusStop?: number | null;
  stale?: StaleView | null;
  flash?: EditorView['flash'];
  /** Municipalities in which tours may be changed. */
  municipalityIds: ReadonlySet<number>;
  /** Of the plan, as far as its places are known; see `askWays`. */
  ways: readonly Way[];
}

export function presentEditor(input: EditorInput, context: EditorContext): EditorView {
  const { form, checked, tour, errors = NO_ERRORS } = input;
  const { picture, plan, places } = checked;
  const { locale, t, p } = context;
  const errorOf = (field: string): string | null => errors.fields[field] ?? null;
  const day = presentDay(
    { ...checked, venueIds: form.stops.map(({ venue }) => (venue === '' ? null : Number(venue))) },
    locale,
    t,
  );
  const check = presentCheck({ ...checked, fresh: input.fresh === true }, locale, t);
  const depotId = form.depot === '' ? null : Number(form.depot);
  const municipalities = [...input.municipalityIds].flatMap((id) => picture.municipalities.get(id) ?? []);
  const services = [...picture.services.values()].filter(
    ({ id, retired }) => !retired || form.services.includes(String(id)),
  );
  return {
    action: tour === null ? p.newTour() : p.tour(tour.id),
    version: form.version,
    heading: headingOf(tour, form, locale, t),
    back: backLink(form.date, context),
    state: stateOf(tour, plan, input.fresh === true, t),
    errors: errors.list,
    flash: input.flash ?? null,
    stale: input.stale ?? null,
    municipalities:
      municipalities.length < 2 ? null : municipalities.map(({ id, name }) => option(id, name, form.municipality)),
    municipality: form.municipality,
    municipalityError: errorOf('kommune'),
    date: form.date,
    dateError: errorOf('datum'),
    depots: choices([...picture.depots.values()], form.depot, t),
    depotError: errorOf('depot'),
    kits: choices([...picture.kits.values()], form.kit, t).map((one) => withState(one, picture, t)),
    kitError: errorOf('koffer'),
    crew: Array.from({ length: Math.min(MOST_CREW, form.crew.length + 1) }, (_, index) => ({
      id: `team-${index + 1}`,
      label: t('tour.fields.counter', { n: index + 1 }),
      options: choices([...picture.clerks.values()], form.crew[index] ?? '', t),
      error: errorOf(`team-${index + 1}`),
    })),
    announcesAll: form.announces === 'all',
    announceError: errorOf('ansage'),
    services: services.map(({ id, names }) => ({
      value: String(id),
      name: names[locale],
      checked: form.services.includes(String(id)),
    })),
    note: form.note,
    noteError: errorOf('notiz'),
    stops: form.stops.map((stop, index) => ({
      n: index + 1,
      ...stop,
      stand: day.stands[index] ?? { n: index + 1, title: '', times: null, leg: null, problems: [] },
      venues: venueGroups(picture, stop.venue, t),
      errors: {
        standort: errorOf(`halt-${index + 1}-standort`),
        von: errorOf(`halt-${index + 1}-von`),
        bis: errorOf(`halt-${index + 1}-bis`),
        schalter: errorOf(`halt-${index + 1}-schalter`),
        aufbau: errorOf(`halt-${index + 1}-aufbau`),
        abbau: errorOf(`halt-${index + 1}-abbau`),
      },
      isFirst: index === 0,
      isLast: index === form.stops.length - 1,
      focus: input.focusStop === index + 1,
    })),
    canAddStop: form.stops.length < MOST_STOPS,
    day,
    check,
    map: presentTourMap(
      context.map,
      {
        depotId,
        ways: input.ways,
        stops: (plan?.stops ?? []).map(({ venueId }, k) => {
          const place = places[k] ?? k;
          return { n: place + 1, venueId, problem: (day.stands[place]?.problems.length ?? 0) > 0 };
        }),
      },
      picture,
      t,
    ),
    saveNote: saveNoteOf(tour, check, countImpossible(checked.conflicts), t),
    isDraft: tour === null || tour.state === 'draft',
    links: tour === null ? null : linksOf(tour, p),
  };
}

export function headingOf(tour: Tour | null, form: Pick<TourForm, 'date'>, locale: Locale, t: Translate): string {
  if (tour === null) return t('tour.newTitle');
  const date = isLocalDate(form.date) ? form.date : tour.date;
  return t('tour.title', { number: tourNumber(tour.id), date: longDate(date, locale) });
}

/** To the week in which the tour is. */
export function backLink(date: string, { t, p }: Pick<EditorContext, 't' | 'p'>): { href: string; text: string } {
  if (!isLocalDate(date)) return { href: p.boardWeek(), text: t('tour.board') };
  const { year, week } = isoWeek(date);
  return {
    href: p.boardWeek({ woche: `${year}-W${String(week).padStart(2, '0')}` }),
    text: t('tour.week', { week }),
  };
}

export function stateText(state: Tour['state'], t: Translate): string {
  switch (state) {
    case 'draft':
      return t('tour.state.draft');
    case 'published':
      return t('tour.state.published');
    case 'cancelled':
      return t('tour.state.cancelled');
  }
}

function stateOf(tour: Tour | null, plan: TourPlan | null, fresh: boolean, t: Translate): EditorView['state'] {
  if (tour === null) return { kind: 'new', text: t('tour.state.new'), changed: null };
  const isChanged = !fresh && (plan === null || !samePlan(plan, tour));
  return {
    kind: tour.state === 'published' ? 'published' : 'draft',
    text: stateText(tour.state, t),
    changed: isChanged ? t('tour.state.changed') : null,
  };
}

/** True when nothing that a planner decides differs. */
export function samePlan(a: TourPlan, b: TourPlan): boolean {
  const text = (plan: TourPlan): string =>
    JSON.stringify([
      plan.municipalityId,
      plan.date,
      plan.depotId,
      plan.kitId,
      crewOf(plan),
      plan.announced === null ? null : [...plan.announced].sort((one, two) => one - two),
      plan.note ?? '',
      plan.stops.map((stop) => [
        stop.venueId,
        stop.fromMinute,
        stop.toMinute,
        stop.counters,
        stop.setUpMinutes,
        stop.tearDownMinutes,
      ]),
    ]);
  return text(a) === text(b);
}

function saveNoteOf(tour: Tour | null, check: CheckView, impossible: number, t: Translate): string {
  const isPublished = tour?.state === 'published';
  if (check.verdict === 'impossible') {
    return isPublished
      ? t('tour.save.publishedImpossible', { count: impossible })
      : t('tour.save.impossible', { count: impossible });
  }
  if (check.verdict === 'possible') return isPublished ? t('tour.save.published') : t('tour.save.possible');
  return isPublished ? t('tour.save.published') : t('tour.save.draft');
}

function linksOf(tour: Tour, p: Paths): NonNullable<EditorView['links']> {
  return {
    history: p.tourHistory(tour.id),
    repetition: p.tourRepetition(tour.id),
    order: tour.stops.length > 1 ? p.tourOrder(tour.id) : null,
    copy: p.newTour({ vorlage: tour.id }),
    cancellation: tour.state === 'published' ? p.tourCancellation(tour.id) : null,
    deletion: tour.state === 'draft' ? p.tourDeletion(tour.id) : null,
  };
}

function option(id: number, name: string, chosen: string): Option {
  return { value: String(id), name, selected: String(id) === chosen };
}

/** What is retired is offered only where it is chosen already; what the planner may not see has no name. */
function choices(
  all: readonly { id: number; name: string; retired: boolean }[],
  chosen: string,
  t: Translate,
): Option[] {
  const shown = all
    .filter(({ id, retired }) => !retired || String(id) === chosen)
    .map(({ id, name }) => option(id, name, chosen));
  const isForeign = /^\d+$/.test(chosen) && !all.some(({ id }) => String(id) === chosen);
  return isForeign ? [...shown, { value: chosen, name: t('tour.fields.foreign'), selected: true }] : shown;
}

function withState(one: Option, picture: PlanningPicture, t: Translate): Option {
  const kit = picture.kits.get(Number(one.value));
  return kit?.status === 'defect' ? { ...one, name: t('tour.fields.defect', { kit: one.name }) } : one;
}

/** By municipality, where there are several. */
function venueGroups(picture: PlanningPicture, chosen: string, t: Translate): OptionGroup[] {
  const shown = [...picture.venues.values()].filter(({ id, retired }) => !retired || String(id) === chosen);
  const groups = [...picture.municipalities.values()].map((municipality) => ({
    name: municipality.name,
    options: shown
      .filter(({ municipalityId }) => municipalityId === municipality.id)
      .map(({ id, locality, name }) => option(id, `${locality}, ${name}`, chosen))
      .sort((a, b) => a.name.localeCompare(b.name, 'de')),
  }));
  const filled: OptionGroup[] = groups.filter(({ options }) => options.length > 0);
  const isForeign = /^\d+$/.test(chosen) && !picture.venues.has(Number(chosen));
  const foreign: OptionGroup[] = isForeign
    ? [{ name: null, options: [{ value: chosen, name: t('tour.fields.foreign'), selected: true }] }]
    : [];
  return filled.length === 1
    ? [{ name: null, options: filled[0]?.options ?? [] }, ...foreign]
    : [...filled, ...foreign];
}

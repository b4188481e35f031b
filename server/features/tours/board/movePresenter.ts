import { isIn } from '../../../domain/access.ts';
import { addDays, type LocalDate } from '../../../domain/time.ts';
import type { Conflict } from '../../../domain/tours/conflicts.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { tourNumber, type PlannedStop, type Tour, type TourPlan } from '../../../domain/tours/tour.ts';
import { addError, type FormErrors } from '../../../web/form.ts';
import { longDate, shortDate, timeSpan } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { presentConflict, type PresentedConflict } from '../conflictTexts.ts';
import type { SaveOutcome } from '../outcomes.ts';
import type { Planner } from '../ports.ts';

/** So far from its day a stop is offered drafts of other days. */
const DAYS_BEFORE = 14;
const DAYS_AFTER = 28;

/** The days of which drafts are offered to a stop, both inclusive. */
export function offeredDays(date: LocalDate): { from: LocalDate; to: LocalDate } {
  return { from: addDays(date, -DAYS_BEFORE), to: addDays(date, DAYS_AFTER) };
}

export function tourTitle(tour: Tour, locale: Locale, t: Translate): string {
  return t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) });
}

export interface Fact {
  name: string;
  text: string;
}

/** What a tour is now, for the one who is about to move it. */
export function tourFacts(tour: Tour, picture: PlanningPicture, locale: Locale, t: Translate): Fact[] {
  return [
    { name: t('tour.fields.date'), text: longDate(tour.date, locale) },
    { name: t('tour.fields.kit'), text: kitName(tour, picture, t) },
    { name: t('tour.fields.crew'), text: crewNames(tour, picture, t) },
    { name: t('tour.fields.stops'), text: stopNames(tour.stops, picture, locale, t) },
  ];
}

export function stopFacts(tour: Tour, stop: PlannedStop, picture: PlanningPicture, locale: Locale, t: Translate) {
  return [
    { name: t('tour.fields.venue'), text: venueOf(stop, picture, t) },
    { name: t('moves.stop.time'), text: timeSpan(stop.fromMinute, stop.toMinute, locale) },
    { name: t('moves.stop.from'), text: tourTitle(tour, locale, t) },
    { name: t('tour.fields.kit'), text: kitName(tour, picture, t) },
  ] satisfies Fact[];
}

export function kitName({ kitId }: TourPlan, picture: PlanningPicture, t: Translate): string {
  if (kitId === null) return t('moves.noKit');
  return picture.kits.get(kitId)?.name ?? t('tour.fields.foreign');
}

function crewNames({ clerkIds }: TourPlan, picture: PlanningPicture, t: Translate): string {
  if (clerkIds.length === 0) return t('moves.noCrew');
  return clerkIds.map((id) => picture.clerks.get(id)?.name ?? t('tour.fields.foreign')).join(', ');
}

export function venueOf({ venueId }: PlannedStop, picture: PlanningPicture, t: Translate): string {
  const venue = picture.venues.get(venueId);
  return venue === undefined ? t('tour.decisions.otherVenue') : `${venue.locality}, ${venue.name}`;
}

function stopNames(stops: readonly PlannedStop[], picture: PlanningPicture, locale: Locale, t: Translate): string {
  if (stops.length === 0) return t('moves.noStops');
  return stops
    .map((stop) => {
      const place = picture.venues.get(stop.venueId)?.locality ?? t('tour.decisions.otherVenue');
      return t('moves.stopAt', { place, time: timeSpan(stop.fromMinute, stop.toMinute, locale) });
    })
    .join('; ');
}

export interface Choice {
  value: string;
  name: string;
  selected: boolean;
}

/** The kits a planner may choose: those in use, by name. */
export function kitChoices(chosen: string, picture: PlanningPicture, { scope }: Planner, t: Translate): Choice[] {
  return [...picture.kits.values()]
    .filter((kit) => isIn(scope, kit.municipalityId) && (!kit.retired || String(kit.id) === chosen))
    .sort((a, b) => a.name.localeCompare(b.name, 'de', { numeric: true }))
    .map((kit) => ({
      value: String(kit.id),
      name: kit.status === 'defect' ? t('tour.fields.defect', { kit: kit.name }) : kit.name,
      selected: String(kit.id) === chosen,
    }));
}

export interface TargetChoice {
  value: string;
  name: string;
  hint: string;
  checked: boolean;
}

/** Tours a stop can go to: those of its day, and drafts of the days around it. @param picture covers these days */
export function targetChoices(
  from: Tour,
  chosen: string,
  { picture, planner, today }: { picture: PlanningPicture; planner: Planner; today: LocalDate },
  locale: Locale,
  t: Translate,
): TargetChoice[] {
  const chosenId = chosen.split('.')[0];
  return picture.tours
    .filter(
      (tour) =>
        tour.id !== from.id &&
        isIn(planner.scope, tour.municipalityId) &&
        (tour.date === from.date ? tour.state !== 'cancelled' : tour.state === 'draft' && tour.date >= today),
    )
    .sort((a, b) => nearness(a, from) - nearness(b, from) || a.date.localeCompare(b.date) || a.id - b.id)
    .map((tour) => ({
      value: `${tour.id}.${tour.version}`,
      name: t(tour.state === 'draft' ? 'moves.target.draft' : 'moves.target.published', {
        tour: tourTitle(tour, locale, t),
      }),
      hint: [kitName(tour, picture, t), crewNames(tour, picture, t), stopNames(tour.stops, picture, locale, t)].join(
        ' · ',
      ),
      checked: String(tour.id) === chosenId,
    }));
}

const nearness = (tour: Tour, from: Tour): number => (tour.date === from.date ? 0 : 1);

/** Says which tour has the kit or the people that day. @param picture covers that day, read after the refusal */
export function takenErrors(
  { kitId, clerkIds }: Extract<SaveOutcome, { kind: 'taken' }>,
  { tourId, date, picture }: { tourId: number; date: LocalDate; picture: PlanningPicture },
  locale: Locale,
  t: Translate,
): FormErrors {
  const errors: FormErrors = { list: [], fields: {} };
  const day = shortDate(date, locale);
  const busyWith = (what: 'kit' | 'clerk', id: number): string | null => {
    const busy = picture.busy.find(
      (one) => one.what === what && one.id === id && one.date === date && one.tourId !== tourId,
    );
    return busy === undefined || !busy.visible ? null : tourNumber(busy.tourId);
  };
  if (kitId !== null) {
    const name = picture.kits.get(kitId)?.name ?? t('tour.fields.kit');
    const tour = busyWith('kit', kitId);
    addError(
      errors,
      'koffer',
      tour === null ? t('moves.taken.hidden', { name, date: day }) : t('moves.taken.by', { name, date: day, tour }),
    );
  }
  const people = clerkIds.map((id) => {
    const name = picture.clerks.get(id)?.name ?? t('moves.taken.somebody');
    const tour = busyWith('clerk', id);
    return tour === null
      ? t('moves.taken.hidden', { name, date: day })
      : t('moves.taken.by', { name, date: day, tour });
  });
  // The crew has no field here: it is the day on which they are elsewhere.
  if (people.length > 0) addError(errors, 'datum', people.join(' '));
  return errors;
}

/** The sentences to what stands against it; what would mend it is done in the editor. */
export function obstacleViews(
  conflicts: readonly Conflict[],
  picture: PlanningPicture,
  locale: Locale,
): PresentedConflict[] {
  return conflicts.map((conflict) => ({ ...presentConflict(conflict, picture, locale), fixes: [] }));
}

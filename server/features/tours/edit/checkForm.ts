import { checkTour, type Conflict } from '../../../domain/tours/conflicts.ts';
import { placesOfDay, planDay, type DayPlan } from '../../../domain/tours/day.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { Tour, TourPlan, TourWithLoad } from '../../../domain/tours/tour.ts';
import { isLocalDate, type LocalDate } from '../../../domain/time.ts';
import { isIn } from '../../../domain/access.ts';
import { addError } from '../../../web/form.ts';
import type { Translate } from '../../../web/locale.ts';
import { stopsInSkippedHour } from '../checkPlan.ts';
import type { TourDeps } from '../deps.ts';
import type { Planner } from '../ports.ts';
import { stopField, understand, type TourForm, type Understood } from './form.ts';

/** What can be said of a tour as it stands in the form, or as it is saved. */
export interface CheckedPlan {
  conflicts: readonly Conflict[];
  /** Null: no stop yet. */
  day: DayPlan | null;
  /** Metres of all ways. */
  metres: number;
}

export interface CheckedForm extends Understood, CheckedPlan {
  picture: PlanningPicture;
  /** What is booked on it; null: a new tour. */
  load: TourWithLoad | null;
}

const NOTHING: CheckedPlan = { conflicts: [], day: null, metres: 0 };

/** Reads the planning picture for the day of the form, and checks what it says. */
export async function checkForm(
  deps: TourDeps,
  planner: Planner,
  form: TourForm,
  saved: Tour | null,
  t: Translate,
): Promise<CheckedForm> {
  const picture = await pictureOf(deps, planner, isLocalDate(form.date) ? form.date : (saved?.date ?? today(deps)));
  const understood = understand(form, { picture, municipalityIds: municipalitiesOf(planner, picture), saved }, t);
  for (const index of understood.plan === null ? [] : stopsInSkippedHour(deps.zone, understood.plan)) {
    const n = (understood.places[index] ?? index) + 1;
    addError(understood.errors, stopField(n, 'von'), t('tour.errors.skippedHour', { n }));
  }
  const checked =
    understood.plan === null ? NOTHING : await checkPlan(deps, picture, understood.plan, saved?.id ?? null);
  return {
    ...understood,
    ...checked,
    picture,
    load: saved === null ? null : await loadOf(deps, planner, picture, saved),
  };
}

export function pictureOf(deps: TourDeps, planner: Planner, date: LocalDate): Promise<PlanningPicture> {
  return deps.picture(planner.scope, date, date);
}

/** Municipalities in which tours may be changed. */
export function municipalitiesOf(planner: Planner, picture: PlanningPicture): ReadonlySet<number> {
  return new Set([...picture.municipalities.keys()].filter((id) => isIn(planner.scope, id)));
}

export async function checkPlan(
  deps: TourDeps,
  picture: PlanningPicture,
  plan: TourPlan,
  tourId: number | null,
): Promise<CheckedPlan> {
  const municipality = picture.municipalities.get(plan.municipalityId);
  if (municipality === undefined) return NOTHING;
  const travel = await deps.travel.matrix(placesOfDay(plan, picture));
  const conflicts = checkTour({
    tourId,
    plan,
    picture,
    travel,
    holiday: deps.holidays.on(plan.date, municipality.holidayRegion),
    today: today(deps),
  });
  const day = planDay(plan, travel, municipality);
  return { conflicts, day, metres: (day?.legs ?? []).reduce((sum, leg) => sum + leg.metres, 0) };
}

/** What is booked on a tour, whatever day the form has meanwhile. */
async function loadOf(
  deps: TourDeps,
  planner: Planner,
  picture: PlanningPicture,
  saved: Tour,
): Promise<TourWithLoad | null> {
  const here = picture.tours.find(({ id }) => id === saved.id);
  if (here !== undefined) return here;
  const there = await pictureOf(deps, planner, saved.date);
  return there.tours.find(({ id }) => id === saved.id) ?? null;
}

export function today(deps: TourDeps): LocalDate {
  return deps.zone.local(deps.clock.now()).date;
}

import type { PlanningPicture } from '../../domain/tours/picture.ts';
import { planRepetition, repetitionDates } from '../../domain/tours/repeat.ts';
import type { Tour, TourPlan } from '../../domain/tours/tour.ts';
import { isIn } from '../../domain/access.ts';
import { tourChanges, tourEntry } from './auditTexts.ts';
import { checkPlan, isWithinScope, lockOwn, obstaclesOf, skippedHours, timed } from './checkPlan.ts';
import type { TourWork, UnitWork } from './deps.ts';
import type { Repetition, RepetitionDay, RepeatOutcome } from './outcomes.ts';
import type { Planner } from './ports.ts';
import { timesNow, travelAhead } from './travelAhead.ts';
import type { TourUnit } from './unit.ts';

/** Which tours a repetition would make and which dates it skips; null: no such tour. */
export async function previewRepetition(
  deps: TourWork,
  planner: Planner,
  input: Repetition,
): Promise<readonly RepetitionDay[] | null> {
  const tour = await deps.tour(planner.scope, input.tourId);
  if (tour === null || tour.state === 'cancelled' || !isIn(planner.scope, tour.municipalityId)) return null;
  const days = datesOf(tour, input);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const work = await travelAhead(deps, planner.scope, [tour]);
  return planDays(work, tour, input, days, await deps.picture(planner.scope, first, last));
}

/** Makes the tours of a repetition, all in one transaction; what is in the way is looked at again. */
export async function repeatTour(deps: TourWork, planner: Planner, input: Repetition): Promise<RepeatOutcome> {
  const seen = await deps.tour(planner.scope, input.tourId);
  const work = await travelAhead(deps, planner.scope, [seen]);
  return deps.unit((unit) => repeat(work, unit, planner, input));
}

async function repeat(deps: UnitWork, unit: TourUnit, planner: Planner, input: Repetition): Promise<RepeatOutcome> {
  const now = deps.clock.now();
  const tour = await lockOwn(unit, planner.scope, input.tourId);
  if (tour === null || tour.state === 'cancelled') return { kind: 'gone' };
  const dates = datesOf(tour, input);
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return { kind: 'nothing' };
  const picture = await unit.picture(planner.scope, first < tour.date ? first : tour.date, last, now);
  if (!isWithinScope(planner.scope, tour, picture)) return { kind: 'gone' };

  const days = planDays(deps, tour, input, dates, picture);
  const series = tour.series ?? deps.random.series();
  const times = await timesNow(deps, unit, tour.id); // of the clock, so the same on every date
  const tourIds: number[] = [];
  for (const { date } of days.filter(({ skip }) => skip.length === 0)) {
    const plan = planOn(tour, date);
    const made = await unit.insert(timed(deps.zone, plan), input.as, series, now);
    if (typeof made !== 'number') continue; // somebody was faster with kit or clerk: skipped too
    await unit.writeTimes(made, times, now);
    const action = input.as === 'published' ? 'published' : 'created';
    await unit.audit(planner.actor, now, tourEntry(made, plan, action, tourChanges(null, plan, picture)));
    tourIds.push(made);
  }
  if (tourIds.length === 0) return { kind: 'nothing' };
  if (tour.series === null) await unit.setSeries(tour.id, series);
  return { kind: 'repeated', tourIds, skipped: days.length - tourIds.length };
}

function datesOf(tour: Tour, { everyWeeks, weekdays, until }: Repetition): string[] {
  return repetitionDates({ from: tour.date, everyWeeks, weekdays, until });
}

function planOn(tour: Tour, date: string): TourPlan {
  return { ...tour, date, stops: tour.stops.map((stop) => ({ ...stop, id: null })) };
}

function planDays(
  deps: Pick<UnitWork, 'holidays' | 'clock' | 'zone' | 'travel'>,
  tour: Tour,
  input: Repetition,
  dates: readonly string[],
  picture: PlanningPicture,
): RepetitionDay[] {
  const region = picture.municipalities.get(tour.municipalityId)?.holidayRegion;
  const planned = planRepetition({
    plan: tour,
    series: tour.series,
    dates,
    picture,
    holidayOn: (date) => (region === undefined ? null : deps.holidays.on(date, region)),
    today: deps.zone.local(deps.clock.now()).date,
  });
  const days: RepetitionDay[] = [];
  for (const day of planned) {
    if (day.skip.length > 0) {
      days.push(day);
      continue;
    }
    const plan = planOn(tour, day.date);
    const conflicts = skippedHours(deps.zone, plan);
    if (input.as === 'published') conflicts.push(...obstaclesOf(checkPlan(deps, null, plan, picture)));
    const skip = conflicts.length === 0 ? [] : [{ kind: 'notPossible' as const, conflicts }];
    days.push({ date: day.date, skip });
  }
  return days;
}

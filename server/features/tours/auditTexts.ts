import type { AuditChange, AuditEntry } from '../../domain/audit.ts';
import { changesBetween } from '../../domain/audit.ts';
import { formatMinute } from '../../domain/time.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import { tourNumber, type PlannedStop, type TourPlan } from '../../domain/tours/tour.ts';

/** A tour in the history: in German, as those read it who plan; never with anything of those who have booked. */

/** What was decided for the appointments of a change. */
export interface DecidedCounts {
  stayed: number;
  moved: number;
  cancelled: number;
}

function germanDate(date: string): string {
  const [year, month, day] = date.split('-');
  return `${day}.${month}.${year}`;
}

function nameOf(things: ReadonlyMap<number, { name: string }>, id: number | null): string | null {
  return id === null ? null : (things.get(id)?.name ?? `Nr. ${id}`);
}

function stopText(stop: PlannedStop, picture: PlanningPicture): string {
  const venue = picture.venues.get(stop.venueId);
  return [
    `${formatMinute(stop.fromMinute)}–${formatMinute(stop.toMinute)} ${venue?.name ?? `Nr. ${stop.venueId}`}`,
    ...(venue === undefined ? [] : [venue.locality]),
    stop.counters === 1 ? '1 Schalter' : `${stop.counters} Schalter`,
    `Aufbau ${stop.setUpMinutes} min`,
    `Abbau ${stop.tearDownMinutes} min`,
  ].join(', ');
}

/** The fields of a plan as text. */
function fieldsOf(plan: TourPlan, picture: PlanningPicture): Record<string, string | null> {
  return {
    date: germanDate(plan.date),
    municipality: nameOf(picture.municipalities, plan.municipalityId),
    depot: nameOf(picture.depots, plan.depotId),
    kit: nameOf(picture.kits, plan.kitId),
    crew: plan.clerkIds.map((id) => nameOf(picture.clerks, id)).join(', '),
    announced:
      plan.announced === null
        ? 'alles, was möglich ist'
        : plan.announced.map((id) => picture.services.get(id)?.names.de ?? `Nr. ${id}`).join(', '),
    note: plan.note,
    stops: plan.stops.map((stop) => stopText(stop, picture)).join('; '),
  };
}

function countsOf(counts: DecidedCounts): Record<string, string | null> {
  const text = (count: number): string | null => (count === 0 ? null : String(count));
  return {
    appointmentsStayed: text(counts.stayed),
    appointmentsMoved: text(counts.moved),
    appointmentsCancelled: text(counts.cancelled),
  };
}

/** What a change did to a tour; a plan of null: there was none, or there is none any more. */
export function tourChanges(
  before: TourPlan | null,
  after: TourPlan | null,
  picture: PlanningPicture,
  counts: DecidedCounts = { stayed: 0, moved: 0, cancelled: 0 },
): AuditChange[] {
  return changesBetween(before === null ? {} : fieldsOf(before, picture), {
    ...(after === null ? {} : fieldsOf(after, picture)),
    ...countsOf(counts),
  });
}

/** An entry of the history about a tour. */
export function tourEntry(
  tourId: number,
  plan: Pick<TourPlan, 'municipalityId' | 'date'>,
  action: AuditEntry['action'],
  changes: readonly AuditChange[],
): AuditEntry {
  return {
    municipalityId: plan.municipalityId,
    subject: 'tour',
    subjectId: tourId,
    label: `Tour ${tourNumber(tourId)} am ${germanDate(plan.date)}`,
    action,
    changes,
  };
}

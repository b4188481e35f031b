import type { Appointment } from '../../../domain/booking/appointment.ts';
import { linesOf, type Line, type Service } from '../../../domain/booking/office.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import { parseCallQuery, vocabularyOf } from '../../../domain/hotline/parseQuery.ts';
import type { CallQuery } from '../../../domain/hotline/query.ts';
import type { HotlineDeps } from '../deps.ts';
import { findOffers, type Offers } from '../findOffers.ts';
import type { CallContext } from './context.ts';
import { withStreet } from './street.ts';

/** What was typed, and what there is for it. */
export interface Understood {
  query: CallQuery;
  lines: readonly Line[];
  /** A service that cannot stand in one appointment with the others; null: they go together. */
  alone: Service | null;
  /** Null: nothing was understood that times or visits could be looked up for. */
  offers: Offers | null;
}

/** Where the caller of an appointment looked from, else where the appointment is. */
async function originOf(
  deps: HotlineDeps,
  { directory }: CallContext,
  appointment: Appointment,
): Promise<Coordinates | null> {
  const place = appointment.originPlaceId === null ? undefined : directory.placesById.get(appointment.originPlaceId);
  if (place !== undefined) return { lat: place.lat, lon: place.lon };
  const venueId = (await deps.appointments.placeOfStop(appointment.stopId))?.venueId ?? 0;
  return directory.venues.get(venueId)?.at ?? null;
}

/**
 * Reads the search box and finds what fits.
 * @param moving the appointment that is to get another time: its services count, not those that are typed
 */
export async function understand(
  deps: HotlineDeps,
  context: CallContext,
  text: string,
  count: number,
  moving: Appointment | null,
  held: Appointment | null,
): Promise<Understood> {
  const read = parseCallQuery(text, vocabularyOf(context.directory), context.local);
  const query = await withStreet(read, deps.addresses);
  const typed = query.services.map(({ service, persons }) => ({ service, persons }));
  const lines = moving === null ? typed : linesOf(context.directory, moving);
  const alone = lines.length > 1 ? (lines.find(({ service }) => !service.combinable)?.service ?? null) : null;
  const isSaid =
    query.place !== null || query.dates !== null || query.minutes !== null || lines.length > 0 || query.stepFree;
  if (!isSaid || (query.reference !== null && lines.length === 0)) return { query, lines, alone, offers: null };

  const own = moving ?? held;
  const from = query.place?.at ?? (moving === null ? null : await originOf(deps, context, moving));
  const offers = await findOffers(deps, {
    from,
    lines: alone === null ? lines : [],
    dates: query.dates,
    minutes: query.minutes,
    stepFree: query.stepFree,
    scope: context.agent.scope,
    count,
    ...(own === null ? {} : { exceptAppointment: own.id }),
    ...(moving === null ? {} : { exceptSlot: { stopId: moving.stopId, tick: moving.startTick } }),
  });
  return { query, lines, alone, offers };
}

import type { Knex } from 'knex';
import { daysBetween, MILLISECONDS_PER_MINUTE, minuteToTick, tickToMinute } from '../domain/time.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import { missingCapabilities } from '../domain/tours/capability.ts';
import type { Zone } from '../zone.ts';
import { createRandomInt, planBookings } from './bookings.ts';
import type { BookableService, Filling, PlannedBooking } from './bookings.ts';
import type { Office } from './office.ts';
import { idOf, insertReturning, insertRows } from './rows.ts';
import type { NewStop } from './seedTours.ts';
import type { Demand } from './tours.ts';

interface Occasion {
  readonly now: Instant;
  readonly today: LocalDate;
  /** Whether the database was empty. */
  readonly isFirst: boolean;
}

export async function insertBookings(
  trx: Knex.Transaction,
  office: Office,
  stops: readonly NewStop[],
  occasion: Occasion,
  zone: Zone,
): Promise<void> {
  const bookings = stops.flatMap((stop) => bookingsOf(office, stop, occasion).map((booking) => ({ stop, booking })));
  const inserted = await insertReturning<{ id: number; reference: string }>(
    trx,
    'appointments',
    bookings.map(({ stop, booking }) => appointmentRow(stop, booking, occasion.now, zone)),
    ['id', 'reference'],
  );
  const appointmentId = idOf(inserted, (row) => row.reference);

  await insertRows(
    trx,
    'appointment_services',
    bookings.flatMap(({ booking }) =>
      booking.lines.map(({ service, persons }) => ({
        appointment_id: appointmentId(booking.reference),
        service_id: service.id,
        persons,
        minutes: service.minutes,
        fee_cents: service.feeCents,
      })),
    ),
  );
  await insertRows(
    trx,
    'counter_ticks',
    bookings.flatMap(({ stop, booking }) =>
      Array.from({ length: booking.ticks }, (_, index) => ({
        stop_id: stop.id,
        counter: booking.counter,
        tick: booking.startTick + index,
        appointment_id: appointmentId(booking.reference),
        free_at: null,
      })),
    ),
  );
}

function bookingsOf(office: Office, stop: NewStop, occasion: Occasion): PlannedBooking[] {
  const { date, pattern } = stop.tour;
  const random = createRandomInt(`${date} ${stop.venue} ${stop.fromMinute}`);
  const capabilities = office.kits[pattern.kit]?.capabilities ?? [];
  const counters = pattern.crew.map((clerk, index) => ({
    counter: index + 1,
    services: office.services
      .filter((service) => missingCapabilities(service.needs, capabilities).length === 0)
      .filter((service) => office.clerks[clerk]?.qualifiedFor.has(service.id))
      .map((service): BookableService => {
        const fee = service.fees.findLast(({ valid_from }) => valid_from <= date);
        return { id: service.id, slug: service.slug, minutes: service.minutes, feeCents: fee?.amount_cents ?? null };
      }),
  }));
  const window = { fromTick: minuteToTick(stop.fromMinute), toTick: minuteToTick(stop.toMinute) };
  return planBookings({ ...window, counters }, fillingOf(stop.demand, date, occasion, random(100) / 100), random);
}

/**
 * Two weeks ahead about six tenths are booked, eight weeks ahead hardly anything. Days that come in later are looked at
 * when they are near, and nobody books them meanwhile: they get their bookings at once.
 * @param chance from 0 to 1
 */
function fillingOf(demand: Demand, date: LocalDate, occasion: Occasion, chance: number): Filling {
  switch (demand) {
    case 'full':
    case 'last':
      return { kind: demand };
    case 'none':
      return { kind: 'share', share: 0 };
    case 'usual': {
      const nearness = 0.75 - 0.013 * daysBetween(occasion.today, date) + 0.25 * (chance - 0.5);
      const share = occasion.isFirst ? Math.min(0.9, Math.max(0, nearness)) : 0.15 + 0.5 * chance;
      return { kind: 'share', share };
    }
  }
}

function appointmentRow(stop: NewStop, booking: PlannedBooking, now: Instant, zone: Zone): object {
  const { date } = stop.tour;
  const bookedAt = now - booking.minutesAgo * MILLISECONDS_PER_MINUTE;
  return {
    reference: booking.reference,
    secret: booking.secret,
    state: 'confirmed',
    channel: booking.channel,
    stop_id: stop.id,
    counter: booking.counter,
    date,
    start_tick: booking.startTick,
    ticks: booking.ticks,
    starts_at: zone.instantAt(date, tickToMinute(booking.startTick)),
    ends_at: zone.instantAt(date, tickToMinute(booking.startTick + booking.ticks)),
    locale: booking.locale,
    first_name: booking.firstName,
    family_name: booking.familyName,
    family_key: booking.familyKey,
    contact_kind: 'none',
    created_at: bookedAt,
    confirmed_at: bookedAt + 3 * MILLISECONDS_PER_MINUTE,
  };
}

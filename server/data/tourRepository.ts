import type { Knex } from 'knex';
import { isIn, type Scope } from '../domain/access.ts';
import type { AuditEntry, RecordedEntry } from '../domain/audit.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../domain/time.ts';
import type { DayRoute, TourTimes } from '../domain/tours/times.ts';
import type { Tour, TourPlan, TourState } from '../domain/tours/tour.ts';
import { createAuditRepository, writeAudit } from './auditRepository.ts';
import { NO_WAYS, type MessageWays } from './outboxQueue.ts';
import { readPlanningPicture } from './planningRepository.ts';
import { isPostgres } from './statements.ts';
import { createTourAppointments } from './tourAppointments.ts';
import { readTours, REMAINS_VERSION } from './tourRows.ts';
import { readTourRoutes, writeTourTimes } from './tourTimes.ts';

/** A plan with the instants of its stops, in the order of `plan.stops`. */
interface TimedPlan {
  plan: TourPlan;
  instants: readonly { startsAt: Instant; endsAt: Instant }[];
}

/** Kit and clerks that are on another tour that day. */
interface Taken {
  kitId: number | null;
  clerkIds: readonly number[];
}

/** A history longer than anybody reads. */
const LONGEST_HISTORY = 200;

/** Reads single tours for pages. */
export function createTourRepository(reader: Knex) {
  async function tour(scope: Scope, tourId: number): Promise<Tour | null> {
    const [found] = await readTours(reader, (query) => void query.where('tours.id', tourId));
    return found !== undefined && isIn(scope, found.municipalityId) ? found : null;
  }

  return {
    tour,
    tourOfStop: (stopId: number): Promise<number | null> => tourOfStop(reader, stopId),
    history: (scope: Scope, tourId: number): Promise<RecordedEntry[]> =>
      createAuditRepository(reader).entries({
        scope,
        subject: 'tour',
        subjectId: tourId,
        offset: 0,
        limit: LONGEST_HISTORY,
      }),
  };
}

async function tourOfStop(knex: Knex, stopId: number): Promise<number | null> {
  const row = await knex<{ id: number; tour_id: number }>('stops').where('id', stopId).first('tour_id');
  return row?.tour_id ?? null;
}

async function insertOne(trx: Knex.Transaction, table: string, row: object): Promise<number> {
  const [inserted] = await trx<{ id: number }>(table).insert(row, ['id']);
  if (inserted === undefined) throw new Error(`Nothing was inserted into ${table}`);
  return inserted.id;
}

/** What one transaction can do with tours. */
export function createTourUnit(trx: Knex.Transaction, ways: MessageWays = NO_WAYS) {
  const plans = createPlanWriter(trx);
  return {
    picture: (scope: Scope, fromDate: LocalDate, toDate: LocalDate, now: Instant) =>
      readPlanningPicture(trx, scope, fromDate, toDate, now),

    async lock(tourIds: readonly number[]): Promise<Map<number, Tour>> {
      if (isPostgres(trx)) {
        // Who books or changes an appointment locks its tour too, shared: they wait, and so do the appointments.
        await trx('tours')
          .whereIn('id', [...tourIds])
          .orderBy('id')
          .forUpdate()
          .select('id');
      }
      const tours = await readTours(trx, (query) => void query.whereIn('tours.id', [...tourIds]));
      return new Map(tours.map((tour) => [tour.id, tour]));
    },

    tourOfStop: (stopId: number): Promise<number | null> => tourOfStop(trx, stopId),

    async lastChange(tourId: number): Promise<{ by: string; at: Instant } | null> {
      const row: { at: Instant; user_name: string } | undefined = await trx('audit_entries')
        .where({ subject: 'tour', subject_id: tourId })
        .orderBy('id', 'desc')
        .first('at', 'user_name');
      return row === undefined ? null : { by: row.user_name, at: row.at };
    },

    audit: (author: { userId: number; name: string }, at: Instant, entry: AuditEntry): Promise<void> =>
      writeAudit(trx, author, at, entry),

    async insert(
      { plan, instants }: TimedPlan,
      as: 'draft' | 'published',
      series: string | null,
      now: Instant,
    ): Promise<number | Taken> {
      const tourId = await insertOne(trx, 'tours', {
        municipality_id: plan.municipalityId,
        date: plan.date,
        state: as,
        depot_id: plan.depotId,
        note: plan.note,
        series,
        created_at: now,
        published_at: as === 'published' ? now : null,
      });
      const taken = await plans.writeCrew(tourId, plan);
      if (taken !== null) {
        await trx('tours').where('id', tourId).delete();
        return taken;
      }
      await plans.writeAnnounced(tourId, plan.announced);
      await plans.writeStops(tourId, { plan, instants });
      return tourId;
    },

    async write(tourId: number, { plan, instants }: TimedPlan): Promise<{ stopIds: number[] } | Taken> {
      await plans.dismissCrew(tourId);
      await trx('tours')
        .where('id', tourId)
        .update({
          municipality_id: plan.municipalityId,
          date: plan.date,
          depot_id: plan.depotId,
          note: plan.note,
          version: trx.raw('version + 1'),
        });
      const taken = await plans.writeCrew(tourId, plan);
      if (taken !== null) return taken;
      await plans.writeAnnounced(tourId, plan.announced);
      return { stopIds: await plans.writeStops(tourId, { plan, instants }) };
    },

    async setState(tourId: number, state: TourState, now: Instant): Promise<void> {
      if (state === 'cancelled') await plans.dismissCrew(tourId);
      await trx('tours')
        .where('id', tourId)
        .update({
          state,
          version: trx.raw('version + 1'),
          ...(state === 'published' ? { published_at: now } : {}),
          ...(state === 'cancelled' ? { cancelled_at: now } : {}),
        });
    },

    async setSeries(tourId: number, series: string): Promise<void> {
      await trx('tours').where('id', tourId).update({ series });
    },

    tidy: (tourId: number, keep: readonly { stopId: number; counters: number }[], now: Instant): Promise<void> =>
      tidy(trx, tourId, keep, now),

    async delete(tourId: number): Promise<void> {
      await tidy(trx, tourId, [], 0);
      await plans.dismissCrew(tourId);
      await trx('tours').where('id', tourId).delete();
    },

    async route(tourId: number): Promise<DayRoute | null> {
      const [found] = await readTourRoutes(trx, { tourIds: [tourId] });
      return found?.route ?? null;
    },

    writeTimes: (tourId: number, times: TourTimes | null, now: Instant): Promise<void> =>
      writeTourTimes(trx, tourId, times, now),

    ...createTourAppointments(trx, ways),
  };
}

/** Writes the parts of a plan, each over what was there. */
function createPlanWriter(trx: Knex.Transaction) {
  /** Kit and crew leave the tour, and its counters. */
  async function dismissCrew(tourId: number): Promise<void> {
    await trx('stop_counters').where('tour_id', tourId).update({ clerk_id: null });
    await trx('tour_clerks').where('tour_id', tourId).delete();
    await trx('tour_kits').where('tour_id', tourId).delete();
  }

  /** Nobody is on two tours a day: the keys say so, also of two who ask at the same moment. Null: all are free. */
  async function writeCrew(tourId: number, plan: TourPlan): Promise<Taken | null> {
    const { date } = plan;
    const kits =
      plan.kitId === null
        ? []
        : await trx('tour_kits')
            .insert({ tour_id: tourId, date, kit_id: plan.kitId })
            .onConflict(['date', 'kit_id'])
            .ignore()
            .returning('kit_id');
    const crew = [...new Set(plan.clerkIds)].sort((a, b) => a - b);
    const clerks: { clerk_id: number }[] =
      crew.length === 0
        ? []
        : await trx('tour_clerks')
            .insert(crew.map((clerk_id) => ({ tour_id: tourId, date, clerk_id })))
            .onConflict(['date', 'clerk_id'])
            .ignore()
            .returning('clerk_id');
    const kitId = plan.kitId !== null && kits.length === 0 ? plan.kitId : null;
    const clerkIds = crew.filter((id) => !clerks.some(({ clerk_id }) => clerk_id === id));
    return kitId === null && clerkIds.length === 0 ? null : { kitId, clerkIds };
  }

  async function writeAnnounced(tourId: number, announced: readonly number[] | null): Promise<void> {
    await trx('tour_services').where('tour_id', tourId).delete();
    const services = [...new Set(announced ?? [])];
    if (services.length > 0) {
      await trx('tour_services').insert(services.map((service_id) => ({ tour_id: tourId, service_id })));
    }
  }

  async function writeStops(tourId: number, { plan, instants }: TimedPlan): Promise<number[]> {
    // Out of the way of each other first: two stops that change places would both want one position.
    await trx('stops')
      .where('tour_id', tourId)
      .update({ position: trx.raw('-id') });
    const rows = await trx<{ id: number; tour_id: number }>('stops').where('tour_id', tourId).select('id');
    const known = new Set(rows.map(({ id }) => id));
    const stopIds: number[] = [];
    for (const [index, stop] of plan.stops.entries()) {
      const instant = instants[index];
      if (instant === undefined) throw new RangeError(`no instants of stop ${index}`);
      const columns = {
        position: index + 1,
        venue_id: stop.venueId,
        from_minute: stop.fromMinute,
        to_minute: stop.toMinute,
        starts_at: instant.startsAt,
        ends_at: instant.endsAt,
        set_up_minutes: stop.setUpMinutes,
        tear_down_minutes: stop.tearDownMinutes,
      };
      const stopId =
        stop.id !== null && known.has(stop.id)
          ? await updateStop(stop.id, columns)
          : await insertOne(trx, 'stops', { ...columns, tour_id: tourId, date: plan.date, kind: 'public' });
      await writeCounters(tourId, stopId, stop.counters, plan.clerkIds);
      stopIds.push(stopId);
    }
    return stopIds;
  }

  async function updateStop(stopId: number, columns: object): Promise<number> {
    await trx('stops').where('id', stopId).update(columns);
    return stopId;
  }

  /** Counter n is staffed by the n-th of the crew; who stands there twice staffs the first. */
  async function writeCounters(
    tourId: number,
    stopId: number,
    counters: number,
    crew: readonly number[],
  ): Promise<void> {
    if (counters === 0) return;
    const rows = Array.from({ length: counters }, (_, index) => {
      const clerk = crew[index];
      return {
        stop_id: stopId,
        counter: index + 1,
        tour_id: tourId,
        clerk_id: clerk === undefined || crew.indexOf(clerk) < index ? null : clerk,
      };
    });
    await trx('stop_counters').insert(rows).onConflict(['stop_id', 'counter']).merge(['clerk_id']);
  }

  return { dismissCrew, writeCrew, writeAnnounced, writeStops };
}

/** Removes the counters and stops that are not to be kept. */
async function tidy(
  trx: Knex.Transaction,
  tourId: number,
  keep: readonly { stopId: number; counters: number }[],
  now: Instant,
): Promise<void> {
  for (const { stopId, counters } of keep) {
    // Whoever is still at a counter that goes has been cancelled: which counter it was no longer matters.
    await trx('appointments').where('stop_id', stopId).where('counter', '>', counters).update({ counter: 1 });
    await trx('counter_ticks').where('stop_id', stopId).where('counter', '>', counters).delete();
    await trx('stop_counters').where('stop_id', stopId).where('counter', '>', counters).delete();
  }
  const kept = keep.map(({ stopId }) => stopId);
  const gone = await trx('stops').where('tour_id', tourId).whereNotIn('id', kept).select<StopRow[]>('*');
  for (const stop of gone) {
    await keepRecord(trx, stop, now);
    await trx('counter_ticks').where('stop_id', stop.id).delete();
    await trx('stop_counters').where('stop_id', stop.id).delete();
    await trx('stops').where('id', stop.id).delete();
  }
}

interface StopRow {
  id: number;
  tour_id: number;
  date: LocalDate;
  from_minute: MinuteOfDay;
  [column: string]: unknown;
}

/** Appointments that were cancelled or are over keep a stop to refer to: a copy, on a cancelled tour of its own. */
async function keepRecord(trx: Knex.Transaction, stop: StopRow, now: Instant): Promise<void> {
  const left = await trx<{ id: number; stop_id: number }>('appointments').where('stop_id', stop.id).first('id');
  if (left === undefined) return;

  const tour = await trx<{ id: number; municipality_id: number }>('tours')
    .where('id', stop.tour_id)
    .first('municipality_id');
  const remainsId = await insertOne(trx, 'tours', {
    municipality_id: tour?.municipality_id,
    date: stop.date,
    state: 'cancelled',
    version: REMAINS_VERSION,
    created_at: now,
    cancelled_at: now,
  });
  const { id, ...columns } = stop;
  const copyId = await insertOne(trx, 'stops', { ...columns, tour_id: remainsId, position: 1 });
  const counters = await trx<{ stop_id: number; counter: number }>('stop_counters')
    .where('stop_id', id)
    .select('counter');
  await trx('stop_counters').insert(
    counters.map(({ counter }) => ({ stop_id: copyId, counter, tour_id: remainsId, clerk_id: null })),
  );
  await trx('appointments').where('stop_id', id).update({ stop_id: copyId });
  await trx('counter_ticks').where('stop_id', id).whereNotNull('appointment_id').update({ stop_id: copyId });
}

import type { Knex } from 'knex';
import { isPostgres, type Database } from '../../server/data/knex.ts';
import { addDays, type LocalDate } from '../../server/domain/time.ts';
import { DEMO_CAPABILITIES } from '../../server/demo/serviceParts.ts';
import { DEMO_SERVICES } from '../../server/demo/services.ts';
import { createZone } from '../../server/zone.ts';
import { createRandom } from './support.ts';

/*
 * An office as large as a federal state, for measuring: municipalities on a square of 136 km (as dense as in Saxony),
 * five venues in each, visited once a week for three hours. The first weeks are nearly full, over a year a third of the
 * time is taken, in appointments of realistic lengths. The same statements serve both databases.
 */

/** A Monday; the clock of the benchmarks stands at seven o'clock of this day. */
export const FIRST_DAY: LocalDate = '2026-11-23';
export const NOW = createZone('Europe/Berlin').instantAt(FIRST_DAY, 7 * 60);

export const VENUES_EACH = 5;
/** Length of a stop in ticks of five minutes. */
const STOP_TICKS = 36;

export interface StateOptions {
  municipalities: number;
  /** How far ahead may be booked, in days. */
  horizonDays: number;
  /** Searchable places in each municipality. */
  placesEach: number;
}

async function insertRows(trx: Knex, table: string, rows: readonly object[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 500) {
    await trx(table).insert(rows.slice(i, i + 500));
  }
}

/** One transaction in which foreign keys are not checked row by row: what is inserted here refers to what is there. */
async function inBulk(database: Database, work: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  const { writer, kind } = database;
  if (kind === 'sqlite') {
    await writer.raw('PRAGMA foreign_keys = OFF');
  }
  await writer.transaction(async (trx) => {
    if (kind === 'postgres') {
      await trx.raw("set local session_replication_role = 'replica'");
    }
    await work(trx);
  });
  if (kind === 'sqlite') {
    await writer.raw('PRAGMA foreign_keys = ON');
  } else {
    for (const table of ['municipalities', 'places', 'venues', 'kits', 'clerks', 'tours', 'stops', 'appointments']) {
      await writer.raw(
        `select setval(pg_get_serial_sequence('${table}', 'id'), (select coalesce(max(id), 1) from ${table}))`,
      );
    }
    await writer.raw('vacuum analyze');
  }
}

const BEGINNINGS = [
  'Alt',
  'Neu',
  'Ober',
  'Nieder',
  'Klein',
  'Groß',
  'Wald',
  'Lang',
  'Schön',
  'Hohen',
  'Lichten',
  'Rein',
];
const ENDINGS = ['bach', 'berg', 'dorf', 'feld', 'hain', 'walde', 'stein', 'tal', 'au', 'brunn', 'kirchen', 'roda'];

/** Municipalities, places, venues, services, kits and clerks. */
export async function seedState(database: Database, options: StateOptions): Promise<void> {
  const random = createRandom(1);
  const side = Math.ceil(Math.sqrt(options.municipalities));
  const numbers = Array.from({ length: options.municipalities }, (_, index) => index);
  const name = (n: number): string =>
    `${BEGINNINGS[n % 12]}${['', 'en', 'er', 'els'][Math.floor(n / 144) % 4]}${ENDINGS[Math.floor(n / 12) % 12]}`;
  const towns = numbers.map((index) => ({
    id: index + 1,
    name: name(index),
    lat: 50.3 + (1.222 / side) * (Math.floor(index / side) + random()),
    lon: 12 + (1.93 / side) * ((index % side) + random()),
  }));
  const near = (at: { lat: number; lon: number }) => ({
    lat: at.lat + (random() - 0.5) * 0.06,
    lon: at.lon + (random() - 0.5) * 0.09,
  });

  await inBulk(database, async (trx) => {
    await insertRows(
      trx,
      'municipalities',
      towns.map((town) => ({
        ...town,
        slug: `gemeinde-${town.id}`,
        ags: String(14_000_000 + town.id),
        office_name: `Stadt ${town.name}`,
        horizon_days: options.horizonDays,
      })),
    );
    await insertRows(
      trx,
      'places',
      towns.flatMap((town) =>
        Array.from({ length: options.placesEach }, (_, index) => ({
          name: index === 0 ? town.name : name(town.id * 31 + index * 17),
          municipality: town.name,
          kind: index === 0 ? 'town' : 'village',
          postcode: `0${4000 + town.id}`,
          ...near(town),
          population: index === 0 ? 5_000 + town.id : null,
          source: 'bench',
        })),
      ),
    );
    await insertRows(
      trx,
      'venues',
      towns.flatMap((town) =>
        Array.from({ length: VENUES_EACH }, (_, index) => ({
          id: (town.id - 1) * VENUES_EACH + index + 1,
          municipality_id: town.id,
          slug: `ort-${town.id}-${index}`,
          name: 'Bürgerhaus',
          locality: name(town.id * 31 + index * 17),
          street: `Am Anger ${index + 1}`,
          postcode: `0${4000 + town.id}`,
          city: town.name,
          step_free: index % 3 !== 0,
          ...near(town),
        })),
      ),
    );
    await insertRows(
      trx,
      'capabilities',
      DEMO_CAPABILITIES.map((code) => ({ code })),
    );
    await insertServices(trx);
    await insertCrews(trx, towns);
  });
}

async function insertServices(trx: Knex): Promise<void> {
  await insertRows(
    trx,
    'services',
    DEMO_SERVICES.map((service, index) => ({
      id: index + 1,
      slug: service.slug,
      leika_key: service.leikaKey,
      category: service.category,
      position: index + 1,
      minutes: service.minutes,
      home_minutes: service.homeMinutes,
      in_person: service.inPerson,
    })),
  );
  const each = <Row>(rows: (service: (typeof DEMO_SERVICES)[number], id: number) => Row[]): Row[] =>
    DEMO_SERVICES.flatMap((service, index) => rows(service, index + 1));
  await insertRows(
    trx,
    'service_texts',
    each((service, service_id) => [{ service_id, locale: 'de', name: service.de.name }]),
  );
  await insertRows(
    trx,
    'service_needs',
    each((service, service_id) => service.needs.map((capability) => ({ service_id, capability }))),
  );
  await insertRows(
    trx,
    'service_fees',
    each(({ fee }, service_id) => [
      { service_id, valid_from: fee.validFrom, amount_cents: fee.cents, legal_basis: fee.legalBasis },
    ]),
  );
}

/** Two kits and two clerks each; the second kit of every fourth municipality can't take fingerprints. */
async function insertCrews(trx: Knex, towns: readonly { id: number; lat: number; lon: number }[]): Promise<void> {
  const pairs = towns.flatMap((town) => [1, 2].map((which) => ({ town, which, id: town.id * 2 - 2 + which })));
  await insertRows(
    trx,
    'depots',
    towns.map(({ id, lat, lon }) => ({ id, municipality_id: id, name: 'Rathaus', lat, lon })),
  );
  await insertRows(
    trx,
    'kits',
    pairs.map(({ town, which, id }) => ({
      id,
      municipality_id: town.id,
      name: `Koffer ${town.id}/${which}`,
      depot_id: town.id,
    })),
  );
  await insertRows(
    trx,
    'kit_capabilities',
    pairs.flatMap(({ town, which, id }) =>
      DEMO_CAPABILITIES.filter((code) => which === 1 || town.id % 4 !== 0 || code !== 'fingerprint_scanner').map(
        (capability) => ({ kit_id: id, capability }),
      ),
    ),
  );
  await insertRows(
    trx,
    'clerks',
    pairs.map(({ town, which, id }) => ({ id, municipality_id: town.id, name: `Kraft ${town.id}/${which}` })),
  );
  await insertRows(
    trx,
    'clerk_qualifications',
    pairs.flatMap(({ which, id }) =>
      DEMO_SERVICES.flatMap(({ slug }, index) =>
        which === 1 || !slug.endsWith('reisepass') ? [{ clerk_id: id, service_id: index + 1 }] : [],
      ),
    ),
  );
}

/** How a counter may be booked: first tick from the beginning of the stop, length. */
function patternsOf(taken: number, first: number, count: number, random: () => number) {
  const lengths = [2, 2, 3, 3, 4, 6];
  return Array.from({ length: count }, (_, index) => {
    const parts: number[] = [];
    for (let left = taken; left > 0;) {
      const length = Math.min(left, lengths[Math.floor(random() * lengths.length)] ?? 2);
      parts.push(length);
      left -= length;
    }
    let free = STOP_TICKS - taken;
    let tick = 0;
    return parts.map((ticks) => {
      const pause = Math.floor(random() ** 2 * (free + 1));
      free -= pause;
      const start = tick + pause;
      tick = start + ticks;
      return { pattern: first + index, start, ticks };
    });
  }).flat();
}

const PATTERNS = 24;

/**
 * Tours, stops, counters and, where `taken`, appointments of the weeks from `fromWeek` (inclusive, counted from 0) to
 * `toWeek` (exclusive). Call it with ascending weeks. A third of the time is taken, in the first `fullWeeks` nearly all.
 */
export async function seedWeeks(
  database: Database,
  fromWeek: number,
  toWeek: number,
  taken: boolean,
  fullWeeks = 0,
): Promise<void> {
  const zone = createZone('Europe/Berlin');
  const random = createRandom(2);
  await inBulk(database, async (trx) => {
    await trx.raw('create temporary table days (week integer, weekday integer, date varchar(10), midnight bigint)');
    await insertRows(
      trx,
      'days',
      Array.from({ length: (toWeek - fromWeek) * 7 }, (_, index) => {
        const date = addDays(FIRST_DAY, fromWeek * 7 + index);
        return {
          week: fromWeek + Math.floor(index / 7),
          weekday: index % 7,
          date,
          midnight: zone.instantAt(date, 12 * 60) - 12 * 60 * 60_000,
        };
      }),
    );
    await analyze(trx, 'days');
    await trx.raw(
      'create temporary table visits (id integer, venue_id integer, municipality_id integer, date varchar(10), ' +
        'midnight bigint, from_minute integer, week integer, counters integer)',
    );
    await trx.raw(
      `insert into visits
       select (select coalesce(max(id), 0) from stops) + row_number() over (order by d.date, v.id), v.id,
         v.municipality_id, d.date, d.midnight, 540 + 60 * ((v.id + d.week) % 5), d.week,
         case when v.id % ${VENUES_EACH} = 0 then 2 else 1 end
       from venues v join days d on d.weekday = v.id % ${VENUES_EACH}`,
    );
    await analyze(trx, 'visits');
    await trx.raw(
      `insert into tours (id, municipality_id, date, state, created_at, published_at)
       select id, municipality_id, date, 'published', 0, 0 from visits`,
    );
    await trx.raw(
      `insert into tour_kits (tour_id, date, kit_id) select id, date, municipality_id * 2 - 1 + week % 2 from visits`,
    );
    await trx.raw(
      `insert into tour_clerks (tour_id, date, clerk_id)
       select id, date, municipality_id * 2 - 1 from visits
       union all select id, date, municipality_id * 2 from visits where counters = 2`,
    );
    await trx.raw(
      `insert into stops (id, tour_id, date, position, kind, venue_id, from_minute, to_minute, starts_at, ends_at,
         set_up_minutes, tear_down_minutes)
       select id, id, date, 1, 'public', venue_id, from_minute, from_minute + ${STOP_TICKS * 5},
         midnight + from_minute * 60000, midnight + (from_minute + ${STOP_TICKS * 5}) * 60000, 20, 15 from visits`,
    );
    await trx.raw(
      `insert into stop_counters (stop_id, counter, tour_id, clerk_id)
       select id, 1, id, municipality_id * 2 - 1 from visits
       union all select id, 2, id, municipality_id * 2 from visits where counters = 2`,
    );
    if (taken) {
      await insertAppointments(trx, random, fullWeeks);
    }
    await trx.raw('drop table visits');
    await trx.raw('drop table days');
  });
}

/** PostgreSQL plans badly for tables just filled. SQLite is left without statistics, as the running program has it. */
async function analyze(trx: Knex, table: string): Promise<void> {
  if (isPostgres(trx)) {
    await trx.raw(`analyze ${table}`);
  }
}

async function insertAppointments(trx: Knex, random: () => number, fullWeeks: number): Promise<void> {
  await trx.raw('create temporary table patterns (pattern integer, start integer, ticks integer)');
  await insertRows(trx, 'patterns', [
    ...patternsOf(32, 0, PATTERNS, random),
    ...patternsOf(STOP_TICKS / 3, PATTERNS, PATTERNS, random),
  ]);
  await analyze(trx, 'patterns');
  await analyze(trx, 'stop_counters');
  const id = '(select coalesce(max(id), 0) from appointments) + row_number() over (order by v.id, c.counter, p.start)';
  await trx.raw(
    `insert into appointments (id, reference, secret, state, channel, stop_id, counter, date, start_tick, ticks,
       starts_at, ends_at, locale, family_name, family_key, contact_kind, created_at, confirmed_at)
     select id, 'B' || id, 'bench-' || id, 'confirmed', 'online', stop_id, counter, date, tick, ticks,
       midnight + tick * 300000, midnight + (tick + ticks) * 300000, 'de', 'Muster', 'muster', 'none', 0, 0
     from (select ${id} as id, c.stop_id, c.counter, v.date, v.midnight, v.from_minute / 5 + p.start as tick, p.ticks
           from visits v join stop_counters c on c.stop_id = v.id
           join patterns p on p.pattern = (v.id * 7 + c.counter * 5) % ${PATTERNS}
             + case when v.week < ${fullWeeks} then 0 else ${PATTERNS} end) as booked`,
  );
  await analyze(trx, 'appointments');
  await trx.raw(
    `insert into counter_ticks (stop_id, counter, tick, appointment_id)
     with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < 5)
     select a.stop_id, a.counter, a.start_tick + n, a.id from appointments a join numbers on n < a.ticks
     where a.stop_id in (select id from visits)`,
  );
  await trx.raw('drop table patterns');
}

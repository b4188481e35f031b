import type { Knex } from 'knex';
import { addDays, weekdayOf, type LocalDate, type MinuteOfDay } from '../domain/time.ts';
import type { Zone } from '../zone.ts';
import { isOpenDay } from './tours.ts';

/*
 * What planning by hand looks at in the demonstration: working time of the clerks, opening windows and checklists of the
 * venues, an absence that makes one tour impossible, and a draft that waits to be finished. All of it is invented.
 */

type Span = readonly [weekday: number, from: string, to: string];

/** In the order of DEMO_CLERKS. Their tours lie within. */
const HOURS: readonly (readonly Span[])[] = [
  [
    [1, '10:00', '19:00'],
    [2, '08:00', '13:00'],
    [3, '08:00', '16:30'],
    [4, '08:00', '14:00'],
    [5, '08:00', '13:00'],
    [6, '08:00', '13:00'],
  ],
  [
    [1, '08:00', '16:00'],
    [2, '08:00', '16:00'],
    [3, '09:00', '18:00'],
    [4, '08:00', '16:00'],
    [5, '08:00', '14:30'],
  ],
  [
    [1, '11:00', '19:00'],
    [3, '08:30', '14:00'],
    [4, '08:00', '16:30'],
    [5, '11:00', '17:00'],
  ],
  [
    [1, '08:00', '16:00'],
    [2, '10:00', '17:30'],
    [3, '08:00', '16:00'],
    [4, '10:00', '18:00'],
    [5, '10:00', '17:30'],
  ],
];

interface VenueFacts {
  readonly slug: string;
  readonly windows: readonly Span[];
  readonly socket: boolean | null;
  readonly table: boolean | null;
  readonly signal: boolean | null;
  readonly note: string | null;
  readonly contact: { readonly name: string; readonly phone: string } | null;
}

/** Venues of which more is known; of the others it is not. */
const VENUE_FACTS: readonly VenueFacts[] = [
  {
    slug: 'meerane-stadtbibliothek',
    windows: [
      [1, '10:00', '18:30'],
      [2, '10:00', '18:30'],
      [4, '10:00', '18:30'],
      [5, '10:00', '18:30'],
      [6, '08:30', '13:00'],
    ],
    socket: true,
    table: true,
    signal: true,
    note: 'Zwei Tische stehen im Lesesaal bereit; den WLAN-Schlüssel gibt es an der Ausleihe.',
    contact: { name: 'Frau Tanne (Ausleihe)', phone: '03764 000001' },
  },
  {
    slug: 'meerane-seniorenzentrum-lindenhof',
    windows: [
      [1, '09:00', '17:00'],
      [2, '09:00', '17:00'],
      [3, '09:00', '17:00'],
      [4, '09:00', '17:00'],
      [5, '09:00', '15:00'],
    ],
    socket: true,
    table: true,
    signal: true,
    note: 'Mittagsruhe von 12 bis 13 Uhr: Gemeinschaftsraum erst danach aufbauen.',
    contact: { name: 'Herr Ahorn (Empfang)', phone: '03764 000002' },
  },
  {
    slug: 'tettau-dorfgemeinschaftshaus',
    windows: [],
    socket: true,
    table: true,
    signal: false,
    note: 'Kein Mobilfunk im Saal: LTE-Antenne ans Fenster stellen. Schlüssel zwei Tage vorher bestellen.',
    contact: { name: 'Familie Linde (Schlüssel)', phone: '03764 000003' },
  },
  {
    slug: 'koethel-feuerwehrhaus',
    windows: [],
    socket: true,
    table: false,
    signal: true,
    note: 'Klapptisch mitbringen.',
    contact: null,
  },
];

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

function spans(rows: readonly Span[]): { weekday: number; from_minute: number; to_minute: number }[] {
  return rows.map(([weekday, from, to]) => ({ weekday, from_minute: minuteOf(from), to_minute: minuteOf(to) }));
}

/**
 * Fills in what is known of clerks and venues.
 * @param clerkIds in the order of DEMO_CLERKS
 */
export async function insertPlanningFacts(trx: Knex.Transaction, clerkIds: readonly number[]): Promise<void> {
  for (const [index, clerk_id] of clerkIds.entries()) {
    const rows = spans(HOURS[index] ?? []);
    if (rows.length > 0) await trx('clerk_hours').insert(rows.map((row) => ({ clerk_id, ...row })));
  }
  for (const facts of VENUE_FACTS) {
    const venue = await trx<{ id: number; slug: string }>('venues').where('slug', facts.slug).first('id');
    if (venue === undefined) continue;
    await trx('venues')
      .where('id', venue.id)
      .update({
        has_socket: facts.socket,
        has_table: facts.table,
        has_signal: facts.signal,
        checklist_note: facts.note,
        contact_name: facts.contact?.name ?? null,
        contact_phone: facts.contact?.phone ?? null,
      });
    const rows = spans(facts.windows);
    if (rows.length > 0) await trx('venue_opening_windows').insert(rows.map((row) => ({ venue_id: venue.id, ...row })));
  }
}

/** How far ahead the impossible tour and the drafts lie at least, in days: nobody has to hurry to see them. */
const AHEAD = 4;

/**
 * Gives the board something to decide: a clerk is not there on the day of one of their tours, and two drafts have neither
 * kit nor crew.
 * @param clerkId whose tour becomes impossible
 */
export async function insertThingsToDecide(
  trx: Knex.Transaction,
  { today, clerkId, now }: { today: LocalDate; clerkId: number; now: number },
  zone: Zone,
): Promise<void> {
  const tour = await trx<{ date: LocalDate; clerk_id: number }>('tour_clerks')
    .where('clerk_id', clerkId)
    .where('date', '>=', addDays(today, AHEAD))
    .orderBy('date')
    .first('date');
  if (tour !== undefined) {
    await trx('absences').insert({ clerk_id: clerkId, from_date: tour.date, to_date: tour.date, kind: 'away' });
  }

  let date = addDays(today, AHEAD);
  for (const draft of DRAFTS) {
    while (!isOpenDay(date) || weekdayOf(date) > 5) date = addDays(date, 1);
    await insertDraft(trx, draft, date, now, zone);
    date = addDays(date, 1);
  }
}

interface Draft {
  readonly note: string;
  /** In this order; the first begins at `from`, each lasts so many minutes. */
  readonly venues: readonly string[];
  readonly from: MinuteOfDay;
  readonly minutes: number;
  readonly pause: number;
}

/** One that lacks crew and kit, and one that drives to and fro: its order can be improved. */
const DRAFTS: readonly Draft[] = [
  {
    note: 'Ortschaftsrat wünscht einen Vormittag. Wer kann?',
    venues: ['waldsachsen-alte-schule'],
    from: 540,
    minutes: 180,
    pause: 0,
  },
  {
    note: 'Vier Dörfer an einem Tag: Die Reihenfolge ist noch nicht die beste.',
    venues: [
      'tettau-dorfgemeinschaftshaus',
      'waldsachsen-alte-schule',
      'pfaffroda-buergerhaus',
      'seiferitz-vereinshaus',
    ],
    from: 510,
    minutes: 60,
    pause: 65,
  },
];

async function insertDraft(
  trx: Knex.Transaction,
  { note, venues, from, minutes, pause }: Draft,
  date: LocalDate,
  now: number,
  zone: Zone,
): Promise<void> {
  const found = await trx<{ id: number; municipality_id: number; slug: string }>('venues')
    .whereIn('slug', [...venues])
    .select('id', 'municipality_id', 'slug');
  const inOrder = venues.flatMap((slug) => found.find((venue) => venue.slug === slug) ?? []);
  const meerane = await trx<{ id: number; slug: string }>('municipalities').where('slug', 'meerane').first('id');
  const depot = await trx<{ id: number; municipality_id: number }>('depots')
    .where('municipality_id', meerane?.id ?? 0)
    .first('id');
  if (meerane === undefined || inOrder.length === 0) return;
  const [draft]: { id: number }[] = await trx('tours').insert(
    { municipality_id: meerane.id, date, state: 'draft', created_at: now, depot_id: depot?.id ?? null, note },
    ['id'],
  );
  if (draft === undefined) return;
  for (const [index, venue] of inOrder.entries()) {
    const from_minute = from + index * (minutes + pause);
    const [stop]: { id: number }[] = await trx('stops').insert(
      {
        tour_id: draft.id,
        date,
        position: index + 1,
        kind: 'public',
        venue_id: venue.id,
        from_minute,
        to_minute: from_minute + minutes,
        starts_at: zone.instantAt(date, from_minute),
        ends_at: zone.instantAt(date, from_minute + minutes),
        set_up_minutes: 20,
        tear_down_minutes: 15,
      },
      ['id'],
    );
    if (stop !== undefined) {
      await trx('stop_counters').insert({ stop_id: stop.id, counter: 1, tour_id: draft.id, clerk_id: null });
    }
  }
}

import { isHoliday } from 'feiertagejs';
import type { Knex } from 'knex';
import { callbackDue, isServiceDay, type LocalMoment } from '../domain/hotline/callbackDue.ts';
import type { LetterKind } from '../domain/hotline/letters.ts';
import { addDays, MILLISECONDS_PER_MINUTE } from '../domain/time.ts';
import type { Instant, LocalDate } from '../domain/time.ts';
import type { Zone } from '../zone.ts';
import type { NewStop } from './seedTours.ts';
import type { DemoMunicipalitySlug } from './venues.ts';

/*
 * What agents of the hotline find to do: letters that wait to be printed, call-backs, and notes for the crew. All people
 * are invented. The numbers are from the range that the Bundesnetzagentur keeps free for films and books, (0)30 23125 000
 * to 999 (Mitteilung 148/2021, Amtsblatt 7/2021): nobody can be reached there.
 */

/** A letter comes days before the visit. */
const LETTER_AHEAD_DAYS = 4;

interface DemoLetter {
  readonly municipality: DemoMunicipalitySlug;
  readonly kind: LetterKind;
  /** Since when it waits, in minutes before the seeding. */
  readonly minutesAgo: number;
  readonly address: { extra: string | null; street: string; postcode: string; city: string };
}

const LETTERS: readonly DemoLetter[] = [
  {
    municipality: 'meerane',
    kind: 'confirmed',
    minutesAgo: 190,
    address: { extra: null, street: 'Musterweg 12', postcode: '08393', city: 'Meerane' },
  },
  {
    municipality: 'meerane',
    kind: 'moved',
    minutesAgo: 75,
    address: { extra: 'bei Familie Beispiel', street: 'Am Musterberg 3a', postcode: '08393', city: 'Meerane' },
  },
  {
    municipality: 'schoenberg',
    kind: 'confirmed',
    minutesAgo: 130,
    address: { extra: null, street: 'Beispielgasse 7', postcode: '08393', city: 'Schönberg' },
  },
  {
    municipality: 'schoenberg',
    kind: 'cancelled',
    minutesAgo: 35,
    address: { extra: 'Hinterhaus', street: 'Probeweg 21', postcode: '08393', city: 'Schönberg' },
  },
];

/** Of letters about a change: when the first one was queued and printed, in minutes before the seeding. */
const FIRST_LETTER = { queued: 6 * 1440, printed: 5 * 1440 } as const;

const NOTES: readonly { text: string; minutesAgo: number }[] = [
  { text: 'Kommt mit der Tochter, die beim Ausfüllen hilft.', minutesAgo: 20 * 60 },
  { text: 'Wird gebracht und wartet am Eingang: bitte aufrufen.', minutesAgo: 50 },
];

interface Occasion {
  readonly now: Instant;
  /** The stops that have just been made, with the bookings there. */
  readonly stops: readonly NewStop[];
  /** Whose appointments get the notes; undefined: anybody's. */
  readonly clerkId: number | undefined;
}

/** Gives agents something to do, relative to now; into a new demonstration only. */
export async function insertHotlineWork(trx: Knex.Transaction, occasion: Occasion, zone: Zone): Promise<void> {
  const municipalities = await trx<{ id: number; slug: string }>('municipalities').select('id', 'slug');
  const municipalityId = (slug: string): number => municipalities.find((one) => one.slug === slug)?.id ?? 0;
  const agent = await userOf(trx, 'hotline@koffertour.example');
  const planner = await userOf(trx, 'planung@koffertour.example');

  await insertLetters(trx, occasion, { municipalityId, planner }, zone);
  await insertNotes(trx, occasion, agent);
  await trx('callbacks').insert(
    demoCallbacks(occasion.now, { agent, planner }, zone).map(({ municipality, ...row }) => ({
      municipality_id: municipalityId(municipality),
      ...row,
    })),
  );
}

async function userOf(trx: Knex.Transaction, email: string): Promise<number | null> {
  return (await trx<{ id: number; email: string }>('users').where('email', email).first('id'))?.id ?? null;
}

async function insertLetters(
  trx: Knex.Transaction,
  { now, stops }: Occasion,
  { municipalityId, planner }: { municipalityId: (slug: string) => number; planner: number | null },
  zone: Zone,
): Promise<void> {
  // Where the demonstration shows a full stop, it stays one when somebody cancels.
  const usual = stops.filter(({ demand }) => demand === 'usual').map(({ id }) => id);
  const first = addDays(zone.local(now).date, LETTER_AHEAD_DAYS);
  const candidates = await trx('appointments')
    .join('stops', 'stops.id', 'appointments.stop_id')
    .join('venues', 'venues.id', 'stops.venue_id')
    .where({ 'appointments.channel': 'hotline', 'appointments.locale': 'de', 'appointments.contact_kind': 'none' })
    .where('appointments.date', '>=', first)
    .whereIn('stops.id', usual)
    .orderBy(['appointments.starts_at', 'appointments.id'])
    .select<{ id: number; municipality_id: number }[]>('appointments.id', 'venues.municipality_id');
  const used = new Set<number>();
  for (const letter of LETTERS) {
    const found = candidates.find(
      ({ id, municipality_id }) => !used.has(id) && municipality_id === municipalityId(letter.municipality),
    );
    if (found === undefined) continue;
    used.add(found.id);
    await insertLetter(trx, found.id, letter, { now, planner });
  }
}

async function insertLetter(
  trx: Knex.Transaction,
  appointment_id: number,
  { kind, minutesAgo, address }: DemoLetter,
  { now, planner }: { now: Instant; planner: number | null },
): Promise<void> {
  const at = now - minutesAgo * MILLISECONDS_PER_MINUTE;
  const bookedAt = kind === 'confirmed' ? at : now - FIRST_LETTER.queued * MILLISECONDS_PER_MINUTE;
  await trx('letter_addresses').insert({ appointment_id, ...address });
  if (kind !== 'confirmed') {
    await trx('letters').insert({
      appointment_id,
      kind: 'confirmed',
      created_at: bookedAt,
      printed_at: now - FIRST_LETTER.printed * MILLISECONDS_PER_MINUTE,
      printed_by: planner,
    });
  }
  await trx('letters').insert({ appointment_id, kind, created_at: at });
  await trx('appointments')
    .where('id', appointment_id)
    .update({
      created_at: bookedAt - 4 * MILLISECONDS_PER_MINUTE,
      confirmed_at: bookedAt,
      ...(kind === 'confirmed' ? {} : { sequence: 1 }),
      ...(kind === 'cancelled' ? { state: 'cancelled', cancelled_at: at } : {}),
    });
  if (kind === 'cancelled') await trx('counter_ticks').where({ appointment_id }).delete();
}

/** On the next appointments of the clerk whose day the demonstration shows. */
async function insertNotes(trx: Knex.Transaction, { now, clerkId }: Occasion, user_id: number | null): Promise<void> {
  const coming = trx('appointments')
    .join('stop_counters', (on) => {
      on.on('stop_counters.stop_id', 'appointments.stop_id').andOn('stop_counters.counter', 'appointments.counter');
    })
    .where('appointments.state', 'confirmed')
    .where('appointments.starts_at', '>', now)
    .orderBy(['appointments.starts_at', 'appointments.id'])
    .limit(NOTES.length)
    .select<{ id: number }[]>('appointments.id');
  if (clerkId !== undefined) void coming.where('stop_counters.clerk_id', clerkId);
  for (const [index, { id }] of (await coming).entries()) {
    const note = NOTES[index];
    if (note === undefined) continue;
    const at = now - note.minutesAgo * MILLISECONDS_PER_MINUTE;
    await trx('appointment_notes').insert({ appointment_id: id, text: note.text, at, user_id });
  }
}

/** Where there is none, nobody of the demonstration has noted, taken or done it. */
interface Staff {
  readonly agent: number | null;
  readonly planner: number | null;
}

interface DemoCallback {
  readonly municipality: DemoMunicipalitySlug;
  readonly name: string | null;
  readonly phone: string;
  readonly reason: string;
  readonly created_at: Instant;
  readonly created_by: number | null;
  readonly due_at: Instant;
  readonly taken_at: Instant | null;
  readonly taken_by: number | null;
  readonly done_at: Instant | null;
  readonly done_by: number | null;
}

/** One that is overdue, one that is due next, one that somebody has taken, and one that is done. */
export function demoCallbacks(now: Instant, { agent, planner }: Staff, zone: Zone): DemoCallback[] {
  const at = ({ date, minute }: LocalMoment): Instant => zone.instantAt(date, minute);
  const today = zone.local(now).date;
  const yesterday = workingDayBefore(today);
  const overdue: LocalMoment = { date: workingDayBefore(yesterday), minute: 10 * 60 + 20 };
  const next = nextDue(zone.local(now));
  const taken = servedBefore(zone.local(now - 80 * MILLISECONDS_PER_MINUTE));
  const done = servedBefore(zone.local(now - 5 * 60 * MILLISECONDS_PER_MINUTE));
  const noted = (moment: LocalMoment) => ({
    created_at: at(moment),
    created_by: agent,
    due_at: at(callbackDue(moment, isWorkingDay)),
    taken_at: null,
    taken_by: null,
    done_at: null,
    done_by: null,
  });
  const doneAt = now - 50 * MILLISECONDS_PER_MINUTE;
  return [
    {
      ...noted(overdue),
      municipality: 'meerane',
      name: 'Rosa Platzhalter',
      phone: '030 23125 114',
      reason: 'Ausweis für ein Kind, das beim Vater wohnt: Wer muss unterschreiben?',
    },
    {
      ...noted({ date: workingDayBefore(next.date), minute: next.minute }),
      municipality: 'schoenberg',
      name: 'Otto Niemand',
      phone: '030 23125 227',
      reason: 'Kommt der Koffer im nächsten Monat wieder nach Pfaffroda?',
    },
    {
      ...noted(taken),
      municipality: 'meerane',
      name: null,
      phone: '030 23125 368',
      reason: 'Beglaubigung eines Zeugnisses auf Englisch: geht das, und was kostet es?',
      taken_at: at(taken) + 25 * MILLISECONDS_PER_MINUTE,
      taken_by: planner,
    },
    {
      ...noted(done),
      municipality: 'schoenberg',
      name: 'Ida Fantasie',
      phone: '030 23125 491',
      reason: 'Der Brief mit dem Termin ist nicht angekommen.',
      taken_at: doneAt - 10 * MILLISECONDS_PER_MINUTE,
      taken_by: agent,
      done_at: doneAt,
      done_by: agent,
    },
  ];
}

/** Later today, at a quarter past five at the latest; else in the morning of the next working day. */
function nextDue({ date, minute }: LocalMoment): LocalMoment {
  const morning = 9 * 60 + 15;
  const later = Math.max(morning, Math.ceil((minute + 45) / 15) * 15);
  if (isWorkingDay(date) && later <= 17 * 60 + 15) return { date, minute: later };
  return { date: workingDayFrom(date, 1), minute: morning };
}

/** This moment while 115 served, else the afternoon of the working day before. */
function servedBefore({ date, minute }: LocalMoment): LocalMoment {
  if (isWorkingDay(date) && minute >= 8 * 60 && minute < 17 * 60) return { date, minute };
  const isEvening = isWorkingDay(date) && minute >= 17 * 60;
  return { date: isEvening ? date : workingDayBefore(date), minute: 15 * 60 + 10 };
}

function isWorkingDay(date: LocalDate): boolean {
  return isServiceDay(date, (one) => isHoliday(one, 'SN'));
}

function workingDayBefore(date: LocalDate): LocalDate {
  return workingDayFrom(date, -1);
}

/** The first working day after (1) or before (-1) a date. */
function workingDayFrom(date: LocalDate, step: 1 | -1): LocalDate {
  let day = addDays(date, step);
  while (!isWorkingDay(day)) day = addDays(day, step);
  return day;
}

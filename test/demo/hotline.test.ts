import { expect } from 'chai';
import { createCallbackRepository } from '../../server/data/callbackRepository.ts';
import { readDirectory } from '../../server/data/directoryRepository.ts';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { createLetterRepository } from '../../server/data/letterRepository.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { demoCallbacks } from '../../server/demo/hotline.ts';
import { seedDemonstration } from '../../server/demo/seed.ts';
import { DEMO_SERVICES } from '../../server/demo/services.ts';
import { DEMO_SYNONYMS } from '../../server/demo/synonyms.ts';
import { foldName } from '../../server/domain/places/fold.ts';
import { addDays, weekdayOf } from '../../server/domain/time.ts';
import {
  canBeFound,
  eachOnce,
  LONGEST_SYNONYM,
  LONGEST_SYNONYMS,
} from '../../server/features/masterData/serviceSynonyms.ts';
import { createZone } from '../../server/zone.ts';
import { describeOnBothDatabases } from '../support/databases.ts';

const zone = createZone('Europe/Berlin');
const HOUR = 3_600_000;

describeOnBothDatabases('the hotline of the demonstration', (open) => {
  const now = zone.instantAt('2026-11-24', 10 * 60 + 17);
  let database: Database;

  before(async () => {
    database = openDatabase((await open()).config);
    await migrateUp(database);
    await seedDemonstration(database, now, zone);
  });
  after(() => database.close());

  it('has letters of two municipalities that wait to be printed, of each kind', async () => {
    const { municipalities, venues } = await readDirectory(database.reader);
    const letters = createLetterRepository(database.reader);
    const found: string[] = [];
    for (const { id, slug } of municipalities.values()) {
      for (const letter of await letters.open(id, now, 100)) {
        found.push(`${slug} ${letter.kind} ${letter.address.city}`);
        expect(letter.state).to.equal(letter.kind === 'cancelled' ? 'cancelled' : 'confirmed');
        expect(letter.createdAt).to.be.lessThan(now);
        expect(letter.date >= addDays('2026-11-24', 4), 'the post takes its time').to.equal(true);
        expect(letter.lines).not.to.deep.equal([]);
        expect(venues.get(letter.venueId ?? 0)?.municipalityId).to.equal(id);
      }
    }
    expect(found.sort()).to.deep.equal([
      'meerane confirmed Meerane',
      'meerane moved Meerane',
      'schoenberg cancelled Schönberg',
      'schoenberg confirmed Schönberg',
    ]);
    const printed = await letters.printed('all', now - 7 * 24 * HOUR, now, 10);
    expect(printed.map(({ kind, printedBy, canRepeat }) => ({ kind, printedBy, canRepeat }))).to.deep.equal(
      [1, 2].map(() => ({ kind: 'confirmed', printedBy: 'Paula Lorenz', canRepeat: false })),
      'whoever is told of a change had a letter before',
    );
  });

  it('has call-backs: one overdue, one due today, one taken, one done', async () => {
    const callbacks = createCallbackRepository(database.reader);
    expect(await callbacks.waiting('all', now)).to.deep.equal({ open: 3, overdue: 1 });
    const { callbacks: waiting } = await callbacks.open('all', 10);
    expect(waiting.map(({ taken }) => taken?.name ?? null).sort()).to.deep.equal(['Paula Lorenz', null, null]);
    expect(waiting.filter(({ dueAt }) => dueAt > now && zone.local(dueAt).date === '2026-11-24')).to.have.length(1);
    const done = await callbacks.doneSince('all', now - 24 * HOUR, 10);
    expect(done.map((one) => one.done?.name)).to.deep.equal(['Heike Uhlig']);
  });

  it('has notes on the next two appointments of the clerk whose day it shows', async () => {
    const clerk = (await database.reader('clerks').where('name', 'Anna Winter').first<{ id: number }>('id'))?.id ?? 0;
    const coming = (await database
      .reader('appointments')
      .join('stop_counters', 'stop_counters.stop_id', 'appointments.stop_id')
      .whereRaw('stop_counters.counter = appointments.counter')
      .where({ 'stop_counters.clerk_id': clerk, 'appointments.state': 'confirmed' })
      .where('appointments.starts_at', '>', now)
      .orderBy(['appointments.starts_at', 'appointments.id'])
      .limit(2)
      .pluck('appointments.id')) as number[];
    const noted = (await database.reader('appointment_notes').orderBy('id').pluck('appointment_id')) as number[];
    expect(noted).to.deep.equal(coming);
  });
});

describe('the call-backs of the demonstration', () => {
  it('are overdue, due, taken and done at whatever time it is started', () => {
    for (let date = '2026-12-17'; date < '2027-01-06'; date = addDays(date, 1)) {
      for (const minute of [0, 7 * 60 + 50, 12 * 60, 17 * 60 + 40]) {
        const now = zone.instantAt(date, minute);
        const rows = demoCallbacks(now, { agent: 1, planner: 2 }, zone);
        const said = `${date} ${minute}`;
        expect(
          rows.map(({ due_at, done_at }) => done_at === null && due_at < now),
          said,
        ).to.deep.equal([true, false, false, false]);
        for (const row of rows) {
          expect(row.phone, 'a number nobody has').to.match(/^030 23125 \d{3}$/);
          expect(row.created_at, said).to.be.lessThan(now);
          expect(row.created_at, said).to.be.lessThan(row.due_at);
          expect(row.taken_at ?? now - 1, said).to.be.within(row.created_at + 1, now - 1);
          expect(row.done_at ?? now - 1, said).to.be.within(now - 24 * HOUR, now - 1);
          for (const instant of [row.created_at, row.due_at]) {
            const local = zone.local(instant);
            expect(weekdayOf(local.date), said).to.be.at.most(5);
            expect(local.minute, said).to.be.within(8 * 60, 18 * 60 - 1);
          }
        }
        if (weekdayOf(date) <= 5 && minute < 16 * 60 && !/-12-2[5]|-01-01/.test(date)) {
          expect(zone.local(rows[1]?.due_at ?? 0).date, said).to.equal(date);
        }
      }
    }
  });
});

describe('the search words of the demonstration', () => {
  it('are there for every service, as the form would take them, and each belongs to one service', () => {
    expect(Object.keys(DEMO_SYNONYMS).sort()).to.deep.equal(DEMO_SERVICES.map(({ slug }) => slug).sort());
    const owner = new Map<string, string>();
    for (const [slug, words] of Object.entries(DEMO_SYNONYMS)) {
      expect(words.length, slug).to.be.at.least(3);
      expect(eachOnce(words), slug).to.deep.equal(words);
      expect(words.join('\n').length, slug).to.be.at.most(LONGEST_SYNONYMS);
      for (const word of words) {
        expect(word).to.equal(word.trim());
        expect(word.length, word).to.be.at.most(LONGEST_SYNONYM);
        expect(canBeFound(word), word).to.equal(true);
        expect(owner.get(foldName(word)) ?? slug, word).to.equal(slug);
        owner.set(foldName(word), slug);
      }
    }
  });
});

import type { Database } from '../data/knex.ts';
import type { Instant } from '../domain/time.ts';
import type { Zone } from '../zone.ts';
import { insertHotlineWork } from './hotline.ts';
import { insertMessages } from './messages.ts';
import { loadOffice } from './office.ts';
import { insertThingsToDecide } from './planning.ts';
import { insertBookings } from './seedBookings.ts';
import { insertMasterData } from './seedMasterData.ts';
import { insertTours, missingTours } from './seedTours.ts';
import { insertDemoUsers } from './users.ts';

/**
 * Fills the database with the demonstration: two municipalities with venues, services, kits and clerks, and published
 * tours with invented bookings from today to eight weeks ahead, both inclusive, messages to those with an e-mail address,
 * and something to do for the hotline.
 *
 * The first call creates everything, a later one only adds the tours that have since come into these eight weeks. What
 * is there stays as it is, whoever made or changed it; a tour that was moved, changed or cancelled does not come back.
 * One transaction; calls at the same time wait for each other.
 *
 * @param now decides what today is and when the invented bookings were made
 * @throws what the database throws; then nothing of it remains
 */
export async function seedDemonstration(database: Database, now: Instant, zone: Zone): Promise<void> {
  await database.unit(async (trx) => {
    // On SQLite the transaction begins with the write lock already.
    if (database.kind === 'postgres') await trx.raw('select pg_advisory_xact_lock(?)', [SEED_LOCK]);

    const meerane = await trx<{ id: number; ags: string }>('municipalities').where({ ags: MEERANE_AGS }).first('id');
    if (meerane === undefined) await insertMasterData(trx);
    await insertDemoUsers(trx, now);
    const office = await loadOffice(trx);
    const tours = await missingTours(trx, office, zone.local(now).date, zone);
    const stops = await insertTours(trx, office, tours, zone);
    const today = zone.local(now).date;
    await insertBookings(trx, office, stops, { now, today, isFirst: meerane === undefined }, zone);
    if (meerane !== undefined) return;

    const awayId = office.clerks[3]?.id;
    if (awayId !== undefined) await insertThingsToDecide(trx, { today, clerkId: awayId, now }, zone);
    await insertMessages(trx, now);
    await insertHotlineWork(trx, { now, stops, clerkId: office.clerks[0]?.id }, zone);
  });
}

/** Any number no other use of advisory locks in this database has. */
const SEED_LOCK = 14_524_190;

const MEERANE_AGS = '14524190';

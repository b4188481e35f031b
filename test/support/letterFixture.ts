import type { Database } from '../../server/data/knex.ts';
import { queueLetter } from '../../server/data/letterQueue.ts';
import type { LetterKind } from '../../server/domain/hotline/letters.ts';
import type { Instant } from '../../server/domain/time.ts';

export interface FixtureAddress {
  extra?: string | null;
  street?: string;
  postcode?: string;
  city?: string;
}

/** Gives an appointment an address and queues a letter about it, as the desk does. @returns the id of the letter */
export async function insertLetter(
  database: Database,
  appointmentId: number,
  now: Instant,
  { kind = 'confirmed', ...address }: FixtureAddress & { kind?: LetterKind } = {},
): Promise<number> {
  const row = {
    appointment_id: appointmentId,
    extra: null,
    street: 'Lindenstraße 4',
    postcode: '08393',
    city: 'Schönberg',
    ...address,
  };
  return database.unit(async (trx) => {
    await trx('letter_addresses').insert(row).onConflict('appointment_id').merge();
    const id = await queueLetter(trx, appointmentId, kind, now, 'office');
    if (id === null) throw new Error(`No letter about appointment ${appointmentId} waits`);
    return id;
  });
}

/** Adds a municipality of its own, with a venue. */
export async function insertNeighbour(database: Database): Promise<{ municipalityId: number; venueId: number }> {
  const insert = async (table: string, row: object): Promise<number> => {
    const [inserted] = await database.writer<{ id: number }>(table).insert(row, ['id']);
    return inserted?.id ?? 0;
  };
  const municipalityId = await insert('municipalities', {
    slug: 'glauchau',
    name: 'Glauchau',
    ags: '14524080',
    office_name: 'Stadt Glauchau',
    postal_address: '',
    lat: 50.82,
    lon: 12.54,
  });
  const venueId = await insert('venues', {
    municipality_id: municipalityId,
    slug: 'glauchau-schloss',
    name: 'Schloss',
    locality: 'Glauchau',
    street: 'Schlossplatz 5',
    postcode: '08371',
    city: 'Glauchau',
    lat: 50.82,
    lon: 12.54,
    step_free: false,
  });
  return { municipalityId, venueId };
}

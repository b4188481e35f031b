import type { RunningApp } from '../support/app.ts';

/** A second municipality that the planner of the first knows nothing of, with one of everything. */
export async function insertNeighbour(app: RunningApp) {
  const { writer } = app.office.database;
  const insert = async (table: string, row: object): Promise<number> => {
    const [inserted] = await writer<{ id: number }>(table).insert(row, ['id']);
    return inserted?.id ?? 0;
  };
  const municipality = await insert('municipalities', {
    slug: 'glauchau',
    name: 'Glauchau',
    ags: '14524080',
    office_name: 'Stadt Glauchau',
    lat: 50.82,
    lon: 12.54,
  });
  const venue = await insert('venues', {
    municipality_id: municipality,
    slug: 'glauchau-rathaus',
    name: 'Rathaus',
    locality: 'Glauchau',
    street: 'Markt 1',
    postcode: '08371',
    city: 'Glauchau',
    lat: 50.82,
    lon: 12.54,
    step_free: true,
  });
  const depot = await insert('depots', { municipality_id: municipality, name: 'Bauhof', lat: 50.82, lon: 12.54 });
  const closing = await insert('closing_days', {
    municipality_id: municipality,
    from_date: '2026-12-20',
    to_date: '2026-12-21',
    reason: 'Umzug',
  });
  return { municipality, venue, depot, closing };
}

import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';

/** Runs so many units, all begun at once, each of which reads a counter and writes it back raised by one. */
const [config, units, seat] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, number, string];
process.once('message', () => {
  const database = openDatabase(config);
  const failures: string[] = [];
  const unit = (index: number): Promise<void> =>
    database
      .unit(async (trx) => {
        const row = await trx<{ value: string }>('office_keys').where('name', 'sum').first();
        await trx('office_keys')
          .where('name', 'sum')
          .update({ value: String(Number(row?.value ?? 0) + 1) });
        await trx('office_keys').insert({ name: `${seat}-${index}`, value: 'done' });
      })
      .catch((error: unknown) => void failures.push(String(error)));
  void Promise.all(Array.from({ length: units }, (_, index) => unit(index)))
    .then(() => database.close())
    .then(() => process.send?.({ failures }))
    .then(() => process.disconnect());
});
process.send?.('ready');

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DatabaseConfig } from '../../server/config.ts';
import type { Database } from '../../server/data/knex.ts';
import { ABANDONED_AFTER, createOsmImports } from '../../server/data/osmImports.ts';
import { importExtract } from '../../server/osm/import.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { sketchFile } from '../support/extracts.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { createTempDir, type TempDir } from '../support/tempDir.ts';
import { importParts, MOMENTS } from './importParts.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const NEVER = new AbortController().signal;

describeOnBothDatabases('An import that is killed', function (open) {
  let database: Database;
  let config: DatabaseConfig;
  let folder: TempDir;
  let dir: string;
  let file: string;

  beforeEach(async () => {
    ({ config } = await open());
    database = await openMigrated(config);
    folder = createTempDir('killed');
    dir = folder.file('osm');
    mkdirSync(dir);
    file = await sketchFile(Buffer.from('extract'));
  });
  afterEach(async () => {
    await database.close();
    folder.remove();
  });

  const importAt = (now: number) =>
    importExtract(
      { file, area: null, dir },
      importParts(database, () => now),
      SILENT,
      NEVER,
    );
  const active = async (): Promise<number | undefined> => (await createOsmImports(database).active())?.id;
  const rowsOf = (id: number) => database.reader('osm_names').where('import_id', id).pluck<number[]>('id');

  for (const moment of [...MOMENTS, 'changeOver'] as const) {
    it(`at "${moment}" loses nothing, and the next one removes what is left of it`, async () => {
      expect(await importAt(NOW)).to.deep.equal({ kind: 'done', id: 1 });
      const child = fork(
        join(import.meta.dirname, 'importChild.ts'),
        [JSON.stringify([config, file, dir, moment, NOW])],
        { execArgv: ['--import', 'tsx'] },
      );
      await once(child, 'message');
      child.kill('SIGKILL');
      await once(child, 'exit');

      // Once it is in use, it is: only what it replaced is still there.
      const isDone = moment === 'changeOver';
      expect(await active()).to.equal(isDone ? 2 : 1);
      expect(await rowsOf(1)).to.have.length(1);
      expect(readdirSync(dir)).to.include('1');

      if (!isDone) expect((await importAt(NOW + 1_000)).kind, 'it may still be alive').to.equal('busy');
      expect((await importAt(NOW + ABANDONED_AFTER)).kind).to.equal('done');
      const last = (await active()) ?? 0;
      expect(last).to.be.greaterThan(isDone ? 2 : 1);
      expect(readdirSync(dir)).to.deep.equal([String(last)]);
      expect(await database.reader('osm_imports').pluck('id')).to.deep.equal([last]);
      expect(await database.reader('osm_names').pluck('import_id')).to.deep.equal([last]);
    });
  }
});

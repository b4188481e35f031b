import { copyFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import { expect } from 'chai';
import { PbfReader } from 'pbf';
import { createExtract } from '../../server/compose/osm.ts';
import { importPorts } from '../../server/compose/osmImport.ts';
import type { DatabaseConfig } from '../../server/config.ts';
import { createAddressRepository } from '../../server/data/addressRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import { createOsmImports } from '../../server/data/osmImports.ts';
import { createTravelRepository } from '../../server/data/travelRepository.ts';
import { unzipped } from '../../server/gateways/tiles/vector.ts';
import { importExtract } from '../../server/osm/import.ts';
import { tileX, tileY } from '../../server/osm/map/grid.ts';
import { LAYERS } from '../../server/osm/map/schema.ts';
import { SILENT, type Progress } from '../../server/osm/progress.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { sketchFile } from '../support/extracts.ts';
import { encodePbf, type Encoded } from '../support/osmEncoder.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { createTempDir, type TempDir } from '../support/tempDir.ts';
import { village } from '../support/village.ts';

const NEVER = new AbortController().signal;

const FROM = { lat: 50.84, lon: 12.4605 };
const TO = { lat: 50.843, lon: 12.466 };

describeOnBothDatabases('Importing an extract', (open) => {
  let database: Database;
  let config: DatabaseConfig;
  let folder: TempDir;
  let dir: string;

  beforeEach(async () => {
    ({ config } = await open());
    database = await openMigrated(config);
    folder = createTempDir('import');
    dir = folder.file('osm');
  });
  afterEach(async () => {
    await database.close();
    folder.remove();
  });

  const ports = (): ReturnType<typeof importPorts> => importPorts({ database, config, now: Date.now, changeOverMs: 0 });
  const importing = async (data: Encoded, progress: Progress = SILENT, stopping: AbortSignal = NEVER) =>
    importExtract({ file: await sketchFile(encodePbf(data)), area: null, dir }, ports(), progress, stopping);
  const warnings: string[] = [];
  const opened = () =>
    createExtract({
      active: () => createOsmImports(database).active(),
      dir,
      cache: createTravelRepository(database),
      now: Date.now,
      log: { info: () => undefined, warn: (_: object, message: string) => warnings.push(message) } as never,
    });

  it('gives roads, addresses and a map, and a running server takes over the next one', async () => {
    const extract = await opened();
    const addresses = createAddressRepository(database.reader);
    expect([extract.map(), extract.travel(), extract.tiles()]).to.deep.equal([null, null, null]);
    expect((await addresses.resolve('Dorfstraße 7')).kind).to.equal('unavailable');

    expect(await importing(village('Dorfstraße'))).to.deep.equal({ kind: 'done', id: 1 });
    await extract.refresh();
    expect(extract.map()).to.include({ kind: 'vector', version: '1', attribution: '© OpenStreetMap-Mitwirkende' });
    const before = await extract.travel()?.ways([FROM, TO]);
    expect(before?.[0]?.streets.map(({ name }) => name)).to.include('Dorfstraße');
    expect((await addresses.resolve('Dorfstr. 7')).kind).to.equal('one');

    expect((await importing(village('Poststraße'))).kind).to.equal('done');
    await extract.refresh();
    expect(extract.map()?.version).to.equal('2');
    const after = await extract.travel()?.ways([FROM, TO]);
    expect(after?.[0]?.streets.map(({ name }) => name)).to.include('Poststraße');
    expect((await addresses.resolve('Dorfstr. 7')).kind).to.not.equal('one');
    expect((await addresses.resolve('Poststr. 7')).kind).to.equal('one');
    expect(readdirSync(dir)).to.deep.equal(['2']);
    await extract.close();
  });

  it('draws every layer, with the attributes that the drawing knows, and no other', async () => {
    await importing(village('Dorfstraße'));
    const extract = await opened();
    const seen = new Map<string, Set<string>>();
    for (const z of [8, 11, 13, 14]) {
      for (const [x, y] of [FROM, TO].map(({ lat, lon }) => [tileX(lon, z), tileY(lat, z)] as const)) {
        const answer = await extract.tiles()?.get(z, y, x);
        if (answer?.kind !== 'tile') continue;
        const tile = new VectorTile(new PbfReader(await unzipped(answer.gzipped)));
        for (const [name, layer] of Object.entries(tile.layers)) {
          const known = seen.get(name) ?? new Set<string>();
          for (let i = 0; i < layer.length; i++)
            for (const key of Object.keys(layer.feature(i).properties)) known.add(key);
          seen.set(name, known);
          expect(layer.extent).to.equal(4096);
        }
      }
    }
    expect([...seen.keys()].sort()).to.deep.equal(Object.keys(LAYERS).sort());
    for (const [name, keys] of seen) expect(LAYERS[name as keyof typeof LAYERS], name).to.include.members([...keys]);
    await extract.close();
  });

  it('leaves nothing behind, and what is in use alone, when it is stopped in any phase', async () => {
    await importing(village('Dorfstraße'));
    for (const phase of ['read', 'roads', 'map', 'addresses', 'switch'] as const) {
      const stopping = new AbortController();
      const progress: Progress = { phase: (name) => void (name === phase && stopping.abort()), done: () => undefined };
      expect((await importing(village('Poststraße'), progress, stopping.signal)).kind, phase).to.equal('stopped');
      expect(readdirSync(dir), phase).to.deep.equal(['1']);
      expect(await database.reader('osm_imports').pluck('id')).to.deep.equal([1]);
      expect(await database.reader('osm_names').whereNot('import_id', 1).first()).to.equal(undefined);
    }
  });

  it('is refused while another one is at work', async () => {
    const begun = await ports().imports.begin(
      { name: 'a', bytes: 1 },
      { south: 0, west: 0, north: 1, east: 1 },
      Date.now(),
    );
    expect(begun.kind).to.equal('begun');
    expect((await importing(village('Dorfstraße'))).kind).to.equal('busy');
  });

  it('is refused where there is nothing, or no road', async () => {
    expect(await importing({ ways: [{ id: 1, nodes: [1, 2] }] })).to.deep.equal({ kind: 'noData' });
    expect(await importing({ nodes: village('').nodes ?? [] })).to.deep.equal({ kind: 'noRoads' });
    expect(await database.reader('osm_imports').first()).to.equal(undefined);
  });

  it('is not used where its files are missing, until they are there; addresses still are', async () => {
    await importing(village('Dorfstraße'));
    renameSync(join(dir, '1'), join(dir, 'elsewhere'));
    mkdirSync(join(dir, '1'));
    warnings.length = 0;
    const extract = await opened();
    expect([extract.map(), extract.travel()]).to.deep.equal([null, null]);
    expect(warnings).to.deep.equal(['the imported map cannot be used', 'the imported roads cannot be used']);
    expect((await createAddressRepository(database.reader).resolve('Dorfstr. 7')).kind).to.equal('one');
    await extract.refresh();
    expect(warnings, 'said once').to.have.length(2);

    // Copied from another machine, the roads with an error at first.
    writeFileSync(join(dir, '1', 'roads.bin'), 'half of it');
    copyFileSync(join(dir, 'elsewhere', 'map.mbtiles'), join(dir, '1', 'map.mbtiles'));
    await extract.refresh();
    expect([extract.map()?.version, extract.travel()]).to.deep.equal(['1', null]);
    expect(warnings.slice(2)).to.deep.equal(['the imported roads cannot be used']);
    copyFileSync(join(dir, 'elsewhere', 'roads.bin'), join(dir, '1', 'roads.bin'));
    await extract.refresh();
    expect(extract.travel()).to.not.equal(null);
    expect((await extract.tiles()?.get(14, tileY(FROM.lat, 14), tileX(FROM.lon, 14)))?.kind).to.equal('tile');
    await extract.close();
  });
});

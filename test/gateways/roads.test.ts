import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { packGraph } from '../../server/domain/roads/file.ts';
import { createRoadNetwork } from '../../server/gateways/roads/network.ts';
import { createRoads } from '../../server/gateways/roads/roads.ts';
import { ProviderFailed } from '../../server/gateways/travel/provider.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { buildRoads } from '../../server/osm/roads/build.ts';
import { sketch } from '../support/extracts.ts';
import { createTempDir, type TempDir } from '../support/tempDir.ts';
import { village } from '../support/village.ts';

const FROM = { lat: 50.84, lon: 12.4605 };
const TO = { lat: 50.843, lon: 12.466 };
const FAR = { lat: 52.5, lon: 13.4 };

describe('The thread that knows the roads', () => {
  let folder: TempDir;
  let file: string;
  let warnings: string[];
  const log = { warn: (_: object, message: string): void => void warnings.push(message) };

  before(async () => {
    folder = createTempDir('roads');
    file = folder.file('roads.bin');
    const { graph } = buildRoads(await sketch(village('Dorfstraße')), SILENT);
    writeFileSync(file, Buffer.concat(packGraph(graph, (text) => Buffer.from(text))));
  });
  beforeEach(() => {
    warnings = [];
  });
  after(() => folder.remove());

  async function failure(asked: Promise<unknown>): Promise<string> {
    const error = await asked.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ProviderFailed);
    return (error as Error).message;
  }

  it('answers tables and lines, in the order of what was asked', async () => {
    const roads = await createRoads({ file, name: 'roads1', log });
    const [table, line] = await Promise.all([roads.table([FROM, TO, FAR], [FROM, TO, FAR]), roads.line(FROM, TO)]);
    expect(table.map((row) => row.map((figures) => figures !== null))).to.deep.equal([
      [true, true, false],
      [true, true, false],
      [false, false, false],
    ]);
    expect(table[0]?.[0]?.metres).to.equal(0);
    expect(table[0]?.[1]?.metres).to.be.within(500, 1_500);
    expect(line?.points.length).to.be.greaterThan(2);
    expect(line?.streets.map(({ name }) => name)).to.include('Dorfstraße');
    expect(await roads.line(FROM, FAR)).to.equal(null);
    await roads.close();
    expect(warnings).to.deep.equal([]);
  });

  it('is not started with a file that is none', async () => {
    const broken = folder.file('broken.bin');
    for (const bytes of [Buffer.alloc(0), Buffer.from('something else'), readFileSync(file).subarray(0, 900)]) {
      writeFileSync(broken, bytes);
      const error = await createRoads({ file: broken, name: 'roads1', log }).catch((reason: Error) => reason);
      expect(error).to.be.instanceOf(Error);
    }
    const missing = await createRoads({ file: folder.file('none.bin'), name: 'roads1', log }).catch(
      (reason: Error) => reason.message,
    );
    expect(missing).to.include('ENOENT');
  });

  it('fails what takes too long, and answers the next', async () => {
    const roads = await createRoads({ file, name: 'roads1', timeoutMs: 0, log });
    expect(await failure(roads.table([FROM], [TO]))).to.equal('too slow');
    await roads.close();
    const patient = await createRoads({ file, name: 'roads1', log });
    expect(await patient.table([FROM], [TO])).to.have.length(1);
    await patient.close();
  });

  it('answers what was asked before it is closed, and nothing after', async () => {
    const roads = await createRoads({ file, name: 'roads1', log });
    const asked = roads.table(
      Array.from({ length: 40 }, () => FROM),
      [TO],
    );
    await roads.close();
    expect(await asked).to.have.length(40);
    expect(await failure(roads.line(FROM, TO))).to.equal('closed');
    await roads.close();
    expect(warnings, 'it was closed, it did not end').to.deep.equal([]);
  });
});

describe('Places and the roads near them', () => {
  it('are put on the road that is nearest, however long the roads around are', async () => {
    // A diagonal road whose box covers all, and a short one right beside the place.
    const data = await sketch({
      nodes: [
        { id: 1, lat: 50.8, lon: 12.4 },
        { id: 2, lat: 50.83, lon: 12.45 },
        ...Array.from({ length: 30 }, (_, i) => ({ id: 10 + i, lat: 50.801 + i * 0.001, lon: 12.4 + i * 0.00166 })),
        { id: 50, lat: 50.805, lon: 12.44 },
        { id: 51, lat: 50.806, lon: 12.44 },
      ],
      ways: [
        { id: 1, nodes: [1, 2], tags: { highway: 'tertiary' } },
        // Many diagonals, each with a box that holds the place.
        ...Array.from({ length: 30 }, (_, i) => ({
          id: 100 + i,
          nodes: [10 + i, 2],
          tags: { highway: 'residential' },
        })),
        { id: 200, nodes: [2, 51, 50], tags: { highway: 'residential', name: 'Am Ziel' } },
      ],
    });
    const { graph } = buildRoads(data, SILENT);
    const network = createRoadNetwork(graph);
    const snapped = network.snap({ lat: 50.8055, lon: 12.4401 });
    expect(snapped?.metres).to.be.lessThan(10);
    expect(network.snap({ lat: 51.8, lon: 12.4 })).to.equal(null);
  });
});

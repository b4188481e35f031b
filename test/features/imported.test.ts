import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import { expect } from 'chai';
import { PbfReader } from 'pbf';
import { createTravelRepository } from '../../server/data/travelRepository.ts';
import { distanceMetres, type Coordinates } from '../../server/domain/geo.ts';
import { createRoads } from '../../server/gateways/roads/roads.ts';
import { createRoadTravel } from '../../server/gateways/travel/roads.ts';
import { LAYERS } from '../../server/osm/map/schema.ts';
import { tileX, tileY } from '../../server/osm/map/grid.ts';
import { NO_EXTRACTS, realExtract, sketchFile } from '../support/extracts.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { importInto, importKilledAt, openImportedOffice, type ImportedOffice } from '../support/importedOffice.ts';
import { signedIn } from '../support/staff.ts';

const MARKET = { lat: 49.5102, lon: 11.2797 };

describe('An office in the town of Lauf, with the extract of it', function () {
  this.timeout(120_000);
  let office: ImportedOffice;
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(office.app.origin + path, { redirect: 'manual', headers });

  before(async function () {
    const file = realExtract('lauf-200115.osm.pbf');
    if (file === null) {
      console.log(`    ${NO_EXTRACTS}`);
      return this.skip();
    }
    office = await openImportedOffice(file);
  });
  after(() => office?.stop());

  it('finds where a citizen lives, and puts no address into the link', async () => {
    const answer = await get('/besuche?ort=Marktplatz+12');
    expect(answer.status).to.equal(303);
    const place = new URL(answer.headers.get('location') ?? '', office.app.origin);
    expect(place.pathname).to.equal('/besuche');
    const at = { lat: Number(place.searchParams.get('lat')), lon: Number(place.searchParams.get('lon')) };
    expect(distanceMetres(at, MARKET)).to.be.lessThan(400);
    expect([...place.searchParams.keys()]).to.deep.equal(['lat', 'lon']);
    const html = await (await get(place.pathname + place.search)).text();
    await expectValidHtml(html, 'visits near an address');
    expect(visibleText(html)).to.include('in Ihrer Nähe');
  });

  it('asks for an address on the start page, as it can find one', async () => {
    const html = await (await get('/')).text();
    await expectValidHtml(html, 'start page with addresses');
    expect(visibleText(html)).to.include('Adresse, Ort oder Postleitzahl').and.include('Straße mit Hausnummer');
    expect(html).to.include('autocomplete="address-line1"');
  });

  it('offers streets while typing, and takes the one that is chosen', async () => {
    const { suggestions } = (await (await get('/orte?q=Hersbrucker+Str')).json()) as {
      suggestions: { label: string; detail: string; id: string }[];
    };
    expect(suggestions[0]?.label).to.equal('Hersbrucker Straße');
    expect(suggestions[0]?.detail).to.include('91207 Lauf an der Pegnitz');
    const chosen = await get(`/besuche?ort=Hersbrucker&place=${suggestions[0]?.id ?? ''}`);
    expect(chosen.headers.get('location')).to.match(/^\/besuche\?lat=49\.\d{3}&lon=11\.\d{3}$/);
  });

  it('asks which street is meant, also without a script', async () => {
    const answer = await get('/besuche?ort=Marktplaz+12');
    expect(answer.status).to.equal(200);
    const html = await answer.text();
    await expectValidHtml(html, 'choice of addresses');
    expect(visibleText(html)).to.include('Meinten Sie Marktplatz 12?');
  });

  it('offers addresses to forms', async () => {
    const answer = await get('/adressen?q=Marktplatz+12', { 'accept-language': 'de' });
    expect(answer.headers.get('cache-control')).to.equal('private, no-store');
    const { suggestions } = (await answer.json()) as { suggestions: { fill: Record<string, string> }[] };
    expect(suggestions[0]?.fill).to.include({
      street: 'Marktplatz 12',
      postcode: '91207',
      city: 'Lauf an der Pegnitz',
    });
    expect(suggestions[0]?.fill['lat']).to.match(/^49,5\d{4}$/);
  });

  it('draws its own map', async () => {
    const html = await (await get('/besuche')).text();
    expect(html).to.include('/tiles/{z}/{y}/{x}.mvt?v=1').and.include('OpenStreetMap');
    const [z, x, y] = [14, tileX(MARKET.lon, 14), tileY(MARKET.lat, 14)];
    const answer = await get(`/tiles/${z}/${y}/${x}.mvt?v=1`);
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('application/vnd.mapbox-vector-tile');
    expect(answer.headers.get('content-encoding')).to.equal('gzip');
    expect(answer.headers.get('cache-control')).to.include('immutable');
    const tile = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer())));
    expect(Object.keys(LAYERS)).to.include.members(Object.keys(tile.layers));
    expect(tile.layers).to.include.keys('buildings', 'roads', 'streets', 'houses', 'land', 'water');
    const names = Array.from(
      { length: tile.layers['streets']?.length ?? 0 },
      (_, i) => tile.layers['streets']?.feature(i).properties['name'],
    );
    expect(names.filter((name) => typeof name === 'string').length).to.be.greaterThan(20);
    const plain = await get(`/tiles/${z}/${y}/${x}.mvt`, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).to.equal(null);
    expect((await get('/tiles/14/1/1.mvt')).status).to.equal(204);
    expect((await get('/tiles/3/1/1.mvt')).status).to.equal(404);
    expect((await get('/tiles/14/x/1.mvt')).status).to.equal(404);
  });

  it('routes eight stops on real streets, with the line along them and their names', async () => {
    const roads = await createRoads({
      file: join(office.dir, '1', 'roads.bin'),
      name: 'roads1',
      log: { warn: () => undefined },
    });
    const travel = createRoadTravel({
      provider: roads,
      cache: createTravelRepository(office.app.office.database),
      now: Date.now,
      log: { warn: (fields, message) => expect.fail(`${message} ${JSON.stringify(fields)}`) },
    });
    const venues = await office.app.office.database
      .reader<Coordinates>('venues')
      .orderBy('id')
      .limit(8)
      .select('lat', 'lon');
    const { seconds, metres, estimated, fellBack } = await travel.matrix(venues);
    expect(fellBack).to.equal(false);
    expect(estimated.flat().some(Boolean)).to.equal(false);
    const ways = await travel.ways(venues);
    ways.forEach(({ points, streets, estimated: isGuess }, i) => {
      const [from, to] = [venues[i] as Coordinates, venues[i + 1] as Coordinates];
      expect(isGuess).to.equal(false);
      expect(points.length, 'more than a straight line').to.be.greaterThan(2);
      expect(distanceMetres(points[0] as Coordinates, from)).to.be.lessThan(500);
      expect(distanceMetres(points.at(-1) as Coordinates, to)).to.be.lessThan(500);
      let length = 0;
      for (let k = 1; k < points.length; k++)
        length += distanceMetres(points[k - 1] as Coordinates, points[k] as Coordinates);
      expect(length).to.be.closeTo(metres[i]?.[i + 1] ?? 0, 30);
      expect(seconds[i]?.[i + 1])
        .to.be.greaterThan(120)
        .and.lessThan(1_200);
      expect(streets.length).to.be.greaterThan(0);
    });
    await travel.close();
    await roads.close();
  });

  it('tells an administrator what is in use', async () => {
    const admin = await signedIn(office.app, 'admin');
    const { html } = await admin.get('/intern/kartendaten');
    await expectValidHtml(html, 'map data');
    expect(visibleText(html)).to.include('lauf-200115.osm.pbf').and.include('Hausnummern');
    expect(visibleText(html)).to.include('import:osm -- lauf-200115.osm.pbf --bbox 49.4995,11.2474,49.5304,11.3079');
    const planner = await signedIn(office.app, 'planner');
    expect((await planner.get('/intern/kartendaten')).status).to.equal(403);
    const english = await admin.get('/en/intern/kartendaten');
    expect(visibleText(english.html)).to.include('House numbers');
  });

  it('fills in the position of a venue from its address, for the planner to check', async () => {
    const planner = await signedIn(office.app, 'planner');
    const page = await planner.get('/intern/standorte/neu');
    const typed = {
      name: 'Rathaus',
      ort: 'Lauf',
      strasse: 'Urlasstraße 22',
      plz: '91207',
      stadt: 'Lauf an der Pegnitz',
      stufenfrei: 'ja',
      kommune: String(page.$('#kommune option').last().val()),
    };
    const refused = await planner.submit(page, typed, 'main form');
    expect(refused.status).to.equal(422);
    expect(visibleText(refused.html)).to.include('aus der Adresse ermittelt');
    expect(refused.$('#breite').val()).to.match(/^49,5\d+$/);
    const saved = await planner.submit(refused, {}, 'main form');
    expect(saved.status).to.be.oneOf([200, 303]);
  });

  it('keeps what it has when an import is killed, and cleans up at the next one', async () => {
    const { databaseFile, dir } = office;
    const file = realExtract('lauf-200115.osm.pbf') ?? '';
    const { database } = office.app.office;
    const active = async (): Promise<number> =>
      (await database.reader<{ id: number }>('osm_imports').where('state', 'active').first('id'))?.id ?? 0;
    // What is killed later on: test/osm/importKilled.test.ts.
    for (const phase of [/Read/, /Roads/]) {
      await importKilledAt(databaseFile, dir, file, phase);
      expect(await active()).to.equal(1);
      expect((await get('/besuche?ort=Marktplatz+12')).status).to.equal(303);
      // Its last sign of life is long ago.
      await database.writer('osm_imports').where('state', 'running').update({ seen_at: 0 });
    }
    const again = await importInto(databaseFile, dir, file);
    expect(again.code, again.text).to.equal(0);
    const now = await active();
    expect(now).to.be.greaterThan(1);
    expect(readdirSync(dir)).to.deep.equal([String(now)]);
    expect(await database.reader('osm_imports').pluck('id')).to.deep.equal([now]);
    expect(await database.reader('osm_names').whereNot('import_id', now).first()).to.equal(undefined);
    expect((await get('/besuche?ort=Marktplatz+12')).status).to.equal(303);
  });

  it('keeps what it has when a file is none, and says so', async () => {
    const { databaseFile, dir } = office;
    const wrong = await sketchFile(Buffer.from('<html>not found</html>'));
    const { code, text } = await importInto(databaseFile, dir, wrong);
    expect([code, text]).to.deep.equal([
      1,
      `${wrong} cannot be used: this is no OpenStreetMap extract in PBF format (a file such as sachsen-latest.osm.pbf)\n`,
    ]);
    expect((await importInto(databaseFile, dir, '/no/such/file.pbf')).text).to.include(
      'There is no file /no/such/file.pbf',
    );
    expect((await importInto(databaseFile, dir, '--km', '3')).code).to.equal(2);
    expect((await importInto(databaseFile, dir, '--status')).text).to.include('lauf-200115.osm.pbf');
    expect(existsSync(dir)).to.equal(true);
  });

  it('is as before when the import is removed', async () => {
    const { databaseFile, dir } = office;
    expect((await importInto(databaseFile, dir, '--remove')).code).to.equal(0);
    expect(readdirSync(dir)).to.deep.equal([]);
    expect((await importInto(databaseFile, dir, '--status')).text).to.include('Nothing is imported');
    expect(visibleText(await (await get('/en/')).text())).to.include('Place, district or postcode');
    expect((await get('/besuche?ort=Marktplatz+12')).status).to.equal(200);
  });
});

import { expect } from 'chai';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createStopRepository } from '../../server/data/stopRepository.ts';
import { servicesPossible } from '../../server/domain/tours/capability.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { createVisitor, timesOf, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);

async function tourOf(database: Database, stopId: number): Promise<number> {
  const row = await database.reader<{ id: number; tour_id: number }>('stops').where('id', stopId).first('tour_id');
  return row?.tour_id ?? 0;
}

async function announce(database: Database, office: SmallOffice, serviceIds: readonly number[]): Promise<void> {
  const tour_id = await tourOf(database, office.firstStopId);
  await database.writer('tour_services').where({ tour_id }).delete();
  for (const service_id of serviceIds) await database.writer('tour_services').insert({ tour_id, service_id });
}

describe('Services a tour announces', () => {
  it('are the only ones possible; without an announcement it is whatever kit and crew can do', () => {
    const needs = new Map([
      [1, []],
      [2, ['fingerprint']],
    ]);
    const counters = [{ counter: 1, qualifiedFor: [1, 2] }];
    expect([...servicesPossible(needs, ['fingerprint'], counters).possible]).to.deep.equal([1, 2]);
    const announced = servicesPossible(needs, ['fingerprint'], counters, [2]);
    expect([...announced.possible]).to.deep.equal([2]);
    expect(announced.impossible.get(1)).to.deep.equal({ kind: 'notAnnounced' });
    const lacking = servicesPossible(needs, [], counters, [1, 2]);
    expect(lacking.impossible.get(2)).to.deep.equal({ kind: 'kitLacks', capabilities: ['fingerprint'] });
  });
});

describeOnBothDatabases('A tour that announces services', (open) => {
  let database: Database;
  let office: SmallOffice;

  before(async () => {
    database = openDatabase((await open()).config);
    await migrateUp(database);
    office = await seedSmallOffice(database, { date: DATE });
  });
  after(() => database.close());

  it('is read with them, and without an announcement as null', async () => {
    const stops = createStopRepository(database.reader);
    const query = {
      venueIds: [office.firstVenueId],
      fromDate: DATE,
      toDate: DATE,
      kitIds: [office.kitId],
      limit: 10,
    };
    await announce(database, office, []);
    expect((await stops.stop(office.firstStopId))?.announced).to.equal(null);
    expect((await stops.stops(query))[0]?.announced).to.equal(null);
    const both = [office.services.idCard, office.services.certificate].sort((a, b) => a - b);
    await announce(database, office, both);
    const read = (await stops.stops(query))[0]?.announced ?? [];
    expect([...read].sort((a, b) => a - b)).to.deep.equal(both);
    expect((await stops.stop(office.firstStopId))?.announced).to.have.members(both);
  });

  it('lets nothing else be held, whatever the page said before', async () => {
    const desk = createDesk(database, () => NOW);
    await announce(database, office, [office.services.certificate]);
    const certificate = [{ slug: 'fuehrungszeugnis', persons: 1 }];
    const held = await desk.hold({ stopId: office.firstStopId, minute: 540, services: certificate });
    expect(held.stopId).to.equal(office.firstStopId);
    let refused = '';
    await desk
      .hold({ stopId: office.firstStopId, minute: 600 }) // an identity card
      .catch((error: Error) => (refused = error.message));
    expect(refused).to.contain('notOffered');
    const both = [...certificate, { slug: 'personalausweis', persons: 1 }];
    await desk
      .hold({ stopId: office.firstStopId, minute: 600, services: both })
      .catch((error: Error) => (refused = error.message));
    expect(refused).to.contain('notOffered');
  });

  it('keeps an appointment that was booked before the announcement', async () => {
    const desk = createDesk(database, () => NOW);
    await announce(database, office, []);
    const booked = await desk.book({ stopId: office.firstStopId, minute: 660 });
    await announce(database, office, [office.services.certificate]);
    expect((await desk.deps.appointments.bySecret(booked.secret))?.state).to.equal('confirmed');
  });
});

describe('Citizens at a tour that announces services', () => {
  let app: RunningApp;
  let office: SmallOffice;
  let citizen: Visitor;
  let now = NOW;

  before(async () => {
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    await announce(app.office.database, office, [office.services.certificate]);
    citizen = createVisitor(app.origin);
  });
  after(async () => {
    citizen.close();
    await app.stop();
  });

  it('are told on the page of services why the others cannot be chosen there', async () => {
    const page = await citizen.get(`/buchen/leistungen?halt=${office.firstStopId}`);
    expect(page.status).to.equal(200);
    expect(page.html).to.contain('Bei diesem Besuch wird das nicht angeboten.');
  });

  it('are offered times there for what is announced only', async () => {
    const certificate = await citizen.get(`/buchen/zeiten?leistung=fuehrungszeugnis&halt=${office.firstStopId}`);
    expect(timesOf(certificate).length).to.be.greaterThan(0);
    const card = await citizen.get(`/buchen/zeiten?leistung=personalausweis&halt=${office.firstStopId}`);
    expect(timesOf(card)).to.deep.equal([]);
  });

  it('still find visits that were published before their venue was retired', async () => {
    await app.office.database.writer('venues').where('id', office.firstVenueId).update({ retired_at: NOW });
    const desk = createDesk(app.office.database, () => NOW);
    const booked = await desk.book({
      stopId: office.firstStopId,
      minute: 600,
      services: [{ slug: 'fuehrungszeugnis', persons: 1 }],
    });
    now += 2_000; // what pages keep for a second is old
    const page = await citizen.get(`/termin/${booked.reference}-${booked.secret}`);
    expect(page.status).to.equal(200);
    expect(page.html).to.contain('Gemeindeamt');
    const visits = await citizen.get('/besuche?place=1');
    expect(visits.html).to.contain('Gemeindeamt');
  });
});

describe('An appointment whose clerk or kit is retired', () => {
  let app: RunningApp;
  let office: SmallOffice;
  let citizen: Visitor;
  let desk: ReturnType<typeof createDesk>;
  let now = NOW;

  before(async () => {
    app = await startApp({ now: () => now });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    citizen = createVisitor(app.origin);
    desk = createDesk(app.office.database, () => now);
  });
  after(async () => {
    citizen.close();
    await app.stop();
  });

  for (const [who, table] of [
    ['clerk', 'clerks'],
    ['kit', 'kits'],
  ] as const) {
    it(`keeps its pages and can be cancelled, though nothing new is booked there (${who})`, async () => {
      const { writer } = app.office.database;
      const booked = await desk.book({ stopId: office.firstStopId, minute: table === 'kits' ? 600 : 540 });
      await writer(table).update({ retired_at: now });
      now += 2_000; // what pages keep for a second is old
      const path = `/termin/${booked.reference}-${booked.secret}`;
      for (const part of ['', '/verschieben', '/absage', '/termin.ics']) {
        expect((await citizen.get(path + part)).status, part).to.equal(200);
      }
      expect((await citizen.get(path)).html).to.contain('Gemeindeamt');
      let refused = '';
      await desk.hold({ stopId: office.firstStopId, minute: 660 }).catch((error: Error) => (refused = error.message));
      expect(refused).to.contain('notOffered');
      const cancellation = await citizen.get(`${path}/absage`);
      expect((await citizen.submit(cancellation, {}, 'main form')).status).to.equal(303);
      expect((await desk.deps.appointments.bySecret(booked.secret))?.state).to.equal('cancelled');
      await writer(table).update({ retired_at: null });
      now += 2_000;
    });
  }
});

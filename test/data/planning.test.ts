import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { readPlanningPicture } from '../../server/data/planningRepository.ts';
import type { Scope } from '../../server/domain/access.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, insertTour, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { addClerk, addKit, addNeighbour } from '../support/toursFixture.ts';

const DAY = '2026-12-01';
const NOW = Date.parse('2026-11-20T08:00:00Z');

describeOnBothDatabases('The planning picture', (open) => {
  let database: Database;
  let office: SmallOffice;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DAY });
  });
  afterEach(() => database.close());

  const read = (scope: Scope = 'all', from = DAY, to = DAY, now = NOW) =>
    readPlanningPicture(database.reader, scope, from, to, now);

  it('holds all that planning looks at', async () => {
    const { writer } = database;
    await writer('venue_opening_windows').insert({
      venue_id: office.firstVenueId,
      weekday: 2,
      from_minute: 480,
      to_minute: 720,
    });
    await writer('clerk_hours').insert({ clerk_id: office.clerkId, weekday: 2, from_minute: 420, to_minute: 960 });
    const absence = { clerk_id: office.clerkId, kind: 'vacation' };
    await writer('absences').insert([
      { ...absence, from_date: '2026-11-25', to_date: DAY },
      { ...absence, from_date: '2026-12-02', to_date: '2026-12-03' },
    ]);
    const closing = { municipality_id: office.municipalityId, reason: 'Weihnachten' };
    await writer('closing_days').insert([
      { ...closing, from_date: DAY, to_date: '2026-12-24', venue_id: null },
      { ...closing, from_date: '2026-11-01', to_date: '2026-11-30', venue_id: office.firstVenueId },
    ]);
    const picture = await read();
    expect(picture.municipalities.get(office.municipalityId)).to.deep.equal({
      id: office.municipalityId,
      slug: 'meerane',
      name: 'Meerane',
      holidayRegion: 'SN',
      setUpMinutes: 20,
      tearDownMinutes: 15,
      maxWorkingMinutes: 600,
      breakAfterMinutes: 360,
      breakMinutes: 30,
    });
    expect(picture.depots.get(office.depotId)).to.include({ name: 'Rathaus Meerane', retired: false });
    expect(picture.venues.get(office.firstVenueId)).to.deep.equal({
      id: office.firstVenueId,
      slug: 'schoenberg-gemeindeamt',
      municipalityId: office.municipalityId,
      name: 'Gemeindeamt',
      locality: 'Schönberg',
      at: { lat: 50.8631, lon: 12.5151 },
      retired: false,
      windows: [{ weekday: 2, fromMinute: 480, toMinute: 720 }],
    });
    expect(picture.kits.get(office.kitId)).to.deep.equal({
      id: office.kitId,
      municipalityId: office.municipalityId,
      name: 'Koffer 1',
      depotId: office.depotId,
      status: 'ready',
      capabilities: ['card-terminal', 'fingerprint'],
      retired: false,
    });
    expect(picture.clerks.get(office.clerkId)).to.deep.equal({
      id: office.clerkId,
      municipalityId: office.municipalityId,
      name: 'A. Beispiel',
      depotId: null,
      qualifiedFor: Object.values(office.services),
      hours: [{ weekday: 2, fromMinute: 420, toMinute: 960 }],
      absences: [{ fromDate: '2026-11-25', toDate: DAY, kind: 'vacation' }],
      retired: false,
    });
    expect(picture.services.get(office.services.idCard)).to.deep.equal({
      id: office.services.idCard,
      names: { de: 'Personalausweis beantragen', en: 'Apply for an identity card' },
      minutes: 20,
      needs: ['fingerprint'],
      retired: false,
    });
    expect(picture.closings.map(({ reason, venueId }) => [reason, venueId])).to.deep.equal([['Weihnachten', null]]);
    expect(picture.busy).to.have.deep.members([
      { date: DAY, what: 'kit', id: office.kitId, tourId: picture.tours[0]!.id, visible: true },
      { date: DAY, what: 'clerk', id: office.clerkId, tourId: picture.tours[0]!.id, visible: true },
    ]);
  });

  it('counts the load: what can be booked, what is, and by how many', async () => {
    const desk = createDesk(database, () => NOW);
    await desk.book({ stopId: office.firstStopId, minute: 540 });
    await desk.hold({ stopId: office.secondStopId, minute: 840 });
    const cancelled = await desk.book({ stopId: office.secondStopId, minute: 900 });
    await database.unit(async (trx) => {
      await trx('counter_ticks')
        .where('appointment_id', cancelled.id)
        .update({ appointment_id: null, free_at: NOW + 1e6 });
      await trx('appointments').where('id', cancelled.id).update({ state: 'cancelled' });
    });
    const loadOf = async (now = NOW) => {
      const [{ possibleMinutes, bookedMinutes, appointments }] = (await read('all', DAY, DAY, now)).tours as [never];
      return { possibleMinutes, bookedMinutes, appointments };
    };
    expect(await loadOf()).to.deep.equal({ possibleMinutes: 330, bookedMinutes: 40, appointments: 1 });
    expect(await loadOf(NOW + 11 * 60_000)).to.deep.include({ bookedMinutes: 20, appointments: 1 });
    await database.writer('stop_counters').where('stop_id', office.firstStopId).update({ clerk_id: null });
    expect(await loadOf()).to.deep.include({ possibleMinutes: 150 });
  });

  it('lists the tours of the days asked for, by date and first stop, both ends included', async () => {
    const crew = { kitId: await addKit(database, office, 'Koffer 2'), clerkId: await addClerk(database, office, 'B.') };
    const early = { venueId: office.firstVenueId, fromMinute: 480, toMinute: 520 };
    const common = { municipalityId: office.municipalityId, stops: [early], ...crew };
    for (const date of ['2026-11-30', DAY, '2026-12-02', '2026-12-03']) {
      await insertTour(database, { ...common, date });
    }
    const { tours } = await read('all', DAY, '2026-12-02');
    expect(tours.map(({ date, stops }) => [date, stops[0]!.fromMinute])).to.deep.equal([
      [DAY, 480],
      [DAY, 540],
      ['2026-12-02', 480],
    ]);
  });

  it('shows nothing of other municipalities, but that a kit or a clerk is busy there', async () => {
    const neighbour = await addNeighbour(database);
    const second = await addKit(database, office, 'Koffer 2');
    const clerkId = await addClerk(database, office, 'B. Zweit');
    await insertTour(database, {
      date: DAY,
      municipalityId: neighbour.municipalityId,
      kitId: second,
      clerkId,
      stops: [{ venueId: neighbour.venueId, fromMinute: 540, toMinute: 600 }],
    });
    await database.writer('closing_days').insert({
      municipality_id: neighbour.municipalityId,
      from_date: DAY,
      to_date: DAY,
      reason: 'Kirmes',
    });
    const own = await read(new Set([office.municipalityId]));
    expect([...own.municipalities.keys()]).to.deep.equal([office.municipalityId]);
    expect(own.tours.map(({ municipalityId }) => municipalityId)).to.deep.equal([office.municipalityId]);
    expect(own.closings).to.deep.equal([]);
    expect(JSON.stringify([...own.venues, ...own.kits, ...own.clerks, ...own.depots])).to.not.include('Nachbar');
    expect(own.busy.filter(({ visible }) => !visible).map(({ what, id }) => [what, id])).to.deep.equal([
      ['kit', second],
      ['clerk', clerkId],
    ]);
    const theirs = await read(new Set([neighbour.municipalityId]));
    expect(theirs.tours).to.have.length(1);
    expect(theirs.kits.has(second)).to.equal(false);
    expect(theirs.busy).to.deep.equal([]);
    const nobody = await read(new Set());
    expect([nobody.tours.length, nobody.venues.size, nobody.busy.length]).to.deep.equal([0, 0, 0]);
  });

  it('shows what is retired only where a tour of these days still uses it', async () => {
    const { writer } = database;
    const unused = await addKit(database, office, 'Koffer alt');
    await writer('kits').update({ retired_at: 1 });
    await writer('clerks').update({ retired_at: 1 });
    await writer('venues').where('id', office.firstVenueId).update({ retired_at: 1 });
    await writer('depots').update({ retired_at: 1 });
    const picture = await read();
    expect(picture.kits.has(unused)).to.equal(false);
    expect(picture.kits.get(office.kitId)?.retired).to.equal(true);
    expect(picture.clerks.get(office.clerkId)?.retired).to.equal(true);
    expect(picture.venues.get(office.firstVenueId)?.retired).to.equal(true);
    expect(picture.depots.get(office.depotId)?.retired).to.equal(true);
    const later = await read('all', '2026-12-05', '2026-12-06');
    expect([later.kits.size, later.clerks.size, later.depots.size]).to.deep.equal([0, 0, 0]);
    expect([...later.venues.keys()]).to.deep.equal([office.secondVenueId]);
  });

  it('takes the same number of queries for one tour and for many', async () => {
    const countQueries = async (): Promise<number> => {
      let queries = 0;
      const count = (): void => void queries++;
      database.reader.on('query', count);
      await read('all', '2026-12-01', '2027-01-31');
      database.reader.removeListener('query', count);
      return queries;
    };
    const few = await countQueries();
    for (let day = 2; day <= 28; day++) {
      await insertTour(database, {
        date: `2026-12-${String(day).padStart(2, '0')}`,
        municipalityId: office.municipalityId,
        kitId: office.kitId,
        clerkId: office.clerkId,
        stops: [{ venueId: office.firstVenueId, fromMinute: 540, toMinute: 600 }],
      });
    }
    expect(await countQueries()).to.equal(few);
    expect(few).to.be.lessThan(30);
  });
});

import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { formatMinute, tickToMinute } from '../../server/domain/time.ts';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { findTimes } from '../../server/features/booking/findTimes.ts';
import { holdTime } from '../../server/features/booking/holdTime.ts';
import { extendHold } from '../../server/features/booking/keepHold.ts';
import { servicesHere } from '../../server/features/booking/journey/whereElse.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { findVenueVisits, findVisits } from '../../server/features/booking/visits/findVisits.ts';
import { findOffers } from '../../server/features/hotline/findOffers.ts';
import { findComing } from '../../server/features/timetable/findComing.ts';
import { callerQuery } from '../support/callerOffice.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';

describeOnBothDatabases('What is kept for the hotline, or free for it at once,', (open) => {
  const DATE = '2026-12-08';
  const MINUTE = 60_000;
  let database: Database;
  let office: SmallOffice;
  let now: number;
  let desk: ReturnType<typeof createDesk>;

  beforeEach(async () => {
    database = await openMigrated((await open()).config);
    office = await seedSmallOffice(database, { date: DATE });
    now = OFFICE_ZONE.instantAt('2026-12-01', 480);
    desk = createDesk(database, () => now);
  });
  afterEach(() => database.close());

  const keep = (percent: number, days: number) =>
    database.writer('municipalities').update({ hotline_share_percent: percent, hotline_share_days: days });
  const idCard = async () => [
    { service: (await desk.deps.directory()).servicesBySlug.get('personalausweis')!, persons: 1 },
  ];
  const hold = async (minute: number, channel: 'online' | 'hotline', secret = desk.deps.random.secret()) => ({
    secret,
    ...(await holdTime(desk.deps, {
      secret,
      slot: { stopId: office.firstStopId, tick: minute / 5 },
      lines: await idCard(),
      originPlaceId: null,
      locale: 'de',
      channel,
    })),
  });
  const online = async () => {
    const page = await findTimes(desk.deps, {
      from: null,
      lines: await idCard(),
      stopId: office.firstStopId,
      allTimes: true,
      offset: 0,
    });
    return page.chosen!.starts.map(({ tick }) => formatMinute(tickToMinute(tick)));
  };
  const byPhone = async (count = 9) =>
    (await findOffers(desk.deps, callerQuery({ from: null, lines: await idCard(), count }))).offers
      .filter(({ stop }) => stop.id === office.firstStopId)
      .map(({ tick }) => formatMinute(tickToMinute(tick)))
      .sort();
  const visitState = async () => {
    const page = await findVisits(desk.deps, {
      from: null,
      service: null,
      stepFree: false,
      within: null,
      afternoon: false,
      free: false,
      page: 1,
    });
    const one = page.visits.find(({ stop }) => stop.id === office.firstStopId);
    return `${one?.state} ${one?.free}`;
  };

  it('is not among the times that citizens see, until the last days', async () => {
    await keep(50, 3); // 9:00 to 10:30
    expect(await online()).to.deep.equal(['10:30', '10:40', '10:50', '11:00', '11:10', '11:20', '11:30', '11:40']);
    expect((await byPhone())[0]).to.equal('09:00');
    expect(await visitState()).to.equal('open 9'); // nine times ten minutes of eighteen
    now = OFFICE_ZONE.instantAt('2026-12-04', 24 * 60 - 1);
    expect((await online())[0]).to.equal('10:30');
    now += MINUTE;
    expect((await online())[0]).to.equal('09:00');
    expect(await visitState()).to.equal('open 18');
  });

  it('cannot be reserved by a citizen who writes the address by hand, not even in part', async () => {
    await keep(50, 3);
    expect((await hold(10 * 60, 'online')).kind).to.equal('slotTaken');
    expect((await hold(10 * 60 + 25, 'online')).kind).to.equal('slotTaken');
    expect((await hold(10 * 60 + 30, 'online')).kind).to.equal('held');
    expect((await hold(10 * 60, 'hotline')).kind).to.equal('held');
  });

  it('makes a visit one for the telephone, everywhere where citizens look, when all of it is kept', async () => {
    await keep(100, 3);
    expect(await online()).to.deep.equal([]);
    expect(await visitState()).to.equal('phone 0');
    const directory = await desk.deps.directory();
    const venue = directory.venues.get(office.firstVenueId)!;
    const here = await findVenueVisits(desk.deps, venue);
    expect(here.visits.map(({ state, free }) => [state, free])).to.deep.equal([['phone', 0]]);
    const { visits } = await findComing({ ...desk.deps, stops: desk.deps.availability }, [venue]);
    expect(visits.map(({ state }) => state)).to.deep.equal(['phone']);
    expect((await byPhone()).length).to.be.greaterThan(3);
  });

  it('is nowhere that citizens are sent for what another visit cannot do', async () => {
    // The next day a visit without the scanner; the only one with it is kept.
    const [kit] = await database
      .writer<{ id: number }>('kits')
      .insert({ municipality_id: office.municipalityId, name: 'Koffer 2', depot_id: office.depotId } as object, ['id']);
    const [poor] = await insertTour(database, {
      date: '2026-12-09',
      municipalityId: office.municipalityId,
      kitId: kit!.id,
      clerkId: office.clerkId,
      stops: [{ venueId: office.secondVenueId, fromMinute: 540, toMinute: 720 }],
    });
    await database.writer('stop_counters').where('stop_id', office.secondStopId).delete();
    const elsewhere = async () =>
      (await servicesHere(desk.deps, await desk.deps.directory(), poor!, null)).impossible.get(office.services.idCard)
        ?.elsewhere?.stop.id;
    expect(await elsewhere()).to.equal(office.firstStopId);
    await keep(100, 3);
    expect(await elsewhere()).to.equal(undefined);
    await keep(50, 3);
    expect(await elsewhere()).to.equal(office.firstStopId);
  });

  it('stays with the citizen for whom it was booked, who can move it away but not within it', async () => {
    await keep(50, 3);
    const { secret } = await hold(9 * 60, 'hotline');
    now += 5 * MINUTE;
    expect((await extendHold(desk.deps, secret)).kind).to.equal('kept');
    await saveDetails(desk.deps, secret, { firstName: null, familyName: 'Vogel', contactKind: 'none', contact: null });
    expect((await bookAppointment(desk.deps, secret)).kind).to.equal('booked');
    const move = (minute: number) =>
      moveAppointment(desk.deps, secret, { stopId: office.firstStopId, tick: minute / 5 });
    expect((await move(9 * 60)).kind).to.equal('moved'); // where it is
    expect((await move(10 * 60)).kind).to.equal('slotTaken');
    const kept = await desk.deps.appointments.bySecret(secret);
    expect([kept?.state, kept?.startTick]).to.deep.equal(['confirmed', 108]);
    expect((await move(11 * 60)).kind).to.equal('moved');
    expect((await move(9 * 60)).kind).to.equal('slotTaken');
  });

  it('a cancelled time is: citizens get it later', async () => {
    const { id, secret } = await desk.book({ stopId: office.firstStopId, minute: 540 });
    expect((await byPhone()).includes('09:00')).to.equal(false);
    expect((await cancelAppointment(desk.deps, secret)).kind).to.equal('cancelled');
    expect((await online()).includes('09:00')).to.equal(false);
    expect((await hold(540, 'online')).kind).to.equal('slotTaken');
    expect((await byPhone()).includes('09:00')).to.equal(true);
    const taken = await hold(540, 'hotline');
    expect(taken.kind).to.equal('held');
    expect((await desk.deps.appointments.bySecret(taken.secret))?.id).not.to.equal(id);
    now += 31 * MINUTE;
    expect((await hold(540, 'online')).kind).to.equal('held'); // the reservation has ended by then
  });

  it('are times that are too near for citizens, until they begin', async () => {
    now = OFFICE_ZONE.instantAt(DATE, 630) + 30_000;
    expect(await online()).to.deep.equal([]);
    expect(await visitState()).to.equal('phone 0');
    expect((await hold(630, 'hotline')).kind).to.equal('notOffered'); // it begins just now
    expect((await hold(635, 'online')).kind).to.equal('notOffered');
    const { kind, secret } = await hold(635, 'hotline');
    expect(kind).to.equal('held');
    await database.writer('appointments').where({ secret }).delete();
    now = OFFICE_ZONE.instantAt(DATE, 11 * 60 + 40);
    expect((await hold(11 * 60 + 40, 'hotline')).kind).to.equal('notOffered');
    expect(await visitState()).to.equal('phone 0'); // ten minutes still fit
    now = OFFICE_ZONE.instantAt(DATE, 11 * 60 + 50);
    expect(await visitState()).to.equal('full 0');
  });

  it('is the time of an appointment that is being moved', async () => {
    const { id, startTick } = await desk.book({ stopId: office.firstStopId, minute: 540 });
    const at = async (more: Parameters<typeof callerQuery>[0]) => {
      const query = callerQuery({ from: null, lines: await idCard(), count: 9, ...more });
      return (await findOffers(desk.deps, query)).offers.some(
        ({ stop, tick }) => stop.id === office.firstStopId && tick === startTick,
      );
    };
    expect(await at({})).to.equal(false);
    expect(await at({ exceptAppointment: id })).to.equal(true);
    expect(await at({ exceptAppointment: id, exceptSlot: { stopId: office.firstStopId, tick: startTick } })).to.equal(
      false,
    );
  });
});

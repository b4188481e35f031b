import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { bookAppointment } from '../../server/features/booking/bookAppointment.ts';
import { extendHold } from '../../server/features/booking/keepHold.ts';
import { saveDetails } from '../../server/features/booking/saveDetails.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { databaseEnv, raceProcesses, spawnServer } from '../support/processes.ts';
import {
  bookSlot,
  countWhere,
  daysFromToday,
  holdSlot,
  occupancyFaults,
  openMigrated,
  raceDeps,
  seedRace,
} from '../support/raceFixture.ts';
import { createVisitor, errorsOf, formOf, timesOf } from '../support/visitor.ts';

const kinds = (outcomes: readonly { kind: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

describeOnBothDatabases('People who want the same times at the same moment', (open) => {
  let database: Database;
  afterEach(() => database.close());

  it('in four processes get exactly as many appointments as there is room, and the others hear that it is taken', async function () {
    this.timeout(90_000);
    const { config } = await open();
    database = await openMigrated(config);
    const options = { date: daysFromToday(7), fromMinute: 540, toMinute: 660, counters: 2 };
    const { stop } = await seedRace(database, options);
    // Six starts of twenty minutes at two counters are twelve appointments; each process wants every start twice.
    const ticks = [0, 1, 2, 3, 4, 5].flatMap((index) => [108 + 4 * index, 108 + 4 * index]);
    const answers = await raceProcesses<string[]>(
      'book.worker.ts',
      [1, 2, 3, 4].map(() => [config, stop.stopId, ticks]),
    );
    expect(kinds(answers.flat().map((kind) => ({ kind })))).to.deep.equal({ booked: 12, slotTaken: 36 });
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(12);
    expect(await countWhere(database, 'counter_ticks')).to.equal(48);
    expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
  });

  it('with overlapping services of different length never share a counter', async function () {
    this.timeout(30_000);
    const { config } = await open();
    database = await openMigrated(config);
    const { stop } = await seedRace(database, { date: daysFromToday(7), fromMinute: 540, toMinute: 600, counters: 2 });
    const deps = raceDeps(database, Date.now);
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        bookSlot(
          deps,
          { stopId: stop.stopId, tick: 108 + (index % 12) },
          { slug: index % 2 === 0 ? 'personalausweis' : 'fuehrungszeugnis' },
        ),
      ),
    );
    const counts = kinds(outcomes);
    expect(Object.keys(counts).sort()).to.deep.equal(['booked', 'slotTaken']);
    expect(await countWhere(database, 'appointments', { state: 'confirmed' })).to.equal(counts['booked']);
    expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
  });

  it('with one contact never get more open appointments than the municipality allows', async function () {
    this.timeout(30_000);
    const { config } = await open();
    database = await openMigrated(config);
    const { stop } = await seedRace(database, { date: daysFromToday(7), fromMinute: 540, toMinute: 720, counters: 2 });
    const deps = raceDeps(database, Date.now);
    const email = 'Gleich@Beispiel.example';
    const holds = await Promise.all(
      Array.from({ length: 8 }, (_, index) => holdSlot(deps, { stopId: stop.stopId, tick: 108 + 4 * index })),
    );
    await Promise.all(
      holds.map(({ secret }, index) =>
        saveDetails(deps, secret, {
          firstName: null,
          familyName: 'Vogel',
          contactKind: 'email',
          contact: index % 2 === 0 ? email : email.toLowerCase(),
        }),
      ),
    );
    const outcomes = await Promise.all(holds.map(({ secret }) => bookAppointment(deps, secret)));
    expect(kinds(outcomes)).to.deep.equal({ booked: 3, tooManyOpen: 5 });
    expect(await countWhere(database, 'contact_slots')).to.equal(3);
    expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
  });

  it('with one and the same reservation, in several tabs, get one appointment that nothing takes back', async function () {
    this.timeout(60_000);
    const { config } = await open();
    database = await openMigrated(config);
    const { stop } = await seedRace(database, { date: daysFromToday(7), fromMinute: 540, toMinute: 720, counters: 2 });
    const deps = raceDeps(database, Date.now);
    const details = { firstName: null, familyName: 'Vogel', contactKind: 'none' as const, contact: null };
    for (let round = 0; round < 14; round++) {
      const tick = 108 + 2 * round;
      const { secret, kind } = await holdSlot(deps, { stopId: stop.stopId, tick }, { slug: 'fuehrungszeugnis' });
      expect(kind).to.equal('held');
      await saveDetails(deps, secret, details);
      const [first, second] = await Promise.all([
        bookAppointment(deps, secret),
        bookAppointment(deps, secret),
        extendHold(deps, secret),
        holdSlot(deps, { stopId: stop.stopId, tick: tick + 4 }, { secret, slug: 'fuehrungszeugnis' }),
        saveDetails(deps, secret, { ...details, familyName: 'Adler' }),
        extendHold(deps, secret),
      ]);
      const states = [first.kind, second.kind];
      expect(states, `round ${round}`).to.deep.equal(['booked', 'booked']);
      const kept = await deps.appointments.bySecret(secret);
      expect(kept?.state, `round ${round}`).to.equal('confirmed');
      expect(await occupancyFaults(database, Date.now()), `round ${round}`).to.deep.equal([]);
    }
    expect(await countWhere(database, 'appointments')).to.equal(14);
  });

  it('do not block each other when all connections are busy and the picture of the office has grown old', async function () {
    this.timeout(30_000);
    const { config } = await open();
    database = await openMigrated(config.kind === 'postgres' ? { ...config, poolSize: 2 } : config);
    const { stop } = await seedRace(database, { date: daysFromToday(7), fromMinute: 540, toMinute: 720, counters: 1 });
    const deps = raceDeps(database, Date.now);
    const impatient = { ...deps, directory: raceDeps(database, agingClock()).directory };
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, (_, index) => bookSlot(impatient, { stopId: stop.stopId, tick: 108 + 4 * index })),
    );
    expect(kinds(outcomes)).to.deep.equal({ booked: 9 });
  });
});

/** A clock on which two seconds pass between any two looks. */
function agingClock(): () => number {
  let time = 0;
  return () => (time += 2_000);
}

describeOnBothDatabases('Several servers of one office', (open) => {
  it('sell every time once; who comes second is offered the nearest ones and keeps what was typed', async function () {
    this.timeout(120_000);
    const { config } = await open();
    const database = await openMigrated(config);
    const { stop } = await seedRace(database, { date: daysFromToday(7), fromMinute: 540, toMinute: 660, counters: 1 });
    const servers = await Promise.all(
      [1, 2, 3, 4].map(() => spawnServer({ ...databaseEnv(config), LOG_LEVEL: 'info' })),
    );
    const visitors = servers.map(({ origin }) => createVisitor(origin));
    try {
      const address = `/buchen/zeiten?halt=${stop.stopId}&leistung=personalausweis:1`;
      const pages = await Promise.all(visitors.map((visitor) => visitor.get(address)));
      const wanted = timesOf(pages[0]!).filter((value) => value.startsWith(`${stop.stopId}.`))[0]!;

      // All four press the button for the same time: one gets it.
      const answers = await Promise.all(
        visitors.map((visitor, index) => visitor.submit(pages[index]!, { zeit: wanted })),
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([303, 409, 409, 409]);
      for (const answer of answers.filter(({ status }) => status === 409)) {
        expect(errorsOf(answer)[0]).to.equal('Dieser Termin ist gerade vergeben worden');
        const { $ } = answer;
        expect($('input[id^="naechste-"]').length).to.equal(3);
      }
      const winner = answers.findIndex(({ status }) => status === 303);
      const details = await visitors[winner]!.follow(answers[winner]!);
      const typed = { nachname: "O'Neill", vorname: 'Zoë', weg: 'telefon', telefon: '03764 54321', email: '' };

      // The winner dawdles: the time runs out and another server gives it to somebody else.
      const secret = formOf(details).action.split('/')[2]!;
      const past = Date.now() - 1_000;
      await database.writer('appointments').where({ secret }).update({ hold_until: past });
      await database.writer('counter_ticks').update({ free_at: past });
      const other = visitors[(winner + 1) % 4]!;
      const taken = await other.submit(await other.get(address), { zeit: wanted });
      expect(taken.status).to.equal(303);

      const lost = await visitors[winner]!.submit(details, typed);
      expect(lost.status).to.equal(409);
      expect(errorsOf(lost)[0]).to.equal('Dieser Termin ist gerade vergeben worden');
      const alternative = lost.$('input[id^="naechste-"]').first().attr('value')!;
      expect(alternative).to.not.equal(wanted);

      // Choosing another time leads straight on: name and contact are still there.
      const check = await visitors[winner]!.follow(await visitors[winner]!.submit(lost, { zeit: alternative }));
      expect(check.status).to.equal(200);
      expect(check.path).to.equal(`/buchen/${secret}/pruefen`);
      expect(check.html).to.include('O&#39;Neill').and.include('03764 54321');
      const booked = await visitors[winner]!.follow(await visitors[winner]!.submit(check));
      expect(booked.status).to.equal(200);
      expect(booked.path).to.match(/^\/termin\/[^/]+\/gebucht$/);
      expect(await occupancyFaults(database, Date.now())).to.deep.equal([]);
    } finally {
      visitors.forEach((visitor) => visitor.close());
      servers.forEach((server) => server.kill('SIGTERM'));
      await Promise.all(servers.map(({ exited }) => exited));
      await database.close();
    }
  });
});

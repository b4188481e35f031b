import { expect } from 'chai';
import { createAppointmentUnit } from '../../server/data/appointmentRepository.ts';
import { readDirectory } from '../../server/data/directoryRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import { queueLetter } from '../../server/data/letterQueue.ts';
import { createLetterRepository, createLetterUnit } from '../../server/data/letterRepository.ts';
import type { Scope } from '../../server/domain/access.ts';
import { NO_PIECES } from '../../server/domain/messages/texts.ts';
import { markPrinted, parseSeen, seenValue, type SeenLetter } from '../../server/features/letters/markPrinted.ts';
import type { Printer } from '../../server/features/letters/ports.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { insertLetter, insertNeighbour } from '../support/letterFixture.ts';
import { createDesk, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { insertUser } from '../support/staff.ts';

const DATE = '2026-12-08';
const NOW = Date.parse('2026-11-24T08:00:00Z');
const LATER = NOW + 3_600_000;
const ORIGIN = 'https://koffer.example';

describeOnBothDatabases('The letters that wait', (open) => {
  let empty: TestDatabase;
  let database: Database;
  let office: SmallOffice;
  let desk: ReturnType<typeof createDesk>;
  let letters: ReturnType<typeof createLetterRepository>;
  let printer: Printer;
  let minute: number;

  beforeEach(async () => {
    empty = await open();
    database = await openMigrated(empty.config);
    office = await seedSmallOffice(database, { date: DATE });
    desk = createDesk(database, () => NOW);
    letters = createLetterRepository(database.reader);
    printer = await addPrinter('Petra Druck');
    minute = 9 * 60;
  });
  afterEach(async () => {
    await database.close();
    await empty.dispose();
  });

  async function addPrinter(name: string, scope: Scope = new Set([office.municipalityId])): Promise<Printer> {
    const { id, email } = await insertUser(database, ['hotline'], { name });
    return { actor: { userId: id, name, email, grants: [] }, scope };
  }

  async function book(familyName: string): Promise<{ id: number; secret: string; reference: string }> {
    const booked = await desk.book({ stopId: office.firstStopId, minute, familyName });
    minute += 20;
    return booked;
  }

  const unit = <T>(work: (u: ReturnType<typeof createLetterUnit>) => Promise<T>): Promise<T> =>
    database.unit((trx) => work(createLetterUnit(trx)));

  const mark = (who: Printer, seen: readonly SeenLetter[], now = LATER) =>
    markPrinted(
      {
        unit,
        directory: () => readDirectory(database.reader),
        texts: () => Promise.resolve(NO_PIECES),
        clock: { now: () => now },
      },
      who,
      seen,
      ORIGIN,
    );

  async function look(): Promise<SeenLetter[]> {
    const directory = await readDirectory(database.reader);
    const waiting = await letters.open(office.municipalityId, NOW, 100);
    return waiting.map((letter) => parseSeen(seenValue(letter, NO_PIECES, directory, ORIGIN)) as SeenLetter);
  }

  const history = () =>
    database
      .reader('audit_entries')
      .where('subject', 'letter')
      .orderBy('id')
      .select('action', 'subject_label', 'municipality_id');

  it('are those of the municipalities somebody prints for, oldest first, with all they say', async () => {
    const first = await book('Alt');
    const second = await book('Neu');
    await insertLetter(database, second.id, NOW + 1);
    await insertLetter(database, first.id, NOW, { extra: 'bei Familie Neu' });

    const listed = await letters.waiting(new Set([office.municipalityId]), NOW);
    expect(listed.map(({ reference }) => reference)).to.deep.equal([first.reference, second.reference]);
    expect(await letters.waiting('all', NOW)).to.have.length(2);
    expect(await letters.waiting(new Set(), NOW)).to.deep.equal([]);
    expect(await letters.waiting(new Set([office.municipalityId + 1]), NOW)).to.deep.equal([]);

    const [letter] = await letters.open(office.municipalityId, NOW, 100);
    expect(letter).to.deep.include({
      kind: 'confirmed',
      familyName: 'Alt',
      address: { extra: 'bei Familie Neu', street: 'Lindenstraße 4', postcode: '08393', city: 'Schönberg' },
      date: DATE,
      startTick: 108,
      venueId: office.firstVenueId,
      cancelledByOffice: false,
    });
    expect(letter?.lines.map(({ names, persons }) => [names.de, persons])).to.deep.equal([
      ['Personalausweis beantragen', 1],
    ]);
    expect(letter?.lines[0]?.documents.en[0]).to.equal('your present identity card or passport');
  });

  it('belong to the municipality of the venue, whoever planned the tour', async () => {
    const { id } = await book('Nachbar');
    await insertLetter(database, id, NOW);
    const { municipalityId, venueId } = await insertNeighbour(database);
    await database.writer('stops').where('id', office.firstStopId).update({ venue_id: venueId });
    expect(await letters.waiting(new Set([office.municipalityId]), NOW)).to.deep.equal([]);
    expect(await letters.waiting(new Set([municipalityId]), NOW)).to.have.length(1);
    expect(await letters.open(office.municipalityId, NOW, 100)).to.deep.equal([]);
  });

  it('are read the oldest first, no more than are printed at once', async () => {
    for (const [n, name] of ['Erste', 'Zweite', 'Dritte'].entries()) {
      await insertLetter(database, (await book(name)).id, NOW - n);
    }
    const names = async (limit: number) =>
      (await letters.open(office.municipalityId, NOW, limit)).map(({ familyName }) => familyName);
    expect(await names(2)).to.deep.equal(['Dritte', 'Zweite']);
    expect(await names(3)).to.deep.equal(['Dritte', 'Zweite', 'Erste']);
    expect(await letters.count('all', NOW)).to.equal(3);
    expect(await letters.count(new Set(), NOW)).to.equal(0);
  });

  it('are no longer sent once the appointment has begun or its data is gone', async () => {
    const { id } = await book('Vogel');
    await insertLetter(database, id, NOW);
    const { starts_at: startsAt } = (await database
      .reader<{ id: number; starts_at: number }>('appointments')
      .where({ id })
      .first()) as { starts_at: number };
    expect(await letters.waiting('all', startsAt - 1)).to.have.length(1);
    expect(await letters.waiting('all', startsAt)).to.deep.equal([]);
    expect(await letters.open(office.municipalityId, startsAt, 100)).to.deep.equal([]);
  });

  it('tell whether the office had to cancel or the person did', async () => {
    const own = await book('Selbst');
    const ours = await book('Amt');
    await database
      .writer('appointments')
      .whereIn('id', [own.id, ours.id])
      .update({ state: 'cancelled', cancelled_at: NOW });
    await database.writer('call_list').insert({
      appointment_id: ours.id,
      kind: 'cancelled',
      old_date: DATE,
      old_minute: 540,
      old_venue_id: office.firstVenueId,
      created_at: NOW,
    });
    await insertLetter(database, own.id, NOW, { kind: 'cancelled' });
    await insertLetter(database, ours.id, NOW + 1, { kind: 'cancelled' });
    const waiting = await letters.open(office.municipalityId, NOW, 100);
    expect(waiting.map(({ familyName, cancelledByOffice }) => [familyName, cancelledByOffice])).to.deep.equal([
      ['Selbst', false],
      ['Amt', true],
    ]);
  });

  it('are marked in one go, with one entry in the history that names nobody', async () => {
    for (const name of ['Eins', 'Zwei', 'Drei']) await insertLetter(database, (await book(name)).id, NOW);
    expect(await mark(printer, await look())).to.deep.equal({ marked: 3, before: 0, changed: [], dropped: [] });
    expect(await letters.waiting('all', NOW)).to.deep.equal([]);
    expect(await history()).to.deep.equal([
      { action: 'printed', subject_label: '3 Briefe', municipality_id: office.municipalityId },
    ]);
    const printed = await letters.printed('all', LATER, LATER, 10);
    expect(printed.map(({ printedBy, printedAt, canRepeat }) => ({ printedBy, printedAt, canRepeat }))).to.deep.equal(
      Array.from({ length: 3 }, () => ({ printedBy: 'Petra Druck', printedAt: LATER, canRepeat: true })),
    );
    expect(await letters.printed('all', LATER + 1, LATER, 10), 'older ones').to.deep.equal([]);
    expect(await letters.printed(new Set(), LATER, LATER, 10), 'elsewhere').to.deep.equal([]);
  });

  it('are marked once when two people do it at the same moment', async () => {
    for (const name of ['Eins', 'Zwei', 'Drei', 'Vier']) await insertLetter(database, (await book(name)).id, NOW);
    const seen = await look();
    const other = await addPrinter('Paul Papier');
    const outcomes = await Promise.all([mark(printer, seen), mark(other, [...seen].reverse())]);
    expect(outcomes.map(({ marked, before }) => marked + before)).to.deep.equal([4, 4]);
    expect(outcomes.reduce((sum, { marked }) => sum + marked, 0)).to.equal(4);
    const entries = await history();
    expect(entries.map(({ subject_label }: { subject_label: string }) => subject_label)).to.deep.equal(['4 Briefe']);
  });

  it('stay in the queue when they say something else by now', async () => {
    const moved = await book('Umzug');
    const corrected = await book('Adresse');
    const renamed = await book('Ort');
    const fine = await book('Gut');
    for (const { id } of [moved, corrected, renamed, fine]) await insertLetter(database, id, NOW);
    const seen = await look();

    await database.unit(async (trx) => {
      const appointments = createAppointmentUnit(trx);
      const now = await appointments.bySecret(moved.secret);
      if (now === undefined) throw new Error('not there');
      await appointments.relocate(moved.id, {
        ...now,
        startTick: 140,
        startsAt: now.startsAt + 9_600_000,
        endsAt: now.endsAt + 9_600_000,
      });
      await queueLetter(trx, moved.id, 'moved', NOW + 1);
    });
    await database
      .writer('letter_addresses')
      .where('appointment_id', corrected.id)
      .update({ street: 'Lindenstraße 14' });
    expect(await mark(printer, seen)).to.deep.equal({
      marked: 2,
      before: 0,
      changed: [moved.reference, corrected.reference],
      dropped: [],
    });
    expect((await letters.waiting('all', NOW)).map(({ reference }) => reference)).to.have.members([
      moved.reference,
      corrected.reference,
    ]);

    // what everybody's letter says: the name of the place
    const again = await look();
    await database.writer('venues').where('id', office.firstVenueId).update({ name: 'Bürgerhaus' });
    expect((await mark(printer, again)).changed).to.have.length(2);
    expect(await mark(printer, await look())).to.deep.include({ marked: 2, changed: [] });
    expect(renamed.reference).not.to.equal(fine.reference);
  });

  it('are not to be sent when the appointment was cancelled before', async () => {
    const { id, reference } = await book('Weg');
    await insertLetter(database, id, NOW);
    const seen = await look();
    await database.unit(async (trx) => {
      await createAppointmentUnit(trx).cancel(id, NOW);
      await queueLetter(trx, id, 'cancelled', NOW);
    });
    expect(await mark(printer, seen)).to.deep.equal({ marked: 0, before: 0, changed: [], dropped: [reference] });
    expect(await history()).to.deep.equal([]);
  });

  it('cannot be marked from outside: it is as if there were none', async () => {
    const { id } = await book('Vogel');
    await insertLetter(database, id, NOW);
    const stranger = await addPrinter('Fremd', new Set([office.municipalityId + 1]));
    const nobody = { marked: 0, before: 0, changed: [], dropped: [] };
    expect(await mark(stranger, await look())).to.deep.equal(nobody);
    expect(await mark(printer, [{ id: 9_999, appointmentId: 9_999, print: 'x' }])).to.deep.equal(nobody);
    expect(await letters.waiting('all', NOW)).to.have.length(1);
  });

  describe('once more', () => {
    const repeat = (who: Printer, id: number, now = LATER) => unit((u) => u.repeat(who, id, now));

    it('go into the queue again, saying how things stand then', async () => {
      const { id } = await book('Vogel');
      const letter = await insertLetter(database, id, NOW);
      await mark(printer, await look());
      expect(await repeat(printer, letter)).to.equal('queued');
      expect(await repeat(printer, letter), 'twice').to.equal('waits');
      const waiting = await letters.waiting('all', LATER);
      expect(waiting.map(({ kind, createdAt }) => ({ kind, createdAt }))).to.deep.equal([
        { kind: 'confirmed', createdAt: LATER },
      ]);
      expect((await letters.printed('all', NOW, LATER, 10)).map(({ canRepeat }) => canRepeat)).to.deep.equal([false]);
      expect((await history()).map(({ action }: { action: string }) => action)).to.deep.equal(['printed', 'queued']);
    });

    it('two people at once queue one letter', async () => {
      const { id } = await book('Vogel');
      const letter = await insertLetter(database, id, NOW);
      await mark(printer, await look());
      const outcomes = await Promise.all([repeat(printer, letter), repeat(printer, letter)]);
      expect(outcomes.sort()).to.deep.equal(['queued', 'waits']);
      expect(await letters.waiting('all', LATER)).to.have.length(1);
    });

    it('not elsewhere, not without an address, not when it has begun', async () => {
      const { id } = await book('Vogel');
      const letter = await insertLetter(database, id, NOW);
      await mark(printer, await look());
      const stranger = await addPrinter('Fremd', new Set([office.municipalityId + 1]));
      expect(await repeat(stranger, letter)).to.equal(null);
      expect(await repeat(printer, 9_999)).to.equal(null);
      expect(await repeat(printer, letter, NOW + 30 * 86_400_000), 'begun').to.equal('no');
      await database.writer('letter_addresses').where('appointment_id', id).delete();
      expect(await repeat(printer, letter), 'without address').to.equal('no');
      expect(await letters.waiting('all', LATER)).to.deep.equal([]);
    });
  });
});

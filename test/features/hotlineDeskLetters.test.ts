import { expect } from 'chai';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { formatReference } from '../../server/domain/booking/reference.ts';
import { createTourUnit } from '../../server/data/tourRepository.ts';
import { cancelAppointment, moveAppointment } from '../../server/features/booking/changeAppointment.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { newSecret, occupancyFaults } from '../support/raceFixture.ts';
import { byLetter, caller, DAY, MINUTE, openDeskOffice, type DeskOffice } from './hotlineDeskOffice.ts';

const NINE = 540;

describeOnBothDatabases('An agent for somebody who has an appointment', (open) => {
  let opened: TestDatabase;
  let desk: DeskOffice;

  beforeEach(async () => {
    opened = await open();
    desk = await openDeskOffice(opened.config);
  });
  afterEach(async () => {
    expect(await occupancyFaults(desk.database, desk.clock.now)).to.deep.equal([]);
    await desk.database.close();
    await opened.dispose();
  });

  const bookNine = (typed = caller()): Promise<Appointment> =>
    desk.book(desk.anna, desk.office.firstStopId, NINE, typed);
  const slotAt = (minute: number) => ({ stopId: desk.office.firstStopId, tick: minute / 5 });
  const actions = async (): Promise<string[]> => (await desk.history()).map(({ action }) => action);

  describe('has letters written', () => {
    it('of which one waits at a time: a confirmation says where the appointment is by then', async () => {
      const booked = await bookNine(byLetter());
      const [before] = await desk.database.reader<{ id: number }>('letters');
      await desk.desk.move(desk.anna, booked.secret, slotAt(600));
      expect(await desk.letters(booked)).to.deep.equal(['confirmed']);
      const [after] = await desk.database.reader<{ id: number }>('letters');
      expect(after?.id, 'printing the old one marks nothing').to.not.equal(before?.id);
      await desk.print();
      await desk.desk.move(desk.anna, booked.secret, slotAt(640));
      await desk.desk.move(desk.anna, booked.secret, slotAt(600));
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'moved']);
      await desk.desk.cancel(desk.anna, booked.secret);
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'cancelled']);
    });

    it('but none when nothing was printed before it was cancelled', async () => {
      const booked = await bookNine(byLetter());
      await desk.desk.cancel(desk.anna, booked.secret);
      expect(await desk.letters(booked)).to.deep.equal([]);
    });

    it('also when the person changes it online', async () => {
      const booked = await bookNine(byLetter());
      await desk.print();
      await moveAppointment(desk.citizens.deps, booked.secret, slotAt(660));
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'moved']);
      await desk.print();
      await cancelAppointment(desk.citizens.deps, booked.secret);
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'moved+', 'cancelled']);
    });

    it('also when the office changes its tour; then people hear that something has changed', async () => {
      const promised = { date: DAY, minute: NINE, venueId: desk.office.firstVenueId };
      const booked = await bookNine(byLetter());
      const withoutAddress = await desk.book(desk.anna, desk.office.firstStopId, 600);
      for (const [kind, letter] of [
        ['changed', 'moved'],
        ['moved', 'moved'],
        ['cancelled', 'cancelled'],
      ] as const) {
        await desk.database.unit(async (trx) => {
          for (const { id } of [booked, withoutAddress]) {
            await createTourUnit(trx).tell({ appointmentId: id, kind, promised }, desk.clock.now);
          }
        });
        expect(await desk.letters(booked)).to.deep.equal([letter]);
        expect(await desk.letters(withoutAddress)).to.deep.equal([]);
      }
    });

    it('again, if there is an address; one that waits already is that one', async () => {
      const booked = await bookNine(byLetter());
      expect(await desk.desk.confirmAgain(desk.ben, booked.secret)).to.equal('letter');
      expect(await desk.letters(booked)).to.deep.equal(['confirmed']);
      await desk.print();
      expect(await desk.desk.confirmAgain(desk.ben, booked.secret)).to.equal('letter');
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'confirmed']);
      const [letter] = await desk.database.reader<{ id: number }>('letters').whereNull('printed_at');
      expect((await desk.history()).at(-1)).to.deep.equal({
        user_name: 'Ben Beispiel',
        municipality_id: desk.office.municipalityId,
        subject: 'letter',
        subject_id: letter?.id,
        label: formatReference(booked.reference),
        action: 'queued',
        changes: [],
      });
      // Somebody has been told by letter: so they are told by letter that it is cancelled.
      await desk.desk.cancel(desk.ben, booked.secret);
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'cancelled']);
      await desk.print();
      await desk.desk.confirmAgain(desk.ben, booked.secret);
      expect(await desk.letters(booked)).to.deep.equal(['confirmed+', 'cancelled+', 'cancelled']);

      const other = await desk.book(desk.anna, desk.office.firstStopId, 600);
      expect(await desk.desk.confirmAgain(desk.anna, other.secret)).to.equal(null);
      expect(await desk.desk.confirmAgain(desk.anna, newSecret())).to.equal(null);
      await desk.print();
      desk.clock.now = booked.startsAt;
      expect(await desk.desk.confirmAgain(desk.ben, booked.secret)).to.equal(null);
    });
  });

  describe('adds notes', () => {
    it('without control characters, up to 300 characters; the same words within a minute are one note', async () => {
      const { id, secret } = await bookNine();
      const note = (text: string, agent = desk.anna) => desk.desk.addNote(agent, secret, text);
      expect(await note('  kommt mit\tRollstuhl \u0007 ')).to.equal(true);
      expect(await note('kommt mit Rollstuhl')).to.equal(true);
      expect(await note('kommt mit Rollstuhl', desk.ben)).to.equal(true);
      desk.clock.now += MINUTE + 1;
      expect(await note('kommt mit Rollstuhl', desk.ben)).to.equal(true);
      expect(await note('x'.repeat(300))).to.equal(true);
      for (const wrong of ['', ' \n ', 'x'.repeat(301)]) expect(await note(wrong)).to.equal(false);
      const rows = await desk.database
        .reader<{ text: string; user_id: number }>('appointment_notes')
        .where('appointment_id', id)
        .orderBy('id');
      expect(rows.map(({ text, user_id }) => [text, user_id])).to.deep.equal([
        ['kommt mit Rollstuhl', desk.anna.userId],
        ['kommt mit Rollstuhl', desk.ben.userId],
        ['kommt mit Rollstuhl', desk.ben.userId],
        ['x'.repeat(300), desk.anna.userId],
      ]);
      expect(await actions()).to.deep.equal(['booked', 'noted', 'noted', 'noted', 'noted']);
      expect(JSON.stringify(await desk.history())).to.not.contain('Rollstuhl');
    });

    it('to appointments, not to what is only held', async () => {
      const held = await desk.hold(desk.anna, desk.office.firstStopId, NINE);
      expect(await desk.desk.addNote(desk.anna, held.secret, 'Notiz')).to.equal(false);
      expect(await desk.desk.addNote(desk.anna, newSecret(), 'Notiz')).to.equal(false);
    });
  });
});

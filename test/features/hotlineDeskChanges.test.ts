import { expect } from 'chai';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { createReference, formatReference } from '../../server/domain/booking/reference.ts';
import { cancelAppointment } from '../../server/features/booking/changeAppointment.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { countWhere, newSecret, occupancyFaults } from '../support/raceFixture.ts';
import { byLetter, byPhone, caller, DAY, MINUTE, openDeskOffice, type DeskOffice } from './hotlineDeskOffice.ts';

const NINE = 540;
const tick = (minute: number): number => minute / 5;

describeOnBothDatabases('An agent who looks after the appointment of a caller', (open) => {
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
  const slotAt = (minute: number, stopId = desk.office.firstStopId) => ({ stopId, tick: tick(minute) });
  const actions = async (): Promise<string[]> => (await desk.history()).map(({ action }) => action);
  const freeAt = async (minute: number) => {
    const row: { appointment_id: number | null; free_at: number | null } | undefined = await desk.database
      .reader('counter_ticks')
      .where({ stop_id: desk.office.firstStopId, tick: tick(minute) })
      .first('appointment_id', 'free_at');
    return row;
  };

  describe('finds it', () => {
    const lookedUp = async () => {
      const entry = (await desk.history()).at(-1);
      const [change] = entry?.changes ?? [];
      return [entry?.label, `${change?.field}: ${change?.to}`, entry?.subject_id, entry?.municipality_id];
    };

    it('by its reference, however it is dictated, also when it is cancelled or over, and each look-up is recorded', async () => {
      const { id, reference, secret } = await bookNine(byPhone('03764 4711'));
      const formatted = formatReference(reference);
      for (const state of ['confirmed', 'cancelled', 'served', 'missed']) {
        await desk.database.writer('appointments').where({ id }).update({ state });
        const asked = { by: 'reference', reference: ` ${formatted.toLowerCase()}` } as const;
        expect(await desk.desk.lookUp(desk.ben, asked)).to.deep.equal({ kind: 'found', secret });
        expect(await lookedUp()).to.deep.equal([
          `Vorgangsnummer ${formatted}`,
          'Ergebnis: gefunden',
          id,
          desk.office.municipalityId,
        ]);
      }
      expect(await actions()).to.deep.equal(['booked', ...Array<string>(4).fill('lookedUp')]);
    });

    it('by family name and day, not by one of them', async () => {
      const { id, secret } = await bookNine(caller({ familyName: 'Müller-Größe' }));
      const asked = (familyName: string, date = DAY) => desk.desk.lookUp(desk.anna, { by: 'name', familyName, date });
      expect(await asked('mueller grosse')).to.deep.equal({ kind: 'found', secret });
      expect(await lookedUp()).to.deep.equal([
        'Name und Datum 8. Dezember 2026',
        'Ergebnis: gefunden',
        id,
        desk.office.municipalityId,
      ]);
      for (const [name, day] of [
        ['Müller', DAY],
        ['Müller-Größe', '2026-12-09'],
        ['', DAY],
        ['%', DAY],
      ] as const) {
        expect(await asked(name, day), name).to.deep.equal({ kind: 'none' });
        expect((await lookedUp()).slice(1)).to.deep.equal(['Ergebnis: nicht gefunden', null, null]);
      }
    });

    it('and is asked for the reference when several have the name on that day', async () => {
      await bookNine();
      await desk.book(desk.anna, desk.office.secondStopId, 840, caller({ firstName: 'Jörg' }));
      const asked = { by: 'name', familyName: 'Vogel', date: DAY } as const;
      expect(await desk.desk.lookUp(desk.anna, asked)).to.deep.equal({ kind: 'several' });
      expect(await lookedUp()).to.deep.equal(['Name und Datum 8. Dezember 2026', 'Ergebnis: mehrere', null, null]);
    });

    it('but nothing that is only held, mistyped, unknown or whose data is deleted, and no name gets into the history', async () => {
      const held = await desk.read(await desk.hold(desk.anna, desk.office.firstStopId, NINE));
      await desk.desk.saveDraft(held.secret, caller());
      for (const reference of [held.reference, createReference(() => 3), 'Karin Vogel', '']) {
        const outcome = await desk.desk.lookUp(desk.anna, { by: 'reference', reference });
        expect(outcome, reference).to.deep.equal({ kind: 'none' });
      }
      const asked = { by: 'name', familyName: 'Vogel', date: DAY } as const;
      expect(await desk.desk.lookUp(desk.anna, asked)).to.deep.equal({ kind: 'none' });
      expect(await actions()).to.have.length(5);
      expect(JSON.stringify(await desk.history())).to.not.match(/vogel|karin/i);
    });
  });

  describe('moves it', () => {
    it('also to a time that is too near for booking online; the old time opens later, for the hotline at once', async () => {
      const booked = await bookNine(byPhone('03764 4711'));
      desk.clock.now = OFFICE_ZONE.instantAt(DAY, 535);
      const outcome = await desk.desk.move(desk.ben, booked.secret, slotAt(600));
      expect(outcome.kind).to.equal('moved');
      expect(await desk.read(booked)).to.include({
        startTick: 120,
        state: 'confirmed',
        sequence: 1,
        familyName: 'Vogel',
      });
      expect(await freeAt(NINE)).to.deep.equal({ appointment_id: null, free_at: desk.clock.now + 15.5 * MINUTE });
      expect((await desk.history()).at(-1)).to.deep.include({
        user_name: 'Ben Beispiel',
        label: formatReference(booked.reference),
        action: 'moved',
        changes: [{ field: 'Termin', from: '8. Dezember 2026, 09:00 Uhr', to: '8. Dezember 2026, 10:00 Uhr' }],
      });
      expect((await desk.hold(desk.ben, desk.office.firstStopId, NINE)).kind).to.equal('held');
    });

    it('once when it is sent twice, and not at all where somebody else is or nothing is offered', async () => {
      const booked = await bookNine(byLetter());
      await desk.book(desk.ben, desk.office.firstStopId, 600);
      expect(await desk.desk.move(desk.anna, booked.secret, slotAt(605))).to.deep.equal({ kind: 'slotTaken' });
      expect(await desk.desk.move(desk.anna, booked.secret, slotAt(720))).to.deep.equal({ kind: 'slotTaken' });
      expect(await desk.desk.move(desk.anna, booked.secret, slotAt(600, 99_999))).to.deep.equal({ kind: 'notOffered' });
      expect((await desk.desk.move(desk.anna, booked.secret, slotAt(660))).kind).to.equal('moved');
      const again = await desk.desk.move(desk.anna, booked.secret, slotAt(660));
      expect(again).to.deep.equal({ kind: 'moved', appointment: await desk.read(booked) });
      expect(await actions()).to.deep.equal(['booked', 'booked', 'moved']);
      expect((await desk.read(booked)).sequence).to.equal(1);
    });

    it('not when it has begun or is cancelled', async () => {
      const booked = await bookNine();
      const cancelled = await desk.book(desk.anna, desk.office.firstStopId, 600);
      await desk.desk.cancel(desk.anna, cancelled.secret);
      desk.clock.now = booked.startsAt;
      for (const { secret } of [booked, cancelled, { secret: newSecret() }]) {
        expect(await desk.desk.move(desk.anna, secret, slotAt(660))).to.deep.equal({ kind: 'notChangeable' });
      }
      expect(await desk.desk.cancel(desk.anna, booked.secret)).to.deep.equal({ kind: 'notChangeable' });
    });
  });

  describe('moves it instead of booking a second one', () => {
    const secondCall = async (minute: number, slug = 'personalausweis', stopId = desk.nextStopId) => {
      const held = await desk.hold(desk.ben, stopId, minute, slug);
      const outcome = await desk.desk.book(
        desk.ben,
        held.secret,
        byPhone('03764 4711', { familyName: 'Vogel-Neu' }),
        false,
      );
      expect(outcome.kind).to.equal('similar');
      return held.secret;
    };
    const bookFirst = () => bookNine(byLetter({ firstName: null, familyName: 'Vogel-Neu' }));

    it('to the time that is held, with its own name, address and services; the hold is gone', async () => {
      const first = await bookFirst();
      await desk.print();
      const secret = await secondCall(600);
      const outcome = await desk.desk.moveInstead(desk.ben, secret, first.id);
      const moved = await desk.read(first);
      expect(outcome).to.deep.equal({ kind: 'moved', appointment: moved });
      expect(moved).to.include({ stopId: desk.nextStopId, startTick: 120, ticks: 4, contactKind: 'none' });
      expect(await countWhere(desk.database, 'appointments')).to.equal(1);
      expect(await countWhere(desk.database, 'letter_addresses')).to.equal(1);
      expect(await desk.letters(first)).to.deep.equal(['confirmed+', 'moved']);
      expect(await actions()).to.deep.equal(['booked', 'lookedUp', 'moved']);
      // Sent again with what the call knows then, or with what it knew.
      expect(await desk.desk.moveInstead(desk.ben, first.secret, first.id)).to.deep.equal(outcome);
      expect(await desk.desk.moveInstead(desk.ben, secret, first.id)).to.deep.equal({ kind: 'notChangeable' });
      expect(await actions()).to.have.length(3);
    });

    it('beside its old time on the same visit too', async () => {
      const first = await bookFirst();
      const secret = await secondCall(560, 'personalausweis', desk.office.firstStopId);
      expect((await desk.desk.moveInstead(desk.ben, secret, first.id)).kind).to.equal('moved');
      expect(await desk.read(first)).to.include({ startTick: 112, sequence: 1 });
    });

    it('only if its services fit there; otherwise the hold stays with all that was typed', async () => {
      const has = await desk.book(desk.anna, desk.office.firstStopId, NINE, byPhone('03764 4711'));
      await desk.book(desk.anna, desk.nextStopId, 610, caller({ familyName: 'Dazwischen' }));
      const secret = await secondCall(600, 'fuehrungszeugnis');
      expect(await desk.desk.moveInstead(desk.ben, secret, has.id)).to.deep.equal({ kind: 'slotTaken' });
      expect(await desk.read({ secret })).to.include({ state: 'held', startTick: 120, familyName: 'Vogel-Neu' });
      expect(await desk.read(has)).to.include({ startTick: 108, sequence: 0 });
    });

    it('only what was pointed out for what was typed', async () => {
      await bookFirst();
      const other = await desk.book(desk.anna, desk.office.firstStopId, 600, caller({ familyName: 'Fremd' }));
      const secret = await secondCall(660);
      expect(await desk.desk.moveInstead(desk.ben, secret, other.id)).to.deep.equal({ kind: 'notChangeable' });
      expect(await desk.desk.moveInstead(desk.ben, newSecret(), other.id)).to.deep.equal({ kind: 'notChangeable' });
      expect(await desk.desk.moveInstead(desk.ben, secret, 99_999)).to.deep.equal({ kind: 'notChangeable' });
      expect(await desk.read(other)).to.include({ startTick: 120 });
      expect((await desk.read({ secret })).state).to.equal('held');
    });

    it('not to a time that somebody else has taken since the hold ended', async () => {
      const first = await bookFirst();
      const secret = await secondCall(600);
      desk.clock.now += 11 * MINUTE;
      await desk.citizens.book({ stopId: desk.nextStopId, minute: 600, familyName: 'Schneller' });
      expect(await desk.desk.moveInstead(desk.ben, secret, first.id)).to.deep.equal({ kind: 'slotTaken' });
      expect((await desk.read({ secret })).state).to.equal('held');
    });
  });

  describe('cancels it', () => {
    it('once, with history; the time is free for the hotline at once and the contact may book again', async () => {
      const booked = await bookNine(byPhone('03764 4711'));
      for (let round = 0; round < 2; round++) {
        expect(await desk.desk.cancel(desk.anna, booked.secret)).to.deep.equal({ kind: 'cancelled' });
      }
      expect((await desk.read(booked)).state).to.equal('cancelled');
      expect(await countWhere(desk.database, 'contact_slots')).to.equal(0);
      expect(await freeAt(NINE)).to.deep.equal({ appointment_id: null, free_at: desk.clock.now + 15.5 * MINUTE });
      expect(await actions()).to.deep.equal(['booked', 'cancelled']);
      expect(await desk.desk.cancel(desk.anna, newSecret())).to.deep.equal({ kind: 'notChangeable' });
    });
  });

  it('changes and finds nothing where the agent takes no calls', async () => {
    const { olga } = desk;
    const elsewhere = await desk.book(desk.anna, desk.neighbour.stopId, NINE, byLetter());
    const here = await bookNine(byLetter({ familyName: 'Nah' }));
    await desk.print();
    const before = await desk.history();
    expect(await desk.desk.move(olga, elsewhere.secret, slotAt(600))).to.deep.equal({ kind: 'notChangeable' });
    expect(await desk.desk.move(olga, here.secret, slotAt(600, desk.neighbour.stopId))).to.deep.equal({
      kind: 'notOffered',
    });
    expect(await desk.desk.cancel(olga, elsewhere.secret)).to.deep.equal({ kind: 'notChangeable' });
    expect(await desk.desk.addNote(olga, elsewhere.secret, 'Notiz')).to.equal(false);
    expect(await desk.desk.confirmAgain(olga, elsewhere.secret)).to.equal(null);
    const held = await desk.hold(olga, desk.office.firstStopId, 660);
    await desk.desk.saveDraft(held.secret, caller());
    expect(await desk.desk.moveInstead(olga, held.secret, elsewhere.id)).to.deep.equal({ kind: 'notChangeable' });
    expect(await desk.history()).to.deep.equal(before);

    const asked = { by: 'reference', reference: elsewhere.reference } as const;
    expect(await desk.desk.lookUp(olga, asked)).to.deep.equal({ kind: 'none' });
    expect(await desk.desk.lookUp(olga, { by: 'name', familyName: 'Vogel', date: DAY })).to.deep.equal({
      kind: 'none',
    });
    expect((await desk.history()).slice(before.length).map(({ municipality_id }) => municipality_id)).to.deep.equal([
      null,
      null,
    ]);
    expect((await desk.desk.lookUp({ ...olga, scope: new Set() }, asked)).kind).to.equal('none');
    expect(await desk.read(elsewhere)).to.include({ state: 'confirmed', startTick: 108, sequence: 0 });
    expect((await desk.desk.lookUp(desk.anna, asked)).kind).to.equal('found');
  });

  describe('while others do the same', () => {
    it('has it in one place only when two agents move it at once', async () => {
      const booked = await bookNine(byLetter());
      const outcomes = await Promise.all([
        desk.desk.move(desk.anna, booked.secret, slotAt(600)),
        desk.desk.move(desk.ben, booked.secret, slotAt(660)),
        desk.desk.move(desk.anna, booked.secret, slotAt(600, desk.nextStopId)),
      ]);
      expect(outcomes.map(({ kind }) => kind)).to.deep.equal(['moved', 'moved', 'moved']);
      expect(await countWhere(desk.database, 'counter_ticks', { appointment_id: booked.id })).to.equal(4);
      expect((await desk.read(booked)).sequence).to.equal(3);
      expect(await desk.letters(booked)).to.deep.equal(['confirmed']);
    });

    it('either moves it or hears that it is cancelled, when the citizen cancels at that moment', async () => {
      for (const minute of [NINE, 580, 620]) {
        const booked = await desk.book(desk.anna, desk.office.firstStopId, minute, byLetter());
        const [moved, cancelled] = await Promise.all([
          desk.desk.move(desk.anna, booked.secret, slotAt(minute, desk.nextStopId)),
          cancelAppointment(desk.citizens.deps, booked.secret),
        ]);
        expect(moved.kind).to.be.oneOf(['moved', 'notChangeable']);
        expect(cancelled).to.deep.equal({ kind: 'cancelled' });
        expect((await desk.read(booked)).state).to.equal('cancelled');
        expect(await desk.letters(booked)).to.deep.equal([]);
        expect(await countWhere(desk.database, 'counter_ticks', { appointment_id: booked.id })).to.equal(0);
      }
    });

    it('gives a time that two appointments are moved to at once to one of them', async () => {
      const booked = [
        await desk.book(desk.anna, desk.office.firstStopId, NINE),
        await desk.book(desk.anna, desk.office.firstStopId, 580),
      ];
      const outcomes = await Promise.all(booked.map(({ secret }) => desk.desk.move(desk.ben, secret, slotAt(660))));
      expect(outcomes.map(({ kind }) => kind).sort()).to.deep.equal(['moved', 'slotTaken']);
    });

    it('writes the same note once, and moves instead once, however often it is sent at the same moment', async () => {
      const booked = await bookNine(byPhone('03764 4711'));
      await Promise.all(Array.from({ length: 4 }, () => desk.desk.addNote(desk.anna, booked.secret, 'Notiz')));
      expect(await countWhere(desk.database, 'appointment_notes')).to.equal(1);

      const { secret } = await desk.hold(desk.ben, desk.nextStopId, 600);
      await desk.desk.book(desk.ben, secret, byPhone('03764 4711'), false);
      const outcomes = await Promise.all(
        Array.from({ length: 3 }, () => desk.desk.moveInstead(desk.ben, secret, booked.id)),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).to.deep.equal(['moved', 'notChangeable', 'notChangeable']);
      expect((await actions()).filter((action) => action === 'moved')).to.have.length(1);
    });
  });
});

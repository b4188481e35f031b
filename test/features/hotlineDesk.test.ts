import { expect } from 'chai';
import { formatReference } from '../../server/domain/booking/reference.ts';
import type { BookForCaller, CallerInput } from '../../server/domain/hotline/desk.ts';
import { addDays } from '../../server/domain/time.ts';
import { cancelAppointment } from '../../server/features/booking/changeAppointment.ts';
import { holdTime } from '../../server/features/booking/holdTime.ts';
import { describeOnBothDatabases, type TestDatabase } from '../support/databases.ts';
import { insertTour, OFFICE_ZONE } from '../support/officeFixture.ts';
import { countWhere, newSecret, occupancyFaults } from '../support/raceFixture.ts';
import { byLetter, byPhone, caller, DAY, MINUTE, openDeskOffice, type DeskOffice } from './hotlineDeskOffice.ts';

const NINE = 540;

describeOnBothDatabases('An agent who books for a caller', (open) => {
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

  const online = async (minute: number) =>
    holdTime(desk.citizens.deps, {
      secret: newSecret(),
      slot: { stopId: desk.office.firstStopId, tick: minute / 5 },
      lines: await desk.lines('personalausweis'),
      originPlaceId: null,
      locale: 'de',
    });
  const holdNine = () => desk.hold(desk.anna, desk.office.firstStopId, NINE);
  const bookNine = async (typed: CallerInput, despite = false): Promise<BookForCaller & { secret: string }> => {
    const { secret } = await holdNine();
    return { ...(await desk.desk.book(desk.anna, secret, typed, despite)), secret };
  };

  describe('holds a time', () => {
    it('that is too near for booking online, until it begins', async () => {
      desk.clock.now = OFFICE_ZONE.instantAt(DAY, 598);
      expect(await online(600)).to.deep.equal({ kind: 'notOffered' });
      const held = await desk.hold(desk.anna, desk.office.firstStopId, 600);
      expect(held.kind).to.equal('held');
      expect((await desk.read(held)).holdUntil).to.equal(desk.clock.now + 10 * MINUTE);
      expect((await desk.hold(desk.ben, desk.office.firstStopId, 595)).kind).to.equal('notOffered');
    });

    it('that somebody has just cancelled and that is not yet offered online again', async () => {
      const booked = await desk.citizens.book({ stopId: desk.office.firstStopId, minute: NINE });
      await cancelAppointment(desk.citizens.deps, booked.secret);
      expect(await online(NINE)).to.deep.equal({ kind: 'slotTaken' });
      expect((await holdNine()).kind).to.equal('held');
    });

    it('once, however often it is sent; another time in the same call moves it', async () => {
      const { secret } = await holdNine();
      await desk.hold(desk.anna, desk.office.firstStopId, NINE, 'personalausweis', secret);
      expect(await countWhere(desk.database, 'counter_ticks')).to.equal(4);
      await desk.hold(desk.anna, desk.office.secondStopId, 840, 'fuehrungszeugnis', secret);
      expect(await countWhere(desk.database, 'counter_ticks')).to.equal(2);
      expect(await countWhere(desk.database, 'appointments')).to.equal(1);
      expect(await desk.read({ secret })).to.include({ stopId: desk.office.secondStopId, startTick: 168 });
    });

    it('only where the agent takes calls', async () => {
      expect((await desk.hold(desk.olga, desk.neighbour.stopId, NINE)).kind).to.equal('notOffered');
      expect((await desk.hold(desk.anna, desk.neighbour.stopId, NINE)).kind).to.equal('held');
      expect((await desk.hold(desk.olga, desk.office.firstStopId, NINE)).kind).to.equal('held');
    });

    it('longer, or gives it up with all that was typed; sent twice is the same', async () => {
      const { secret } = await holdNine();
      desk.clock.now += 5 * MINUTE;
      expect(await desk.desk.extend(secret)).to.deep.equal({ kind: 'kept', holdUntil: desk.clock.now + 10 * MINUTE });
      await desk.desk.saveDraft(secret, byLetter());
      await desk.desk.release(secret);
      await desk.desk.release(secret);
      for (const table of ['appointments', 'letter_addresses', 'counter_ticks']) {
        expect(await countWhere(desk.database, table), table).to.equal(0);
      }
      expect(await desk.desk.extend(secret)).to.deep.equal({ kind: 'unknown' });
    });

    it('and what is booked stays when the call ends', async () => {
      const booked = await desk.book(desk.anna, desk.office.firstStopId, NINE);
      await desk.desk.release(booked.secret);
      expect((await desk.read(booked)).state).to.equal('confirmed');
      expect(await desk.desk.extend(booked.secret)).to.deep.equal({ kind: 'booked' });
    });
  });

  describe('books it', () => {
    it('with name and number, the channel and a history that names nobody', async () => {
      const outcome = await bookNine(byPhone(' 03764 4711 ', { firstName: '  Karin ' }));
      if (outcome.kind !== 'booked') throw new Error(outcome.kind);
      const { id, reference, secret } = outcome.appointment;
      const row: unknown = await desk.database.reader('appointments').where({ id }).first();
      expect(row).to.include({
        state: 'confirmed',
        channel: 'hotline',
        first_name: 'Karin',
        family_name: 'Vogel',
        family_key: 'vogel',
        contact_kind: 'phone',
        contact: '03764 4711',
        confirmed_at: desk.clock.now,
      });
      expect(await desk.history()).to.deep.equal([
        {
          user_name: 'Anna Anruf',
          municipality_id: desk.office.municipalityId,
          subject: 'appointment',
          subject_id: id,
          label: formatReference(reference),
          action: 'booked',
          changes: [{ field: 'Termin', from: null, to: '8. Dezember 2026, 09:00 Uhr' }],
        },
      ]);
      expect(await countWhere(desk.database, 'contact_slots', { contact_key: '037644711' })).to.equal(1);
      expect(await countWhere(desk.database, 'letters')).to.equal(0);

      const again = await desk.desk.book(desk.anna, secret, byPhone('03764 4711', { familyName: 'Anders' }), true);
      expect(again).to.deep.equal(
        outcome.kind === 'booked' ? { kind: 'booked', appointment: await desk.read({ secret }) } : null,
      );
      expect(await desk.history()).to.have.length(1);
      expect((await desk.read({ secret })).familyName).to.equal('Vogel');
    });

    it('with a letter: its address stands beside the appointment and one letter waits', async () => {
      const outcome = await bookNine(byLetter({ contact: 'left over' }));
      if (outcome.kind !== 'booked') throw new Error(outcome.kind);
      expect(outcome.appointment).to.include({ contactKind: 'none', contact: null });
      await desk.desk.book(desk.anna, outcome.secret, byLetter(), false);
      expect(await desk.letters(outcome.appointment)).to.deep.equal(['confirmed']);
      expect(await desk.database.reader('letter_addresses')).to.deep.equal([
        {
          appointment_id: outcome.appointment.id,
          extra: null,
          street: 'Am Anger 7',
          postcode: '08393',
          city: 'Schönberg',
        },
      ]);
    });

    it('not before everything is there, and says for each field what is missing', async () => {
      const address = { extra: 'x'.repeat(101), street: ' ', postcode: '8393', city: '' };
      const wrong: [CallerInput, [string, string][]][] = [
        [
          caller({ familyName: ' ', contactKind: null }),
          [
            ['familyName', 'missing'],
            ['contactKind', 'missing'],
          ],
        ],
        [
          byPhone('12', { firstName: '1' }),
          [
            ['firstName', 'notAName'],
            ['phone', 'notAPhone'],
          ],
        ],
        [caller({ contactKind: 'email', contact: 'karin' }), [['email', 'noAt']]],
        [
          byLetter({ address: null }),
          [
            ['street', 'missing'],
            ['postcode', 'missing'],
            ['city', 'missing'],
          ],
        ],
        [
          byLetter({ address }),
          [
            ['extra', 'tooLong'],
            ['street', 'missing'],
            ['postcode', 'notAPostcode'],
            ['city', 'missing'],
          ],
        ],
      ];
      const { secret } = await holdNine();
      for (const [typed, problems] of wrong) {
        const outcome = await desk.desk.book(desk.anna, secret, typed, true);
        expect(outcome.kind).to.equal('incomplete');
        expect([...(outcome as { problems: ReadonlyMap<string, string> }).problems]).to.deep.equal(problems);
        expect((await desk.read({ secret })).state).to.equal('held');
      }
      expect(await desk.history()).to.deep.equal([]);
    });

    it('and what was typed so far stays with the hold', async () => {
      const { secret } = await holdNine();
      await desk.desk.book(desk.anna, secret, byPhone('12', { familyName: 'y'.repeat(300) }), false);
      expect(await desk.read({ secret })).to.include({
        contactKind: 'phone',
        contact: '12',
        familyName: 'y'.repeat(100),
      });
      await desk.desk.saveDraft(secret, byLetter({ familyName: 'Vo\u0000gel' }));
      expect(await desk.read({ secret })).to.include({ contactKind: 'none', contact: null, familyName: 'Vo gel' });
      expect(await countWhere(desk.database, 'letter_addresses')).to.equal(1);
    });

    it('and an address is forgotten when it is not complete or the caller wants something else', async () => {
      const { secret } = await holdNine();
      const address = { extra: '', street: 'Am Anger 7', postcode: '08', city: 'Schönberg' };
      for (const [typed, kind] of [
        [byLetter({ address }), null],
        [byPhone('03764 4711'), 'phone'],
      ] as const) {
        await desk.desk.saveDraft(secret, byLetter());
        await desk.desk.saveDraft(secret, typed);
        expect(await countWhere(desk.database, 'letter_addresses')).to.equal(0);
        expect((await desk.read({ secret })).contactKind).to.equal(kind);
      }
    });

    it('after the hold has ended, if nobody has taken the time meanwhile', async () => {
      const first = await holdNine();
      desk.clock.now += 11 * MINUTE;
      expect((await desk.desk.book(desk.anna, first.secret, caller(), false)).kind).to.equal('booked');

      const second = await desk.hold(desk.anna, desk.office.firstStopId, 600);
      desk.clock.now += 11 * MINUTE;
      await desk.citizens.book({ stopId: desk.office.firstStopId, minute: 605 });
      const typed = byLetter({ familyName: 'Zimmermann' });
      expect(await desk.desk.book(desk.anna, second.secret, typed, true)).to.deep.equal({ kind: 'slotTaken' });
      expect(await desk.read(second)).to.include({ state: 'held', familyName: 'Zimmermann' });
      expect(await countWhere(desk.database, 'letter_addresses')).to.equal(1);
      expect(await countWhere(desk.database, 'letters')).to.equal(0);
    });

    it('as often as one contact may have appointments, then says how many that are', async () => {
      const typed = byPhone('+49 3764 4711');
      for (const minute of [NINE, 560, 580]) await desk.book(desk.anna, desk.office.firstStopId, minute, typed);
      const { secret } = await desk.hold(desk.anna, desk.office.firstStopId, 600);
      const outcome = await desk.desk.book(desk.anna, secret, byPhone('03764 4711', { familyName: 'Zwei' }), true);
      expect(outcome).to.deep.equal({ kind: 'tooManyOpen', max: 3 });
      expect(await desk.read({ secret })).to.include({ state: 'held', familyName: 'Zwei', contact: '03764 4711' });
      expect((await desk.desk.book(desk.anna, secret, byLetter(), true)).kind).to.equal('booked');
    });

    it('only where the agent takes calls, whatever is held there', async () => {
      const { secret } = await desk.hold(desk.anna, desk.neighbour.stopId, NINE);
      expect(await desk.desk.book(desk.olga, secret, byLetter(), true)).to.deep.equal({ kind: 'unknown' });
      expect(await desk.desk.book(desk.olga, secret, byLetter({ familyName: '' }), true)).to.deep.equal({
        kind: 'unknown',
      });
      expect(await desk.read({ secret })).to.include({ state: 'held', familyName: null });
      expect(await desk.desk.book(desk.olga, newSecret(), caller(), true)).to.deep.equal({ kind: 'unknown' });
    });
  });

  describe('is shown what the caller may have already', () => {
    const similarOf = (outcome: BookForCaller) => {
      if (outcome.kind !== 'similar') throw new Error(outcome.kind);
      return outcome.appointments.map(({ id, because }) => [id, because]);
    };

    it('by the contact, whatever the name and services', async () => {
      const has = await desk.book(
        desk.ben,
        desk.office.secondStopId,
        840,
        byPhone('03764/4711', { familyName: 'Anders' }),
        'fuehrungszeugnis',
      );
      const outcome = await bookNine(byPhone('+49 3764 4711'));
      expect(similarOf(outcome)).to.deep.equal([[has.id, 'contact']]);
      expect(await desk.read(outcome)).to.include({ state: 'held', familyName: 'Vogel' });
      expect((await desk.history()).at(-1)).to.deep.equal({
        user_name: 'Anna Anruf',
        municipality_id: desk.office.municipalityId,
        subject: 'appointment',
        subject_id: has.id,
        label: 'Möglicher doppelter Termin',
        action: 'lookedUp',
        changes: [{ field: 'Ergebnis', from: null, to: 'gezeigt' }],
      });
      expect((await desk.desk.book(desk.anna, outcome.secret, byPhone('+49 3764 4711'), true)).kind).to.equal('booked');
    });

    it('by the name with a service in common, unless the first names differ', async () => {
      const names: [string | null, string, string, boolean][] = [
        ['Karin', 'VOGEL', 'personalausweis', true],
        [null, 'Vogel', 'personalausweis', true],
        ['Jörg', 'Vogel', 'personalausweis', false],
        ['Karin', 'Vogel', 'fuehrungszeugnis', false],
        ['Karin', 'Vogler', 'personalausweis', false],
      ];
      for (const [firstName, familyName, slug, isSimilar] of names) {
        const has = await desk.book(desk.ben, desk.office.secondStopId, 840, caller({ firstName, familyName }), slug);
        const outcome = await bookNine(caller({ firstName: 'karin' }));
        if (isSimilar) expect(similarOf(outcome)).to.deep.equal([[has.id, 'name']]);
        else expect(outcome.kind, `${firstName} ${familyName}, ${slug}`).to.equal('booked');
        // The hotline can have a cancelled time at once: the next round begins where this one began.
        await desk.desk.release(outcome.secret);
        await desk.desk.cancel(desk.anna, outcome.secret);
        await desk.desk.cancel(desk.ben, has.secret);
      }
    });

    it('of the next eight weeks, three at most, the same contact first, not what is over or elsewhere', async () => {
      const number = byPhone('03764 4711', { familyName: 'Anders' });
      const named = await Promise.all(
        [810, 830, 850].map((minute) => desk.book(desk.ben, desk.office.secondStopId, minute)),
      );
      const contact = await desk.book(desk.ben, desk.nextStopId, 600, number);
      await desk.book(desk.ben, desk.neighbour.stopId, 600, caller({ firstName: null }));
      const past = await desk.book(desk.ben, desk.office.firstStopId, 600);
      await desk.database.writer('appointments').where('id', past.id).update({ state: 'served' });
      const { secret } = await desk.hold(desk.olga, desk.office.firstStopId, NINE);
      const outcome = await desk.desk.book(desk.olga, secret, byPhone('03764 4711'), false);
      expect(similarOf(outcome)).to.deep.equal([
        [contact.id, 'contact'],
        [named[0]?.id, 'name'],
        [named[1]?.id, 'name'],
      ]);
    });

    it('but not of the time after these weeks', async () => {
      await desk.database.writer('municipalities').update({ horizon_days: 90 });
      const date = addDays('2026-12-01', 57);
      const [stopId] = await insertTour(desk.database, {
        date,
        municipalityId: desk.office.municipalityId,
        kitId: desk.office.kitId,
        clerkId: desk.office.clerkId,
        stops: [{ venueId: desk.office.firstVenueId, fromMinute: 540, toMinute: 720 }],
      });
      const far = await desk.book(desk.ben, stopId as number, 600);
      expect((await bookNine(caller())).kind).to.equal('booked');
      desk.clock.now += 24 * 60 * MINUTE * 2;
      const { secret } = await desk.hold(desk.anna, desk.nextStopId, 600);
      const outcome = await desk.desk.book(desk.anna, secret, caller({ firstName: null }), false);
      expect(similarOf(outcome).map(([id]) => id)).to.include(far.id);
    });
  });

  describe('while others do the same', () => {
    it('books what two agents hold at the same moment for one of them only', async () => {
      const outcomes = await Promise.all(
        [desk.anna, desk.ben, desk.anna, desk.ben].map((agent) => desk.hold(agent, desk.office.firstStopId, NINE)),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).to.deep.equal(['held', 'slotTaken', 'slotTaken', 'slotTaken']);
    });

    it('books the same hold once, with one letter and one entry, when it is sent five times at once', async () => {
      const { secret } = await holdNine();
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () => desk.desk.book(desk.anna, secret, byLetter(), true)),
      );
      expect(new Set(outcomes.map(({ kind }) => kind))).to.deep.equal(new Set(['booked']));
      expect(await desk.letters(await desk.read({ secret }))).to.deep.equal(['confirmed']);
      expect(await desk.history()).to.have.length(1);
    });

    it('lets one contact have as many as it may, however many agents book at once', async () => {
      const holds = await Promise.all(
        [NINE, 560, 580, 600, 620].map((minute) => desk.hold(desk.anna, desk.office.firstStopId, minute)),
      );
      const outcomes = await Promise.all(
        holds.map(({ secret }) => desk.desk.book(desk.anna, secret, byPhone('03764 4711'), true)),
      );
      expect(outcomes.filter(({ kind }) => kind === 'booked')).to.have.length(3);
      expect(outcomes.filter(({ kind }) => kind === 'tooManyOpen')).to.have.length(2);
    });
  });
});

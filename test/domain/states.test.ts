import { expect } from 'chai';
import {
  APPOINTMENT_STATES,
  canBeChangedByCitizen,
  canTransition,
  isAppointmentState,
  isLive,
  isOpen,
  LIVE_STATES,
  OPEN_STATES,
  TRANSITIONS,
} from '../../server/domain/booking/states.ts';
import type { AppointmentState } from '../../server/domain/booking/states.ts';

const which = (is: (state: AppointmentState) => boolean) => APPOINTMENT_STATES.filter(is);

describe('The life of an appointment', () => {
  it('goes from held over pending, confirmed and arrived to served', () => {
    const path = ['held', 'pending', 'confirmed', 'arrived', 'served'] as const;
    path.slice(1).forEach((to, i) => expect(canTransition(path[i]!, to), to).to.equal(true));
  });

  it('needs no e-mail where none is demanded, and one press of the clerk is enough', () => {
    expect(canTransition('held', 'confirmed')).to.equal(true);
    expect(canTransition('confirmed', 'served')).to.equal(true);
  });

  it('ends by itself only while it is held or pending', () => {
    expect(which((state) => canTransition(state, 'expired'))).to.deep.equal(['held', 'pending']);
  });

  it('can be cancelled until it is served', () => {
    expect(which((state) => canTransition(state, 'cancelled'))).to.deep.equal([
      'held',
      'pending',
      'confirmed',
      'arrived',
    ]);
  });

  it('can only be missed when it was confirmed, or again when who came late had not come after all', () => {
    expect(which((state) => canTransition(state, 'missed'))).to.deep.equal(['confirmed', 'arrived']);
  });

  it('lets a clerk take a mistaken tick back and serve who comes late', () => {
    expect(canTransition('arrived', 'confirmed')).to.equal(true);
    expect(canTransition('served', 'arrived')).to.equal(true);
    expect(canTransition('served', 'confirmed')).to.equal(true);
    expect(canTransition('missed', 'arrived')).to.equal(true);
    expect(canTransition('missed', 'confirmed')).to.equal(true);
  });

  it('never comes back once its time has been given up', () => {
    for (const from of which((state) => !isLive(state))) {
      for (const to of APPOINTMENT_STATES) expect(canTransition(from, to), `${from} to ${to}`).to.equal(false);
    }
  });

  it('never goes back to being held, and staying is no step', () => {
    for (const state of APPOINTMENT_STATES) {
      expect(canTransition(state, 'held')).to.equal(false);
      expect(canTransition(state, state)).to.equal(false);
    }
  });

  it('can reach every state from held', () => {
    const reached = new Set<AppointmentState>(['held']);
    for (const state of reached) for (const next of TRANSITIONS[state]) reached.add(next);
    expect([...reached]).to.have.members([...APPOINTMENT_STATES]);
  });

  it('occupies its time unless it is cancelled or expired', () => {
    expect(which((state) => !isLive(state))).to.deep.equal(['cancelled', 'expired']);
    expect(which(isLive)).to.deep.equal([...LIVE_STATES]);
  });

  it('counts as open, and may be moved or cancelled by the person, while it is still to come', () => {
    expect(which(isOpen)).to.deep.equal(['pending', 'confirmed']);
    expect(which(isOpen)).to.deep.equal([...OPEN_STATES]);
    expect(which(canBeChangedByCitizen)).to.deep.equal(['pending', 'confirmed']);
  });

  it('is in a state we know', () => {
    expect(APPOINTMENT_STATES.every(isAppointmentState)).to.equal(true);
    for (const other of ['', 'HELD', 'toString', null, 1]) expect(isAppointmentState(other)).to.equal(false);
  });
});

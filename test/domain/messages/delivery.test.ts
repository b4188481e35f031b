import { expect } from 'chai';
import fc from 'fast-check';
import type { AppointmentState } from '../../../server/domain/booking/states.ts';
import { APPOINTMENT_STATES } from '../../../server/domain/booking/states.ts';
import {
  fateOf,
  giveUpAt,
  needsCall,
  nextTry,
  PATIENCE,
  retryDelay,
  safeReason,
} from '../../../server/domain/messages/delivery.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../../server/domain/messages/message.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('Whether a message is still worth sending', () => {
  const fate = (kind: MessageKind, state: AppointmentState, ahead = 0, left = 1) =>
    fateOf({ kind, sequence: 3, expiresAt: 1_000 + left, appointment: { state, sequence: 3 + ahead } }, 1_000);

  it('is said for each kind by the state of the appointment', () => {
    const sent = Object.fromEntries(
      MESSAGE_KINDS.map((kind) => [kind, APPOINTMENT_STATES.filter((state) => fate(kind, state) === 'send').join(' ')]),
    );
    expect(sent).to.deep.equal({
      verify: 'pending',
      booked: 'held pending confirmed arrived served missed',
      moved: 'held pending confirmed arrived served missed',
      cancelled: APPOINTMENT_STATES.join(' '),
      reminder: 'pending confirmed',
      late: 'pending confirmed',
    });
  });

  it('is denied when the appointment was changed since, but for a cancellation', () => {
    for (const kind of MESSAGE_KINDS) {
      const state = kind === 'verify' ? 'pending' : 'confirmed';
      expect(fate(kind, state, 1), kind).to.equal(kind === 'cancelled' ? 'send' : 'superseded');
    }
  });

  it('ends at the moment from which nobody needs it, and what is outdated besides is outdated', () => {
    expect(fate('booked', 'confirmed', 0, 1)).to.equal('send');
    expect(fate('booked', 'confirmed', 0, 0)).to.equal('late');
    expect(fate('booked', 'cancelled', 0, 0)).to.equal('superseded');
  });
});

describe('The next try of a message', () => {
  it('comes after 1, 5, 15, 30, 60, 120, 240, 480 and then always 480 minutes', () => {
    const tries = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50];
    expect(tries.map((n) => retryDelay(n, 0.5) / MINUTE)).to.deep.equal([1, 5, 15, 30, 60, 120, 240, 480, 480, 480]);
  });

  it('is spread by at most a tenth to both sides', () => {
    expect(retryDelay(2, 0)).to.equal(4.5 * MINUTE);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, random) => {
          const middle = retryDelay(n, 0.5);
          expect(retryDelay(n, random)).to.be.within(middle * 0.9 - 1, middle * 1.1 + 1);
        },
      ),
    );
  });

  it('is at the latest when the patience ends, and none follows', () => {
    expect(nextTry(0, 10, 100, 1_000)).to.equal(10);
    expect(nextTry(95, 10, 100, 1_000)).to.equal(100);
    expect(nextTry(100, 10, 100, 1_000)).to.equal(null);
    expect(nextTry(95, 10, 100, 100), 'nobody needs it then').to.equal(null);
  });

  it('ends after 48 hours, or when nobody needs it any more', () => {
    const message = { kind: 'booked', changedBy: 'person', createdAt: 0 } as const;
    expect(giveUpAt({ ...message, expiresAt: 100 * HOUR }, 100 * HOUR)).to.equal(PATIENCE);
    expect(giveUpAt({ ...message, expiresAt: 5 * HOUR }, 5 * HOUR)).to.equal(5 * HOUR);
  });

  it('leaves half of the time for a call, where the office changed what the person relies on', () => {
    const moved = { kind: 'moved', changedBy: 'office', createdAt: 0, expiresAt: 500 * HOUR } as const;
    expect(giveUpAt(moved, 6 * HOUR)).to.equal(3 * HOUR);
    expect(giveUpAt(moved, 400 * HOUR)).to.equal(PATIENCE);
    expect(giveUpAt({ ...moved, changedBy: 'hotline' }, 6 * HOUR)).to.equal(PATIENCE);
    expect(giveUpAt({ ...moved, kind: 'late' }, 6 * HOUR)).to.equal(PATIENCE);
    expect(giveUpAt(moved, -HOUR), 'that time is over already').to.equal(PATIENCE);
  });

  it('asks for a call only where the office moved or cancelled', () => {
    const called = MESSAGE_KINDS.flatMap((kind) =>
      (['person', 'hotline', 'office'] as const)
        .filter((changedBy) => needsCall({ kind, changedBy }))
        .map((changedBy) => `${kind} ${changedBy}`),
    );
    expect(called).to.deep.equal(['moved office', 'cancelled office']);
  });
});

describe('What the other side said, as it is kept', () => {
  it('keeps codes and words and leaves out addresses and numbers of people', () => {
    const said = [
      ['550 5.1.1 <k.vogel@beispiel.example>: Recipient address rejected', '550 5.1.1 <…>: Recipient address rejected'],
      ["550-5.7.26 mail from 'jörg.groß@müller.example' refused", '550-5.7.26 mail from … refused'],
      ['RCPT TO:k@b.example failed', 'RCPT TO:… failed'],
      ['connect ECONNREFUSED 192.0.2.14:587', 'connect ECONNREFUSED 192.0.2.14:587'],
      ['number +49 171 3920012 is unknown', 'number … is unknown'],
      ['0171/392 00-12 or (03764) 54 00 99', '… or (…'],
      ['421 4.7.0 Try again in 30 minutes', '421 4.7.0 Try again in 30 minutes'],
      ['line one\r\nline two\u0000\t.', 'line one line two .'],
    ] as const;
    for (const [given, kept] of said) expect(safeReason(given)).to.equal(kept);
  });

  it('is at most 300 characters, cut between characters', () => {
    expect(safeReason('😀'.repeat(400))).to.equal(`${'😀'.repeat(299)}…`);
    expect(safeReason('a'.repeat(300))).to.equal('a'.repeat(300));
  });

  it('never has an address of an ordinary form, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.emailAddress(), fc.string(), (before, address, after) => {
        expect(safeReason(`${before} ${address} ${after}`)).to.not.contain(address);
      }),
    );
  });
});

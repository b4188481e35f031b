import type { OutgoingMessage } from '../../server/domain/messages/message.ts';

/** A confirmation for Erika Mustermann, as the outbox hands it over. */
export function outgoingMessage(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const startsAt = Date.parse('2026-12-03T09:00:00+01:00');
  return {
    id: 1,
    key: 'Zm9vYmFyYmF6cXV4-_0123',
    municipalityId: 1,
    channel: 'email',
    kind: 'booked',
    changedBy: 'person',
    recipient: 'erika.mustermann@example.de',
    sequence: 0,
    time: { date: '2026-12-03', startTick: 108, ticks: 3, startsAt, endsAt: startsAt + 15 * 60_000, venueId: 1 },
    before: null,
    expectedAt: null,
    createdAt: startsAt - 86_400_000,
    expiresAt: startsAt,
    attempts: 0,
    appointment: {
      id: 1,
      reference: 'K7M2P9',
      secret: 'geheim',
      locale: 'de',
      state: 'confirmed',
      sequence: 0,
      firstName: 'Erika',
      familyName: 'Mustermann',
      originPlaceId: null,
      lines: [],
    },
    ...changes,
  };
}

import type { Knex } from 'knex';
import { queueMessage } from '../data/outboxQueue.ts';
import { foldName } from '../domain/places/fold.ts';
import { MILLISECONDS_PER_MINUTE, type Instant } from '../domain/time.ts';

/** So many invented people have an e-mail address; addresses end in a domain that nobody can have (RFC 2606). */
const WITH_ADDRESS = 12;

interface Person {
  id: number;
  first_name: string | null;
  family_name: string | null;
  starts_at: Instant;
  ends_at: Instant;
  confirmed_at: Instant;
}

/**
 * Gives some invented people an e-mail address and puts their confirmations into the outbox, from which the
 * demonstration "sends" them; one could not be delivered.
 */
export async function insertMessages(trx: Knex.Transaction, now: Instant): Promise<void> {
  const people = await trx('appointments')
    .where({ state: 'confirmed', channel: 'online', contact_kind: 'none' })
    .whereNotNull('family_name')
    .where('starts_at', '>', now)
    .orderBy(['starts_at', 'id'])
    .limit(WITH_ADDRESS)
    .select<Person[]>('id', 'first_name', 'family_name', 'starts_at', 'ends_at', 'confirmed_at');
  for (const [index, person] of people.entries()) {
    const address = addressOf(person);
    await trx('appointments').where('id', person.id).update({ contact_kind: 'email', contact: address });
    await trx('contact_slots')
      .insert({ contact_key: address, slot: 1, appointment_id: person.id, ends_at: person.ends_at })
      .onConflict()
      .ignore();
    const bookedAt = Math.min(person.confirmed_at, now - MILLISECONDS_PER_MINUTE);
    const message = { appointmentId: person.id, kind: 'booked', changedBy: 'person' } as const;
    const id = await queueMessage(trx, { mail: true, sms: false }, message, bookedAt);
    if (id !== null && index === people.length - 1) await giveUp(trx, id, bookedAt);
  }
}

async function giveUp(trx: Knex.Transaction, id: number, at: Instant): Promise<void> {
  await trx('outbox').where({ id }).update({
    state: 'failed',
    attempts: 1,
    done_at: at,
    error: 'recipient: 550 5.1.1 User unknown in virtual mailbox table',
  });
}

function addressOf({ first_name, family_name }: Person): string {
  const part = (name: string | null): string => foldName(name ?? '').replaceAll(' ', '-');
  return `${[part(first_name), part(family_name)].filter((text) => text !== '').join('.')}@beispiel.example`;
}

import { officeKey } from '../../server/data/lookupGuard.ts';
import type { Database } from '../../server/data/knex.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { createProof } from '../../server/features/booking/proof.ts';

/** Makes the only municipality of a small office ask for e-mail addresses to be confirmed, by a relay of its own. */
export async function demandConfirmation(database: Database, municipalityId: number, minutes = 60): Promise<void> {
  await database
    .writer('municipalities')
    .where('id', municipalityId)
    .update({ confirm_email: true, confirmation_minutes: minutes });
  await database.writer('municipality_relays').insert({
    municipality_id: municipalityId,
    host: 'mail.beispiel.example',
    port: 465,
    security: 'tls',
    from_name: 'Gemeinde',
    from_address: 'gemeinde@beispiel.example',
  });
}

/** Where the link in the mail leads. @param prefix '/en' for English */
export async function confirmationPath(
  database: Database,
  appointment: Pick<Appointment, 'reference' | 'secret' | 'contact'>,
  prefix = '',
): Promise<string> {
  const { reference, secret } = appointment;
  return `${prefix}/termin/${reference}-${secret}/bestaetigung?nachweis=${await proofOf(database, appointment)}`;
}

/** What that link brings along. */
export async function proofOf(database: Database, of: Pick<Appointment, 'secret' | 'contact'>): Promise<string> {
  return createProof(await officeKey(database, 'confirmation'))(of);
}

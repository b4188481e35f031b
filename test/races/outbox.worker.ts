import type { MailServer } from '../../server/config.ts';
import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';
import { createOutboxRepository } from '../../server/data/outboxRepository.ts';
import { createMailer } from '../../server/gateways/mail/mailer.ts';
import { sendMessages } from '../../server/jobs/outbox.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { PEER_CA } from '../support/smtpPeer.ts';

/** Sends what waits in the outbox by this mail server until nothing is left, by a clock that stands still. */
const [config, relay, now, worker] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, MailServer, number, string];
process.once('message', () => {
  const database = openDatabase(config);
  const complaints: string[] = [];
  const complain = (fields: object, message: string): void =>
    void complaints.push(`${message} ${JSON.stringify(fields)}`);
  const log = { info: () => undefined, warn: complain, error: complain };
  const mailer = createMailer({
    relayOf: () => Promise.resolve(relay),
    host: 'koffer.example',
    log,
    now: () => now,
    ca: PEER_CA,
  });
  void sendMessages(createOutboxRepository(database), {
    write: (message) =>
      Promise.resolve({
        channel: 'email',
        subject: 'Ihr Termin',
        text: `Vorgang ${message.appointment.reference}`,
        html: null,
        calendar: null,
      }),
    send: (message, written) => {
      if (written.channel !== 'email') throw new Error('no mail');
      return mailer.send(message, written);
    },
    worker,
    now: () => now,
    random: Math.random,
    zone: OFFICE_ZONE,
    log,
  })
    .then(async (counts) => {
      mailer.close();
      await database.close();
      process.send?.({ ...counts, complaints });
    })
    .then(() => process.disconnect());
});
process.send?.('ready');

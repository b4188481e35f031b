import type { Logger } from 'pino';
import type { Config, MailServer } from '../config.ts';
import type { Database } from '../data/knex.ts';
import type { MessageWays } from '../data/outboxQueue.ts';
import { createRelayRepository } from '../data/relayRepository.ts';
import { createSeal } from '../data/seal.ts';
import type { Directory, Locale } from '../domain/booking/office.ts';
import type { Delivery, WrittenMail } from '../domain/messages/message.ts';
import { createMailer } from '../gateways/mail/mailer.ts';
import { createOutgoing, sendNowhere, type Send } from '../gateways/outgoing.ts';
import { createSmsGateway } from '../gateways/sms/gateway.ts';

export interface WayOutDeps {
  config: Pick<Config, 'demonstration' | 'mail' | 'sms' | 'secretKey' | 'publicUrl'>;
  database: Database;
  directory: () => Promise<Directory>;
  log: Logger;
  now: () => number;
}

/** Ways out that the installation has for every municipality. In the demonstration a mail is only shown to staff. */
export function waysOf({ demonstration, mail, sms }: Pick<Config, 'demonstration' | 'mail' | 'sms'>): MessageWays {
  return { mail: demonstration || mail !== null, sms: sms !== null };
}

/** How messages leave the house: through the mail server of the municipality, else through that of the installation. */
export function createWayOut({ config, database, directory, log, now }: WayOutDeps) {
  const relays = createRelayRepository(database, createSeal(config.secretKey));

  async function relayOf(municipalityId: number): Promise<MailServer | null> {
    const own = await relays.relayOf(municipalityId);
    return own ?? (config.mail === null ? null : inTheNameOf(municipalityId, config.mail));
  }

  /** Answers go to the municipality; without a name of its own the sender has that of the municipality's office. */
  async function inTheNameOf(municipalityId: number, server: MailServer): Promise<MailServer> {
    const municipality = (await directory()).municipalities.get(municipalityId);
    const { name, address } = server.from;
    return {
      ...server,
      from: { name: name === '' ? (municipality?.officeName ?? '') : name, address },
      replyTo: municipality?.contactEmail ?? null,
    };
  }

  const mailer = createMailer({ relayOf, host: hostOf(config.publicUrl), log, now });
  const send: Send = config.demonstration
    ? sendNowhere
    : createOutgoing(mailer, config.sms === null ? null : createSmsGateway(config.sms));
  if (config.demonstration && (config.mail !== null || config.sms !== null)) {
    log.warn('this is a demonstration: messages are shown to staff and not sent');
  }

  return {
    relays,
    send,
    /** Sends a mail on trial through the server that would send for the municipality. */
    trial: async (municipalityId: number, to: string, mail: WrittenMail, locale: Locale): Promise<Delivery> => {
      if (config.demonstration) return { kind: 'sent' };
      const relay = await relayOf(municipalityId);
      return relay === null
        ? { kind: 'down', reason: 'connection: no mail server is set up' }
        : mailer.trial(relay, to, mail, locale);
    },
    close: mailer.close,
  };
}

/** For Message-IDs and for what a mail server is told. The name ends in .invalid where nobody said what it is. */
function hostOf(publicUrl: string | null): string {
  return publicUrl === null ? 'koffertour.invalid' : new URL(publicUrl).hostname;
}

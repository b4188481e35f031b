import type { Delivery, OutgoingMessage, WrittenMessage } from '../domain/messages/message.ts';
import type { Mailer } from './mail/mailer.ts';
import type { SmsGateway } from './sms/gateway.ts';

/** Hands a message to whoever takes it further. */
export type Send = (message: OutgoingMessage, written: WrittenMessage) => Promise<Delivery>;

/** @param sms null: the installation has no gateway */
export function createOutgoing(mailer: Pick<Mailer, 'send'>, sms: SmsGateway | null): Send {
  return async (message, written) => {
    if (written.channel === 'email') return mailer.send(message, written);
    return sms === null
      ? { kind: 'down', reason: 'connection: no gateway for text messages is set up' }
      : sms.send(message, written.text);
  };
}

/** In the demonstration nothing leaves the house: staff read the messages on their page. */
export const sendNowhere: Send = () => Promise.resolve({ kind: 'sent' });

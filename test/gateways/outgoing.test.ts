import { expect } from 'chai';
import type { WrittenMessage } from '../../server/domain/messages/message.ts';
import { createOutgoing, sendNowhere } from '../../server/gateways/outgoing.ts';
import { outgoingMessage } from '../support/outgoingMessage.ts';

const MAIL: WrittenMessage = { channel: 'email', subject: 'Ihr Termin', text: 'Text\n', html: null, calendar: null };
const SMS: WrittenMessage = { channel: 'sms', text: 'Ihr Termin' };

describe('What goes out', () => {
  const taken: string[] = [];
  const mailer = {
    send: (_message: unknown, mail: { text: string }) => {
      taken.push(`mail ${mail.text}`);
      return Promise.resolve({ kind: 'sent' as const });
    },
  };
  const gateway = {
    send: (_message: unknown, text: string) => {
      taken.push(`sms ${text}`);
      return Promise.resolve({ kind: 'later' as const, reason: 'connection: HTTP 503' });
    },
  };
  beforeEach(() => taken.splice(0));

  it('takes the way it is written for, and what became of it is said', async () => {
    const send = createOutgoing(mailer, gateway);
    expect(await send(outgoingMessage(), MAIL)).to.deep.equal({ kind: 'sent' });
    expect(await send(outgoingMessage({ channel: 'sms' }), SMS)).to.deep.equal({
      kind: 'later',
      reason: 'connection: HTTP 503',
    });
    expect(taken).to.deep.equal(['mail Text\n', 'sms Ihr Termin']);
  });

  it('waits where there is no gateway for text messages', async () => {
    const send = createOutgoing(mailer, null);
    expect(await send(outgoingMessage({ channel: 'sms' }), SMS)).to.deep.equal({
      kind: 'down',
      reason: 'connection: no gateway for text messages is set up',
    });
    expect(taken).to.deep.equal([]);
  });

  it('counts as sent in the demonstration, though nothing leaves the house', async () => {
    for (const written of [MAIL, SMS]) {
      expect(await sendNowhere(outgoingMessage({ channel: written.channel }), written)).to.deep.equal({ kind: 'sent' });
    }
    expect(taken).to.deep.equal([]);
  });
});

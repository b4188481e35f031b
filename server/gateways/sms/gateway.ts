import type { Config } from '../../config.ts';
import { safeReason } from '../../domain/messages/delivery.ts';
import type { Delivery, OutgoingMessage } from '../../domain/messages/message.ts';
import { internationalNumber } from '../../domain/messages/mobile.ts';

export type SmsSettings = NonNullable<Config['sms']> & {
  fetch?: typeof fetch;
  /** Milliseconds an answer may take. */
  timeoutMs?: number;
};

const TIMEOUT = 10_000;

/** What the gateway says about this message, and will say again. */
const REFUSED = [400, 404, 422];
/** What it says about us. */
const NOT_US = [401, 403];
/** Too slow, the same message is under way there, too many. */
const NOT_NOW = [408, 409, 429];

/**
 * A gateway that takes text messages as JSON: `POST {to, from, text, id}` with the token as bearer. `id`, also the header
 * Idempotency-Key, is the same for each try of one message. Its answers are not read, only their status: they may repeat
 * the number.
 */
export function createSmsGateway({ url, token, from, fetch: ask = fetch, timeoutMs = TIMEOUT }: SmsSettings) {
  return {
    async send({ key, recipient }: Pick<OutgoingMessage, 'key' | 'recipient'>, text: string): Promise<Delivery> {
      const to = internationalNumber(recipient);
      if (to === null) return { kind: 'refused', reason: 'recipient: the number cannot be one' };
      let status: number;
      try {
        const response = await ask(url, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${token}`,
            'Content-Type': 'application/json; charset=utf-8',
            'Idempotency-Key': key,
          },
          body: JSON.stringify({ to, ...(from === null ? {} : { from }), text, id: key }),
          // Elsewhere number and token have no business.
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        await response.body?.cancel();
        status = response.status;
      } catch (error) {
        return troubleOf(error);
      }
      return deliveryOf(status);
    },
  };
}

export type SmsGateway = ReturnType<typeof createSmsGateway>;

function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (REFUSED.includes(status)) return { kind: 'refused', reason: `recipient: HTTP ${status}` };
  if (NOT_US.includes(status)) return { kind: 'down', reason: `login: HTTP ${status}` };
  if (NOT_NOW.includes(status) || status >= 500) return { kind: 'later', reason: `connection: HTTP ${status}` };
  return { kind: 'down', reason: `connection: HTTP ${status}` };
}

/** Too slow: it may have been sent. No connection: nothing can be sent. */
function troubleOf(error: unknown): Delivery {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { kind: 'later', reason: 'connection: no answer in time' };
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
  const inTheMiddle = ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(code);
  return { kind: inTheMiddle ? 'later' : 'down', reason: safeReason(`connection: ${code}`) };
}

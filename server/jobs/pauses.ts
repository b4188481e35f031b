import type { MessageChannel } from '../domain/messages/message.ts';
import type { Instant } from '../domain/time.ts';

/** One way out: the mail server or the gateway for short messages, as one municipality uses it. */
export interface WayOut {
  municipalityId: number;
  channel: MessageChannel;
}

/** Ways out that are down, and until when nobody asks them again. Of this process only: after a start all are tried. */
export interface Pauses {
  closed(now: Instant): WayOut[];
  /** @returns milliseconds until it is tried again */
  close(way: WayOut, now: Instant): number;
  open(way: WayOut): void;
}

/** Minutes of the first, second, … pause; the last one again and again. */
const MINUTES = [1, 2, 5, 10] as const;

export function createPauses(): Pauses {
  const pauses = new Map<string, { way: WayOut; until: Instant; times: number }>();
  const keyOf = ({ municipalityId, channel }: WayOut): string => `${municipalityId} ${channel}`;
  return {
    closed: (now) => [...pauses.values()].filter(({ until }) => until > now).map(({ way }) => way),
    close({ municipalityId, channel }, now) {
      const way = { municipalityId, channel };
      const times = (pauses.get(keyOf(way))?.times ?? 0) + 1;
      const length = (MINUTES[Math.min(times, MINUTES.length) - 1] ?? 1) * 60_000;
      pauses.set(keyOf(way), { way, until: now + length, times });
      return length;
    },
    open: (way) => void pauses.delete(keyOf(way)),
  };
}

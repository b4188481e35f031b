import type { Locale, Venue } from '../../../domain/booking/office.ts';
import type { OutgoingMessage, TextKind } from '../../../domain/messages/message.ts';
import type { TextPieces } from '../../../domain/messages/texts.ts';
import type { LocalDate } from '../../../domain/time.ts';
import type { Clock, ReadDirectory, Zone } from '../ports.ts';
import type { Proof } from '../proof.ts';

/** What a municipality worded itself; `NO_PIECES` where it did not. */
export type ReadTexts = (municipalityId: number, kind: TextKind, locale: Locale) => Promise<TextPieces>;

/** A free time that somebody is offered in place of a lost one. */
export interface OtherTime {
  date: LocalDate;
  startTick: number;
  venue: Venue;
}

/** What messages are worded with. */
export interface MessageDeps {
  directory: ReadDirectory;
  clock: Clock;
  zone: Zone;
  /** Scheme, host and port under which citizens reach the office: all links lead there. */
  origin: string;
  /** What the link that confirms an address has to bring along. */
  proof: Proof;
  texts: ReadTexts;
  /** At most three, soonest first; none: nothing is free, or the services are not offered any more. */
  otherTimes: (message: OutgoingMessage) => Promise<OtherTime[]>;
}

import type { Directory, Locale, Municipality, Venue } from '../../../domain/booking/office.ts';
import type {
  ChangedBy,
  MessageKind,
  OutgoingMessage,
  TextKind,
  WrittenMail,
} from '../../../domain/messages/message.ts';
import type { TextPieces } from '../../../domain/messages/texts.ts';
import {
  addDays,
  MILLISECONDS_PER_MINUTE,
  minutesToTicks,
  minuteToTick,
  TICK_MINUTES,
  tickToMinute,
} from '../../../domain/time.ts';
import type { MessageDeps, OtherTime } from './deps.ts';
import { writeMail } from './writeMessage.ts';

export interface PreviewOf {
  municipalityId: number;
  kind: TextKind;
  locale: Locale;
  pieces: TextPieces;
}

/** No appointment has such a secret: the links of a preview open nothing. */
const INVENTED = { reference: 'K7M4QX2FA', secret: 'muster' };
const DAYS_AHEAD = 14;
const START = minuteToTick(9 * 60 + 40);
const LATE_MINUTES = 40;

const KINDS: Readonly<Record<TextKind, readonly [kind: MessageKind, changedBy: ChangedBy]>> = {
  verify: ['verify', 'person'],
  booked: ['booked', 'person'],
  moved: ['moved', 'person'],
  movedByOffice: ['moved', 'office'],
  cancelled: ['cancelled', 'person'],
  cancelledByOffice: ['cancelled', 'office'],
  reminder: ['reminder', 'person'],
  late: ['late', 'office'],
};

/** A mail as the municipality would send it with these words, about an appointment that was made up. */
export async function previewMessage(
  deps: Pick<MessageDeps, 'directory' | 'clock' | 'zone' | 'origin' | 'proof'>,
  { municipalityId, kind, locale, pieces }: PreviewOf,
): Promise<WrittenMail> {
  const directory = await deps.directory();
  const venues = venuesOf(directory, municipalityId);
  const message = inventedMessage(deps, directory, venues, { municipalityId, kind, locale });
  const times = kind === 'cancelledByOffice' ? inventedTimes(message, venues) : null;
  return writeMail(deps, directory, message, pieces, times);
}

function venuesOf(directory: Directory, municipalityId: Municipality['id']): Venue[] {
  const open = [...directory.venues.values()].filter(({ retired }) => !retired);
  const own = open.filter((venue) => venue.municipalityId === municipalityId);
  return own.length > 0 ? own : open;
}

function inventedMessage(
  { clock, zone }: Pick<MessageDeps, 'clock' | 'zone'>,
  directory: Directory,
  [venue, other]: readonly Venue[],
  { municipalityId, kind, locale }: Omit<PreviewOf, 'pieces'>,
): OutgoingMessage {
  const now = clock.now();
  const today = zone.local(now).date;
  const [messageKind, changedBy] = KINDS[kind];
  const service = directory.services[0];
  const ticks = minutesToTicks(service?.minutes ?? TICK_MINUTES);
  const date = addDays(today, kind === 'reminder' ? 1 : kind === 'late' ? 0 : DAYS_AHEAD);
  const startsAt = zone.instantAt(date, tickToMinute(START));
  const confirmMinutes = directory.municipalities.get(municipalityId)?.messages?.confirmMinutes ?? 0;
  return {
    id: 0,
    key: '',
    municipalityId,
    channel: 'email',
    kind: messageKind,
    changedBy,
    recipient: '',
    sequence: 0,
    time: {
      date,
      startTick: START,
      ticks,
      startsAt,
      endsAt: startsAt + ticks * TICK_MINUTES * MILLISECONDS_PER_MINUTE,
      venueId: venue?.id ?? null,
    },
    before:
      messageKind === 'moved'
        ? { date: addDays(date, -1), startTick: START + minutesToTicks(60), venueId: (other ?? venue)?.id ?? null }
        : null,
    expectedAt: messageKind === 'late' ? startsAt + LATE_MINUTES * MILLISECONDS_PER_MINUTE : null,
    createdAt: now,
    expiresAt: messageKind === 'verify' ? now + confirmMinutes * MILLISECONDS_PER_MINUTE : startsAt,
    attempts: 0,
    appointment: {
      id: 0,
      ...INVENTED,
      locale,
      state: messageKind === 'verify' ? 'pending' : messageKind === 'cancelled' ? 'cancelled' : 'confirmed',
      sequence: 0,
      firstName: 'Karin',
      familyName: 'Vogel',
      originPlaceId: null,
      lines:
        service === undefined ? [] : [{ serviceId: service.id, persons: 1, minutes: service.minutes, feeCents: null }],
    },
  };
}

function inventedTimes({ time }: OutgoingMessage, venues: readonly Venue[]): OtherTime[] {
  return venues.slice(0, 2).map((venue, index) => ({
    date: addDays(time.date, 2 + index),
    startTick: time.startTick + index * minutesToTicks(30),
    venue,
  }));
}

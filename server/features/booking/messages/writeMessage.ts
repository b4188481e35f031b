import type { Directory } from '../../../domain/booking/office.ts';
import {
  textKindOf,
  type OutgoingMessage,
  type WrittenMail,
  type WrittenMessage,
} from '../../../domain/messages/message.ts';
import { fillPieces, type TextPieces } from '../../../domain/messages/texts.ts';
import { MILLISECONDS_PER_MINUTE } from '../../../domain/time.ts';
import { buildCalendar } from '../../../web/calendar.ts';
import { calendarEntryOf } from '../manage/calendarEntry.ts';
import type { MessageDeps, OtherTime } from './deps.ts';
import { factsOf, type MessageFacts } from './facts.ts';
import { mailBlocks } from './mail.ts';
import { otherTimesPath } from './otherTimes.ts';
import { deliveredPieces } from './pieces.ts';
import { renderHtml } from './renderHtml.ts';
import { renderText } from './renderText.ts';
import { shortMessage } from './sms.ts';

/** Words a message, in the language of the appointment, with the facts that were true when it was queued. */
export async function writeMessage(deps: MessageDeps, message: OutgoingMessage): Promise<WrittenMessage> {
  const directory = await deps.directory();
  if (message.channel === 'sms') {
    return { channel: 'sms', text: shortMessage(message, factsOf(message, directory, deps)) };
  }
  const [pieces, times] = await Promise.all([
    deps.texts(message.municipalityId, textKindOf(message), message.appointment.locale),
    message.kind === 'cancelled' && message.changedBy === 'office' ? deps.otherTimes(message) : null,
  ]);
  return { channel: 'email', ...writeMail(deps, directory, message, pieces, times) };
}

/**
 * Words a mail from everything it needs.
 * @param times what is offered in place of what the office cancelled; null: nothing has to be
 */
export function writeMail(
  deps: Pick<MessageDeps, 'clock' | 'zone' | 'origin' | 'proof'>,
  directory: Directory,
  message: OutgoingMessage,
  pieces: TextPieces,
  times: readonly OtherTime[] | null,
): WrittenMail {
  const facts = factsOf(message, directory, deps);
  const { locale } = facts;
  const filled = fillPieces(deliveredPieces(textKindOf(message), locale), pieces, facts.values);
  const blocks = mailBlocks({
    message,
    facts,
    pieces: filled,
    others: times === null ? null : { times, url: deps.origin + otherTimesPath(message, directory) },
    reminderHours: reminderHoursOf(message, facts, deps),
  });
  return {
    subject: filled.subject,
    text: renderText(blocks),
    html: renderHtml(blocks, { title: filled.subject, locale }),
    calendar: calendarOf(deps, directory, message, facts),
  };
}

/** A reminder is promised only where one will come. */
function reminderHoursOf(
  { kind, channel, time }: OutgoingMessage,
  { municipality }: MessageFacts,
  { clock }: Pick<MessageDeps, 'clock'>,
): number {
  const hours = municipality?.messages?.reminderHours ?? 0;
  const isAhead = time.startsAt - hours * 60 * MILLISECONDS_PER_MINUTE > clock.now();
  return channel === 'email' && (kind === 'booked' || kind === 'moved') && isAhead ? hours : 0;
}

function calendarOf(
  deps: Pick<MessageDeps, 'clock' | 'zone' | 'origin'>,
  directory: Directory,
  message: OutgoingMessage,
  { venue, municipality, locale }: MessageFacts,
): WrittenMail['calendar'] {
  const { kind, appointment, time, sequence } = message;
  if (kind === 'verify' || kind === 'late') return null;
  const calendar = calendarEntryOf(
    { appointment, time, venue, municipality, sequence, cancelled: kind === 'cancelled' },
    { directory, locale, origin: deps.origin, zone: deps.zone, now: deps.clock.now() },
  );
  return { method: calendar.method, content: buildCalendar(calendar) };
}

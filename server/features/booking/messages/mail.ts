import type { OutgoingMessage } from '../../../domain/messages/message.ts';
import type { FilledPieces } from '../../../domain/messages/texts.ts';
import { TICK_MINUTES } from '../../../domain/time.ts';
import { duration } from '../../../web/format.ts';
import { bringList, lineWords } from '../presenter.ts';
import type { Block } from './blocks.ts';
import type { OtherTime } from './deps.ts';
import { placeName, plain, whenWords, type MessageFacts } from './facts.ts';

/** A mail, in the order in which people need it. */
export interface MailParts {
  message: OutgoingMessage;
  facts: MessageFacts;
  pieces: FilledPieces;
  /** Of a cancellation by the office. */
  others: { times: readonly OtherTime[]; url: string } | null;
  /** Hours before the appointment at which a reminder follows; 0: none. */
  reminderHours: number;
}

const NBSP = '\u00A0';

const text = (words: string): Block => ({ kind: 'text', text: words });
const heading = (words: string): Block => ({ kind: 'heading', text: words });

/** The blocks of a mail: greeting, what it is about, when and where, what it takes, what to bring, what can be changed. */
export function mailBlocks(parts: MailParts): Block[] {
  const { facts, pieces } = parts;
  return [
    text(greeting(facts)),
    ...pieces.intro.map(text),
    ...wishBlocks(parts),
    ...factBlocks(parts),
    ...bodyBlocks(parts),
    ...pieces.note.map(text),
    ...farewellBlocks(facts),
  ];
}

function greeting({ person: { firstName, familyName }, t }: MessageFacts): string {
  return firstName === '' || familyName === ''
    ? t('messages.hello')
    : t('messages.helloName', { name: `${firstName} ${familyName}` });
}

/** Whose wish a change was. */
function wishBlocks({ message: { kind, changedBy }, facts: { t } }: MailParts): Block[] {
  if (kind === 'moved') return [text(t(`messages.wish.moved.${changedBy}`))];
  if (kind === 'cancelled' && changedBy !== 'office') return [text(t(`messages.wish.cancelled.${changedBy}`))];
  return [];
}

function factBlocks({ message, facts }: MailParts): Block[] {
  const { t, when, place, before, reference, values } = facts;
  const where = place === null ? [] : [place.name, place.address];
  const access = place === null || message.kind === 'cancelled' ? [] : [place.access];
  const number = text(t('messages.reference', { reference }));
  if (message.kind === 'moved' && before !== null) {
    return [
      {
        kind: 'compare',
        sides: [
          { label: t('messages.before'), lines: [before.when, ...(before.place === null ? [] : [before.place])] },
          { label: t('messages.now'), lines: [when, ...where, ...access] },
        ],
      },
      number,
    ];
  }
  const time =
    message.kind === 'late'
      ? t('messages.late.when', {
          date: values.datum ?? '',
          time: values['uhrzeit-neu'] ?? '',
          before: values.uhrzeit ?? '',
        })
      : when;
  return [{ kind: 'facts', lines: [time, ...where, ...access] }, number];
}

function bodyBlocks(parts: MailParts): Block[] {
  const { message, facts } = parts;
  switch (message.kind) {
    case 'verify':
      return verifyBlocks(facts);
    case 'cancelled':
      return againBlocks(parts);
    case 'late':
      return lateBlocks(facts);
    case 'booked':
    case 'moved':
    case 'reminder':
      return [...serviceBlocks(parts), ...bringBlocks(facts), ...changeBlocks(parts)];
  }
}

function verifyBlocks(facts: MessageFacts): Block[] {
  const { t, links, values } = facts;
  return [
    heading(t('messages.verify.title')),
    { kind: 'link', label: t('messages.verify.link'), url: links.confirmation, strong: true },
    text(t('messages.verify.button')),
    text(t('messages.verify.until', { until: values.frist ?? '' })),
    heading(t('messages.verify.notYouTitle')),
    text(t('messages.verify.notYou')),
    text(phoneWords(facts)),
  ];
}

function serviceBlocks({ message, facts }: MailParts): Block[] {
  const { t, lines, locale, costs } = facts;
  const how = duration(message.time.ticks * TICK_MINUTES, locale);
  const notes = [...new Set(lines.flatMap(({ service }) => service.texts[locale].feeNote ?? []))];
  return [
    ...(lines.length === 0
      ? []
      : [
          heading(t('messages.services')),
          { kind: 'list' as const, items: lines.map((line) => lineWords(line, locale)) },
        ]),
    text([t('messages.effort', { duration: how, costs: costs.words }), ...notes.map(sentence)].join(' ')),
  ];
}

function bringBlocks({ t, lines, cardOnly, costs, locale }: MessageFacts): Block[] {
  const items = bringList(lines, cardOnly, costs.pays ? 1 : 0, locale).map(plain);
  return items.length === 0 ? [] : [heading(t('messages.bring')), { kind: 'list', items }];
}

function changeBlocks(parts: MailParts): Block[] {
  const { message, facts, reminderHours } = parts;
  const { t, links, municipality } = facts;
  const isReminder = message.kind === 'reminder';
  const hours = municipality?.rules.retentionHours;
  const later = [
    ...(reminderHours > 0 ? [t('messages.reminderFollows', { count: reminderHours })] : []),
    ...(hours === undefined || isReminder ? [] : [t('messages.deleted', { count: hours })]),
  ];
  return [
    heading(t('messages.change.title')),
    text(t('messages.change.please')),
    ...(isReminder
      ? [{ kind: 'link' as const, label: t('messages.change.cancel'), url: links.cancellation, strong: true }]
      : []),
    { kind: 'link', label: t('messages.change.link'), url: links.appointment, strong: !isReminder },
    text(t('messages.change.button')),
    text(phoneWords(facts)),
    ...(later.length === 0 ? [] : [text(later.join(' '))]),
  ];
}

function lateBlocks(facts: MessageFacts): Block[] {
  const { t, links } = facts;
  return [
    text(t('messages.late.come', { time: facts.values['uhrzeit-neu'] ?? '' })),
    text(t('messages.late.other')),
    { kind: 'link', label: t('messages.change.link'), url: links.appointment, strong: true },
    text(t('messages.change.button')),
    text(phoneWords(facts)),
  ];
}

/** After a cancellation: other times, or where to look for some. */
function againBlocks({ facts, others }: MailParts): Block[] {
  const { t, links, locale } = facts;
  const times = others?.times ?? [];
  return [
    heading(t('messages.again.title')),
    ...(others === null || times.length === 0
      ? [
          text(t(others === null ? 'messages.again.anyTime' : 'messages.again.none')),
          { kind: 'link' as const, label: t('messages.again.visits'), url: links.visits, strong: true },
        ]
      : [
          text(t('messages.again.times')),
          {
            kind: 'list' as const,
            items: times.map((time) =>
              t('messages.again.time', { when: whenWords(time, locale), place: placeName(time.venue, t) }),
            ),
          },
          { kind: 'link' as const, label: t('messages.again.book'), url: others.url, strong: true },
          text(t('messages.again.notHeld')),
        ]),
    text(phoneWords(facts)),
  ];
}

/** "Ohne Internet: Rufen Sie 115 an, …" with the number of the office, where it has one of its own. */
function phoneWords({ t, municipality }: MessageFacts): string {
  const phone = municipality?.contactPhone ?? '';
  return municipality === undefined || phone === '' || phone.replace(/\D/g, '') === '115'
    ? t('messages.phone')
    : t('messages.phoneOffice', { phone: plain(phone).replaceAll(' ', NBSP), office: plain(municipality.officeName) });
}

function farewellBlocks({ t, municipality, links }: MessageFacts): Block[] {
  const office = plain(municipality?.officeName ?? '');
  return [
    {
      kind: 'lines',
      lines: [
        t('messages.farewell'),
        ...(municipality === undefined ? [] : [plain(t('messages.sender', { name: municipality.name }))]),
      ],
    },
    {
      kind: 'foot',
      lines: [...(office === '' ? [] : [office]), t('messages.automatic')],
      links: [
        { label: t('messages.imprint'), url: links.imprint },
        { label: t('messages.privacy'), url: links.privacy },
      ],
    },
  ];
}

/** With a full stop, if it has none. */
function sentence(words: string): string {
  const trimmed = words.trim();
  return trimmed === '' || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

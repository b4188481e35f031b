import type { Directory } from '../../../domain/booking/office.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import { tickToMinute, type LocalDate } from '../../../domain/time.ts';
import { pathsFor } from '../../../paths.ts';
import { dayDate, timeOfDay } from '../../../web/format.ts';
import type { JobRun, ListedMessage, ListedState, OpenedMessage } from '../ports.ts';
import { kindWords, reasonWords, whenWords, type Words } from './words.ts';

export const LISTED_STATES: readonly ListedState[] = ['failed', 'waiting', 'sent'];

/** Names of the states in addresses. */
export const STATE_NAMES: Readonly<Record<ListedState, string>> = {
  failed: 'nicht-zustellbar',
  waiting: 'wartet',
  sent: 'gesendet',
};

/** How a page of messages is asked for. */
export interface MessageQuery {
  state: ListedState;
  /** 0 is the first page. */
  page: number;
}

export const PAGE_SIZE = 50;

/** What one may do with what is shown. */
export interface Rights {
  /** See what a message says, in this municipality. */
  open: (municipalityId: number) => boolean;
  /** Change how it writes. */
  settings: (municipalityId: number) => boolean;
}

export function presentFilters(
  query: MessageQuery,
  counts: Readonly<Record<ListedState, number>>,
  { t, locale }: Words,
) {
  const p = pathsFor(locale);
  return LISTED_STATES.map((state) => ({
    text: t('notifications.filter', { state: t(`notifications.states.${state}`), count: counts[state] }),
    href: p.messages({ stand: STATE_NAMES[state] }),
    current: state === query.state,
    urgent: state === 'failed' && counts[state] > 0,
  }));
}

export function presentMessage(message: ListedMessage, directory: Directory, rights: Rights, words: Words) {
  const { t, locale } = words;
  const p = pathsFor(locale);
  const reference = formatReference(message.reference);
  const kind = kindWords(message, t);
  const place =
    directory.municipalities.size > 1 ? directory.municipalities.get(message.municipalityId)?.name : undefined;
  const isShown = message.error !== null && message.state !== 'sent' && message.state !== 'superseded';
  return {
    kind,
    reference,
    appointment: t('notifications.appointment', { when: appointmentWords(message, words) }),
    facts: [
      t(`notifications.channels.${message.channel}`),
      ...(place === undefined ? [] : [place]),
      ...stateWords(message, words),
    ],
    reason: isShown ? reasonWords(message.error ?? '', t) : null,
    open: rights.open(message.municipalityId)
      ? { href: p.message(message.id), label: t('notifications.openLabel', { kind, reference }) }
      : null,
    again: canBeRepeated(message)
      ? { action: p.messageAgain(message.id), label: t('notifications.againLabel', { kind, reference }) }
      : null,
  };
}

/** "Montag, 30. November, 13:00 Uhr" */
function appointmentWords(time: { date: LocalDate; startTick: number }, { t, locale }: Words): string {
  return t('notifications.dayAndTime', {
    day: dayDate(time.date, locale),
    time: timeOfDay(tickToMinute(time.startTick), locale),
  });
}

/** A reminder or a delay that was sent or missed its time is no news any more. */
function canBeRepeated({ state, kind }: ListedMessage): boolean {
  return (state === 'failed' || state === 'sent') && kind !== 'reminder' && kind !== 'late';
}

function stateWords(message: ListedMessage, words: Words): string[] {
  const { t } = words;
  const at = (key: string, instant: number): string =>
    t(`notifications.at.${key}`, { when: whenWords(instant, words) });
  const tries = message.attempts > 0 ? [t('notifications.tries', { count: message.attempts })] : [];
  switch (message.state) {
    case 'waiting':
      return [
        at('queued', message.createdAt),
        ...tries,
        ...(message.error === null ? [] : [at('next', message.nextAt)]),
      ];
    case 'sending':
      return [t('notifications.at.sending')];
    case 'sent':
      return [at('sent', message.doneAt ?? message.createdAt)];
    case 'superseded':
      return [at('superseded', message.doneAt ?? message.createdAt)];
    case 'failed':
      return [at('failed', message.doneAt ?? message.createdAt), ...tries];
  }
}

/** Ways out on which nothing leaves, with what to look at. */
export function presentStuck(
  stuck: readonly { municipalityId: number; channel: ListedMessage['channel']; since: number; error: string }[],
  directory: Directory,
  rights: Rights,
  words: Words,
) {
  const { t, locale } = words;
  return stuck.map(({ municipalityId, channel, since, error }) => ({
    title: t(`notifications.stuck.${channel}`, { place: directory.municipalities.get(municipalityId)?.name ?? '' }),
    since: t('notifications.stuck.since', { when: whenWords(since, words) }),
    reason: reasonWords(error, t),
    settings:
      rights.settings(municipalityId) && channel === 'email'
        ? pathsFor(locale).staffMunicipalityMessages(municipalityId)
        : null,
  }));
}

/** Municipalities that can write to nobody. */
export function presentSilent(ids: readonly number[], directory: Directory, rights: Rights, { t, locale }: Words) {
  return ids.flatMap((id) => {
    const municipality = directory.municipalities.get(id);
    if (municipality === undefined || municipality.messages?.sendsMail === true) return [];
    return [
      {
        text: t('notifications.silent', { place: municipality.name }),
        settings: rights.settings(id) ? pathsFor(locale).staffMunicipalityMessages(id) : null,
      },
    ];
  });
}

const JOB_NAMES: readonly string[] = [
  'outbox',
  'reminders',
  'expiry',
  'retention',
  'signInTraces',
  'tourTimes',
  'travel',
  'demonstration',
];

/** What jobs count, in the order in which it is told; anything else is for the log. */
const COUNT_NAMES: readonly string[] = [
  'sent',
  'later',
  'failed',
  'superseded',
  'reminders',
  'expired',
  'deleted',
  'holds',
  'ticks',
  'appointments',
  'contacts',
  'addresses',
  'callbacks',
  'hotlineCalls',
  'actions',
  'jobRuns',
  'sessions',
  'failures',
  'tours',
  'pairs',
  'ways',
];

/** The last run of each job that is known here. */
export function presentRuns(runs: readonly JobRun[], words: Words) {
  const { t } = words;
  return JOB_NAMES.flatMap((name) => {
    const run = runs.find((one) => one.name === name);
    if (run === undefined) return [];
    const counts = COUNT_NAMES.flatMap((what) => {
      const count = run.counts?.[what] ?? 0;
      return count > 0 ? [t(`notifications.counts.${what}`, { count })] : [];
    });
    return [
      {
        name: t(`notifications.jobs.${name}`),
        when: whenWords(run.endedAt, words),
        result:
          run.error !== null
            ? t('notifications.jobFailed', { error: run.error })
            : counts.length === 0
              ? t('notifications.jobIdle')
              : counts.join(', '),
        failed: run.error !== null,
      },
    ];
  });
}

export function presentOpened(message: OpenedMessage, directory: Directory, demonstration: boolean, words: Words) {
  const { t, locale } = words;
  const fact = (name: string, text: string | null | undefined) =>
    text === null || text === undefined || text === '' ? [] : [{ label: t(`notifications.facts.${name}`), text }];
  const reason = message.error === null ? null : reasonWords(message.error, t);
  const appointment = appointmentWords(message, words);
  const before = message.before === null ? null : appointmentWords(message.before, words);
  return {
    title: kindWords(message, t),
    back: pathsFor(locale).messages({ stand: STATE_NAMES[listedAs(message)] }),
    facts: [
      ...fact('reference', formatReference(message.reference)),
      ...fact('place', directory.municipalities.get(message.municipalityId)?.name),
      ...fact('channel', t(`notifications.channels.${message.channel}`)),
      ...fact('state', stateWords(message, words).join(', ')),
      ...fact('reason', reason?.text),
      ...fact('said', reason?.said),
      ...fact('time', appointment),
      ...fact('before', before === appointment ? null : before),
      ...fact('subject', message.subject),
    ],
    language: message.locale,
    body: message.body,
    calendar: message.calendar,
    demonstration,
    again: canBeRepeated(message) ? pathsFor(locale).messageAgain(message.id) : null,
  };
}

export function listedAs({ state }: Pick<ListedMessage, 'state'>): ListedState {
  if (state === 'failed') return 'failed';
  return state === 'sent' || state === 'superseded' ? 'sent' : 'waiting';
}

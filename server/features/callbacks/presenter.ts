import { MILLISECONDS_PER_MINUTE, type Instant } from '../../domain/time.ts';
import type { Paths } from '../../paths.ts';
import { duration } from '../../web/format.ts';
import { isOverdue, mayTakeOver } from './changeCallback.ts';
import type { Callback } from './ports.ts';
import { dayAndTime, overdueFor, since, until, type Words } from './words.ts';

/** Due so soon, in milliseconds, that it should be the next. */
const SOON = 60 * 60_000;

export interface Presenting extends Words {
  p: Paths;
  userId: number;
  /** Names of municipalities by id; empty where there is only one anyway. */
  places: ReadonlyMap<number, string>;
}

/** One button; the same button for several people is told apart by `label`. */
export interface ActionView {
  action: string;
  text: string;
  label: string;
  look: 'primary' | 'secondary' | 'tertiary';
  /** Name and value that go with it. */
  fields: readonly { name: string; value: string }[];
}

export interface CallbackView {
  /** Of the element. */
  id: string;
  phone: string;
  href: string;
  name: string | null;
  reason: string;
  place: string | null;
  noted: string;
  due: { state: 'overdue' | 'soon' | 'later'; text: string; detail: string | null };
  /** Who calls back; null: nobody yet. */
  taken: { text: string; isMine: boolean } | null;
  actions: readonly ActionView[];
}

export interface DoneView {
  phone: string;
  href: string;
  name: string | null;
  reason: string;
  place: string | null;
  done: string;
  reopen: ActionView;
}

function telOf(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, '')}`;
}

/** Who is called, to tell equal buttons apart. */
function whomOf({ name, phone }: Callback): string {
  return name ?? phone;
}

export function presentCallback(callback: Callback, shown: Presenting): CallbackView {
  const { t, places } = shown;
  return {
    id: `rueckruf-${callback.id}`,
    phone: callback.phone,
    href: telOf(callback.phone),
    name: callback.name,
    reason: callback.reason,
    place: places.get(callback.municipalityId) ?? null,
    noted: t('callbacks.noted', {
      when: dayAndTime(callback.createdAt, shown),
      name: callback.createdBy ?? t('callbacks.somebody'),
    }),
    due: dueOf(callback.dueAt, shown),
    taken: takenOf(callback, shown),
    actions: actionsOf(callback, shown),
  };
}

function dueOf(dueAt: Instant, shown: Presenting): CallbackView['due'] {
  const { t, now } = shown;
  if (isOverdue({ dueAt }, now)) {
    return {
      state: 'overdue',
      text: overdueFor(dueAt, shown),
      detail: t('callbacks.wasDue', { when: until(dueAt, shown) }),
    };
  }
  const text = until(dueAt, shown);
  if (dueAt - now > SOON) return { state: 'later', text, detail: null };
  const minutes = Math.ceil((dueAt - now) / MILLISECONDS_PER_MINUTE);
  return { state: 'soon', text, detail: t('callbacks.left', { duration: duration(minutes, shown.locale) }) };
}

function takenOf({ taken }: Callback, shown: Presenting): CallbackView['taken'] {
  if (taken === null) return null;
  const isMine = taken.userId === shown.userId;
  const time = since(taken.at, shown);
  return {
    text: isMine ? shown.t('callbacks.mine', { time }) : shown.t('callbacks.takenBy', { name: taken.name, time }),
    isMine,
  };
}

function actionsOf(callback: Callback, { t, p, userId, now }: Presenting): ActionView[] {
  const { id, taken } = callback;
  const button = (text: string, action: string, look: ActionView['look'], fields: ActionView['fields'] = []) => ({
    action,
    text,
    label: t('callbacks.actionFor', { action: text, whom: whomOf(callback) }),
    look,
    fields,
  });
  if (taken === null) return [button(t('callbacks.take'), p.callbackTake(id), 'secondary')];
  if (taken.userId === userId) {
    return [
      button(t('callbacks.finish'), p.callbackDone(id), 'primary'),
      button(t('callbacks.giveBack'), p.callbackTake(id), 'tertiary', [{ name: 'aktion', value: 'zurueck' }]),
    ];
  }
  return mayTakeOver(callback, now)
    ? [button(t('callbacks.takeOver'), p.callbackTake(id), 'tertiary', [{ name: 'stand', value: String(taken.at) }])]
    : [];
}

export function presentDone(callback: Callback, shown: Presenting): DoneView {
  const { t, p, places } = shown;
  const { done } = callback;
  const text = t('callbacks.reopen');
  return {
    phone: callback.phone,
    href: telOf(callback.phone),
    name: callback.name,
    reason: callback.reason,
    place: places.get(callback.municipalityId) ?? null,
    done: t('callbacks.doneBy', {
      when: done === null ? '' : dayAndTime(done.at, shown),
      name: done?.name ?? t('callbacks.somebody'),
    }),
    reopen: {
      action: p.callbackDone(callback.id),
      text,
      label: t('callbacks.actionFor', { action: text, whom: whomOf(callback) }),
      look: 'tertiary',
      fields: [{ name: 'aktion', value: 'zurueck' }],
    },
  };
}

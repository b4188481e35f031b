import type { Actor, Scope } from '../../domain/access.ts';
import type { AuditAction, AuditChange, AuditEntry } from '../../domain/audit.ts';
import type { Instant } from '../../domain/time.ts';
import type { CallbackWork } from './deps.ts';
import type { Callback, CallbackUnit } from './ports.ts';

/** Taken longer ago than this, in milliseconds, others may take it over: who has it may have forgotten, or gone home. */
export const TAKEN_FOR = 60 * 60_000;

/** Who changes a call-back, in which municipalities they may. */
export interface Caller {
  actor: Pick<Actor, 'userId' | 'name'>;
  scope: Scope;
}

/** `already`: it is as it was wanted. `others`: somebody else has it. `finished`: it is done. `gone`: there is none. */
export type ChangeOutcome =
  | { kind: 'changed' | 'already'; callback: Callback }
  | { kind: 'others' | 'finished'; callback: Callback }
  | { kind: 'gone' };

/** True once its time is over. At the very moment it is due it is not late. */
export function isOverdue({ dueAt }: Pick<Callback, 'dueAt'>, now: Instant): boolean {
  return dueAt < now;
}

/** True when somebody else may take over what has been taken: it is overdue, or was taken long ago. */
export function mayTakeOver(callback: Pick<Callback, 'dueAt' | 'taken'>, now: Instant): boolean {
  return callback.taken !== null && (isOverdue(callback, now) || callback.taken.at < now - TAKEN_FOR);
}

/**
 * Makes the actor the one who calls back. Of two who want to at once one gets it.
 * @param seenTakenAt since when somebody else had it on the page that was looked at; null: it was free
 */
export function takeCallback(
  deps: CallbackWork,
  caller: Caller,
  id: number,
  seenTakenAt: Instant | null,
): Promise<ChangeOutcome> {
  const { actor } = caller;
  return change(deps, caller, id, async (unit, callback, now) => {
    if (callback.done !== null) return { kind: 'finished', callback };
    if (callback.taken?.userId === actor.userId) return { kind: 'already', callback };
    const isFree = callback.taken === null;
    const isWithKnowledge = callback.taken?.at === seenTakenAt && mayTakeOver(callback, now);
    if (!isFree && !isWithKnowledge) return { kind: 'others', callback };
    if (!(await unit.take(callback, actor.userId, now))) return null;

    const changes = isFree ? [] : [{ field: 'Bei', from: callback.taken?.name ?? null, to: actor.name }];
    await unit.audit(actor, now, entryFor(callback, 'taken', changes));
    return { kind: 'changed', callback };
  });
}

/** Leaves the call-back to others again. */
export function giveBackCallback(deps: CallbackWork, caller: Caller, id: number): Promise<ChangeOutcome> {
  const { actor } = caller;
  return change(deps, caller, id, async (unit, callback, now) => {
    if (callback.done !== null) return { kind: 'finished', callback };
    if (callback.taken === null) return { kind: 'already', callback };
    if (callback.taken.userId !== actor.userId) return { kind: 'others', callback };
    if (!(await unit.giveBack(callback))) return null;

    await unit.audit(actor, now, entryFor(callback, 'givenBack'));
    return { kind: 'changed', callback };
  });
}

/** Ticks the call-back off, unless somebody else has it. */
export function finishCallback(deps: CallbackWork, caller: Caller, id: number): Promise<ChangeOutcome> {
  const { actor } = caller;
  return change(deps, caller, id, async (unit, callback, now) => {
    if (callback.done !== null) return { kind: 'already', callback };
    if (callback.taken !== null && callback.taken.userId !== actor.userId) return { kind: 'others', callback };
    if (!(await unit.finish(callback, actor.userId, now))) return null;

    await unit.audit(actor, now, entryFor(callback, 'done'));
    return { kind: 'changed', callback };
  });
}

/** Takes the tick back: it is with the actor again if they had ticked it off, else free for everybody. */
export function reopenCallback(deps: CallbackWork, caller: Caller, id: number): Promise<ChangeOutcome> {
  const { actor } = caller;
  return change(deps, caller, id, async (unit, callback, now) => {
    if (callback.done === null) return { kind: 'already', callback };
    if (!(await unit.reopen(callback, callback.done.userId === actor.userId))) return null;

    const changes = [{ field: 'Stand', from: 'erledigt', to: 'offen' }];
    await unit.audit(actor, now, entryFor(callback, 'changed', changes));
    return { kind: 'changed', callback };
  });
}

/** What the history says of a call-back: its number only, nothing of who is called and why. */
export function entryFor(
  { id, municipalityId }: Pick<Callback, 'id' | 'municipalityId'>,
  action: AuditAction,
  changes: readonly AuditChange[] = [],
): AuditEntry {
  return { municipalityId, subject: 'callback', subjectId: id, label: `Rückruf ${id}`, action, changes };
}

/** How often a change is tried again that others were quicker than. */
const MOST_TRIES = 5;

/** @param attempt null: others have changed it between reading and writing, so look again */
function change(
  deps: CallbackWork,
  { scope }: Caller,
  id: number,
  attempt: (unit: CallbackUnit, callback: Callback, now: Instant) => Promise<ChangeOutcome | null>,
): Promise<ChangeOutcome> {
  return deps.unit(async (unit): Promise<ChangeOutcome> => {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const callback = await unit.find(scope, id);
      if (callback === null) return { kind: 'gone' };
      const outcome = await attempt(unit, callback, deps.clock.now());
      if (outcome !== null) return outcome;
    }
    throw new Error(`call-back ${id} changes all the time`);
  });
}

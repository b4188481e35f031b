import type { Actor } from '../../domain/access.ts';
import { callbackDue, isServiceDay } from '../../domain/hotline/callbackDue.ts';
import type { Instant } from '../../domain/time.ts';
import { entryFor } from './changeCallback.ts';
import type { CallbackWork } from './deps.ts';

/** The same note of the same person within this time, in milliseconds, is one note that was sent twice. */
export const SAME_NOTE = 2 * 60_000;

export interface CallbackNote {
  municipality: { id: number; holidayRegion: string };
  name: string | null;
  phone: string;
  reason: string;
}

/** Notes that somebody has to be called back, and until when. Sent twice it is one note. */
export function noteCallback(
  deps: CallbackWork,
  actor: Pick<Actor, 'userId' | 'name'>,
  { municipality, ...note }: CallbackNote,
): Promise<{ id: number; dueAt: Instant }> {
  return deps.unit(async (unit) => {
    await unit.lockUser(actor.userId);
    const createdAt = deps.clock.now();
    const dueAt = dueAfter(deps, createdAt, municipality.holidayRegion);
    const callback = { ...note, municipalityId: municipality.id, createdAt, createdBy: actor.userId, dueAt };
    const same = await unit.same(callback, createdAt - SAME_NOTE);
    if (same !== null) return same;

    const id = await unit.insert(callback);
    await unit.audit(actor, createdAt, entryFor({ ...callback, id }, 'created'));
    return { id, dueAt };
  });
}

function dueAfter({ zone, holidays }: CallbackWork, noted: Instant, region: string): Instant {
  const due = callbackDue(zone.local(noted), (date) => isServiceDay(date, (day) => holidays.on(day, region) !== null));
  return zone.instantAt(due.date, due.minute);
}

import type { Request, Response } from 'express';
import { scopeOf } from '../../../domain/access.ts';
import type { Directory, Locale } from '../../../domain/booking/office.ts';
import type { Agent } from '../../../domain/hotline/desk.ts';
import type { Instant, LocalDate, MinuteOfDay } from '../../../domain/time.ts';
import { pathsFor, type Paths } from '../../../paths.ts';
import { localeOf, translator, type Translate } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { HotlineDeps } from '../deps.ts';

/** What every part of the screen needs to know. */
export interface CallContext {
  locale: Locale;
  t: Translate;
  p: Paths;
  agent: Agent;
  directory: Directory;
  now: Instant;
  /** Wall-clock time of now. */
  local: { date: LocalDate; minute: MinuteOfDay };
}

export async function contextOf(deps: HotlineDeps, response: Response): Promise<CallContext> {
  const locale = localeOf(response);
  const actor = actorOf(response);
  const now = deps.clock.now();
  return {
    locale,
    t: translator(locale),
    p: pathsFor(locale),
    agent: { userId: actor.userId, name: actor.name, scope: scopeOf(actor, 'bookings.write') },
    directory: await deps.directory(),
    now,
    local: deps.zone.local(now),
  };
}

/** The token in the address; null: none that we make. */
export function tokenOf(request: Request): string | null {
  const token = String(request.params['call']);
  return /^[\w-]{22}$/.test(token) ? token : null;
}

export interface Flash {
  kind: 'success' | 'warning';
  text: string;
}

/** The sentence that was left for this page, once. */
export function takeFlash(request: Request): Flash | null {
  const { flash } = request.session;
  if (flash === undefined) return null;
  delete request.session.flash;
  return flash;
}

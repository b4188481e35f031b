import type { RequestHandler } from 'express';
import { mayIn, scopeOf, type Actor } from '../../domain/access.ts';
import { addDays } from '../../domain/time.ts';
import { pathsFor } from '../../paths.ts';
import { sendCalendar } from '../../web/calendar.ts';
import { translator } from '../../web/locale.ts';
import { hashOfToken, isToken, originOf } from './address.ts';
import type { CalendarDeps } from './deps.ts';
import type { Feed, FeedKind, TourSet } from './ports.ts';
import { tourEvents } from './tourEvents.ts';

/** What was is shown so far back, in days. */
const PAST_DAYS = 30;
/** What was cancelled is shown as such for so long, in milliseconds. */
const CANCELLED_FOR = 14 * 24 * 60 * 60_000;
const REFRESH_MINUTES = 60;

const COLOURS: Readonly<Record<FeedKind, string>> = { clerk: 'seagreen', kit: 'darkorange', planner: 'steelblue' };

/**
 * A calendar by its secret address. It answers as long as its owner may see that, with what they may see now; all else
 * is an address that leads nowhere. Nothing is kept by anybody on the way.
 */
export function personalFeed(deps: CalendarDeps): RequestHandler<{ token: string }> {
  return async (request, response, next) => {
    response.set({
      'Cache-Control': 'private, no-store',
      'X-Robots-Tag': 'noindex, nofollow',
      'Referrer-Policy': 'no-referrer',
    });
    const { token } = request.params;
    const now = deps.clock.now();
    const feed = isToken(token) ? await deps.feeds.byToken(hashOfToken(token)) : undefined;
    const which = feed === undefined ? null : await allowedSet(deps, feed, now);
    if (feed === undefined || which === null) {
      next();
      return;
    }
    await deps.feeds.used(feed, now);
    const { kind, locale, label } = feed;
    const fromDate = addDays(deps.zone.local(now).date, -PAST_DAYS);
    const [directory, tours] = await Promise.all([
      deps.directory(),
      deps.tours.tours(which, fromDate, kind === 'clerk', now),
    ]);
    const t = translator(locale);
    const origin = originOf(request, deps.publicUrl);
    const events = tourEvents(tours, { kind, directory, locale, zone: deps.zone, now, origin, key: deps.key });
    await sendCalendar(response, {
      method: 'PUBLISH',
      timeZone: deps.zone.name,
      now,
      events,
      feed: {
        name: t('calendar.feed.name', { label }),
        description: t(`calendar.feed.about.${kind}`),
        refreshMinutes: REFRESH_MINUTES,
        colour: COLOURS[kind],
        source: origin + pathsFor('de').feed(token),
      },
    });
  };
}

/** What the owner may see of it at this moment; null: nothing any longer. */
async function allowedSet(deps: CalendarDeps, feed: Feed, now: number): Promise<TourSet | null> {
  const actor = await deps.actor(feed.userId);
  if (actor === null || !(await mayHave(deps, actor, feed.kind, feed.kitId))) return null;
  switch (feed.kind) {
    case 'clerk':
      return { kind: 'clerk', userId: feed.userId };
    case 'kit':
      return { kind: 'kit', kitId: feed.kitId ?? 0, scope: scopeOf(actor, 'tours.read') };
    case 'planner':
      return { kind: 'planner', scope: scopeOf(actor, 'tours.write'), cancelledSince: now - CANCELLED_FOR };
  }
}

/** True when this person may have such a calendar. @param kitId of kind kit: which one */
export async function mayHave(
  { tours }: Pick<CalendarDeps, 'tours'>,
  actor: Actor,
  kind: FeedKind,
  kitId: number | null,
): Promise<boolean> {
  switch (kind) {
    case 'clerk':
      return isSomewhere(actor, 'day.write') && tours.isClerk(actor.userId);
    case 'kit': {
      const kit = (await tours.kits()).find(({ id }) => id === kitId);
      return kit !== undefined && mayIn(actor, 'tours.read', kit.municipalityId);
    }
    case 'planner':
      return isSomewhere(actor, 'tours.write');
  }
}

function isSomewhere(actor: Actor, permission: 'day.write' | 'tours.write'): boolean {
  const scope = scopeOf(actor, permission);
  return scope === 'all' || scope.size > 0;
}

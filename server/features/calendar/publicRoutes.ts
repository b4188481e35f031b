import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type { Directory, Municipality, Venue } from '../../domain/booking/office.ts';
import type { Instant } from '../../domain/time.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { buildCalendar, calendarType } from '../../web/calendar.ts';
import { keepByKey } from '../../web/keep.ts';
import { localeOf, translator, type Locale } from '../../web/locale.ts';
import { originOf } from './address.ts';
import type { CalendarDeps } from './deps.ts';
import { moment } from './eventTimes.ts';
import { placeOf } from './tourEvents.ts';
import { visitEvents } from './visitEvents.ts';

/** How old what these calendars say may be, in milliseconds. */
const KEPT = 1_000;
const MOST_KEPT = 300;
/** Whoever asks again within so many seconds may take what they have. */
const MAX_AGE = 900;
const REFRESH_MINUTES = 6 * 60;
/** What was called off is shown as such for so long, in milliseconds. */
const CANCELLED_FOR = 14 * 24 * 60 * 60_000;

interface Answer {
  body: string;
  /** Weak: compressed on the way it is still the same. */
  etag: string;
  /** In whole seconds. */
  changedAt: Instant;
}

interface Wanted {
  municipality: Municipality;
  venues: readonly Venue[];
  /** Of what it is the calendar. */
  place: string;
  path: string;
}

/** Calendars for everybody: the coming visits to a municipality or a venue. */
export function publicFeeds(deps: CalendarDeps): Router {
  const router = Router();
  const keep = keepByKey<Answer | null>(KEPT, MOST_KEPT, () => deps.clock.now());

  router.get(ROUTES.timetableCalendar, async (request, response, next) => {
    const directory = await deps.directory();
    const { slug } = request.params;
    const municipality = [...directory.municipalities.values()].find((one) => one.slug === slug);
    if (municipality === undefined) {
      next();
      return;
    }
    const venues = [...directory.venues.values()].filter(({ municipalityId }) => municipalityId === municipality.id);
    const p = pathsFor(localeOf(response));
    const wanted = { municipality, venues, place: municipality.name, path: p.timetableCalendar(slug) };
    const answer = await answerOf(request, response, directory, wanted, `municipality ${municipality.id}`);
    if (answer === null) next();
    else send(request, response, answer);
  });

  router.get(ROUTES.venueCalendar, async (request, response, next) => {
    const directory = await deps.directory();
    const { slug } = request.params;
    const venue = [...directory.venues.values()].find((one) => one.slug === slug);
    const municipality = directory.municipalities.get(venue?.municipalityId ?? NaN);
    if (venue === undefined || municipality === undefined) {
      next();
      return;
    }
    const p = pathsFor(localeOf(response));
    const wanted = { municipality, venues: [venue], place: placeOf(venue), path: p.venueCalendar(slug) };
    const answer = await answerOf(request, response, directory, wanted, `venue ${venue.id}`);
    if (answer === null) next();
    else send(request, response, answer);
  });

  return router;

  /** Null: a venue that was given up. */
  function answerOf(
    request: Request,
    response: Response,
    directory: Directory,
    wanted: Wanted,
    what: string,
  ): Promise<Answer | null> {
    const locale = localeOf(response);
    const origin = originOf(request, deps.publicUrl);
    return keep(JSON.stringify([what, origin, locale]), () => build(directory, wanted, origin, locale));
  }

  /**
   * All that is in it depends on the data and on the day, so whoever asks twice gets the same, byte for byte: "Stand"
   * and DTSTAMP are when something changed last, at the earliest when the day began (what was yesterday drops out).
   */
  async function build(
    directory: Directory,
    { municipality, venues, place, path }: Wanted,
    origin: string,
    locale: Locale,
  ): Promise<Answer | null> {
    const { date } = deps.zone.local(deps.clock.now());
    const today = deps.zone.instantAt(date, 0);
    const ids = venues.map(({ id }) => id);
    // First when, then what: a change in between is told of as older than it is, and told anew the next time.
    const changed = await deps.tours.lastChange(municipality.id);
    const visits = await deps.tours.visits(ids, date, today - CANCELLED_FOR);
    if (visits.length === 0 && venues.every(({ retired }) => retired) && venues.length > 0) return null;
    const changedAt = Math.floor(Math.max(changed, today) / 1000) * 1000;
    const t = translator(locale);
    const asOf = t('calendar.event.asOf', { when: moment(changedAt, deps.zone, locale) });
    const body = buildCalendar({
      method: 'PUBLISH',
      timeZone: deps.zone.name,
      now: changedAt,
      events: visitEvents(visits, { directory, locale, origin, key: deps.key, asOf }),
      feed: {
        name: t('calendar.visit.calendar', { place }),
        description: t('calendar.visit.about', { place }),
        refreshMinutes: REFRESH_MINUTES,
        colour: 'teal',
        source: origin + path,
      },
    });
    return { body, changedAt, etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
  }
}

function send(request: Request, response: Response, { body, etag, changedAt }: Answer): void {
  response.set({
    'Cache-Control': `public, max-age=${MAX_AGE}`,
    ETag: etag,
    'Last-Modified': new Date(changedAt).toUTCString(),
  });
  if (isKnown(request, etag, changedAt)) {
    response.status(304).end();
    return;
  }
  response.set('Content-Type', calendarType({ method: 'PUBLISH' })).send(body);
}

/** The asker has it already: If-None-Match is asked first and alone (RFC 9110, 13.2.2), compared weakly (8.8.3.2). */
function isKnown(request: Request, etag: string, changedAt: Instant): boolean {
  const tags = request.get('If-None-Match');
  if (tags !== undefined) {
    const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
    return tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etag));
  }
  const since = Date.parse(request.get('If-Modified-Since') ?? '');
  return !Number.isNaN(since) && changedAt <= since;
}

import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import { linesOf, type Directory } from '../../../domain/booking/office.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import type { Instant } from '../../../domain/time.ts';
import { pathsFor, ROUTES } from '../../../paths.ts';
import { buildCalendar, calendarType } from '../../../web/calendar.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { cancelAppointment, isChangeable, moveAppointment } from '../changeAppointment.ts';
import { parseCount } from '../choice.ts';
import { addressOf, type BookingDeps } from '../deps.ts';
import { findTimes, nearestAlternatives, type TimesPage } from '../findTimes.ts';
import type { Slot } from '../holdTime.ts';
import { calendarEntryOf } from './calendarEntry.ts';
import { confirm, renderPending, showConfirmation, type Handler, type Opened } from './confirmation.ts';
import { findByKey, findByName, isExpired, keyOf } from './findAppointment.ts';
import { parseLookup, parseMove, type LookupForm } from './forms.ts';
import { presentMove, type MoveQuery } from './movePresenter.ts';
import {
  presentAppointment,
  presentAppointmentPage,
  presentBookedNotice,
  presentLookup,
  waitWords,
} from './presenter.ts';

/** What citizens do with an appointment they have: find, see, move, cancel it, and put it in their calendar. */
export function manageRoutes(deps: BookingDeps): Router {
  const router = Router();
  const open = openAppointment(deps);

  router.all([ROUTES.lookup, `${ROUTES.appointment}{/*rest}`], keepPrivate);
  router
    .route(ROUTES.lookup)
    .get((request, response) => renderLookup(deps, request, response, null, null))
    .post(lookUp(deps));
  router.get(ROUTES.appointment, open(showAppointment(deps)));
  router.get(ROUTES.booked, open(showBooked(deps)));
  router.get(ROUTES.calendarFile, open(onceBooked(sendCalendarFile(deps))));
  router
    .route(ROUTES.confirmation)
    .get(open(showConfirmation(deps), 'withExpired'))
    .post(open(confirm(deps), 'withExpired'));
  router
    .route(ROUTES.move)
    .get(open(showMove(deps)))
    .post(open(move(deps)));
  router
    .route(ROUTES.cancellation)
    .get(open(showCancellation(deps)))
    .post(open(cancel(deps)));
  return router;
}

/** Redirects, files and refusals carry secrets too: none of them is stored, indexed or told to another site. */
function keepPrivate(_request: Request, response: Response, next: NextFunction): void {
  response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'same-origin' });
  next();
}

/**
 * Opens the appointment of the address; else the page "not found", and after too many guesses a page that says to wait.
 * One that was not confirmed in time has only the page that says so.
 */
function openAppointment(deps: BookingDeps) {
  return (handle: Handler, expired: 'withExpired' | 'elsewhere' = 'elsewhere'): RequestHandler =>
    async (request, response, next) => {
      const found = await findByKey(deps, String(request.params['key']), addressOf(request));
      switch (found.kind) {
        case 'found':
          if (expired === 'elsewhere' && isExpired(found.appointment, deps.clock.now())) {
            response.redirect(303, pathsFor(localeOf(response)).confirmation(keyOf(found.appointment)));
            return;
          }
          await handle(request, response, await surround(deps, response, found.appointment));
          return;
        case 'blocked':
          await renderWait(deps, request, response, found.until);
          return;
        case 'unknown':
          next();
      }
    };
}

async function surround(deps: BookingDeps, response: Response, appointment: Appointment): Promise<Opened> {
  const [directory, stop] = await Promise.all([deps.directory(), deps.availability.stop(appointment.stopId)]);
  const surroundings = { directory, stop, now: deps.clock.now(), zone: deps.zone, locale: localeOf(response) };
  return { appointment, surroundings, view: presentAppointment(appointment, surroundings, deps.map) };
}

function setRetryAfter(response: Response, until: Instant, now: Instant): void {
  response.set('Retry-After', String(Math.max(1, Math.ceil((until - now) / 1000))));
}

async function renderWait(deps: BookingDeps, request: Request, response: Response, until: Instant): Promise<void> {
  const locale = localeOf(response);
  setRetryAfter(response, until, deps.clock.now());
  await deps.render(request, response, {
    view: 'manage/wait',
    title: translator(locale)('manage.wait.title'),
    section: 'appointment',
    status: 429,
    private: true,
    locals: { until: waitWords(until, deps.zone, locale) },
  });
}

async function renderLookup(
  deps: BookingDeps,
  request: Request,
  response: Response,
  form: LookupForm | null,
  outcome: 'unknown' | { until: Instant } | null,
): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const isBlocked = outcome !== null && outcome !== 'unknown';
  if (isBlocked) {
    setRetryAfter(response, outcome.until, deps.clock.now());
  }
  const view = presentLookup(
    form,
    isBlocked ? { blockedUntil: waitWords(outcome.until, deps.zone, locale) } : outcome,
    locale,
  );
  const title = t('manage.lookup.title');
  await deps.render(request, response, {
    view: 'manage/lookup',
    title: view.summary === null ? title : t('manage.errorTitle', { title }),
    section: 'appointment',
    status: isBlocked ? 429 : view.summary === null ? 200 : 422,
    private: true,
    locals: { view },
  });
}

function lookUp(deps: BookingDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const locale = localeOf(response);
    const form = parseLookup(request.body, translator(locale));
    if (form.kind === 'invalid') {
      await renderLookup(deps, request, response, form, null);
      return;
    }
    const found = await findByName(deps, form.reference, form.familyName, addressOf(request));
    if (found.kind === 'found') {
      response.redirect(303, pathsFor(locale).appointment(keyOf(found.appointment)));
      return;
    }
    await renderLookup(deps, request, response, form, found.kind === 'unknown' ? 'unknown' : { until: found.until });
  };
}

function showAppointment(deps: BookingDeps): Handler {
  return async (request, response, { surroundings: { locale }, view }) => {
    if (view.stage === 'pending') {
      await renderPending(deps, request, response, view, locale);
      return;
    }
    const done = { moved: request.query['verschoben'] === '1', cancelled: request.query['abgesagt'] === '1' };
    const page = presentAppointmentPage(view, done, locale);
    await deps.render(request, response, {
      view: 'manage/appointment',
      title: page.title,
      section: 'appointment',
      private: true,
      locals: { view, page, demonstration: deps.demonstration },
    });
  };
}

function showBooked(deps: BookingDeps): Handler {
  return async (request, response, { appointment, surroundings: { locale }, view }) => {
    if (appointment.state !== 'confirmed') {
      response.redirect(303, view.links.page);
      return;
    }
    const t = translator(locale);
    await deps.render(request, response, {
      view: 'manage/booked',
      title: t('manage.booked.title'),
      section: 'appointment',
      private: true,
      locals: {
        view,
        notice: presentBookedNotice(view, locale),
        demonstration: deps.demonstration,
        lead: view.person === '' ? t('manage.booked.leadNobody') : t('manage.booked.lead', { person: view.person }),
      },
    });
  };
}

/** There is nothing to put into a calendar before the address is confirmed. */
function onceBooked(handle: Handler): Handler {
  return (request, response, opened) => {
    if (opened.appointment.state !== 'pending') return handle(request, response, opened);
    response.redirect(303, opened.view.links.page);
  };
}

function sendCalendarFile(deps: BookingDeps): Handler {
  return async (request, response, { appointment, surroundings: { directory, now, locale } }) => {
    // Of a visit that is off too: a calendar takes a cancellation only from whoever sent the appointment.
    const place = await deps.appointments.placeOfStop(appointment.stopId);
    const origin = deps.publicUrl ?? `${request.protocol}://${request.get('Host') ?? request.hostname}`;
    const calendar = calendarEntryOf(
      {
        appointment,
        time: appointment,
        venue: directory.venues.get(place?.venueId ?? 0),
        municipality: directory.municipalities.get(place?.municipalityId ?? 0),
        sequence: appointment.sequence,
        cancelled: appointment.state === 'cancelled',
      },
      { directory, locale, origin, zone: deps.zone, now },
    );
    response.set({
      'Content-Type': calendarType(calendar),
      'Content-Disposition': 'attachment; filename="termin.ics"',
    });
    response.send(Buffer.from(buildCalendar(calendar)));
  };
}

/** Where an appointment was looked for, else where it is. */
function startOf(directory: Directory, { appointment, surroundings }: Opened): Coordinates | null {
  const place = appointment.originPlaceId === null ? undefined : directory.placesById.get(appointment.originPlaceId);
  const stop = surroundings.stop;
  return place ?? (stop === undefined ? undefined : directory.venues.get(stop.venueId)?.at) ?? null;
}

/** Free times for the same services; null when none of them is offered any more. */
async function timesFor(deps: BookingDeps, opened: Opened, query: MoveQuery): Promise<TimesPage | null> {
  const { appointment, surroundings } = opened;
  const { directory } = surroundings;
  const lines = linesOf(directory, appointment);
  if (lines.length === 0) {
    return null;
  }
  return findTimes(deps, {
    from: startOf(directory, opened),
    lines,
    stopId: query.halt ?? appointment.stopId,
    allTimes: query.alle,
    offset: query.ab,
    exceptAppointment: appointment.id,
  });
}

function moveQueryOf(request: Request): MoveQuery {
  return {
    halt: parseCount(request.query['halt']),
    ab: parseCount(request.query['ab']) ?? 0,
    alle: request.query['alle'] === '1',
  };
}

async function renderMove(
  deps: BookingDeps,
  request: Request,
  response: Response,
  opened: Opened,
  query: MoveQuery,
  problem: { kind: 'missing' } | { kind: 'taken'; wanted: Slot } | null,
): Promise<void> {
  const { appointment, view, surroundings } = opened;
  const { directory, locale } = surroundings;
  const t = translator(locale);
  const page = await timesFor(deps, opened, query);
  const wanted = problem?.kind === 'taken' ? problem.wanted : null;
  const move = presentMove({
    appointment,
    view,
    directory,
    page,
    query,
    alternatives: page === null || wanted === null ? [] : nearestAlternatives(page, wanted.tick),
    wanted,
    problem: problem?.kind ?? null,
    locale,
  });
  const title = t('manage.move.title');
  await deps.render(request, response, {
    view: 'manage/move',
    title: problem === null ? title : t('manage.errorTitle', { title }),
    section: 'appointment',
    status: problem === null ? 200 : problem.kind === 'missing' ? 422 : 409,
    private: true,
    locals: { move },
  });
}

function showMove(deps: BookingDeps): Handler {
  return async (request, response, opened) => {
    if (!isChangeable(opened.appointment, opened.surroundings.now)) {
      response.redirect(303, opened.view.links.page);
      return;
    }
    await renderMove(deps, request, response, opened, moveQueryOf(request), null);
  };
}

function move(deps: BookingDeps): Handler {
  return async (request, response, opened) => {
    const { appointment, surroundings, view } = opened;
    const slot = parseMove(request.body);
    if (slot === null && isChangeable(appointment, surroundings.now)) {
      await renderMove(deps, request, response, opened, moveQueryOf(request), { kind: 'missing' });
      return;
    }
    const outcome =
      slot === null ? { kind: 'notChangeable' as const } : await moveAppointment(deps, appointment.secret, slot);
    if (slot === null || outcome.kind === 'notChangeable') {
      response.redirect(303, view.links.page);
    } else if (outcome.kind === 'moved') {
      response.redirect(303, pathsFor(surroundings.locale).appointment(keyOf(appointment), { verschoben: 1 }));
    } else {
      // All times of the wanted day, so that the nearest ones are really the nearest.
      const query = { halt: slot.stopId, ab: 0, alle: true };
      await renderMove(deps, request, response, opened, query, { kind: 'taken', wanted: slot });
    }
  };
}

function showCancellation(deps: BookingDeps): Handler {
  return async (request, response, { appointment, surroundings: { now, locale }, view }) => {
    if (!isChangeable(appointment, now)) {
      response.redirect(303, view.links.page);
      return;
    }
    await deps.render(request, response, {
      view: 'manage/cancellation',
      title: translator(locale)('manage.cancellation.title'),
      section: 'appointment',
      private: true,
      locals: { view },
    });
  };
}

function cancel(deps: BookingDeps): Handler {
  return async (_request, response, { appointment, surroundings: { locale } }) => {
    const outcome = await cancelAppointment(deps, appointment.secret);
    const query = outcome.kind === 'cancelled' ? { abgesagt: 1 } : {};
    response.redirect(303, pathsFor(locale).appointment(keyOf(appointment), query));
  };
}

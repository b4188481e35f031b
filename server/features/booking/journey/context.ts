import type { Request, Response } from 'express';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import { linesOf, type Directory, type Locale } from '../../../domain/booking/office.ts';
import { DEFAULT_RULES } from '../../../domain/booking/rules.ts';
import { pathsFor } from '../../../paths.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { parseCount, parseLines } from '../choice.ts';
import type { BookingDeps } from '../deps.ts';
import { parseOrigin, type Origin } from '../origin.ts';
import { parseSecret } from './forms.ts';
import {
  presentHold,
  presentSteps,
  presentTrip,
  type HeldAppointment,
  type Journey,
  type StepName,
} from './presenter.ts';

/** A request for a page of a hold, which its address names. */
export type HeldRequest = Request<{ secret: string }>;

export type HeldJourney = Journey & { hold: HeldAppointment };

/** Answers that the held time is gone, with the nearest others; what was typed stays with the hold. */
export type LostPage = (
  request: HeldRequest,
  response: Response,
  directory: Directory,
  journey: HeldJourney,
) => Promise<void>;

export type JourneyContext = ReturnType<typeof createContext>;

/** What the steps of the journey share: reading where somebody is, and the frame around each question. */
export function createContext(deps: BookingDeps) {
  const today = () => deps.zone.local(deps.clock.now()).date;

  function openJourney(request: Request, directory: Directory): Journey {
    return {
      origin: parseOrigin(request.query, directory),
      stopId: parseCount(request.query['halt']),
      lines: parseLines(request.query['leistung'], directory),
      hold: null,
    };
  }

  /** The hold that an address names; null when it is gone, 'booked' when it is an appointment by now. */
  async function readHold(secret: string): Promise<HeldAppointment | Appointment | null> {
    const appointment = parseSecret(secret) === null ? undefined : await deps.appointments.bySecret(secret);
    if (appointment === undefined) {
      return null;
    }
    const stop = await deps.availability.stop(appointment.stopId);
    return stop === undefined ? appointment : { ...appointment, venueId: stop.venueId };
  }

  /** Goes on with the hold of the address, or answers where the citizen has to go instead. */
  async function withHold(
    request: HeldRequest,
    response: Response,
    work: (directory: Directory, journey: HeldJourney) => Promise<void>,
  ): Promise<void> {
    const { secret } = request.params;
    const directory = await deps.directory();
    const hold = await readHold(secret);
    if (hold === null) {
      await gone(request, response, 'over');
      return;
    }
    if (hold.state === 'held' && !('venueId' in hold)) {
      await gone(request, response, 'visitOff');
      return;
    }
    if (hold.state !== 'held') {
      response.redirect(303, pathsFor(localeOf(response)).booked(`${hold.reference}-${hold.secret}`));
      return;
    }
    const held = hold as HeldAppointment;
    await work(directory, {
      origin: originOf(directory, held),
      stopId: held.stopId,
      lines: linesOf(directory, held),
      hold: held,
    });
  }

  function originOf(directory: Directory, hold: HeldAppointment): Origin {
    const place = hold.originPlaceId === null ? undefined : directory.placesById.get(hold.originPlaceId);
    if (place !== undefined) {
      return { kind: 'place', placeId: place.id, name: place.name, at: { lat: place.lat, lon: place.lon } };
    }
    const venue = directory.venues.get(hold.venueId);
    return venue === undefined ? { kind: 'anywhere' } : { kind: 'position', at: venue.at };
  }

  /** Nothing is held any more: the hold is over, or the visit itself is off. */
  async function gone(request: Request, response: Response, why: 'over' | 'visitOff'): Promise<void> {
    const t = translator(localeOf(response));
    await deps.render(request, response, {
      view: 'booking/gone',
      title: t(`journey.gone.${why}.title`),
      section: 'visits',
      status: 410,
      private: true,
      locals: { heading: t(`journey.gone.${why}.title`), text: t(`journey.gone.${why}.text`) },
    });
  }

  /** What every page of the journey shows around its question. */
  function frame(directory: Directory, journey: Journey, step: StepName, locale: Locale, from?: string) {
    const { hold } = journey;
    return {
      steps: presentSteps(journey, step, locale),
      trip: presentTrip(directory, journey, step, today(), locale),
      hold:
        hold === null || from === undefined
          ? null
          : presentHold(hold, rulesOf(directory, hold), deps.clock.now(), deps.zone, from, locale),
    };
  }

  function rulesOf(directory: Directory, hold: HeldAppointment) {
    const venue = directory.venues.get(hold.venueId);
    return (
      (venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId)?.rules) ?? DEFAULT_RULES
    );
  }

  /** What happened to the hold, told on the page the citizen comes back to. */
  function noticeOf(request: HeldRequest): 'extended' | 'limit' | null {
    const said = request.query['zeit'];
    return said === 'verlaengert' ? 'extended' : said === 'grenze' ? 'limit' : null;
  }

  return { deps, today, openJourney, withHold, gone, frame, rulesOf, noticeOf };
}

import type { Request, Response } from 'express';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import { linesOf } from '../../../domain/booking/office.ts';
import { pathsFor } from '../../../paths.ts';
import { translator } from '../../../web/locale.ts';
import { lineValues } from '../choice.ts';
import { askAgain, confirmAppointment, type AskAgainOutcome } from '../confirmAppointment.ts';
import type { BookingDeps } from '../deps.ts';
import { originQuery } from '../origin.ts';
import { isProven } from '../proof.ts';
import { isExpired, keyOf } from './findAppointment.ts';
import { presentPendingPage, type AppointmentView, type ResendNotice, type Surroundings } from './presenter.ts';

/** Confirming an e-mail address: the page behind the link of the mail, and the page that waits for it. */

/** An appointment that somebody has opened, with what is around it. */
export interface Opened {
  appointment: Appointment;
  surroundings: Surroundings;
  view: AppointmentView;
}

export type Handler = (request: Request, response: Response, opened: Opened) => Promise<void> | void;

/** Why the mail was (not) sent again, as the address of the page says it. */
const RESENT: Readonly<Record<Exclude<AskAgainOutcome['kind'], 'notPending'>, string>> = {
  queued: 'ja',
  tooSoon: 'spaeter',
  limit: 'genug',
};

/** The page of an appointment whose e-mail address is to be confirmed. */
export async function renderPending(
  deps: BookingDeps,
  request: Request,
  response: Response,
  view: AppointmentView,
  locale: Surroundings['locale'],
): Promise<void> {
  const said = Object.entries(RESENT).find(([, value]) => value === request.query['erneut'])?.[0] ?? null;
  const page = presentPendingPage(view, request.query['verschoben'] === '1', said as ResendNotice | null, locale);
  await deps.render(request, response, {
    view: 'manage/pending',
    title: translator(locale)('manage.pending.title'),
    section: 'appointment',
    private: true,
    locals: { view, page, demonstration: deps.demonstration },
  });
}

/** GET changes nothing: mail systems open every link to see whether it is dangerous. */
export function showConfirmation(deps: BookingDeps): Handler {
  return async (request, response, opened) => {
    const { appointment, surroundings, view } = opened;
    if (isExpired(appointment, surroundings.now)) {
      await renderExpired(deps, request, response, opened);
      return;
    }
    if (view.stage !== 'pending') {
      response.redirect(303, bookedOr(opened));
      return;
    }
    const proof = deps.proof(appointment);
    if (!isProven(proof, request.query['nachweis'])) {
      response.redirect(303, view.links.page);
      return;
    }
    await deps.render(request, response, {
      view: 'manage/confirmation',
      title: translator(surroundings.locale)('manage.confirmation.title'),
      section: 'appointment',
      private: true,
      locals: { view, proof },
    });
  };
}

/** Confirms what the link of the mail proves; with the field `erneut` sends the mail once more. */
export function confirm(deps: BookingDeps): Handler {
  return async (request, response, opened) => {
    const { appointment, surroundings, view } = opened;
    const p = pathsFor(surroundings.locale);
    const body = (request.body ?? {}) as Record<string, unknown>;
    if ('erneut' in body) {
      const { kind } = await askAgain(deps, appointment.secret);
      const query = kind === 'notPending' ? {} : { erneut: RESENT[kind] };
      response.redirect(303, p.appointment(keyOf(appointment), query));
      return;
    }
    const isWaiting = view.stage === 'pending' && !isExpired(appointment, surroundings.now);
    if (isWaiting && !isProven(deps.proof(appointment), body['nachweis'])) {
      response.redirect(303, view.links.page);
      return;
    }
    const outcome = await confirmAppointment(deps, appointment.secret);
    switch (outcome.kind) {
      case 'confirmed':
        response.redirect(303, p.booked(keyOf(appointment)));
        return;
      case 'expired':
        await renderExpired(deps, request, response, opened);
        return;
      case 'off':
      case 'unknown':
        response.redirect(303, view.links.page);
    }
  };
}

function bookedOr({ appointment, surroundings, view }: Opened): string {
  return appointment.state === 'confirmed' ? pathsFor(surroundings.locale).booked(keyOf(appointment)) : view.links.page;
}

/** Says that it is too late, and leads to free times for the same services where the person looked for them. */
async function renderExpired(
  deps: BookingDeps,
  request: Request,
  response: Response,
  { appointment, surroundings, view }: Opened,
): Promise<void> {
  const { directory, stop, locale } = surroundings;
  const p = pathsFor(locale);
  const lines = linesOf(directory, appointment);
  const place = appointment.originPlaceId === null ? undefined : directory.placesById.get(appointment.originPlaceId);
  const venue = stop === undefined ? undefined : directory.venues.get(stop.venueId);
  const origin =
    place !== undefined
      ? originQuery({ kind: 'place', placeId: place.id, name: place.name, at: { lat: place.lat, lon: place.lon } })
      : venue !== undefined
        ? originQuery({ kind: 'position', at: venue.at })
        : {};
  await deps.render(request, response, {
    view: 'manage/expired',
    title: translator(locale)('manage.expired.title'),
    section: 'appointment',
    status: 410,
    private: true,
    locals: {
      view,
      again:
        lines.length === 0
          ? p.start()
          : p.times({ ...origin, halt: stop === undefined ? null : stop.id, leistung: lineValues(lines) }),
    },
  });
}

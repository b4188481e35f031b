import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { mayIn, scopeOf } from '../../../domain/access.ts';
import type { Tour } from '../../../domain/tours/tour.ts';
import { pathsFor } from '../../../paths.ts';
import { localeOf, translator } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { TourDeps } from '../deps.ts';
import type { Planner } from '../ports.ts';
import type { EditorContext } from './presenter.ts';

/** Who asks, with the municipalities in which they may change tours. */
export function plannerOf(response: Response): Planner {
  const actor = actorOf(response);
  return { actor, scope: scopeOf(actor, 'tours.write') };
}

/** Who asks, with the municipalities of which they may see tours. */
export function readerOf(response: Response): Planner {
  const actor = actorOf(response);
  return { actor, scope: scopeOf(actor, 'tours.read') };
}

export function contextOf(deps: TourDeps, response: Response): EditorContext {
  const locale = localeOf(response);
  return { locale, t: translator(locale), p: pathsFor(locale), map: deps.map };
}

export function idOf(request: Request): number | null {
  const text = String(request.params['id']);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** The sentence that was left for this page, once. */
export function takeFlash(request: Request): { kind: 'success' | 'warning'; text: string } | null {
  const { flash } = request.session;
  if (flash === undefined) return null;
  delete request.session.flash;
  return flash;
}

/** Goes on to another page with a sentence for it. */
export function redirectWith(
  request: Request,
  response: Response,
  to: string,
  flash: { kind: 'success' | 'warning'; text: string },
): void {
  request.session.flash = flash;
  response.redirect(303, to);
}

export type TourHandler = (
  request: Request,
  response: Response,
  tour: Tour,
  next: NextFunction,
) => Promise<void> | void;

/** Opens the tour of the address for somebody who may change it; else it is as if there were none. */
export function openForChange(deps: TourDeps, handle: TourHandler): RequestHandler {
  return open(deps, plannerOf, handle);
}

/** Opens the tour of the address for somebody who may see it. */
export function openForReading(deps: TourDeps, handle: TourHandler): RequestHandler {
  return open(deps, readerOf, handle);
}

function open(deps: TourDeps, as: (response: Response) => Planner, handle: TourHandler): RequestHandler {
  return async (request, response, next) => {
    const id = idOf(request);
    const tour = id === null ? null : await deps.tour(as(response).scope, id);
    if (tour === null) {
      next();
      return;
    }
    await handle(request, response, tour, next);
  };
}

export function mayChange(response: Response, tour: Tour): boolean {
  return mayIn(actorOf(response), 'tours.write', tour.municipalityId);
}

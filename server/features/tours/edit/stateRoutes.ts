import { Router, type NextFunction, type Request, type Response } from 'express';
import { Refusal } from '../../../domain/refusal.ts';
import { longDate } from '../../../web/format.ts';
import type { Tour } from '../../../domain/tours/tour.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { enteredFields } from '../../../web/form.ts';
import { cancelTour } from '../cancelTour.ts';
import { deleteTour } from '../deleteTour.ts';
import type { TourDeps } from '../deps.ts';
import type { Stale } from '../outcomes.ts';
import { publishTour } from '../publishTour.ts';
import type { TourUnit } from '../ports.ts';
import { contextOf, openForChange, plannerOf, redirectWith } from './context.ts';
import { hasDecided, readDecisions } from './decisions.ts';
import { renderDecisions } from './decisionPage.ts';
import { staleTitle } from './stale.ts';

/** Publishing, cancelling and deleting a tour. */
export function stateRoutes(deps: TourDeps): Router {
  const router = Router();
  router
    .route(ROUTES.tourPublication)
    .get(openForChange(deps, (_request, response, tour) => toTour(deps, response, tour)))
    .post(openForChange(deps, publish(deps)));
  router
    .route(ROUTES.tourCancellation)
    .get(openForChange(deps, showCancellation(deps)))
    .post(openForChange(deps, cancel(deps)));
  router
    .route(ROUTES.tourDeletion)
    .get(openForChange(deps, showDeletion(deps)))
    .post(openForChange(deps, remove(deps)));
  return router;
}

function toTour(deps: TourDeps, response: Response, tour: Tour): void {
  response.redirect(303, contextOf(deps, response).p.tour(tour.id));
}

function versionIn(request: Request): number {
  return Number(enteredFields(request.body)['version']) || 0;
}

/** Somebody else was faster: back to the tour as it is now, with who it was. */
function showStale(deps: TourDeps, request: Request, response: Response, tour: Tour, stale: Stale): void {
  const { locale, t } = contextOf(deps, response);
  redirectWith(request, response, contextOf(deps, response).p.tour(tour.id), {
    kind: 'warning',
    text: t('tour.stale.again', { title: staleTitle(stale, deps.zone, locale, t) }),
  });
}

function publish(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t } = contextOf(deps, response);
    if (tour.state === 'published') {
      toTour(deps, response, tour);
      return;
    }
    const outcome = await publishTour(deps, plannerOf(response), { tourId: tour.id, version: versionIn(request) });
    switch (outcome.kind) {
      case 'gone':
        next();
        return;
      case 'stale':
        showStale(deps, request, response, tour, outcome);
        return;
      case 'published':
        redirectWith(request, response, contextOf(deps, response).p.tour(tour.id), {
          kind: 'success',
          text: t('tour.saved.nowPublished'),
        });
        return;
      case 'impossible':
        redirectWith(request, response, contextOf(deps, response).p.tour(tour.id), {
          kind: 'warning',
          text: t('tour.saved.notPublished'),
        });
    }
  };
}

interface Confirmation {
  heading: string;
  lead: string;
  button: string;
  action: string;
}

async function renderConfirmation(
  deps: TourDeps,
  request: Request,
  response: Response,
  tour: Tour,
  { heading, lead, button, action }: Confirmation,
): Promise<void> {
  const { locale, t, p } = contextOf(deps, response);
  await deps.render(request, response, {
    view: 'tours/edit/confirm',
    title: heading,
    staff: 'board',
    locals: {
      heading,
      lead,
      button,
      action,
      name: t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) }),
      version: String(tour.version),
      back: p.tour(tour.id),
    },
  });
}

/** The same, but nothing stays: for showing what would happen. */
function rehearsed(deps: TourDeps): TourDeps {
  return {
    ...deps,
    unit: <T>(work: (unit: TourUnit) => Promise<T>): Promise<T> =>
      deps.unit<T>(async (unit) => {
        throw new Refusal(await work(unit));
      }),
  };
}

/** Whom it would concern is asked at once; nobody is, where nobody has booked. */
function showCancellation(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour): Promise<void> => {
    const { t, p } = contextOf(deps, response);
    if (tour.state !== 'published') {
      toTour(deps, response, tour);
      return;
    }
    const { id: tourId, version } = tour;
    const outcome = await cancelTour(rehearsed(deps), plannerOf(response), { tourId, version, decisions: [] });
    if (outcome.kind === 'decide') {
      const { affected } = outcome;
      await renderDecisions(deps, request, response, {
        kind: 'cancel',
        tour,
        form: null,
        affected,
        asked: false,
        status: 200,
      });
      return;
    }
    await renderConfirmation(deps, request, response, tour, {
      heading: t('tour.cancel.heading'),
      lead: t('tour.cancel.nobody'),
      button: t('tour.cancel.now'),
      action: p.tourCancellation(tour.id),
    });
  };
}

function cancel(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t } = contextOf(deps, response);
    if (tour.state !== 'published') {
      toTour(deps, response, tour);
      return;
    }
    const outcome = await cancelTour(deps, plannerOf(response), {
      tourId: tour.id,
      version: versionIn(request),
      decisions: readDecisions(request.body),
    });
    switch (outcome.kind) {
      case 'gone':
        next();
        return;
      case 'stale':
        showStale(deps, request, response, tour, outcome);
        return;
      case 'decide':
        await renderDecisions(deps, request, response, {
          kind: 'cancel',
          tour,
          form: null,
          affected: outcome.affected,
          asked: hasDecided(request.body),
        });
        return;
      case 'cancelled':
        redirectWith(request, response, contextOf(deps, response).p.tour(tour.id), {
          kind: 'success',
          text: t('tour.saved.cancelled'),
        });
    }
  };
}

function showDeletion(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour): Promise<void> => {
    const { t, p } = contextOf(deps, response);
    if (tour.state !== 'draft') {
      toTour(deps, response, tour);
      return;
    }
    await renderConfirmation(deps, request, response, tour, {
      heading: t('tour.delete.heading'),
      lead: t('tour.delete.lead'),
      button: t('tour.delete.now'),
      action: p.tourDeletion(tour.id),
    });
  };
}

function remove(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t, p } = contextOf(deps, response);
    const outcome = await deleteTour(deps, plannerOf(response), { tourId: tour.id, version: versionIn(request) });
    switch (outcome.kind) {
      case 'gone':
        next();
        return;
      case 'stale':
        showStale(deps, request, response, tour, outcome);
        return;
      case 'notADraft':
        redirectWith(request, response, contextOf(deps, response).p.tour(tour.id), {
          kind: 'warning',
          text: t('tour.delete.notADraft'),
        });
        return;
      case 'deleted':
        redirectWith(request, response, p.boardWeek(), { kind: 'success', text: t('tour.saved.deleted') });
    }
  };
}

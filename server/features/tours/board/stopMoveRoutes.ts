import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Conflict } from '../../../domain/tours/conflicts.ts';
import type { PlannedStop, Tour } from '../../../domain/tours/tour.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { longDate } from '../../../web/format.ts';
import type { TourDeps } from '../deps.ts';
import { moveStop } from '../moveTour.ts';
import type { Affected, MoveStopOutcome } from '../outcomes.ts';
import { pictureOf, today } from '../edit/checkForm.ts';
import { contextOf, idOf, plannerOf, redirectWith } from '../edit/context.ts';
import { hasDecided, presentDecisions, readDecisions } from '../edit/decisions.ts';
import { backLink } from '../edit/presenter.ts';
import { staleTitle } from '../edit/stale.ts';
import { readStopMove, targetIn, type StopMoveForm } from './moveForms.ts';
import { obstacleViews, offeredDays, stopFacts, targetChoices, tourTitle, venueOf } from './movePresenter.ts';

export function stopMoveRoutes(deps: TourDeps): Router {
  const router = Router();
  router
    .route(ROUTES.stopMove)
    .get(openStop(deps, show(deps)))
    .post(openStop(deps, submit(deps)));
  return router;
}

/** A stop with the tour it is on. */
interface StopOnTour {
  tour: Tour;
  stop: PlannedStop & { id: number };
}

type StopHandler = (request: Request, response: Response, on: StopOnTour, next: NextFunction) => Promise<void>;

/** Opens the stop of the address for somebody who may change its tour; else it is as if there were none. */
function openStop(deps: TourDeps, handle: StopHandler): RequestHandler {
  return async (request, response, next) => {
    const stopId = idOf(request);
    const { scope } = plannerOf(response);
    const tourId = stopId === null ? null : await deps.unit((unit) => unit.tourOfStop(stopId));
    const tour = tourId === null ? null : await deps.tour(scope, tourId);
    const stop = tour?.stops.find(({ id }) => id === stopId);
    if (stopId === null || tour === null || tour.state === 'cancelled' || stop === undefined) {
      if (!(await wasSentTwice(deps, request, response))) next();
      return;
    }
    await handle(request, response, { tour, stop: { ...stop, id: stopId } }, next);
  };
}

/**
 * A moved stop is a new one at its new tour. Who sends the form twice asks for the old one: where the tour was changed
 * since it was shown, the board says how things are. A stop of others is answered like this too, as one that is gone.
 */
async function wasSentTwice(deps: TourDeps, request: Request, response: Response): Promise<boolean> {
  const target = request.method === 'POST' ? targetIn(readStopMove(request.body)) : null;
  const to = target === null ? null : await deps.tour(plannerOf(response).scope, target.tourId);
  if (target === null || to === null || to.version !== target.version + 1) return false;
  const { t, p } = contextOf(deps, response);
  redirectWith(request, response, backLink(to.date, { t, p }).href, {
    kind: 'warning',
    text: t('moves.stop.already'),
  });
  return true;
}

interface StopPage {
  form: StopMoveForm;
  errors?: FormErrors;
  stale?: string;
  conflicts?: readonly Conflict[];
  status?: number;
}

function show(deps: TourDeps): StopHandler {
  return (request, response, on) =>
    renderStopMove(deps, request, response, on, { form: { target: '', version: String(on.tour.version) } });
}

function submit(deps: TourDeps): StopHandler {
  return async (request, response, on, next) => {
    const { t } = contextOf(deps, response);
    const form = readStopMove(request.body);
    const target = targetIn(form);
    if (target === null) {
      const errors = errorAtTarget(t('moves.errors.target'));
      await renderStopMove(deps, request, response, on, { form, errors, status: 422 });
      return;
    }
    const outcome = await moveStop(deps, plannerOf(response), {
      stopId: on.stop.id,
      toTourId: target.tourId,
      versions: { from: Number(form.version) || 0, to: target.version },
      decisions: readDecisions(request.body),
    });
    await answer(deps, request, response, { on, form, outcome, next });
  };
}

function errorAtTarget(text: string): FormErrors {
  return { list: [{ href: '#ziel', text }], fields: { ziel: text } };
}

async function answer(
  deps: TourDeps,
  request: Request,
  response: Response,
  moved: { on: StopOnTour; form: StopMoveForm; outcome: MoveStopOutcome; next: NextFunction },
): Promise<void> {
  const { on, form, outcome, next } = moved;
  const { locale, t, p } = contextOf(deps, response);
  const planner = plannerOf(response);
  const refuse = (page: Omit<StopPage, 'form'>): Promise<void> =>
    renderStopMove(deps, request, response, on, { form, status: 422, ...page });
  switch (outcome.kind) {
    case 'gone':
      next();
      return;
    case 'saved': {
      const to = (await deps.tour(planner.scope, outcome.tourId)) ?? on.tour;
      const place = venueOf(on.stop, await pictureOf(deps, planner, to.date), t);
      redirectWith(request, response, backLink(to.date, { t, p }).href, {
        kind: 'success',
        text: t('moves.saved.stop', { place, number: tourNumber(to.id), date: longDate(to.date, locale) }),
      });
      return;
    }
    case 'notThere':
      await refuse({ errors: errorAtTarget(t('moves.errors.notThere')) });
      return;
    case 'taken':
      await refuse({ errors: errorAtTarget(t('moves.errors.taken')) });
      return;
    case 'impossible': {
      const list = [{ href: '#hindernisse', text: t('moves.errors.impossibleStop') }];
      await refuse({ errors: { list, fields: {} }, conflicts: outcome.conflicts });
      return;
    }
    case 'decide':
      await renderDecisions(deps, request, response, on, form, outcome.affected);
      return;
    case 'stale': {
      const now = await deps.tour(planner.scope, on.tour.id);
      if (now === null) {
        next();
        return;
      }
      await renderStopMove(
        deps,
        request,
        response,
        { ...on, tour: now },
        {
          form: { ...form, version: String(now.version) },
          stale: staleTitle(outcome, deps.zone, locale, t),
          status: 422,
        },
      );
    }
  }
}

async function renderDecisions(
  deps: TourDeps,
  request: Request,
  response: Response,
  { tour, stop }: StopOnTour,
  form: StopMoveForm,
  affected: readonly Affected[],
): Promise<void> {
  const { locale, t, p } = contextOf(deps, response);
  const picture = await pictureOf(deps, plannerOf(response), tour.date);
  const asked = hasDecided(request.body);
  const { decisions, errors } = presentDecisions(affected, request.body, { picture, asked }, locale, t);
  const heading = t('tour.decisions.heading', { count: affected.length });
  await deps.render(request, response, {
    view: 'tours/edit/decisions',
    title: errors.list.length > 0 ? `${t('staff.form.errorPrefix')}${heading}` : heading,
    staff: 'board',
    status: 422,
    locals: {
      heading,
      name: t('moves.stop.heading', { place: venueOf(stop, picture, t) }),
      lead: t('moves.decide.stop'),
      errors: errors.list,
      action: p.stopMove(stop.id),
      isSave: false,
      back: p.tour(tour.id),
      fields: [
        { name: 'version', value: form.version },
        { name: 'ziel', value: form.target },
      ],
      decisions,
      submitText: t('moves.stop.submit'),
    },
  });
}

async function renderStopMove(
  deps: TourDeps,
  request: Request,
  response: Response,
  { tour, stop }: StopOnTour,
  page: StopPage,
): Promise<void> {
  const { locale, t, p } = contextOf(deps, response);
  const { form, errors = NO_ERRORS, stale = null, conflicts = [] } = page;
  const planner = plannerOf(response);
  const days = offeredDays(tour.date);
  const picture = await deps.picture(planner.scope, days.from, days.to);
  const targetId = targetIn(form)?.tourId;
  const heading = t('moves.stop.heading', { place: venueOf(stop, picture, t) });
  const isRefused = errors.list.length > 0 || stale !== null;
  await deps.render(request, response, {
    view: 'tours/board/moveStop',
    title: isRefused ? `${t('staff.form.errorPrefix')}${heading}` : heading,
    staff: 'board',
    status: page.status ?? 200,
    locals: {
      heading,
      name: tourTitle(tour, locale, t),
      tourHref: p.tour(tour.id),
      errors: errors.list,
      stale,
      facts: stopFacts(tour, stop, picture, locale, t),
      obstacles: obstacleViews(conflicts, picture, locale),
      editors: [tour.id, ...(targetId === undefined ? [] : [targetId])].map((id) => ({
        href: p.tour(id),
        text: t('moves.openTour', { number: tourNumber(id) }),
      })),
      action: p.stopMove(stop.id),
      version: form.version,
      targets: targetChoices(tour, form.target, { picture, planner, today: today(deps) }, locale, t),
      targetError: errors.fields['ziel'] ?? null,
      back: backLink(tour.date, { t, p }).href,
    },
  });
}

import { Router, type NextFunction, type Request, type Response } from 'express';
import { tourNumber, type Tour } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { enteredFields, listField } from '../../../web/form.ts';
import { longDate } from '../../../web/format.ts';
import type { TourDeps } from '../deps.ts';
import { contextOf, openForChange, plannerOf, redirectWith } from '../edit/context.ts';
import { askWays } from '../edit/map.ts';
import { staleTitle } from '../edit/stale.ts';
import { acceptOrder, type AcceptOutcome } from './acceptOrder.ts';
import { presentOrder } from './presenter.ts';
import { proposeOrder, type ChosenStops } from './proposeOrder.ts';

/** "Reihenfolge verbessern": a better order for the stops of a tour, to look at and to take over. */
export function orderRoutes(deps: TourDeps): Router {
  const router = Router();
  router
    .route(ROUTES.tourOrder)
    .get(openForChange(deps, show(deps)))
    .post(openForChange(deps, submit(deps)));
  return router;
}

/** Which stops are ticked, each a field or all in one: `4-7`; before anybody has chosen: all that can be. */
function chosenIn(fields: unknown): ChosenStops {
  if (listField(fields, 'auswahl').length === 0) return null;
  return new Set(
    listField(fields, 'frei')
      .flatMap((text) => text.split('-'))
      .filter((text) => /^[1-9]\d{0,8}$/.test(text))
      .map(Number),
  );
}

function show(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour): Promise<void> => {
    if (tour.state === 'cancelled') {
      response.redirect(303, contextOf(deps, response).p.tour(tour.id));
      return;
    }
    await renderOrder(deps, request, response, tour, { chosen: chosenIn(request.query) });
  };
}

function submit(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t, p } = contextOf(deps, response);
    if (tour.state === 'cancelled') {
      next();
      return;
    }
    const planner = plannerOf(response);
    const fields = enteredFields(request.body);
    const chosen = chosenIn(request.body);
    const outcome = await acceptOrder(deps, planner, {
      tour,
      version: Number(fields['version']) || 0,
      chosen,
      seen: fields['vorschlag'] ?? '',
    });
    if (outcome.kind === 'saved') {
      redirectWith(request, response, p.tour(tour.id), { kind: 'success', text: t('order.saved') });
      return;
    }
    const now = await deps.tour(planner.scope, tour.id);
    if (outcome.kind === 'gone' || now === null || now.state === 'cancelled') {
      next();
      return;
    }
    await renderOrder(deps, request, response, now, { chosen, problem: problemWords(deps, response, outcome) });
  };
}

/** Why the proposal was not taken over; the page then shows the tour as it is now. */
function problemWords(
  deps: TourDeps,
  response: Response,
  outcome: Exclude<AcceptOutcome, { kind: 'saved' } | { kind: 'gone' }>,
): string {
  const { locale, t } = contextOf(deps, response);
  return outcome.kind === 'stale'
    ? t('order.errors.stale', { title: staleTitle(outcome, deps.zone, locale, t) })
    : t('order.errors.otherProposal');
}

async function renderOrder(
  deps: TourDeps,
  request: Request,
  response: Response,
  tour: Tour,
  { chosen, problem = null }: { chosen: ChosenStops; problem?: string | null },
): Promise<void> {
  const context = contextOf(deps, response);
  const { locale, t } = context;
  const answer = await proposeOrder(deps, plannerOf(response), tour, chosen);
  const { improvement, picture } = answer;
  const now = await askWays(deps.travel, tour, picture);
  const proposed =
    improvement.kind === 'better' ? await askWays(deps.travel, improvement.proposal.plan, picture) : null;
  const view = presentOrder({ tour, answer, ways: { now, proposed }, problem }, context);
  const title = `${view.heading}: ${t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) })}`;
  await deps.render(request, response, {
    view: 'tours/order/order',
    title: problem === null ? title : `${t('staff.form.errorPrefix')}${title}`,
    staff: 'board',
    wide: true,
    status: problem === null ? 200 : 422,
    locals: { view },
  });
}

import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Conflict } from '../../../domain/tours/conflicts.ts';
import type { Tour } from '../../../domain/tours/tour.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { longDate } from '../../../web/format.ts';
import type { TourDeps } from '../deps.ts';
import { moveTour } from '../moveTour.ts';
import type { SaveOutcome } from '../outcomes.ts';
import { pictureOf } from '../edit/checkForm.ts';
import { contextOf, openForChange, plannerOf, redirectWith, takeFlash } from '../edit/context.ts';
import { backLink } from '../edit/presenter.ts';
import { staleTitle } from '../edit/stale.ts';
import { idIn, readTourMove, understandTourMove, type TourMoveForm } from './moveForms.ts';
import { kitChoices, kitName, obstacleViews, takenErrors, tourFacts, tourTitle } from './movePresenter.ts';
import { stopMoveRoutes } from './stopMoveRoutes.ts';

/** Moving a tour to another day or kit, or a stop to another tour: without the editor, and by drag and drop. */
export function moveRoutes(deps: TourDeps): Router {
  const router = Router();
  router
    .route(ROUTES.tourMove)
    .get(openForChange(deps, show(deps)))
    .post(openForChange(deps, submit(deps)));
  router.use(stopMoveRoutes(deps));
  return router;
}

interface TourPage {
  form: TourMoveForm;
  errors?: FormErrors;
  /** Who was faster. */
  stale?: string;
  conflicts?: readonly Conflict[];
  status?: number;
}

function show(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    if (tour.state === 'cancelled') {
      next();
      return;
    }
    await renderTourMove(deps, request, response, tour, { form: formOf(tour) });
  };
}

function formOf(tour: Tour): TourMoveForm {
  return { date: tour.date, kit: '', version: String(tour.version) };
}

function submit(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t } = contextOf(deps, response);
    const planner = plannerOf(response);
    const form = readTourMove(request.body);
    const picture = await pictureOf(deps, planner, tour.date);
    const { date, kitId, errors } = understandTourMove(form, picture, t);
    if (errors.list.length > 0) {
      await renderTourMove(deps, request, response, tour, { form, errors, status: 422 });
      return;
    }
    const outcome = await moveTour(deps, planner, {
      tourId: tour.id,
      version: Number(form.version) || 0,
      date,
      ...(kitId === undefined ? {} : { kitId }),
      decisions: [],
    });
    await answer(deps, request, response, { tour, form, outcome, next });
  };
}

async function answer(
  deps: TourDeps,
  request: Request,
  response: Response,
  moved: { tour: Tour; form: TourMoveForm; outcome: SaveOutcome; next: NextFunction },
): Promise<void> {
  const { tour, form, outcome, next } = moved;
  const { locale, t, p } = contextOf(deps, response);
  const planner = plannerOf(response);
  switch (outcome.kind) {
    case 'gone':
      next();
      return;
    case 'saved': {
      const now = (await deps.tour(planner.scope, tour.id)) ?? tour;
      const kit = kitName(now, await pictureOf(deps, planner, now.date), t);
      const parameters = { number: tourNumber(tour.id), date: longDate(now.date, locale), kit };
      redirectWith(request, response, backLink(now.date, { t, p }).href, {
        kind: 'success',
        text: now.kitId === null ? t('moves.saved.withoutKit', parameters) : t('moves.saved.tour', parameters),
      });
      return;
    }
    case 'decide':
      redirectWith(request, response, inEditor(deps, response, tour, form), {
        kind: 'warning',
        text: t('moves.decide.tour', { count: outcome.affected.length }),
      });
      return;
    case 'taken': {
      const picture = await pictureOf(deps, planner, form.date);
      const errors = takenErrors(outcome, { tourId: tour.id, date: form.date, picture }, locale, t);
      await renderTourMove(deps, request, response, tour, { form, errors, status: 422 });
      return;
    }
    case 'impossible': {
      const list = [{ href: '#hindernisse', text: t('moves.errors.impossible') }];
      const { conflicts } = outcome;
      await renderTourMove(deps, request, response, tour, {
        form,
        errors: { list, fields: {} },
        conflicts,
        status: 422,
      });
      return;
    }
    case 'stale': {
      const now = await deps.tour(planner.scope, tour.id);
      if (now === null || now.state === 'cancelled') {
        next();
        return;
      }
      await renderTourMove(deps, request, response, now, {
        form: { ...form, version: String(now.version) },
        stale: staleTitle(outcome, deps.zone, locale, t),
        status: 422,
      });
    }
  }
}

/** The editor with what was chosen here, not saved yet. */
function inEditor(deps: TourDeps, response: Response, tour: Tour, { date, kit }: TourMoveForm): string {
  return contextOf(deps, response).p.tour(tour.id, { datum: date, koffer: idIn(kit) === 0 ? '' : kit });
}

async function renderTourMove(
  deps: TourDeps,
  request: Request,
  response: Response,
  tour: Tour,
  page: TourPage,
): Promise<void> {
  const { locale, t, p } = contextOf(deps, response);
  const { form, errors = NO_ERRORS, stale = null, conflicts = [] } = page;
  const planner = plannerOf(response);
  const now = await pictureOf(deps, planner, tour.date);
  const heading = t('moves.tour.heading', { number: tourNumber(tour.id) });
  const isRefused = errors.list.length > 0 || stale !== null;
  await deps.render(request, response, {
    view: 'tours/board/moveTour',
    title: isRefused ? `${t('staff.form.errorPrefix')}${heading}` : heading,
    staff: 'board',
    status: page.status ?? 200,
    locals: {
      heading,
      name: tourTitle(tour, locale, t),
      tourHref: p.tour(tour.id),
      flash: takeFlash(request),
      errors: errors.list,
      stale,
      lead: tour.state === 'published' ? t('moves.tour.leadPublished') : t('moves.tour.leadDraft'),
      facts: tourFacts(tour, now, locale, t),
      obstacles:
        conflicts.length === 0 ? [] : obstacleViews(conflicts, await pictureOf(deps, planner, form.date), locale),
      editorHref: inEditor(deps, response, tour, form),
      action: p.tourMove(tour.id),
      version: form.version,
      date: form.date,
      dateError: errors.fields['datum'] ?? null,
      keepKit: tour.kitId === null ? t('moves.noKit') : t('moves.tour.keepKit', { kit: kitName(tour, now, t) }),
      kits: kitChoices(form.kit, now, planner, t),
      kitError: errors.fields['koffer'] ?? null,
      back: backLink(tour.date, { t, p }).href,
    },
  });
}

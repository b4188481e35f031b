import { Router } from 'express';
import { addDays } from '../../../domain/time.ts';
import { ROUTES } from '../../../paths.ts';
import type { TourDeps } from '../deps.ts';
import { readerOf, takeFlash } from '../edit/context.ts';
import { nextMonth } from './calendar.ts';
import { boardContext } from './context.ts';
import { plannedMinutes } from './crew.ts';
import { lookAtTours } from './look.ts';
import { presentMonth } from './monthPresenter.ts';
import { parseBoardQuery } from './query.ts';
import { presentWeek } from './weekPresenter.ts';

/** The tours of a week and of a month, for everybody who may see tours. */
export function boardPages(deps: TourDeps): Router {
  const router = Router();
  const today = () => deps.zone.local(deps.clock.now()).date;

  router.get(ROUTES.boardWeek, async (request, response) => {
    const query = parseBoardQuery(request.query, today());
    const picture = await deps.picture(readerOf(response).scope, query.week, addDays(query.week, 6));
    const tours = await lookAtTours(deps, picture, today());
    const context = boardContext(deps, response, picture, query, today(), plannedMinutes(tours));
    const view = presentWeek(tours, context);
    await deps.render(request, response, {
      view: 'tours/board/week',
      title: view.title,
      staff: 'board',
      wide: true,
      locals: { ...view, flash: takeFlash(request) },
    });
  });

  router.get(ROUTES.boardMonth, async (request, response) => {
    const query = parseBoardQuery(request.query, today());
    const last = addDays(nextMonth(query.month), -1);
    const picture = await deps.picture(readerOf(response).scope, query.month, last);
    const tours = await lookAtTours(deps, picture, today());
    const view = presentMonth(tours, boardContext(deps, response, picture, query, today()));
    await deps.render(request, response, {
      view: 'tours/board/month',
      title: view.title,
      staff: 'board',
      wide: true,
      locals: { ...view, flash: takeFlash(request) },
    });
  });

  return router;
}

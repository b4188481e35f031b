import { Router } from 'express';
import { ROUTES } from '../../../paths.ts';
import type { ActionPages } from '../actionRoutes.ts';
import type { MyDayDeps } from '../deps.ts';
import { showDay, showToday } from './dayPage.ts';
import { delayAgain, showDelay } from './delayPage.ts';
import { walkInAgain, showWalkIn } from './walkInPage.ts';
import { showWeek } from './weekPage.ts';

/** The pages of the clerk's day. */
export function pageRoutes(deps: MyDayDeps): Router {
  const router = Router();
  router.get(ROUTES.myDay, showToday(deps));
  router.get(ROUTES.myDayOn, showDay(deps));
  router.get(ROUTES.myWeek, showWeek(deps));
  router.get(ROUTES.tourWalkIn, showWalkIn(deps));
  router.get(ROUTES.tourDelay, showDelay(deps));
  return router;
}

/** What is shown again when one of their forms is refused. */
export function actionPages(deps: MyDayDeps): ActionPages {
  return { walkIn: walkInAgain(deps), delay: delayAgain(deps) };
}

import { Router } from 'express';
import { actionRoutes } from './actionRoutes.ts';
import type { MyDayDeps } from './deps.ts';
import { sameUser } from './offline/sameUser.ts';
import { actionPages, pageRoutes } from './pages/routes.ts';
import { printRoutes } from './print/routes.ts';

/** The clerk's day: the route, the people, what is ticked on the way. */
export function myDayRoutes(deps: MyDayDeps): Router {
  const router = Router();
  router.use(sameUser());
  router.use(actionRoutes(deps, actionPages(deps)));
  router.use(pageRoutes(deps));
  router.use(printRoutes(deps));
  return router;
}

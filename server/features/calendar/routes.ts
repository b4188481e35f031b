import { Router } from 'express';
import { ROUTES } from '../../paths.ts';
import type { CalendarDeps } from './deps.ts';
import { feedPages } from './pageRoutes.ts';
import { personalFeed } from './personalRoute.ts';
import { publicFeeds } from './publicRoutes.ts';

/** Calendars to subscribe to, and the page on which they are made and ended. */
export function calendarRoutes(deps: CalendarDeps): Router {
  const router = Router();
  router.get(ROUTES.feed, personalFeed(deps));
  router.use(publicFeeds(deps));
  router.use(feedPages(deps));
  return router;
}

import { Router } from 'express';
import type { BookingDeps } from './deps.ts';
import { journeyRoutes } from './journey/routes.ts';
import { manageRoutes } from './manage/routes.ts';
import { visitsRoutes } from './visits/routes.ts';

/** The citizen's way: find a visit, book a time, come back to it. */
export function bookingRoutes(deps: BookingDeps): Router {
  return Router().use(visitsRoutes(deps)).use(journeyRoutes(deps)).use(manageRoutes(deps));
}

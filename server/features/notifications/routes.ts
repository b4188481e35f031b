import { Router } from 'express';
import { messagePages } from './messages/routes.ts';
import { messageSettingsRoutes } from './settings/routes.ts';
import type { NotificationDeps } from './deps.ts';

/** Messages to citizens, as those see them who work with the program, and how a municipality writes. */
export function notificationRoutes(deps: NotificationDeps): Router {
  const router = Router();
  router.use(messagePages(deps));
  router.use(messageSettingsRoutes({ ...deps, ...deps.settings }));
  return router;
}

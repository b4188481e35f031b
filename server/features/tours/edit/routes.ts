import { Router } from 'express';
import type { TourDeps } from '../deps.ts';
import { orderRoutes } from '../order/routes.ts';
import { callRoutes } from './callRoutes.ts';
import { editorRoutes } from './editorRoutes.ts';
import { historyRoutes } from './historyRoutes.ts';
import { repetitionRoutes } from './repetitionRoutes.ts';
import { stateRoutes } from './stateRoutes.ts';

/** The pages on which a tour is made, checked, published, changed, repeated and cancelled, and the call list. */
export function tourRoutes(deps: TourDeps): Router {
  const router = Router();
  router.use(
    editorRoutes(deps),
    stateRoutes(deps),
    repetitionRoutes(deps),
    historyRoutes(deps),
    orderRoutes(deps),
    callRoutes(deps),
  );
  return router;
}

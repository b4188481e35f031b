import { Router } from 'express';
import { clerkRoutes } from './clerkRoutes.ts';
import { closingDayRoutes } from './closingDayRoutes.ts';
import { csvRoutes } from './csvRoutes.ts';
import { depotRoutes } from './depotRoutes.ts';
import type { MasterDataDeps } from './deps.ts';
import { indexRoutes } from './indexRoutes.ts';
import { kitRoutes } from './kitRoutes.ts';
import { municipalityRoutes } from './municipalityRoutes.ts';
import { serviceRoutes } from './serviceRoutes.ts';
import { venueRoutes } from './venueRoutes.ts';

/** Lists and forms of what the office works with. */
export function masterDataRoutes(deps: MasterDataDeps): Router {
  const router = Router();
  for (const routes of [
    indexRoutes,
    municipalityRoutes,
    venueRoutes,
    depotRoutes,
    closingDayRoutes,
    kitRoutes,
    serviceRoutes,
    clerkRoutes,
    csvRoutes,
  ]) {
    router.use(routes(deps));
  }
  return router;
}

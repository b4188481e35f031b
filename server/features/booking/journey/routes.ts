import { Router } from 'express';
import { ROUTES } from '../../../paths.ts';
import type { BookingDeps } from '../deps.ts';
import { createCheckStep } from './checkStep.ts';
import { createContext } from './context.ts';
import { createDetailsStep } from './detailsStep.ts';
import { createServicesStep } from './servicesStep.ts';
import { createTimesStep } from './timesStep.ts';

/** The booking from the services to the confirmation: one decision a page. */
export function journeyRoutes(deps: BookingDeps): Router {
  const context = createContext(deps);
  const services = createServicesStep(context);
  const times = createTimesStep(context);
  const details = createDetailsStep(context, times.lostPage);
  const check = createCheckStep(context, times.lostPage);

  const router = Router();
  router.route(ROUTES.services).get(services.getServices).post(services.postServices);
  router.route(ROUTES.times).get(times.getTimes).post(times.postTimes);
  router.route(ROUTES.released).get(check.getReleased);
  router.route(ROUTES.heldServices).get(services.getHeldServices).post(services.postHeldServices);
  router.route(ROUTES.heldTimes).get(times.getHeldTimes).post(times.postHeldTimes);
  router.route(ROUTES.details).get(details.getDetails).post(details.postDetails);
  router.route(ROUTES.check).get(check.getCheck).post(check.postCheck);
  router.route(ROUTES.holdExtension).post(check.postExtension);
  router.route(ROUTES.holdRelease).post(check.postRelease);
  return router;
}

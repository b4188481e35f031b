import { Router } from 'express';
import { ROUTES } from '../../paths.ts';
import {
  backToCall,
  book,
  cancel,
  confirmAgain,
  end,
  extend,
  hold,
  lookUp,
  move,
  moveInstead,
  note,
  search,
  showCall,
  showFresh,
} from './call/actions.ts';
import type { HotlineDeps } from './deps.ts';

/** The one screen of the agents of the 115 hotline. */
export function hotlineRoutes(deps: HotlineDeps): Router {
  const router = Router();
  router.get(ROUTES.hotline, showFresh(deps));
  router.route(ROUTES.hotlineCall).get(showCall(deps)).post(book(deps));
  router.route(ROUTES.hotlineSearch).get(backToCall(deps)).post(search(deps));
  router.route(ROUTES.hotlineTime).get(backToCall(deps)).post(hold(deps));
  router.route(ROUTES.hotlineExtension).get(backToCall(deps)).post(extend(deps));
  router.route(ROUTES.hotlineEnd).get(backToCall(deps)).post(end(deps));
  router.route(ROUTES.hotlineInstead).get(backToCall(deps)).post(moveInstead(deps));
  router.route(ROUTES.hotlineLookup).get(backToCall(deps)).post(lookUp(deps));
  router.route(ROUTES.hotlineMove).get(backToCall(deps)).post(move(deps));
  router.route(ROUTES.hotlineCancellation).get(backToCall(deps)).post(cancel(deps));
  router.route(ROUTES.hotlineNote).get(backToCall(deps)).post(note(deps));
  router.route(ROUTES.hotlineConfirmation).get(backToCall(deps)).post(confirmAgain(deps));
  return router;
}

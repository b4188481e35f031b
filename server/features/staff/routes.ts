import { Router } from 'express';
import { may, type Actor } from '../../domain/access.ts';
import { pathsFor, ROUTES, type Paths } from '../../paths.ts';
import { localeOf } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import { accountRoutes } from './accountRoutes.ts';
import { auditRoutes } from './auditRoutes.ts';
import type { StaffDeps } from './deps.ts';
import { elsewhereRoutes } from './elsewhereRoutes.ts';
import { signInRoutes } from './signInRoutes.ts';
import { userRoutes } from './userRoutes.ts';

/** Signing in, one's own account, users, history. */
export function staffRoutes(deps: StaffDeps): Router {
  const router = Router();
  router.get(ROUTES.staffHome, (_request, response) => {
    response.redirect(303, homeOf(actorOf(response), pathsFor(localeOf(response))));
  });
  router.use(signInRoutes(deps));
  if (deps.provider === null) {
    // Nothing is there, as for any address that does not exist.
    router.get([ROUTES.signInElsewhere, ROUTES.signInReturn], (_request, _response, next) => next());
  } else {
    router.use(elsewhereRoutes(deps, deps.provider));
  }
  router.use(accountRoutes(deps), userRoutes(deps), auditRoutes(deps));
  return router;
}

/** Where somebody begins: who is only on tour, with the own day; who only takes calls, with the next call. */
function homeOf(actor: Actor, p: Paths): string {
  if (actor.grants.length > 0 && actor.grants.every(({ role }) => role === 'clerk')) return p.myDay();
  if (may(actor, 'bookings.write') && !may(actor, 'tours.read')) return p.hotline();
  return may(actor, 'tours.read') ? p.boardWeek() : p.account();
}

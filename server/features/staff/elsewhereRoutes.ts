import { Router, type Request, type Response } from 'express';
import { pathsFor, ROUTES } from '../../paths.ts';
import { NO_ERRORS } from '../../web/form.ts';
import { localeOf, translator } from '../../web/locale.ts';
import type { StaffDeps } from './deps.ts';
import { arrive } from './elsewhere.ts';
import { enter, goOn, ownAddress } from './enter.ts';
import type { IdentityProvider } from './ports.ts';
import { renderStep } from './signInRoutes.ts';

type Problem = 'unavailable' | 'refused' | 'noRoles' | 'noEmail' | 'locked' | 'emailTaken';

const STATUS: Readonly<Record<Problem, number>> = {
  unavailable: 503,
  refused: 403,
  noRoles: 403,
  noEmail: 403,
  locked: 403,
  emailTaken: 409,
};

/** Signing in with an identity provider (OpenID Connect): there and back again. */
export function elsewhereRoutes(deps: StaffDeps, provider: IdentityProvider): Router {
  const router = Router();
  const fail = (request: Request, response: Response, problem: Problem): Promise<void> => {
    const t = translator(localeOf(response));
    return renderStep(deps, request, response, {
      view: 'problem',
      title: t('signIn.problem.title'),
      errors: NO_ERRORS,
      status: STATUS[problem],
      locals: { text: t(`signIn.problem.${problem}`, { name: provider.name }) },
    });
  };

  router.get(ROUTES.signInElsewhere, async (request, response) => {
    if (request.session.stage === 'in') {
      goOn(request, response);
      return;
    }
    const begun = await provider.begin();
    if (begun.kind === 'unavailable') {
      await fail(request, response, 'unavailable');
      return;
    }
    const returnTo = ownAddress(request.query['zu']);
    request.session.elsewhere = begun.expected;
    if (returnTo === null) {
      delete request.session.returnTo;
    } else {
      request.session.returnTo = returnTo;
    }
    response.redirect(303, begun.url);
  });

  router.get(ROUTES.signInReturn, async (request, response) => {
    const expected = request.session.elsewhere;
    if (expected === undefined) {
      response.redirect(303, pathsFor(localeOf(response)).signIn()); // opened again, or somebody else's link
      return;
    }
    delete request.session.elsewhere;
    const finished = await provider.finish(new URL(request.originalUrl, 'http://own.invalid').search, expected);
    if (finished.kind !== 'known') {
      await fail(request, response, finished.kind);
      return;
    }
    const arrived = await arrive(deps, finished.identity);
    if (typeof arrived === 'string') {
      await fail(request, response, arrived);
      return;
    }
    await enter(deps, request, arrived.user, 'in'); // the provider answers for the second factor
    goOn(request, response);
  });
  return router;
}

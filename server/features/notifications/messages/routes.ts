import { Router, type Request, type RequestHandler, type Response } from 'express';
import { isIn, mayIn, scopeOf } from '../../../domain/access.ts';
import { pathsFor, ROUTES } from '../../../paths.ts';
import { localeOf, translator } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { NotificationDeps } from '../deps.ts';
import type { ListedState } from '../ports.ts';
import {
  LISTED_STATES,
  PAGE_SIZE,
  presentFilters,
  presentMessage,
  presentOpened,
  presentRuns,
  presentSilent,
  presentStuck,
  STATE_NAMES,
  type MessageQuery,
  type Rights,
} from './presenter.ts';
import type { Words } from './words.ts';

/** So many runs are looked through for the last one of each job. */
const RUNS = 200;

/** Messages to citizens: what waits, was sent, could not be sent; what one says, for whoever may see the appointment. */
export function messagePages(deps: NotificationDeps): Router {
  const router = Router();
  router.get(ROUTES.messages, showList(deps));
  router.get(ROUTES.message, showOne(deps));
  router.post(ROUTES.messageAgain, sendAgain(deps));
  return router;
}

function wordsOf(deps: NotificationDeps, response: Response): Words {
  const locale = localeOf(response);
  return { t: translator(locale), locale, zone: deps.zone, now: deps.clock.now() };
}

function rightsOf(response: Response): Rights {
  const actor = actorOf(response);
  return {
    open: (municipalityId) => mayIn(actor, 'bookings.write', municipalityId),
    settings: (municipalityId) => mayIn(actor, 'municipalities.write', municipalityId),
  };
}

/** What is asked for; without a choice what needs somebody most. */
function queryOf(request: Request, counts: Readonly<Record<ListedState, number>>): MessageQuery {
  const asked = LISTED_STATES.find((state) => STATE_NAMES[state] === request.query['stand']);
  const page = Number(request.query['seite'] ?? 1);
  return {
    state: asked ?? LISTED_STATES.find((state) => counts[state] > 0) ?? 'sent',
    page: Number.isInteger(page) && page > 0 && page <= 10_000 ? page - 1 : 0,
  };
}

function showList(deps: NotificationDeps): RequestHandler {
  return async (request, response) => {
    const words = wordsOf(deps, response);
    const { t, locale } = words;
    const actor = actorOf(response);
    const scope = scopeOf(actor, 'messages.write');
    const { flash } = request.session;
    delete request.session.flash;
    const counts = await deps.messages.counts(scope);
    const query = queryOf(request, counts);
    const isAdmin = actor.grants.some(({ role }) => role === 'admin');
    const [directory, rows, stuck, runs] = await Promise.all([
      deps.directory(),
      deps.messages.list(scope, query.state, PAGE_SIZE + 1, query.page * PAGE_SIZE),
      deps.messages.stuck(scope),
      isAdmin ? deps.runs(RUNS) : [],
    ]);
    const rights = rightsOf(response);
    const p = pathsFor(locale);
    const pageLink = (page: number): string =>
      p.messages({ stand: STATE_NAMES[query.state], seite: page === 0 ? null : page + 1 });
    await deps.render(request, response, {
      view: 'notifications/messages',
      title: t('notifications.title'),
      staff: 'messages',
      locals: {
        flash: flash ?? null,
        demonstration: deps.demonstration,
        filters: presentFilters(query, counts, words),
        heading: t(`notifications.states.${query.state}`),
        empty: t(`notifications.empty.${query.state}`),
        messages: rows.slice(0, PAGE_SIZE).map((row) => presentMessage(row, directory, rights, words)),
        stuck: presentStuck(stuck, directory, rights, words),
        silent: presentSilent(
          [...directory.municipalities.keys()].filter((id) => isIn(scope, id)),
          directory,
          rights,
          words,
        ),
        newer: query.page === 0 ? null : pageLink(query.page - 1),
        older: rows.length > PAGE_SIZE ? pageLink(query.page + 1) : null,
        runs: presentRuns(runs, words),
      },
    });
  };
}

function idOf(request: Request): number | null {
  const text = String(request.params['id']);
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}

function showOne(deps: NotificationDeps): RequestHandler {
  return async (request, response, next) => {
    const actor = actorOf(response);
    const id = idOf(request);
    const keeper = { actor, scope: scopeOf(actor, 'bookings.write') };
    const message = id === null ? null : await deps.unit((unit) => unit.open(keeper, id, deps.clock.now()));
    if (message === null) {
      next();
      return;
    }
    const view = presentOpened(message, await deps.directory(), deps.demonstration, wordsOf(deps, response));
    await deps.render(request, response, {
      view: 'notifications/message',
      title: view.title,
      staff: 'messages',
      locals: { view },
    });
  };
}

function sendAgain(deps: NotificationDeps): RequestHandler {
  return async (request, response, next) => {
    const { t, locale } = wordsOf(deps, response);
    const actor = actorOf(response);
    const id = idOf(request);
    const keeper = { actor, scope: scopeOf(actor, 'messages.write') };
    const outcome = id === null ? null : await deps.unit((unit) => unit.again(keeper, id, deps.clock.now()));
    if (outcome === null) {
      next();
      return;
    }
    request.session.flash = {
      kind: outcome === 'no' ? 'warning' : 'success',
      text: t(`notifications.again.${outcome}`),
    };
    response.redirect(303, pathsFor(locale).messages());
  };
}

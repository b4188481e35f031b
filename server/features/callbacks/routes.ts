import { Router, type Request, type RequestHandler, type Response } from 'express';
import { scopeOf } from '../../domain/access.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { NO_ERRORS, type Entered, type FormErrors } from '../../web/form.ts';
import { localeOf, translator } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import {
  finishCallback,
  giveBackCallback,
  isOverdue,
  reopenCallback,
  takeCallback,
  type Caller,
  type ChangeOutcome,
} from './changeCallback.ts';
import type { CallbackDeps } from './deps.ts';
import { idOf, isTakenBack, LONGEST_REASON, parseNote, prefilled, seenTakenAt } from './forms.ts';
import { noteCallback } from './noteCallback.ts';
import { presentCallback, presentDone, type Presenting } from './presenter.ts';
import { dayAndTime, since, type Words } from './words.ts';

/** How many of the open ones are shown, the most urgent first, and how many of those done. */
const OPEN_SHOWN = 100;
const DONE_SHOWN = 20;

/** So long those done are shown, in milliseconds: then they are deleted. */
const DONE_FOR = 24 * 60 * 60_000;

/** Call-backs: noted within a call, due within 24 hours of service, taken by one person at a time. */
export function callbackRoutes(deps: CallbackDeps): Router {
  const router = Router();
  router
    .route(ROUTES.callbacks)
    .get((request, response) => show(deps, request, response, prefilled(request.query)))
    .post(note(deps));
  router.post(ROUTES.callbackTake, takeOrGiveBack(deps));
  router.post(ROUTES.callbackDone, finishOrReopen(deps));
  return router;
}

type Municipalities = Awaited<ReturnType<CallbackDeps['office']['municipalities']>>;

function callerOf(response: Response): Caller {
  const actor = actorOf(response);
  return { actor, scope: scopeOf(actor, 'callbacks.write') };
}

function wordsFor(deps: CallbackDeps, response: Response): Words {
  const locale = localeOf(response);
  return { t: translator(locale), locale, zone: deps.zone, now: deps.clock.now() };
}

/** @param known the municipalities of the scope, where they were read already */
async function show(
  deps: CallbackDeps,
  request: Request,
  response: Response,
  entered: Entered,
  errors: FormErrors = NO_ERRORS,
  known?: Municipalities,
): Promise<void> {
  const { actor, scope } = callerOf(response);
  const words = wordsFor(deps, response);
  const { t, now } = words;
  const p = pathsFor(words.locale);
  const [municipalities, { callbacks, total }, done] = await Promise.all([
    known ?? deps.office.municipalities(scope),
    deps.callbacks.open(scope, OPEN_SHOWN),
    deps.callbacks.doneSince(scope, now - DONE_FOR, DONE_SHOWN),
  ]);
  const shown: Presenting = {
    ...words,
    p,
    userId: actor.userId,
    places: new Map(municipalities.length < 2 ? [] : municipalities.map(({ id, name }) => [id, name])),
  };
  const isRefused = errors.list.length > 0;
  const late = callbacks.filter((callback) => isOverdue(callback, now));
  const mine = callbacks.filter(({ taken }) => taken?.userId === actor.userId);
  const hidden = total - callbacks.length;
  await deps.render(request, response, {
    view: 'callbacks/list',
    title: (isRefused ? t('staff.form.errorPrefix') : '') + t('callbacks.title'),
    staff: 'callbacks',
    status: isRefused ? 422 : 200,
    locals: {
      errors: errors.list,
      flash: takeFlash(request),
      lead: leadOf(total, late.length, words),
      form: {
        open: isRefused || request.query['neu'] === '1',
        action: p.callbacks(),
        cancel: p.callbacks(),
        entered,
        fields: errors.fields,
        longestReason: LONGEST_REASON,
        municipalities:
          municipalities.length < 2
            ? []
            : municipalities.map(({ id, name }) => ({
                value: String(id),
                name,
                selected: String(id) === entered['kommune'],
              })),
      },
      mine: mine.map(({ id, name, phone }) => ({ href: `#rueckruf-${id}`, text: name ?? phone })),
      groups: [
        { id: 'ueberfaellig', title: t('callbacks.groupOverdue', { count: late.length }), callbacks: late },
        {
          id: 'faellig',
          title: t('callbacks.groupDue', { count: callbacks.length - late.length }),
          callbacks: callbacks.slice(late.length),
        },
      ]
        .filter((group) => group.callbacks.length > 0)
        .map((group) => ({
          ...group,
          callbacks: group.callbacks.map((callback) => presentCallback(callback, shown)),
        })),
      more: hidden === 0 ? null : t('callbacks.more', { count: hidden }),
      done: done.map((callback) => presentDone(callback, shown)),
    },
  });
}

function leadOf(total: number, overdue: number, { t }: Words): string | null {
  if (total === 0) return null;
  const waiting = t('callbacks.lead', { count: total });
  return overdue === 0 ? waiting : `${waiting} ${t('callbacks.leadOverdue', { count: overdue })}`;
}

function takeFlash(request: Request): { kind: 'success' | 'warning'; text: string } | null {
  const { flash } = request.session;
  delete request.session.flash;
  return flash ?? null;
}

function note(deps: CallbackDeps): RequestHandler {
  return async (request, response) => {
    const { actor, scope } = callerOf(response);
    const words = wordsFor(deps, response);
    const municipalities = await deps.office.municipalities(scope);
    const parsed = parseNote(request.body, municipalities, words.t);
    if (!parsed.ok) return show(deps, request, response, parsed.entered, parsed.errors, municipalities);

    const { dueAt } = await noteCallback(deps, actor, parsed.value);
    request.session.flash = {
      kind: 'success',
      text: words.t('callbacks.saved', { when: dayAndTime(dueAt, words) }),
    };
    response.redirect(303, pathsFor(words.locale).callbacks());
  };
}

function takeOrGiveBack(deps: CallbackDeps): RequestHandler {
  return changing(deps, (caller, id, body) =>
    isTakenBack(body)
      ? { doing: 'givenBack', outcome: giveBackCallback(deps, caller, id) }
      : { doing: 'taken', outcome: takeCallback(deps, caller, id, seenTakenAt(body)) },
  );
}

function finishOrReopen(deps: CallbackDeps): RequestHandler {
  return changing(deps, (caller, id, body) =>
    isTakenBack(body)
      ? { doing: 'reopened', outcome: reopenCallback(deps, caller, id) }
      : { doing: 'finished', outcome: finishCallback(deps, caller, id) },
  );
}

interface Change {
  doing: 'taken' | 'givenBack' | 'finished' | 'reopened';
  outcome: Promise<ChangeOutcome>;
}

/** Answers with the list and a sentence about what came of it. */
function changing(deps: CallbackDeps, act: (caller: Caller, id: number, body: unknown) => Change): RequestHandler {
  return async (request, response, next) => {
    const id = idOf(request);
    if (id === null) return next();
    const { doing, outcome } = act(callerOf(response), id, request.body);
    const changed = await outcome;
    if (changed.kind === 'gone') return next();

    const words = wordsFor(deps, response);
    request.session.flash = flashOf(changed, doing, words);
    response.redirect(303, pathsFor(words.locale).callbacks());
  };
}

function flashOf(
  { kind, callback }: Exclude<ChangeOutcome, { kind: 'gone' }>,
  doing: Change['doing'],
  words: Words,
): { kind: 'success' | 'warning'; text: string } {
  const { t } = words;
  if (kind === 'others') {
    const { name = t('callbacks.somebody'), at = words.now } = callback.taken ?? {};
    return { kind: 'warning', text: t('callbacks.flash.others', { name, time: since(at, words) }) };
  }
  if (kind === 'finished') {
    const { name = null, at = words.now } = callback.done ?? {};
    return {
      kind: 'warning',
      text: t('callbacks.flash.finishedBefore', { name: name ?? t('callbacks.somebody'), time: since(at, words) }),
    };
  }
  return { kind: 'success', text: t(`callbacks.flash.${doing}`) };
}

import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { LocalDate } from '../../domain/time.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { addError, type FormErrors } from '../../web/form.ts';
import { duration } from '../../web/format.ts';
import { localeOf, translator, type Translate } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import { actionKeyOf, idOf, packedOf, parseDelay, parseNote, parseWalkIn, sentOf, tickStateOf } from './actionForms.ts';
import type { MyDayDeps } from './deps.ts';
import type { ActionOutcome, DelayOutcome, WalkInOutcome } from './outcomes.ts';
import { pack } from './pack.ts';
import { reportDelay } from './reportDelay.ts';
import { tick } from './tick.ts';
import { undo } from './undo.ts';
import { walkIn } from './walkIn.ts';
import { writeNote } from './writeNote.ts';

/** Shows a form again that was refused, with what was typed (`request.body`) and what is wrong with it; status 422. */
export type ShowAgain = (
  request: Request,
  response: Response,
  id: number,
  errors: FormErrors,
  next: NextFunction,
) => Promise<void> | void;

/** The pages of the two forms that have one of their own; `id`: of the stop, of the tour. */
export interface ActionPages {
  walkIn: ShowAgain;
  delay: ShowAgain;
}

/** What came of it, for a page and for the queue of a phone that had no signal. */
interface Answer {
  outcome: 'done' | 'already' | 'conflict' | 'gone' | 'invalid';
  text: string;
  /** Where a browser goes on; null: there is no such page. */
  to: string | null;
}

const STATUS: Readonly<Record<Answer['outcome'], number>> = {
  done: 200,
  already: 200,
  conflict: 409,
  gone: 404,
  invalid: 422,
};

/**
 * What is ticked on the way. A browser is led back to the day with a sentence; who accepts JSON gets
 * `{outcome, text}`. Everything may be sent twice.
 * @param pages without one, a refused form leads back to the day with what is wrong
 */
export function actionRoutes(deps: MyDayDeps, pages: Partial<ActionPages> = {}): Router {
  const router = Router();
  router.post(ROUTES.tourTick, handle(deps, tickOf));
  router.post(ROUTES.tourUndo, handle(deps, undoOf));
  router.post(ROUTES.tourNotes, handle(deps, noteOf));
  router.post(ROUTES.tourPacking, handle(deps, packingOf));
  router.post(ROUTES.tourWalkIn, handle(deps, walkInOf, pages.walkIn));
  router.post(ROUTES.tourDelay, handle(deps, delayOf, pages.delay));
  return router;
}

/** A request with the number in its address and the words of its language. */
interface Asked {
  request: Request;
  response: Response;
  id: number;
  t: Translate;
  p: ReturnType<typeof pathsFor>;
}

type Act = (deps: MyDayDeps, asked: Asked) => Promise<Answer | FormErrors>;

function handle(deps: MyDayDeps, act: Act, showAgain?: ShowAgain): RequestHandler {
  return async (request, response, next) => {
    const locale = localeOf(response);
    const t = translator(locale);
    const p = pathsFor(locale);
    const wantsJson = /\bapplication\/json\b/.test(request.get('Accept') ?? '');
    const id = idOf(request);
    const answer = id === null ? gone(t) : await act(deps, { request, response, id, t, p });
    const refused = 'outcome' in answer ? null : answer;
    if (refused !== null && showAgain !== undefined && id !== null && !wantsJson) {
      await showAgain(request, response, id, refused, next);
      return;
    }
    const { outcome, text, to } = 'outcome' in answer ? answer : invalid(answer, p.myDay());
    if (wantsJson) {
      response.status(STATUS[outcome]).json({ outcome, text });
    } else if (to === null) {
      next();
    } else {
      request.session.flash = { kind: outcome === 'done' || outcome === 'already' ? 'success' : 'warning', text };
      response.redirect(303, to);
    }
  };
}

function gone(t: Translate): Answer {
  return { outcome: 'gone', text: t('dayActions.gone'), to: null };
}

function invalid(errors: FormErrors, to: string): Answer {
  return { outcome: 'invalid', text: errors.list.map(({ text }) => text).join(' '), to };
}

/** The key of the form was used for something else. */
function usedKey(t: Translate, to: string): Answer {
  return { outcome: 'conflict', text: t('dayActions.error.broken'), to };
}

/** A form that no page of ours has sent. */
function broken(t: Translate): FormErrors {
  const errors: FormErrors = { list: [], fields: {} };
  addError(errors, 'schluessel', t('dayActions.error.broken'));
  return errors;
}

/** What is wrong with a form. Of what is not theirs nobody learns even that: it does not exist. */
async function refuse(
  deps: MyDayDeps,
  { response, t }: Asked,
  what: Parameters<MyDayDeps['days']['dateOf']>[1],
  errors: FormErrors,
): Promise<Answer | FormErrors> {
  const date = await deps.days.dateOf(actorOf(response).userId, what);
  return date === null ? gone(t) : errors;
}

/** The place on the page of the day to come back to. */
function backTo({ p }: Asked, date: LocalDate, appointmentId: number | null): string {
  return p.myDayOn(date) + (appointmentId === null ? '' : `#termin-${appointmentId}`);
}

function answerTo(asked: Asked, outcome: ActionOutcome, done: string, part = ''): Answer {
  const { t } = asked;
  if (outcome.kind === 'gone') return gone(t);
  const to = backTo(asked, outcome.date, outcome.appointmentId) + (outcome.appointmentId === null ? part : '');
  if (outcome.kind === 'conflict') {
    const text = outcome.state === null ? t('dayActions.conflict.other') : t(`dayActions.conflict.${outcome.state}`);
    return { outcome: 'conflict', text, to };
  }
  return { outcome: outcome.kind, text: outcome.kind === 'done' ? done : t('dayActions.already'), to };
}

const tickOf: Act = async (deps, asked) => {
  const { request, response, id, t } = asked;
  const sent = sentOf(request, response, deps.clock);
  const state = tickStateOf(request);
  if (sent === null || state === null) return refuse(deps, asked, { appointmentId: id }, broken(t));
  return answerTo(asked, await tick(deps, sent, id, state), t(`dayActions.done.${state}`));
};

const undoOf: Act = async (deps, asked) => {
  const { request, response, id, t } = asked;
  const sent = sentOf(request, response, deps.clock);
  const action = actionKeyOf(request);
  if (sent === null || action === null) return refuse(deps, asked, { tourId: id }, broken(t));
  return answerTo(asked, await undo(deps, sent, id, action), t('dayActions.done.undo'));
};

const noteOf: Act = async (deps, asked) => {
  const { request, response, id, t, p } = asked;
  const sent = sentOf(request, response, deps.clock);
  if (sent === null) return refuse(deps, asked, { tourId: id }, broken(t));
  const note = parseNote(request.body, t);
  if (!note.ok) {
    const date = await deps.days.dateOf(sent.userId, { tourId: id });
    return date === null ? gone(t) : invalid(note.errors, `${p.myDayOn(date)}#notizen`);
  }
  return answerTo(asked, await writeNote(deps, sent, id, note.value), t('dayActions.done.note'), '#notizen');
};

const packingOf: Act = async (deps, asked) => {
  const { request, response, id, t } = asked;
  const outcome = await pack(deps, actorOf(response).userId, id, packedOf(request));
  return answerTo(asked, outcome, t('dayActions.done.packing'), '#packliste');
};

const walkInOf: Act = async (deps, asked) => {
  const { request, response, id, t, p } = asked;
  const sent = sentOf(request, response, deps.clock);
  if (sent === null) return refuse(deps, asked, { stopId: id }, broken(t));
  const form = parseWalkIn(id, request.body, t);
  if (!form.ok) return refuse(deps, asked, { stopId: id }, form.errors);
  const outcome = await walkIn(deps, sent, form.value);
  switch (outcome.kind) {
    case 'gone':
      return gone(t);
    case 'done':
      return {
        outcome: 'done',
        text: t('dayActions.done.walkIn'),
        to: backTo(asked, outcome.date, outcome.appointmentId),
      };
    case 'already':
      return { outcome: 'already', text: t('dayActions.already'), to: `${p.myDayOn(outcome.date)}#halt-${id}` };
    case 'conflict':
      return usedKey(t, `${p.myDayOn(outcome.date)}#halt-${id}`);
    case 'full':
    case 'notPossible':
      return walkInErrors(deps, asked, outcome);
  }
};

async function walkInErrors(
  deps: MyDayDeps,
  { response, t }: Asked,
  outcome: Extract<WalkInOutcome, { kind: 'full' | 'notPossible' }>,
): Promise<FormErrors> {
  const errors: FormErrors = { list: [], fields: {} };
  const locale = localeOf(response);
  if (outcome.kind === 'full') {
    const needed = duration(outcome.neededMinutes, locale);
    const text =
      outcome.longestMinutes === 0
        ? t('dayActions.error.full', { needed })
        : t('dayActions.error.tooLong', { needed, longest: duration(outcome.longestMinutes, locale) });
    addError(errors, 'leistungen', text);
    return errors;
  }
  const { servicesById } = await deps.directory();
  const names = outcome.serviceIds.flatMap((id) => servicesById.get(id)?.texts[locale].name ?? []);
  addError(errors, 'leistungen', t('dayActions.error.notPossible', { services: names.join(', ') }));
  return errors;
}

const delayOf: Act = async (deps, asked) => {
  const { request, response, id, t, p } = asked;
  const sent = sentOf(request, response, deps.clock);
  if (sent === null) return refuse(deps, asked, { tourId: id }, broken(t));
  const minutes = parseDelay(request.body, t);
  if (!minutes.ok) return refuse(deps, asked, { tourId: id }, minutes.errors);
  const outcome = await reportDelay(deps, sent, id, minutes.value);
  if (outcome.kind === 'gone') return gone(t);
  const to = p.myDayOn(outcome.date);
  if (outcome.kind === 'conflict') return usedKey(t, to);
  return outcome.kind === 'already'
    ? { outcome: 'already', text: t('dayActions.already'), to }
    : { outcome: 'done', text: delayWords(outcome, minutes.value, t), to };
};

function delayWords({ late, told }: Extract<DelayOutcome, { kind: 'done' }>, minutes: number, t: Translate): string {
  const said = minutes === 0 ? t('dayActions.done.onTime') : t('dayActions.done.late', { count: minutes });
  const toCall = late.filter(({ appointmentId }) => !told.includes(appointmentId)).length;
  return toCall === 0 ? said : `${said} ${t('dayActions.done.toCall', { count: toCall })}`;
}

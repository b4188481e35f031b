import { Router, type Request, type RequestHandler, type Response } from 'express';
import { scopeOf } from '../../../domain/access.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import { ROUTES } from '../../../paths.ts';
import { longDate, shortDate, timeOfDay } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { TourDeps } from '../deps.ts';
import type { Call, CallPlace, Planner } from '../ports.ts';
import { contextOf, idOf, redirectWith, takeFlash } from './context.ts';

/** How many of those done are shown. */
const DONE = 30;

export interface CallView {
  id: number;
  name: string;
  reference: string | null;
  contact: { kind: 'phone' | 'email' | 'none'; text: string; href: string | null };
  /** The person reads English. */
  english: boolean;
  before: string;
  now: string;
  /** What can be said. */
  sentence: string;
  action: string;
  done: string | null;
}

/** Whom to tell that something was changed. */
export function callRoutes(deps: TourDeps): Router {
  const router = Router();
  router.get(ROUTES.calls, show(deps));
  router.post(ROUTES.callDone, markDone(deps));
  return router;
}

function callerOf(response: Response): Planner {
  const actor = actorOf(response);
  return { actor, scope: scopeOf(actor, 'calls.write') };
}

function show(deps: TourDeps): RequestHandler {
  return async (request: Request, response: Response) => {
    const { locale, t, p } = contextOf(deps, response);
    const { scope } = callerOf(response);
    const [open, done] = await Promise.all([deps.calls.open(scope), deps.calls.done(scope, DONE)]);
    const present = (call: Call): CallView => presentCall(call, deps, p.callDone(call.id), locale, t);
    await deps.render(request, response, {
      view: 'tours/calls/list',
      title: t('calls.title'),
      staff: 'calls',
      locals: {
        flash: takeFlash(request),
        lead: open.length === 0 ? null : t('calls.lead', { count: open.length }),
        open: open.map(present),
        done: done.map(present),
      },
    });
  };
}

function markDone(deps: TourDeps): RequestHandler {
  return async (request, response, next) => {
    const { t, p } = contextOf(deps, response);
    const id = idOf(request);
    if (id === null || !(await deps.calls.markDone(callerOf(response), id))) {
      next();
      return;
    }
    redirectWith(request, response, p.calls(), { kind: 'success', text: t('calls.marked') });
  };
}

function presentCall(call: Call, deps: TourDeps, action: string, locale: Locale, t: Translate): CallView {
  const name = [call.firstName, call.familyName].filter((part) => part !== null && part !== '').join(' ');
  const before = placeWords(call.old, locale, t);
  const now = call.now === null ? t('calls.cancelled') : placeWords(call.now, locale, t);
  return {
    id: call.id,
    name: name === '' ? t('calls.nameGone') : name,
    reference: call.reference === null ? null : formatReference(call.reference),
    contact: contactOf(call, t),
    english: call.locale === 'en',
    before,
    now,
    sentence: sentenceOf(call, { before, now }, t),
    action,
    done: doneWords(call, deps, locale, t),
  };
}

function sentenceOf({ kind, now }: Call, words: { before: string; now: string }, t: Translate): string {
  if (kind === 'cancelled' || now === null) return t('calls.say.cancelled', { before: words.before });
  return kind === 'moved' ? t('calls.say.moved', words) : t('calls.say.changed', words);
}

function placeWords({ date, minute, venue }: CallPlace, locale: Locale, t: Translate): string {
  const when = { date: longDate(date, locale), time: timeOfDay(minute, locale) };
  return venue === null
    ? t('calls.when', when)
    : t('calls.whenAndWhere', { ...when, place: `${venue.locality}, ${venue.name}` });
}

function contactOf({ contactKind, contact }: Call, t: Translate): CallView['contact'] {
  if (contact === null || contactKind === null || contactKind === 'none') {
    return { kind: 'none', text: t('calls.noContact'), href: null };
  }
  return contactKind === 'email'
    ? { kind: 'email', text: contact, href: `mailto:${contact}` }
    : { kind: 'phone', text: contact, href: `tel:${contact.replace(/[^\d+]/g, '')}` };
}

function doneWords({ doneAt, doneBy }: Call, deps: TourDeps, locale: Locale, t: Translate): string | null {
  if (doneAt === null) return null;
  const { date, minute } = deps.zone.local(doneAt);
  return t('calls.doneBy', {
    name: doneBy ?? t('calls.somebody'),
    date: shortDate(date, locale),
    time: timeOfDay(minute, locale),
  });
}

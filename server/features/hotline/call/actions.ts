import type { Request, RequestHandler, Response } from 'express';
import type { Call } from '../../../domain/hotline/desk.ts';
import { enteredFields, NO_ERRORS } from '../../../web/form.ts';
import type { HotlineDeps } from '../deps.ts';
import { contextOf, tokenOf, type CallContext, type Flash } from './context.ts';
import { askedForOf, callerErrors, callerOf, canKeep, noteErrors, searchOf, slotValue, type Search } from './forms.ts';
import { openScreen, renderResults, renderScreen, type Said } from './page.ts';

/** One request within a call. */
interface Within {
  context: CallContext;
  token: string;
  /** Undefined: nothing was kept of it yet. */
  call: Call | undefined;
}

type Handler = (request: Request, response: Response, within: Within) => Promise<void> | void;

/** Hands over the call of the address; what is no token of ours, or is somebody else's, does not exist. */
export function within(deps: HotlineDeps, handle: Handler): RequestHandler {
  return async (request, response, next) => {
    const token = tokenOf(request);
    if (token === null) {
      next();
      return;
    }
    const context = await contextOf(deps, response);
    const call = await deps.calls.call(token, context.agent.userId);
    await handle(request, response, { context, token, call });
  };
}

/** Somebody sends something for a call that has ended, in another tab perhaps: the next one begins. */
function begunAnew(request: Request, response: Response, { p, t }: CallContext): void {
  goTo(request, response, p.hotline(), { kind: 'warning', text: t('hotline.ended') });
}

/** As `within`, for what needs a call that was begun. */
export function withinBegun(
  deps: HotlineDeps,
  handle: (request: Request, response: Response, within: Within & { call: Call }) => Promise<void> | void,
): RequestHandler {
  return within(deps, async (request, response, { context, token, call }) => {
    if (call === undefined) begunAnew(request, response, context);
    else await handle(request, response, { context, token, call });
  });
}

/** To the screen of the call, with a sentence about what was done. */
function goTo(request: Request, response: Response, href: string, flash?: Flash): void {
  if (flash !== undefined) request.session.flash = flash;
  response.redirect(303, href);
}

async function show(
  deps: HotlineDeps,
  request: Request,
  response: Response,
  { context, token, call }: Within,
  search: Search,
  said: Said = {},
): Promise<void> {
  await renderScreen(deps, request, response, context, token, await openScreen(deps, context, call, search), said);
}

/** A new call with an empty screen. */
export function showFresh(deps: HotlineDeps): RequestHandler {
  return async (request, response) => {
    const context = await contextOf(deps, response);
    const token = deps.random.secret();
    await show(deps, request, response, { context, token, call: undefined }, searchOf({}));
  };
}

export function showCall(deps: HotlineDeps): RequestHandler {
  return within(deps, async (request, response, here) => {
    if (here.call === undefined) {
      response.redirect(303, here.context.p.hotline()); // it has ended, or nothing was ever kept of it
      return;
    }
    await show(deps, request, response, here, { ...searchOf(request.query), text: here.call.query });
  });
}

/** Where only forms are sent to: who loads such an address anew, or changes the language, sees the call. */
export function backToCall(deps: HotlineDeps): RequestHandler {
  return within(deps, (_request, response, { context, token }) => {
    response.redirect(303, context.p.hotlineCall(token));
  });
}

/** The same call with another search, as it is kept. */
async function keep(deps: HotlineDeps, { context, token, call }: Within, changes: Partial<Call>): Promise<boolean> {
  return deps.calls.keep(
    {
      token,
      userId: context.agent.userId,
      purpose: call?.purpose ?? 'booking',
      secret: call?.secret ?? null,
      query: call?.query ?? '',
      ...changes,
    },
    context.now,
  );
}

/** With htmx the results alone; without, the whole screen with what was typed, which is kept in the call. */
export function search(deps: HotlineDeps): RequestHandler {
  return within(deps, async (request, response, here) => {
    const asked = searchOf(request.body);
    const { context, token } = here;
    if (request.get('HX-Request-Type') === 'partial') {
      const screen = await openScreen(deps, context, here.call, asked);
      await renderResults(deps, request, response, context, token, screen);
      return;
    }
    if (!(await keep(deps, here, { query: asked.text }))) {
      begunAnew(request, response, context);
      return;
    }
    const query = {
      ...(asked.more ? { weitere: '1' } : {}),
      ...(asked.moving ? { verschieben: '1' } : {}),
      ...(asked.moving && asked.slot !== null ? { zeit: slotValue(asked.slot) } : {}),
    };
    response.redirect(303, context.p.hotlineCall(token, query));
  });
}

/** Holds a time, or another one instead. What was typed about the caller meanwhile stays. */
export function hold(deps: HotlineDeps): RequestHandler {
  return within(deps, async (request, response, here) => {
    const { context, token } = here;
    const asked = searchOf(request.body);
    const { understood } = await openScreen(deps, context, here.call, { ...asked, moving: false });
    const { lines, query } = understood;
    if (asked.slot === null || lines.length === 0) {
      await show(deps, request, response, here, asked, {
        status: 422,
        notice: { kind: 'warning', text: context.t('hotline.chooseTime') },
      });
      return;
    }
    const secret = await deps.calls.beginHold(
      { token, userId: context.agent.userId, secret: deps.random.secret(), query: asked.text },
      context.now,
    );
    if (secret === null) {
      begunAnew(request, response, context);
      return;
    }
    const outcome = await deps.desk.hold(context.agent, {
      secret,
      slot: asked.slot,
      lines,
      originPlaceId: query.place?.placeId ?? null,
      locale: context.locale,
    });
    const begun = { ...here, call: await deps.calls.call(token, context.agent.userId) };
    if (begun.call === undefined) {
      // Esc came while the time was being held: nobody would give it up.
      await deps.desk.release(secret);
      response.redirect(303, context.p.hotline());
      return;
    }
    const typed = callerOf(request.body);
    const { caller, entered } = typed;
    if (entered['familienname'] !== undefined) await deps.desk.saveDraft(secret, caller);
    if (outcome.kind === 'slotTaken' || outcome.kind === 'notOffered') {
      await show(deps, request, response, begun, asked, {
        status: 409,
        ...(entered['familienname'] === undefined ? {} : { typed: { entered, errors: NO_ERRORS } }),
        notice: { kind: 'warning', text: context.t(`hotline.lostTo.${outcome.kind}`) },
      });
      return;
    }
    // Not all that is typed about a caller can be kept with a hold (half an address): then the answer brings it back.
    if (entered['familienname'] !== undefined && outcome.kind === 'held' && !canKeep(typed)) {
      await show(deps, request, response, begun, { ...asked, slot: null }, { typed: { entered, errors: NO_ERRORS } });
      return;
    }
    response.redirect(303, context.p.hotlineCall(token, asked.more ? { weitere: '1' } : {}));
  });
}

export function extend(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, here) => {
    const { context, token, call } = here;
    const form = callerOf(request.body);
    const { caller, entered } = form;
    if (call.secret !== null && entered['familienname'] !== undefined) await deps.desk.saveDraft(call.secret, caller);
    const outcome = call.secret === null ? { kind: 'unknown' as const } : await deps.desk.extend(call.secret);
    const flash: Flash | undefined =
      outcome.kind === 'kept'
        ? { kind: 'success', text: context.t('hotline.extended') }
        : outcome.kind === 'booked'
          ? undefined
          : { kind: 'warning', text: context.t(outcome.kind === 'limit' ? 'hotline.limit' : 'hotline.lost') };
    const isHeld = outcome.kind === 'kept' || outcome.kind === 'limit';
    if (entered['familienname'] !== undefined && isHeld && !canKeep(form)) {
      const kept = { ...searchOf(request.body), text: call.query, slot: null };
      const typed = { entered, errors: NO_ERRORS };
      await show(deps, request, response, here, kept, flash === undefined ? { typed } : { typed, notice: flash });
      return;
    }
    goTo(request, response, context.p.hotlineCall(token), flash);
  });
}

/** Books what is held for the caller. */
export function book(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, here) => {
    const { context, token, call } = here;
    const { caller, entered } = callerOf(request.body);
    const kept = { ...searchOf({}), text: call.query };
    const outcome =
      call.secret === null
        ? { kind: 'unknown' as const }
        : await deps.desk.book(context.agent, call.secret, caller, entered['trotzdem'] === '1');
    const none = { entered, errors: NO_ERRORS };
    switch (outcome.kind) {
      case 'booked':
        goTo(request, response, context.p.hotlineCall(token));
        return;
      case 'incomplete': {
        const errors = callerErrors(outcome.problems, context.t);
        await show(deps, request, response, here, kept, { typed: { entered, errors } });
        return;
      }
      case 'similar':
        await show(deps, request, response, here, kept, {
          status: 422,
          typed: none,
          similar: outcome.appointments,
        });
        return;
      case 'tooManyOpen':
        await show(deps, request, response, here, kept, {
          status: 422,
          typed: none,
          notice: { kind: 'warning', text: context.t('hotline.tooManyOpen', { count: outcome.max }) },
        });
        return;
      case 'slotTaken':
        await show(deps, request, response, here, kept, {
          status: 409,
          typed: none,
          notice: { kind: 'warning', text: context.t('hotline.lostTo.slotTaken') },
        });
        return;
      case 'unknown':
        goTo(request, response, context.p.hotlineCall(token), { kind: 'warning', text: context.t('hotline.lost') });
    }
  });
}

/** Moves what the caller has already to the time that is held. */
export function moveInstead(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, here) => {
    const { context, token, call } = here;
    const id = Number(enteredFields(request.body)['termin'] ?? '');
    const outcome =
      call.secret === null || !Number.isInteger(id) || id < 1
        ? { kind: 'notChangeable' as const }
        : await deps.desk.moveInstead(context.agent, call.secret, id);
    if (outcome.kind === 'moved') {
      await keep(deps, here, { secret: outcome.appointment.secret });
      goTo(request, response, context.p.hotlineCall(token), { kind: 'success', text: context.t('hotline.moved') });
      return;
    }
    goTo(request, response, context.p.hotlineCall(token), {
      kind: 'warning',
      text: context.t(`hotline.notMoved.${outcome.kind}`),
    });
  });
}

/** Looks up one appointment; it is opened in a call of its own, so that what is held in this one is given up first. */
export function lookUp(deps: HotlineDeps): RequestHandler {
  return within(deps, async (request, response, here) => {
    const { context, token } = here;
    const asked = askedForOf(request.body, context.t);
    const kept = { ...searchOf(request.body) };
    const entered = enteredFields(request.body);
    if (!asked.ok) {
      await show(deps, request, response, here, kept, { lookup: { entered, errors: asked.errors } });
      return;
    }
    const outcome = await deps.desk.lookUp(context.agent, asked.lookUp);
    if (outcome.kind !== 'found') {
      await show(deps, request, response, here, kept, {
        status: 422,
        lookup: { entered, errors: { list: [], fields: {} } },
        notice: { kind: 'warning', text: context.t(`hotline.lookup.${outcome.kind}`) },
      });
      return;
    }
    const before = here.call?.secret ?? null;
    if (!(await keep(deps, here, { purpose: 'managing', secret: outcome.secret, query: '' }))) {
      begunAnew(request, response, context);
      return;
    }
    if (before !== null && before !== outcome.secret) await deps.desk.release(before);
    response.redirect(303, context.p.hotlineCall(token));
  });
}

export function move(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, here) => {
    const { context, token, call } = here;
    const asked = searchOf(request.body);
    const outcome =
      call.secret === null || asked.slot === null
        ? { kind: 'notChangeable' as const }
        : await deps.desk.move(context.agent, call.secret, asked.slot);
    if (outcome.kind === 'moved') {
      goTo(request, response, context.p.hotlineCall(token), { kind: 'success', text: context.t('hotline.moved') });
      return;
    }
    await show(
      deps,
      request,
      response,
      here,
      { text: call.query, more: false, moving: outcome.kind !== 'notChangeable', slot: null },
      { status: 409, notice: { kind: 'warning', text: context.t(`hotline.notMoved.${outcome.kind}`) } },
    );
  });
}

export function cancel(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, { context, token, call }) => {
    const outcome =
      call.secret === null ? { kind: 'notChangeable' } : await deps.desk.cancel(context.agent, call.secret);
    goTo(
      request,
      response,
      context.p.hotlineCall(token),
      outcome.kind === 'cancelled'
        ? { kind: 'success', text: context.t('hotline.cancelled') }
        : { kind: 'warning', text: context.t('hotline.notMoved.notChangeable') },
    );
  });
}

export function note(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, here) => {
    const { context, token, call } = here;
    const entered = enteredFields(request.body);
    const errors = noteErrors(entered['notiz'] ?? '', context.t);
    if (errors.list.length > 0) {
      await show(deps, request, response, here, { ...searchOf({}), text: call.query }, { note: { entered, errors } });
      return;
    }
    const isKept =
      call.secret !== null && (await deps.desk.addNote(context.agent, call.secret, entered['notiz'] ?? ''));
    goTo(
      request,
      response,
      context.p.hotlineCall(token),
      isKept
        ? { kind: 'success', text: context.t('hotline.noted') }
        : { kind: 'warning', text: context.t('hotline.notNoted') },
    );
  });
}

export function confirmAgain(deps: HotlineDeps): RequestHandler {
  return withinBegun(deps, async (request, response, { context, token, call }) => {
    const by = call.secret === null ? null : await deps.desk.confirmAgain(context.agent, call.secret);
    goTo(
      request,
      response,
      context.p.hotlineCall(token),
      by === null
        ? { kind: 'warning', text: context.t('hotline.toldAgain.none') }
        : { kind: 'success', text: context.t(`hotline.toldAgain.${by}`) },
    );
  });
}

/** Ends the call: what is only held is given up, what is booked stays. Ending it twice is the same. */
export function end(deps: HotlineDeps): RequestHandler {
  return within(deps, async (_request, response, { context, token }) => {
    // Ended first: a time that is being held meanwhile finds no call and gives itself up.
    const secret = await deps.calls.end(token, context.agent.userId, context.now);
    if (secret !== null) await deps.desk.release(secret);
    response.redirect(303, context.p.hotline());
  });
}

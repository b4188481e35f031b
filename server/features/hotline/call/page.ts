import type { Request, Response } from 'express';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import { NO_MESSAGES, type MessageRules } from '../../../domain/booking/office.ts';
import type { Call, SimilarAppointment } from '../../../domain/hotline/desk.ts';
import { isMobileNumber } from '../../../domain/messages/mobile.ts';
import { addDays, tickToMinute } from '../../../domain/time.ts';
import { NO_ERRORS, type Entered, type FormErrors } from '../../../web/form.ts';
import type { HotlineDeps } from '../deps.ts';
import type { AppointmentExtras } from '../ports.ts';
import { readMove } from '../spoken.ts';
import {
  confirmationMail,
  nameOf,
  presentAppointment,
  presentExtras,
  type AppointmentView,
} from './appointmentPresenter.ts';
import { presentCaller, presentHeld, presentSimilar } from './callerPresenter.ts';
import { takeFlash, type CallContext, type Flash } from './context.ts';
import { FEW_TIMES, LONGEST_NOTE, LONGEST_SEARCH, MOST_TIMES, slotValue, type Search } from './forms.ts';
import { presentResults, type ResultsView } from './resultsPresenter.ts';
import { changeableOf, stageOf, type Stage } from './stage.ts';
import { understand, type Understood } from './understand.ts';

/** What a page shows besides what follows from the call itself. */
export interface Said {
  status?: number;
  notice?: Flash;
  /** A refused form of the caller. */
  typed?: { entered: Entered; errors: FormErrors };
  /** A refused look-up. */
  lookup?: { entered: Entered; errors: FormErrors };
  similar?: readonly SimilarAppointment[];
  /** A refused note. */
  note?: { entered: Entered; errors: FormErrors };
}

export interface Screen {
  call: Call | undefined;
  stage: Stage;
  /** The appointment that gets another time; null: none does. */
  moving: Appointment | null;
  search: Search;
  understood: Understood;
  results: ResultsView;
}

/** Reads everything the screen of a call shows. */
export async function openScreen(
  deps: HotlineDeps,
  context: CallContext,
  call: Call | undefined,
  search: Search,
): Promise<Screen> {
  const stage = await stageOf(deps, call, context.now);
  const moving = search.moving ? changeableOf(stage, context.now) : null;
  const held = stage.kind === 'held' ? stage.appointment : null;
  const understood = await understand(deps, context, search.text, search.more ? MOST_TIMES : FEW_TIMES, moving, held);
  return {
    call,
    stage,
    moving,
    search,
    understood,
    results: presentResults(context, search, understood, held, moving !== null),
  };
}

const FRAGMENTS = { ergebnis: 'hotline/_ergebnis' };

function formsOf({ p }: CallContext, token: string, screen: Screen) {
  const { moving, stage } = screen;
  return {
    search: p.hotlineSearch(token),
    // A number holds a time; for an appointment that is moved it only chooses one, and keeps what was searched for.
    times: moving === null ? p.hotlineTime(token) : p.hotlineSearch(token),
    // Null: what is typed about the caller is sent along when another time is held.
    timesForm: stage.kind === 'held' ? null : 'zeiten-form',
    book: p.hotlineCall(token),
    extend: p.hotlineExtension(token),
    end: p.hotlineEnd(token),
    instead: p.hotlineInstead(token),
    lookup: p.hotlineLookup(token),
    move: p.hotlineMove(token),
    startMove: p.hotlineCall(token, { verschieben: '1' }),
    stay: p.hotlineCall(token),
    cancel: p.hotlineCancellation(token),
    note: p.hotlineNote(token),
    confirmation: p.hotlineConfirmation(token),
  };
}

/** Only what follows what is typed. */
export async function renderResults(
  deps: HotlineDeps,
  request: Request,
  response: Response,
  context: CallContext,
  token: string,
  screen: Screen,
): Promise<void> {
  await deps.render(request, response, {
    view: 'hotline/_ergebnis',
    title: context.t('hotline.title'),
    staff: 'hotline',
    locals: {
      results: screen.results,
      forms: formsOf(context, token, screen),
      moving: screen.moving !== null,
      callbacks: callbackLink(context, screen),
    },
    fragments: FRAGMENTS,
  });
}

/** A call-back in the municipality that the caller speaks of. */
function callbackLink({ directory, p }: CallContext, { understood }: Screen): string {
  const [first] = understood.offers?.visits ?? [];
  const kommune = first?.venue.municipalityId;
  return p.callbacks({ neu: '1', ...(kommune !== undefined && directory.municipalities.size > 1 ? { kommune } : {}) });
}

export async function renderScreen(
  deps: HotlineDeps,
  request: Request,
  response: Response,
  context: CallContext,
  token: string,
  screen: Screen,
  said: Said = {},
): Promise<void> {
  const { t, p } = context;
  const { stage } = screen;
  const typed = said.typed ?? null;
  const lookup = said.lookup ?? { entered: {}, errors: NO_ERRORS };
  const note = said.note ?? { entered: {}, errors: NO_ERRORS };
  const errors = [...(typed?.errors.list ?? []), ...lookup.errors.list, ...note.errors.list];
  const [shown, waiting, similar] = await Promise.all([
    present(deps, context, screen, said),
    waitingOf(deps, context),
    similarOf(deps, context, said.similar ?? []),
  ]);
  await deps.render(request, response, {
    view: 'hotline/screen',
    title: (errors.length > 0 ? t('staff.form.errorPrefix') : '') + t(`hotline.titles.${titleOf(screen)}`),
    staff: 'hotline',
    wide: true,
    status: said.status ?? (errors.length > 0 ? 422 : 200),
    locals: {
      errors,
      flash: said.notice ?? takeFlash(request) ?? lostNotice(context, stage),
      stage: stage.kind,
      heading: t(`hotline.titles.${titleOf(screen)}`),
      forms: formsOf(context, token, screen),
      search: {
        text: screen.search.text,
        longest: LONGEST_SEARCH,
        focus: stage.kind === 'searching' && errors.length === 0 && !screen.results.times.some(({ focus }) => focus),
        shown: stage.kind === 'searching' || stage.kind === 'held' || screen.moving !== null,
      },
      results: screen.results,
      moving: screen.moving !== null,
      callbacks: callbackLink(context, screen),
      lookup: {
        ...lookup,
        open: said.lookup !== undefined,
        today: context.local.date,
        until: addDays(context.local.date, 400),
      },
      similar,
      note: { ...note, open: said.note !== undefined, longest: LONGEST_NOTE },
      waiting,
      fresh: p.hotline(),
      ...shown,
    },
    fragments: FRAGMENTS,
  });
}

function titleOf({ stage, moving }: Screen): string {
  return moving === null ? stage.kind : 'moving';
}

function lostNotice({ t }: CallContext, stage: Stage): Flash | null {
  return stage.kind === 'searching' && stage.lost ? { kind: 'warning', text: t('hotline.lost') } : null;
}

interface Shown {
  held: ReturnType<typeof presentHeld> | null;
  caller: ReturnType<typeof presentCaller> | null;
  appointment: (AppointmentView & { actions: Actions | null; extras: ReturnType<typeof presentExtras> | null }) | null;
  /** The new time that was chosen. */
  move: { value: string; text: string } | null;
}

interface Actions {
  /** It can still be moved and cancelled. */
  changeable: boolean;
  /** How the confirmation is sent once more; null: it is read aloud. */
  again: { kind: 'post'; text: string } | { kind: 'mail'; href: string } | null;
}

async function present(deps: HotlineDeps, context: CallContext, screen: Screen, said: Said): Promise<Shown> {
  const { stage, moving, search, understood } = screen;
  if (stage.kind === 'searching') return { held: null, caller: null, appointment: null, move: null };
  const { appointment } = stage;
  const place = await deps.appointments.placeOfStop(appointment.stopId);
  const extras = stage.kind === 'held' ? await deps.appointments.extras(appointment.id) : stage.extras;
  const view = presentAppointment(context, appointment, { venueId: place?.venueId ?? null }, extras);
  if (stage.kind === 'held') {
    return {
      held: presentHeld(context, deps.zone, appointment, place?.municipalityId),
      caller: presentCaller(
        context,
        appointment,
        extras,
        understood.query,
        said.typed ?? null,
        (said.similar ?? []).length > 0,
      ),
      appointment: { ...view, actions: null, extras: null },
      move: null,
    };
  }
  const by = tellableBy(
    appointment,
    extras,
    context.directory.municipalities.get(place?.municipalityId ?? 0)?.messages,
  );
  const again: Actions['again'] =
    by !== null
      ? { kind: 'post', text: context.t(`hotline.appointment.againBy.${by}`) }
      : appointment.contactKind === 'email'
        ? { kind: 'mail', href: confirmationMail(context, appointment, view) }
        : null;
  return {
    held: null,
    caller: null,
    appointment: {
      ...view,
      extras: presentExtras(context, deps.zone, extras),
      actions: { changeable: changeableOf(stage, context.now) !== null, again },
    },
    move: moving === null || search.slot === null ? null : await presentMove(deps, context, moving, search.slot),
  };
}

/** By which way the program itself tells the person; null: by none. */
function tellableBy(
  { contactKind, contact }: Appointment,
  { address }: AppointmentExtras,
  messages: MessageRules = NO_MESSAGES,
): 'letter' | 'email' | 'phone' | null {
  if (address !== null) return 'letter';
  if (contactKind === 'email') return messages.sendsMail ? 'email' : null;
  const isReached = contactKind === 'phone' && messages.sendsSms && isMobileNumber(contact ?? '');
  return isReached ? 'phone' : null;
}

async function presentMove(
  deps: HotlineDeps,
  context: CallContext,
  appointment: Appointment,
  slot: { stopId: number; tick: number },
): Promise<Shown['move']> {
  const stop = await deps.availability.stop(slot.stopId);
  const venue = stop === undefined ? undefined : context.directory.venues.get(stop.venueId);
  if (stop === undefined || venue === undefined) return null;
  const name = nameOf(appointment);
  return {
    value: slotValue(slot),
    text: context.t('hotline.quote', {
      text: readMove(
        {
          date: stop.date,
          minute: tickToMinute(slot.tick),
          venue,
          today: context.local.date,
          name: name === '' ? null : name,
        },
        context.locale,
        context.t,
      ),
    }),
  };
}

async function similarOf(deps: HotlineDeps, context: CallContext, similar: readonly SimilarAppointment[]) {
  const venues = await Promise.all(
    similar.map(
      async ({ stopId }) => [stopId, (await deps.appointments.placeOfStop(stopId))?.venueId ?? null] as const,
    ),
  );
  return presentSimilar(context, similar, new Map(venues));
}

async function waitingOf(deps: HotlineDeps, { agent, now, p, t }: CallContext) {
  const [callbacks, letters] = await Promise.all([
    deps.waiting.callbacks(agent.scope, now),
    deps.waiting.letters(agent.scope, now),
  ]);
  return {
    callbacks:
      callbacks.open === 0
        ? null
        : {
            href: p.callbacks(),
            text:
              callbacks.overdue > 0
                ? t('hotline.status.overdue', { count: callbacks.overdue })
                : t('hotline.status.callbacks', { count: callbacks.open }),
            urgent: callbacks.overdue > 0,
          },
    letters: letters === 0 ? null : { href: p.letters(), text: t('hotline.status.letters', { count: letters }) },
  };
}

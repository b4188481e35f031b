import type { Line, Locale } from '../../../domain/booking/office.ts';
import type { Agent, CallerInput, LookUp } from '../../../domain/hotline/desk.ts';
import { holdTime, type HoldOutcome, type Slot } from '../holdTime.ts';
import { extendHold, releaseHold } from '../keepHold.ts';
import { bookForCaller, saveCallerDraft } from './book.ts';
import { cancelForCaller, moveForCaller, moveInsteadForCaller } from './change.ts';
import { lookUp } from './lookUp.ts';
import { addNote, confirmAgain } from './note.ts';
import type { DeskDeps } from './ports.ts';
import { unitFor } from './scope.ts';

interface HoldForCaller {
  secret: string;
  slot: Slot;
  lines: readonly Line[];
  originPlaceId: number | null;
  locale: Locale;
}

/** Reserves a time for a caller, also one that is closed to online booking. */
async function holdForCaller(deps: DeskDeps, agent: Agent, request: HoldForCaller): Promise<HoldOutcome> {
  const directory = await deps.directory();
  return holdTime(
    { ...deps, unit: (work) => deps.unit((unit) => work(unitFor(agent, directory, unit))) },
    { ...request, channel: 'hotline' },
  );
}

/** The bookings, as an agent of the hotline uses them: each change is one transaction with its history. */
export function createDesk(deps: DeskDeps) {
  return {
    hold: (agent: Agent, request: HoldForCaller) => holdForCaller(deps, agent, request),
    extend: (secret: string) => extendHold(deps, secret),
    release: (secret: string) => releaseHold(deps, secret),
    saveDraft: (secret: string, caller: CallerInput) => saveCallerDraft(deps, secret, caller),
    book: (agent: Agent, secret: string, caller: CallerInput, despite: boolean) =>
      bookForCaller(deps, agent, secret, caller, despite),
    moveInstead: (agent: Agent, holdSecret: string, appointmentId: number) =>
      moveInsteadForCaller(deps, agent, holdSecret, appointmentId),
    move: (agent: Agent, secret: string, slot: Slot) => moveForCaller(deps, agent, secret, slot),
    cancel: (agent: Agent, secret: string) => cancelForCaller(deps, agent, secret),
    addNote: (agent: Agent, secret: string, text: string) => addNote(deps, agent, secret, text),
    confirmAgain: (agent: Agent, secret: string) => confirmAgain(deps, agent, secret),
    lookUp: (agent: Agent, asked: LookUp) => lookUp(deps, agent, asked),
  };
}

import type { CrewAppointment, TourAction } from '../ports.ts';
import { latenessOf, type Day } from './day.ts';
import { clock, feeWords, phoneLink, serviceWords } from './words.ts';

export interface TickButton {
  value: 'arrived' | 'served' | 'missed';
  icon: string;
  text: string;
  pressed: boolean;
}

export interface AppointmentView {
  id: number;
  /** Promised. */
  time: string;
  /** "Karin Vogel"; where there is no name, what it is. */
  title: string;
  /** For names of buttons: "9:40 Karin Vogel". */
  who: string;
  /** Expected time, where it is later than promised. */
  expected: string | null;
  state: { kind: CrewAppointment['state']; icon: string; text: string } | null;
  isDone: boolean;
  isNow: boolean;
  what: readonly string[];
  /** Of the hotline: "Notiz: kommt mit Rollator". */
  notes: readonly string[];
  fee: string | null;
  documents: readonly { service: string; items: readonly string[] }[];
  /** Language, reference, walk-in: small facts in words. */
  facts: readonly string[];
  contact: { text: string; href: string | null } | null;
  tick: { action: string; key: string; buttons: readonly TickButton[] } | null;
  undo: UndoView | null;
}

export interface UndoView {
  action: string;
  key: string;
  actionKey: string;
  text: string;
  /** What it takes back, for those who hear the button by itself. */
  of: string;
}

const BUTTONS: Readonly<Partial<Record<CrewAppointment['state'], readonly TickButton['value'][]>>> = {
  confirmed: ['arrived', 'served', 'missed'],
  arrived: ['arrived', 'served'],
  missed: ['arrived'],
};

const BUTTON_ICONS = {
  arrived: 'kt-icon kt-icon--person',
  served: 'kern-icon--check',
  missed: 'kt-icon kt-icon--absent',
};

const STATE_ICONS = {
  pending: 'kt-icon kt-icon--clock',
  arrived: 'kt-icon kt-icon--person',
  served: 'kern-icon--success',
  missed: 'kt-icon kt-icon--absent',
};

/** @param isNow it is this person's turn */
export function presentAppointment(day: Day, appointment: CrewAppointment, isNow: boolean): AppointmentView {
  const { locale, t } = day;
  const { id, state } = appointment;
  const time = clock(appointment.fromMinute);
  const title = titleOf(day, appointment);
  // Who is here sees how long it takes.
  const late = state === 'confirmed' || state === 'pending' ? latenessOf(day, appointment) : null;
  return {
    id,
    time,
    title,
    who: `${time} ${title}`,
    expected: late === null ? null : t('myDay.expected', { time: clock(late.expectedMinute) }),
    state: state === 'confirmed' ? null : { kind: state, icon: STATE_ICONS[state], text: t(`myDay.state.${state}`) },
    isDone: state === 'served' || state === 'missed',
    isNow,
    what: appointment.services.map((service) => serviceWords(service, locale, t)),
    notes: appointment.person?.notes.map((text) => t('myDay.noted', { text })) ?? [],
    fee: feeWords(appointment, locale, t),
    documents: documentsOf(day, appointment),
    facts: factsOf(day, appointment),
    contact: contactOf(appointment),
    tick: tickOf(day, appointment),
    undo: undoOf(day, appointment),
  };
}

/** The name; else that it is an appointment, or somebody without one. */
export function titleOf({ t }: Pick<Day, 't'>, { person, channel }: CrewAppointment): string {
  if (person?.name !== undefined && person.name !== null) return person.name;
  return channel === 'walk-in' ? t('myDay.nameless.walkIn') : t('myDay.nameless.appointment');
}

function documentsOf({ locale }: Day, { services }: CrewAppointment): AppointmentView['documents'] {
  return services
    .filter(({ documents }) => documents[locale].length > 0)
    .map(({ names, documents }) => ({ service: names[locale], items: documents[locale] }));
}

function factsOf({ locale, t }: Day, { person, channel, minutes }: CrewAppointment): string[] {
  return [
    t('myDay.facts.minutes', { minutes }),
    ...(channel === 'walk-in' ? [t('myDay.facts.walkIn')] : []),
    ...(person === null ? [] : [t('myDay.facts.reference', { reference: person.reference })]),
    ...(person !== null && person.locale !== locale ? [t(`myDay.facts.language.${person.locale}`)] : []),
  ];
}

/** A number to dial or an address to write to; null: none was given, or nobody needs it. */
export function contactOf({ person }: CrewAppointment): { text: string; href: string | null } | null {
  if (person === null || person.contact === null) return null;
  const href = person.contactKind === 'email' ? `mailto:${person.contact}` : phoneLink(person.contact);
  return { text: person.contact, href };
}

function tickOf(day: Day, { id, state }: CrewAppointment): AppointmentView['tick'] {
  const values = day.mayTick ? BUTTONS[state] : undefined;
  if (values === undefined) return null;
  return {
    action: day.p.tourTick(id),
    key: day.key(),
    buttons: values.map((value) => ({
      value,
      icon: BUTTON_ICONS[value],
      text: state === 'missed' ? day.t('myDay.tick.afterAll') : day.t(`myDay.tick.${value}`),
      pressed: value === state,
    })),
  };
}

/** For what was ticked last; of somebody without an appointment at first that they were taken at all. */
function undoOf(day: Day, { id, state }: CrewAppointment): UndoView | null {
  if (!day.mayTick || state === 'confirmed' || state === 'pending') return null;
  const last = day.tour.actions.findLast(({ appointmentId }) => appointmentId === id);
  if (last === undefined) return null;
  return undoView(
    day,
    last,
    last.kind === 'walkIn'
      ? day.t('myDay.undo.walkIn')
      : day.t('myDay.undo.tick', { state: day.t(`myDay.state.${state}`) }),
  );
}

export function undoView(day: Day, { key }: Pick<TourAction, 'key'>, of: string): UndoView {
  return { action: day.p.tourUndo(day.tour.id), key: day.key(), actionKey: key, text: day.t('myDay.undo.button'), of };
}

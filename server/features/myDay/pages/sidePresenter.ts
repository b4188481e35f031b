import { capabilityName } from '../../../web/capability.ts';
import { distance, duration } from '../../../web/format.ts';
import { packingListOf } from '../pack.ts';
import { contactOf, titleOf, undoView, type UndoView } from './appointmentPresenter.ts';
import type { Day } from './day.ts';
import { delaySaid } from '../reportDelay.ts';
import { clock } from './words.ts';

/** What stands beside the course of the day: packing list, notes for the office, being late. */

export interface PackingView {
  action: string;
  key: string;
  items: readonly { value: string; what: string; why: string; checked: boolean }[];
  summary: string;
  /** May still be changed. */
  isOpen: boolean;
}

/** Null: nothing special is needed. */
export function presentPacking(day: Day): PackingView | null {
  const { t, tour, p } = day;
  const items = packingListOf(tour);
  if (items.length === 0) return null;
  const packed = items.filter(({ item }) => tour.packed.includes(item)).length;
  return {
    action: p.tourPacking(tour.id),
    key: day.key(),
    items: items.map((one) => ({
      value: one.item,
      what: one.kind === 'form' ? one.name : capabilityName(one.capability, day.t),
      why:
        one.kind === 'form'
          ? t('myDay.packing.forms', { count: one.persons })
          : t('myDay.packing.appointments', { count: one.appointments }),
      checked: tour.packed.includes(one.item),
    })),
    summary: t('myDay.packing.summary', { packed, all: items.length }),
    isOpen: day.mayPrepare,
  };
}

export interface NotesView {
  action: string;
  key: string;
  isOpen: boolean;
  notes: readonly { text: string; by: string; undo: UndoView | null }[];
}

export function presentNotes(day: Day): NotesView {
  const { t, tour, p, zone } = day;
  return {
    action: p.tourNotes(tour.id),
    key: day.key(),
    isOpen: day.mayPrepare,
    notes: tour.actions
      .filter(({ kind }) => kind === 'note')
      .map((note) => {
        const time = clock(zone.local(note.at).minute);
        return {
          text: note.text ?? '',
          by: note.by === null ? time : t('myDay.notes.by', { time, name: note.by }),
          undo: day.mayPrepare ? undoView(day, note, t('myDay.undo.note', { time })) : null,
        };
      }),
  };
}

export interface TouchedView {
  href: string;
  time: string;
  expected: string;
  title: string;
  contact: { text: string; href: string | null } | null;
}

export interface LateView {
  text: string;
  touched: readonly TouchedView[];
  change: string | null;
  undo: UndoView | null;
}

/** What was said of being late; null: nothing. */
export function presentLate(day: Day): LateView | null {
  const said = delaySaid(day.tour);
  if (day.late === null || said === null) return null;
  const { t, p, tour, zone } = day;
  const time = clock(zone.local(said.at).minute);
  return {
    text: t('myDay.late.said', { minutes: duration(said.minutes, day.locale), time }),
    touched: touchedBy(day, day.late.day.touched),
    change: day.mayTick ? p.tourDelay(tour.id) : null,
    undo: day.mayTick ? undoView(day, said, t('myDay.undo.late')) : null,
  };
}

/** Those who are to be told, by a message or a call. */
export function touchedBy(
  day: Day,
  touched: readonly { appointmentId: number; expectedMinute: number }[],
): TouchedView[] {
  const appointments = new Map(
    day.tour.stops.flatMap((stop) => stop.appointments.map((appointment) => [appointment.id, appointment] as const)),
  );
  return touched.flatMap(({ appointmentId, expectedMinute }) => {
    const appointment = appointments.get(appointmentId);
    if (appointment === undefined) return [];
    return [
      {
        href: `#termin-${appointmentId}`,
        time: clock(appointment.fromMinute),
        expected: clock(expectedMinute),
        title: titleOf(day, appointment),
        contact: contactOf(appointment),
      },
    ];
  });
}

/** "15 km, 28 Minuten Fahrt", with a word where it is estimated; null: not known. */
export function presentWay({ times, locale, t }: Day): string | null {
  if (times === null) return null;
  const words = {
    distance: distance(
      times.legs.reduce((sum, { metres }) => sum + metres, 0),
      locale,
    ),
    minutes: duration(
      times.legs.reduce((sum, { minutes }) => sum + minutes, 0),
      locale,
    ),
  };
  return times.legs.some(({ estimated }) => estimated) ? t('myDay.way.estimated', words) : t('myDay.way.known', words);
}

import { dayDate, timeOfDay } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { TourNote, Zone } from '../ports.ts';

export interface NoteView {
  text: string;
  /** "Sabine Lorenz, Dienstag, 8. Dezember, 9:40 Uhr" */
  from: string;
}

/** What the crew wrote on the way, as the planner reads it. */
export function presentNotes(notes: readonly TourNote[], zone: Zone, locale: Locale, t: Translate): NoteView[] {
  return notes.map(({ text, at, by }) => {
    const { date, minute } = zone.local(at);
    const when = t('tour.notes.when', { date: dayDate(date, locale), time: timeOfDay(minute, locale) });
    return { text, from: by === null ? when : `${by}, ${when}` };
  });
}

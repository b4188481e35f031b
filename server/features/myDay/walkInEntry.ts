import type { AuditEntry } from '../../domain/audit.ts';
import { tourNumber } from '../../domain/tours/tour.ts';
import type { LockedTour } from './unit.ts';

/**
 * Somebody who came without an appointment, in the history of the tour: by number and place, never by name. Ticks are
 * not in the history; each stays with the tour as its own entry, by whom and when.
 */
export function walkInEntry(
  tour: Pick<LockedTour, 'id' | 'date' | 'municipalityId'>,
  appointmentId: number,
  what: 'undone' | { venue: string; counter: number; time: string },
): AuditEntry {
  const words =
    what === 'undone'
      ? { from: `Nr. ${appointmentId}`, to: null }
      : { from: null, to: `Nr. ${appointmentId}, ${what.venue}, Schalter ${what.counter}, ${what.time} Uhr` };
  return {
    municipalityId: tour.municipalityId,
    subject: 'tour',
    subjectId: tour.id,
    label: `Tour ${tourNumber(tour.id)} am ${tour.date.split('-').reverse().join('.')}`,
    action: 'changed',
    changes: [{ field: 'Ohne Termin', ...words }],
  };
}

import type { Directory, Locale } from '../../domain/booking/office.ts';
import { servicesAt } from '../../domain/tours/offers.ts';
import { pathsFor } from '../../paths.ts';
import { uidOf, type CalendarEvent } from '../../web/calendar.ts';
import { translator } from '../../web/locale.ts';
import { wallTime } from './eventTimes.ts';
import type { Visit } from './ports.ts';
import { addressOf, placeOf } from './tourEvents.ts';

export interface VisitEventContext {
  directory: Directory;
  locale: Locale;
  origin: string;
  key: string;
  /** "Stand: …" */
  asOf: string;
}

/** Services named in an event; of more it is told where they stand. */
const MOST_SERVICES = 6;

/** Public visits as events. As on the timetable, those whose kit is not ready are left out. */
export function visitEvents(visits: readonly Visit[], context: VisitEventContext): CalendarEvent[] {
  const { directory, locale, origin, key, asOf } = context;
  const t = translator(locale);
  const p = pathsFor(locale);
  return visits.flatMap((visit) => {
    const venue = directory.venues.get(visit.venueId);
    if (venue === undefined) return [];
    const { kitId } = visit;
    if (!visit.cancelled && (kitId === null || !directory.kits.has(kitId))) return [];
    const url = origin + p.venue(venue.slug);
    const title = t('calendar.visit.title', { place: placeOf(venue) });
    const access = venue.stepFree ? t('common.stepFree') : (venue.access[locale] ?? t('common.notStepFree'));
    const lines = visit.cancelled
      ? [t('calendar.visit.off'), t('calendar.visit.others', { url }), asOf]
      : [
          ...offered(visit, kitId ?? 0),
          t('calendar.visit.access', { access }),
          t('calendar.visit.book', { url }),
          asOf,
        ];
    return [
      {
        uid: uidOf('visit', `${key}:${visit.tourId}:${visit.id}`),
        sequence: visit.version,
        start: wallTime(visit.date, visit.fromMinute),
        end: wallTime(visit.date, visit.toMinute),
        summary: visit.cancelled ? t('calendar.event.off', { what: title }) : title,
        description: lines.join('\n'),
        location: addressOf(venue),
        at: venue.at,
        url,
        cancelled: visit.cancelled,
        organizer: null,
        alarms: [],
        transparent: true,
      },
    ];
  });

  function offered(visit: Visit, kitId: number): string[] {
    const { possible } = servicesAt(directory, { ...visit, kitId });
    const names = directory.services.filter(({ id }) => possible.has(id)).map(({ texts }) => texts[locale].name);
    if (names.length === 0) return [];
    const shown = names.slice(0, MOST_SERVICES).join(', ');
    const count = names.length - MOST_SERVICES;
    return [
      count > 0
        ? t('calendar.visit.servicesMore', { names: shown, count })
        : t('calendar.visit.services', { names: shown }),
    ];
  }
}

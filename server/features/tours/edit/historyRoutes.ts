import { Router } from 'express';
import type { AuditAction } from '../../../domain/audit.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { longDate, timeOfDay } from '../../../web/format.ts';
import type { Translate } from '../../../web/locale.ts';
import type { TourDeps } from '../deps.ts';
import { contextOf, openForReading, readerOf } from './context.ts';

/** Who changed what in a tour, the last change first. */
export function historyRoutes(deps: TourDeps): Router {
  const router = Router();
  router.get(
    ROUTES.tourHistory,
    openForReading(deps, async (request, response, tour) => {
      const { locale, t, p } = contextOf(deps, response);
      const entries = await deps.history(readerOf(response).scope, tour.id);
      const heading = t('tour.history.heading', { number: tourNumber(tour.id) });
      await deps.render(request, response, {
        view: 'tours/edit/history',
        title: heading,
        staff: 'board',
        locals: {
          heading,
          back: {
            href: p.tour(tour.id),
            text: t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) }),
          },
          entries: entries.map(({ at, userName, action, changes }) => {
            const { date, minute } = deps.zone.local(at);
            return {
              when: t('tour.history.when', { date: longDate(date, locale), time: timeOfDay(minute, locale) }),
              who: userName,
              what: actionText(action, t),
              changes: changes.map(({ field, from, to }) => ({
                field: fieldText(field, t),
                from: from === null || from === '' ? null : from,
                to: to === null || to === '' ? t('tour.history.nothing') : to,
              })),
            };
          }),
        },
      });
    }),
  );
  return router;
}

/** What happens to tours by name; everything else is a change. */
const ACTIONS: readonly AuditAction[] = ['created', 'published', 'cancelled', 'deleted'];

function actionText(action: AuditAction, t: Translate): string {
  return t(`tour.history.actions.${ACTIONS.includes(action) ? action : 'changed'}`);
}

/** Names of the fields as data/ and the use cases write them. */
const FIELDS = [
  'date',
  'municipality',
  'depot',
  'kit',
  'crew',
  'announced',
  'note',
  'stops',
  'appointmentsStayed',
  'appointmentsMoved',
  'appointmentsCancelled',
];

/** What an older or a newer version of the program has written keeps its own name. */
function fieldText(field: string, t: Translate): string {
  return FIELDS.includes(field) ? t(`tour.history.fields.${field}`) : field;
}

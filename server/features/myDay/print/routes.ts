import { Router, type Request, type Response } from 'express';
import { isLocalDate, type LocalDate } from '../../../domain/time.ts';
import { packingList } from '../../../domain/tours/packing.ts';
import { mayShowPeople } from '../../../domain/tours/people.ts';
import { pathsFor, ROUTES } from '../../../paths.ts';
import { localeOf, translator, type Translate } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { MyDayDeps } from '../deps.ts';
import type { CrewTour } from '../ports.ts';
import { capabilityName } from '../../../web/capability.ts';
import { presentNotice, presentSheet, type SheetContext } from './sheet.ts';

const STYLES = ['kt-sheet.css'];
/** Those that have a name. */
/** The day on paper, and the list to hang up at the venue. */
export function printRoutes(deps: MyDayDeps): Router {
  const router = Router();

  const contextOf = (response: Response, date: LocalDate): Omit<SheetContext, 'packing'> => {
    const locale = localeOf(response);
    const now = deps.zone.local(deps.clock.now());
    return {
      locale,
      t: translator(locale),
      p: pathsFor(locale),
      date,
      people: mayShowPeople(date, now.date),
      now,
    };
  };

  router.get(ROUTES.daySheet, async (request, response, next) => {
    const { date } = request.params;
    if (!isLocalDate(date)) {
      next();
      return;
    }
    const context = contextOf(response, date);
    const tours = await deps.days.day(actorOf(response).userId, date, context.people);
    if (tours.length === 0) {
      next();
      return;
    }
    const timed = await Promise.all(
      tours.map(async (tour) => ({ tour, times: tour.times ?? (await deps.freshTimes(tour.id)) })),
    );
    const view = presentSheet(timed, { ...context, packing: (tour) => packingLines(tour, context.t) });
    await deps.render(request, response, {
      view: 'myDay/sheet',
      title: view.title,
      staff: 'myDay',
      styles: STYLES,
      locals: view,
    });
  });

  router.get(ROUTES.stopNotice, async (request, response, next) => {
    const stopId = idOf(request);
    const { userId } = actorOf(response);
    const date = stopId === null ? null : await deps.days.dateOf(userId, { stopId });
    if (stopId === null || date === null) {
      next();
      return;
    }
    const context = contextOf(response, date);
    const tours = await deps.days.day(userId, date, context.people);
    const stop = tours.flatMap(({ stops }) => stops).find(({ id }) => id === stopId);
    if (stop === undefined) {
      next();
      return;
    }
    const view = presentNotice(stop, context);
    await deps.render(request, response, {
      view: 'myDay/notice',
      title: view.title,
      staff: 'myDay',
      styles: STYLES,
      locals: view,
    });
  });

  return router;
}

function idOf(request: Request): number | null {
  const text = String(request.params['id']);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function packingLines(tour: CrewTour, t: Translate): string[] {
  return packingList(tour.stops.flatMap(({ appointments }) => appointments)).map((item) =>
    item.kind === 'form'
      ? t('sheet.form', { name: item.name, count: item.persons })
      : t('sheet.item', { name: capabilityName(item.capability, t), count: item.appointments }),
  );
}

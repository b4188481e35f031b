import type { NextFunction, Request, Response } from 'express';
import { addDays, type LocalDate } from '../../../domain/time.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { dayDate, longDate, timeOfDay } from '../../../web/format.ts';
import { actorOf } from '../../../web/session.ts';
import type { MyDayDeps } from '../deps.ts';
import { offlineView } from '../offline/view.ts';
import { isUsual } from './calendar.ts';
import { askerOf, readDay, takeFlash } from './context.ts';
import type { Asker, Day } from './day.ts';
import { placesOn, presentMap } from './mapPresenter.ts';
import { presentNow } from './nowPresenter.ts';
import { presentLate, presentNotes, presentPacking, presentWay } from './sidePresenter.ts';
import { presentTimeline } from './timelinePresenter.ts';

/** The day of today, or the way to another one: `?datum=`. */
export function showToday(deps: MyDayDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const asker = askerOf(deps, response);
    const { datum } = request.query;
    if (isUsual(datum)) {
      response.redirect(303, asker.p.myDayOn(datum));
      return;
    }
    await renderDay(deps, request, response, asker.today);
  };
}

export function showDay(deps: MyDayDeps) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { date } = request.params;
    if (!isUsual(date)) {
      next();
      return;
    }
    await renderDay(deps, request, response, date);
  };
}

async function renderDay(deps: MyDayDeps, request: Request, response: Response, date: LocalDate): Promise<void> {
  const day = await readDay(deps, response, date);
  const asker = day ?? askerOf(deps, response);
  const frame = {
    ...headOf(asker, date),
    flash: takeFlash(request),
    offline: offlineView(response),
  };
  const title = asker.t('myDay.title', { date: dayDate(date, asker.locale) });
  if (day === null) {
    const empty = await presentEmpty(deps, asker, actorOf(response).userId, date);
    await deps.render(request, response, { view: 'myDay/empty', title, staff: 'myDay', locals: { ...frame, empty } });
    return;
  }
  const places = placesOn(day);
  const ways = places.length < 2 ? [] : await deps.travel.ways(places);
  await deps.render(request, response, {
    view: 'myDay/day',
    title,
    staff: 'myDay',
    locals: {
      ...frame,
      label: labelOf(day),
      note: day.tour.note,
      hint: day.people ? null : asker.t(date > day.today ? 'myDay.namesLater' : 'myDay.namesGone'),
      noTimes: day.times === null ? asker.t('myDay.noTimes') : null,
      late: presentLate(day),
      now: presentNow(day),
      timeline: presentTimeline(day, ways),
      map: presentMap(day, ways, deps.map, presentWay(day)),
      packing: presentPacking(day),
      notes: presentNotes(day),
      sheet: asker.p.daySheet(date),
      undo: asker.p.tourUndo(day.tour.id),
    },
  });
}

/** "Tour 203 · Koffer 1 · mit Marie Ahnert" */
function labelOf({ tour, t }: Day): string {
  const others = tour.crew.filter(({ isMe }) => !isMe).map(({ name }) => name);
  return [
    t('myDay.tour', { number: tourNumber(tour.id) }),
    ...(tour.kit === null ? [] : [tour.kit.name]),
    ...(others.length === 0 ? [] : [t('myDay.with', { names: others.join(', ') })]),
  ].join(' · ');
}

function headOf({ locale, t, p, zone, now, today }: Asker, date: LocalDate) {
  return {
    date,
    heading: date.slice(0, 4) === today.slice(0, 4) ? dayDate(date, locale) : longDate(date, locale),
    asOf: t('myDay.asOf', { time: timeOfDay(zone.local(now).minute, locale) }),
    previous: { href: p.myDayOn(addDays(date, -1)), text: t('myDay.links.previous') },
    next: { href: p.myDayOn(addDays(date, 1)), text: t('myDay.links.next') },
    today: date === today ? null : { href: p.myDay(), text: t('myDay.today') },
    week: { href: p.myWeek({ ab: date }), text: t('myDay.links.week') },
    choose: p.myDay(),
  };
}

/** Why there is nothing to see, and where there is something. */
async function presentEmpty(deps: MyDayDeps, asker: Asker, userId: number, date: LocalDate) {
  const { t, p, locale, today } = asker;
  if (!(await deps.days.isClerk(userId))) {
    return { title: t('myDay.empty.notLinked'), text: t('myDay.empty.ask'), link: null };
  }
  const nextDate = await deps.days.nextDate(userId, date);
  return {
    title: date === today ? t('myDay.empty.today') : t('myDay.empty.day'),
    text: nextDate === null ? t('myDay.empty.none') : t('myDay.empty.next', { date: dayDate(nextDate, locale) }),
    link: nextDate === null ? null : { href: p.myDayOn(nextDate), text: t('myDay.empty.go') },
  };
}

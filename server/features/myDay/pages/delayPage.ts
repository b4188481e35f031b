import type { NextFunction, Request, Response } from 'express';
import { NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { duration, dayDate } from '../../../web/format.ts';
import { actorOf } from '../../../web/session.ts';
import { idOf, parseDelay } from '../actionForms.ts';
import type { MyDayDeps } from '../deps.ts';
import { delaySaid, lateDayOf, MOST_MINUTES_LATE } from '../reportDelay.ts';
import { readDay } from './context.ts';
import { touchedBy } from './sidePresenter.ts';

const CHOICES = [5, 10, 15, 20, 30, 45, 60];

/** "Wir sind … Minuten später": whom it concerns is seen before it is said. `?minuten=15` */
export function showDelay(deps: MyDayDeps) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const id = idOf(request);
    if (id === null) next();
    else await renderDelay(deps, request, response, id, request.query['minuten'], NO_ERRORS, next);
  };
}

/** The same with what was wrong. */
export function delayAgain(deps: MyDayDeps) {
  return (request: Request, response: Response, id: number, errors: FormErrors, next: NextFunction): Promise<void> =>
    renderDelay(
      deps,
      request,
      response,
      id,
      (request.body as { minuten?: unknown } | undefined)?.minuten,
      errors,
      next,
    );
}

async function renderDelay(
  deps: MyDayDeps,
  request: Request,
  response: Response,
  tourId: number,
  wanted: unknown,
  refused: FormErrors,
  next: NextFunction,
): Promise<void> {
  const date = await deps.days.dateOf(actorOf(response).userId, { tourId });
  const day = date === null ? null : await readDay(deps, response, date);
  if (date === null || day === null || day.tour.id !== tourId || !day.mayTick) {
    next();
    return;
  }
  const { t, p, locale, tour, times, now, zone } = day;
  const entered = typeof wanted === 'string' ? wanted.trim() : '';
  const parsed = wanted === undefined ? null : parseDelay({ minuten: entered }, t);
  const errors = refused.list.length > 0 ? refused : parsed?.ok === false ? parsed.errors : NO_ERRORS;
  const minutes = parsed?.ok === true ? parsed.value : null;
  const said = delaySaid(tour);
  const touched =
    minutes === null ? [] : touchedBy(day, lateDayOf({ zone }, { ...tour, times }, { at: now, minutes }).touched);
  const heading = t('myDay.delay.heading');
  const isBad = errors.list.length > 0;
  await deps.render(request, response, {
    view: 'myDay/delay',
    title: isBad ? t('myDay.errorTitle', { title: heading }) : heading,
    staff: 'myDay',
    status: isBad ? 422 : 200,
    locals: {
      heading,
      errors: errors.list,
      fieldErrors: errors.fields,
      back: { href: p.myDayOn(date), text: dayDate(date, locale) },
      said:
        said === null || said.minutes === 0 ? null : t('myDay.delay.said', { minutes: duration(said.minutes, locale) }),
      action: p.tourDelay(tourId),
      choices: CHOICES.map((one) => ({
        href: p.tourDelay(tourId, { minuten: one }),
        text: duration(one, locale),
        isCurrent: one === minutes,
      })),
      other: minutes !== null && CHOICES.includes(minutes) ? '' : entered,
      most: MOST_MINUTES_LATE,
      onTime: day.late === null ? null : p.tourDelay(tourId, { minuten: '0' }),
      preview:
        minutes === null
          ? null
          : {
              minutes,
              key: day.key(),
              title:
                minutes === 0
                  ? t('myDay.delay.onTime')
                  : t('myDay.delay.touched', { minutes: duration(minutes, locale), count: touched.length }),
              touched,
              hint: touched.length === 0 ? null : t('myDay.delay.call'),
              button:
                minutes === 0
                  ? t('myDay.delay.sendOnTime')
                  : t('myDay.delay.send', { minutes: duration(minutes, locale) }),
            },
    },
  });
}

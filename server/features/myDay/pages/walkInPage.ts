import type { NextFunction, Request, Response } from 'express';
import type { Directory, Service } from '../../../domain/booking/office.ts';
import { freeStarts } from '../../../domain/booking/slots.ts';
import { minutesToTicks, minuteToTick, tickToMinute } from '../../../domain/time.ts';
import { missingCapabilities } from '../../../domain/tours/capability.ts';
import { enteredFields, listField, NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { duration } from '../../../web/format.ts';
import { actorOf } from '../../../web/session.ts';
import { idOf } from '../actionForms.ts';
import type { MyDayDeps } from '../deps.ts';
import type { CrewStop } from '../ports.ts';
import { readDay } from './context.ts';
import { minuteOf, ownFirst, type Day } from './day.ts';
import { clock } from './words.ts';

/** Somebody came without an appointment: counter, services, perhaps a name. */
export function showWalkIn(deps: MyDayDeps) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const id = idOf(request);
    if (id === null) next();
    else await renderWalkIn(deps, request, response, id, NO_ERRORS, next);
  };
}

/** The same with what was typed and what is wrong with it. */
export function walkInAgain(deps: MyDayDeps) {
  return (request: Request, response: Response, id: number, errors: FormErrors, next: NextFunction): Promise<void> =>
    renderWalkIn(deps, request, response, id, errors, next);
}

async function renderWalkIn(
  deps: MyDayDeps,
  request: Request,
  response: Response,
  stopId: number,
  errors: FormErrors,
  next: NextFunction,
): Promise<void> {
  const date = await deps.days.dateOf(actorOf(response).userId, { stopId });
  const [day, directory] = await Promise.all([date === null ? null : readDay(deps, response, date), deps.directory()]);
  const stop = day?.tour.stops.find(({ id }) => id === stopId);
  if (date === null || day === null || stop === undefined || !day.mayTick) {
    next();
    return;
  }
  const { t, p } = day;
  const fields = enteredFields(request.body);
  const heading = t('myDay.walkIn.heading');
  const isBad = errors.list.length > 0;
  await deps.render(request, response, {
    view: 'myDay/walkIn',
    title: isBad ? t('myDay.errorTitle', { title: heading }) : heading,
    staff: 'myDay',
    status: isBad ? 422 : 200,
    locals: {
      heading,
      errors: errors.list,
      fieldErrors: errors.fields,
      back: { href: `${p.myDayOn(date)}#halt-${stopId}`, text: `${stop.venue.locality}, ${stop.venue.name}` },
      action: p.tourWalkIn(stopId),
      key: day.key(),
      counters: presentCounters(day, stop, fields['schalter']),
      services: presentServices(day, stop, directory, request.body),
      familyName: fields['nachname'] ?? '',
      firstName: fields['vorname'] ?? '',
    },
  });
}

/** The counters with when they are free next, one's own first and chosen. */
function presentCounters(day: Day, stop: CrewStop, entered: string | undefined) {
  const { t, locale } = day;
  const counters = ownFirst(stop.counters);
  const chosen = counters.find(({ counter }) => String(counter) === entered) ?? counters[0];
  return counters.map((one) => {
    const free = nextFree(day, stop, one.counter);
    const words = {
      counter: one.counter,
      clerk: one.isMe ? t('myDay.counter.me') : (one.clerkName ?? t('myDay.counter.nobody')),
    };
    return {
      value: String(one.counter),
      name: t('myDay.counter.with', words),
      hint:
        free === null
          ? t('myDay.walkIn.full')
          : t('myDay.walkIn.free', { time: clock(free.from), minutes: duration(free.minutes, locale) }),
      checked: one === chosen,
    };
  });
}

/** The next time without an appointment; null: none until the end. Times that somebody is just choosing are not known here. */
function nextFree(day: Day, stop: CrewStop, counter: number): { from: number; minutes: number } | null {
  const taken = stop.appointments
    .filter((appointment) => appointment.counter === counter)
    .flatMap(({ fromMinute, minutes }) =>
      Array.from({ length: minutesToTicks(minutes) }, (_, index) => minuteToTick(fromMinute) + index),
    );
  const earliest = Math.max(0, minuteToTick(minuteOf(day, day.tour.date)));
  const window = { fromTick: minuteToTick(stop.fromMinute), toTick: minuteToTick(stop.toMinute) };
  const free = new Set(freeStarts({ ...window, counters: [{ counter, taken }] }, 1, earliest));
  const [from] = free;
  if (from === undefined) return null;
  let to = from;
  while (free.has(to)) to += 1;
  return { from: tickToMinute(from), minutes: tickToMinute(to - from) };
}

function presentServices(day: Day, stop: CrewStop, directory: Directory, body: unknown) {
  const { t, locale, tour } = day;
  const fields = enteredFields(body);
  const chosen = listField(body, 'leistungen');
  const capabilities = tour.kit === null ? [] : (directory.kits.get(tour.kit.id) ?? []);
  return directory.services
    .filter(({ needs }) => missingCapabilities(needs, capabilities).length === 0)
    .map((service) => ({ service, counters: countersFor(stop, directory, service) }))
    .filter(({ counters }) => counters.length > 0)
    .map(({ service, counters }) => ({
      id: service.id,
      name: service.texts[locale].name,
      hint: [
        t('myDay.facts.minutes', { minutes: service.minutes }),
        ...(counters.length < stop.counters.length
          ? [t('myDay.walkIn.onlyAt', { counters: counters.join(', '), count: counters.length })]
          : []),
      ].join(' · '),
      checked: chosen.includes(String(service.id)),
      /** Null: for one person only. */
      most: service.maxPersons > 1 ? service.maxPersons : null,
      persons: fields[`personen-${service.id}`] ?? '1',
    }));
}

/** The counters whose clerk is qualified. */
function countersFor(stop: CrewStop, directory: Directory, service: Service): number[] {
  return stop.counters
    .filter(({ clerkId }) => clerkId !== null && directory.clerks.get(clerkId)?.includes(service.id) === true)
    .map(({ counter }) => counter)
    .sort((a, b) => a - b);
}

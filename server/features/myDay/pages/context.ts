import type { Request, Response } from 'express';
import type { LocalDate } from '../../../domain/time.ts';
import { mayShowPeople } from '../../../domain/tours/people.ts';
import { pathsFor } from '../../../paths.ts';
import { localeOf, translator } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { MyDayDeps } from '../deps.ts';
import { dayOf, type Asker, type Day } from './day.ts';

export function askerOf({ clock, zone }: Pick<MyDayDeps, 'clock' | 'zone'>, response: Response): Asker {
  const locale = localeOf(response);
  const now = clock.now();
  return { locale, t: translator(locale), p: pathsFor(locale), zone, now, today: zone.local(now).date };
}

/** The sentence that was left for this page, once. */
export function takeFlash(request: Request): { kind: 'success' | 'warning'; text: string } | null {
  const { flash } = request.session;
  if (flash === undefined) return null;
  delete request.session.flash;
  return flash;
}

/** The own tour of that date; null: there is none. */
export async function readDay(
  deps: Pick<MyDayDeps, 'clock' | 'zone' | 'days' | 'freshTimes'>,
  response: Response,
  date: LocalDate,
): Promise<Day | null> {
  const asker = askerOf(deps, response);
  // A clerk has one tour a day.
  const [tour] = await deps.days.day(actorOf(response).userId, date, mayShowPeople(date, asker.today));
  if (tour === undefined) return null;
  return dayOf(asker, tour, tour.times ?? (await deps.freshTimes(tour.id)));
}

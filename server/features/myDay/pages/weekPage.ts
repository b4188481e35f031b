import type { Request, Response } from 'express';
import { addDays, isoWeek, type LocalDate } from '../../../domain/time.ts';
import { dayDate, shortDate, timeSpan } from '../../../web/format.ts';
import { actorOf } from '../../../web/session.ts';
import type { MyDayDeps } from '../deps.ts';
import type { CrewDay } from '../ports.ts';
import { offlineView } from '../offline/view.ts';
import { mondayOf, parseWeek, weekName } from './calendar.ts';
import { askerOf, takeFlash } from './context.ts';
import type { Asker } from './day.ts';
import { clock } from './words.ts';

/** Seven days at a glance: `?ab=2026-W50` or any of its days; what cannot be understood is this week. */
export function showWeek(deps: MyDayDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const asker = askerOf(deps, response);
    const { t, p, locale, today } = asker;
    const monday = parseWeek(request.query['ab']) ?? mondayOf(today);
    const sunday = addDays(monday, 6);
    const { userId } = actorOf(response);
    const [days, isClerk] = await Promise.all([deps.days.days(userId, monday, sunday), deps.days.isClerk(userId)]);
    const heading = t('myDay.week.heading', { week: isoWeek(monday).week });
    const toWeek = (date: LocalDate): string => p.myWeek({ ab: weekName(date) });
    await deps.render(request, response, {
      view: 'myDay/week',
      title: heading,
      staff: 'myDay',
      locals: {
        heading,
        week: weekName(monday),
        span: t('myDay.week.span', { from: shortDate(monday, locale), to: shortDate(sunday, locale) }),
        flash: takeFlash(request),
        offline: offlineView(response),
        previous: { href: toWeek(addDays(monday, -7)), text: t('myDay.week.previous') },
        next: { href: toWeek(addDays(monday, 7)), text: t('myDay.week.next') },
        now: monday === mondayOf(today) ? null : { href: p.myWeek(), text: t('myDay.week.now') },
        notLinked: isClerk ? null : { title: t('myDay.empty.notLinked'), text: t('myDay.empty.ask') },
        days: Array.from({ length: 7 }, (_, index) => presentWeekday(asker, addDays(monday, index), days)),
      },
    });
  };
}

function presentWeekday({ t, p, locale, today }: Asker, date: LocalDate, days: readonly CrewDay[]) {
  const tours = days.find((day) => day.date === date)?.tours ?? [];
  return {
    date: dayDate(date, locale),
    href: tours.length === 0 ? null : p.myDayOn(date),
    mark: date === today ? t('myDay.today') : null,
    tours: tours.map((tour) => ({
      span:
        tour.departureMinute === null || tour.returnMinute === null
          ? null
          : t('myDay.week.away', { from: clock(tour.departureMinute), to: clock(tour.returnMinute) }),
      kit: tour.kit,
      stops: tour.stops.map(({ locality, fromMinute, toMinute, appointments }) => ({
        place: locality,
        time: timeSpan(fromMinute, toMinute, locale),
        appointments: t('myDay.appointments', { count: appointments }),
      })),
    })),
  };
}

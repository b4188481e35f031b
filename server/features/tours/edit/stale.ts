import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { TourPlan } from '../../../domain/tours/tour.ts';
import { longDate, shortDate, timeOfDay, timeSpan } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { Zone } from '../ports.ts';
import type { Stale } from '../outcomes.ts';
import { venueName } from './decisions.ts';
import type { TourForm } from './form.ts';
import { parseTime } from './form.ts';
import type { StaleView } from './presenter.ts';

/** Who was faster, and the new state beside what was entered. */
export function presentStale(
  stale: Stale,
  now: TourPlan,
  form: TourForm,
  { picture, zone }: { picture: PlanningPicture; zone: Zone },
  locale: Locale,
  t: Translate,
): StaleView {
  const none = t('tour.stale.none');
  const saved = words(now, picture, locale, t);
  const entered = wordsOfForm(form, picture, locale, t);
  const rows = saved.flatMap(([field, text], index) => {
    const other = entered[index]?.[1] ?? '';
    return text === other ? [] : [{ field, now: text === '' ? none : text, entered: other === '' ? none : other }];
  });
  return { title: staleTitle(stale, zone, locale, t), rows };
}

export function staleTitle({ by, at }: Stale, zone: Zone, locale: Locale, t: Translate): string {
  const name = by ?? t('tour.stale.somebody');
  if (at === null) return t('tour.stale.title', { name });
  const { date, minute } = zone.local(at);
  return t('tour.stale.titleAt', { name, date: shortDate(date, locale), time: timeOfDay(minute, locale) });
}

type Words = [field: string, text: string][];

function words(plan: TourPlan, picture: PlanningPicture, locale: Locale, t: Translate): Words {
  return [
    [t('tour.fields.municipality'), picture.municipalities.get(plan.municipalityId)?.name ?? ''],
    [t('tour.fields.date'), longDate(plan.date, locale)],
    [t('tour.fields.depot'), nameIn(picture.depots, plan.depotId)],
    [t('tour.fields.kit'), nameIn(picture.kits, plan.kitId)],
    [t('tour.fields.crew'), plan.clerkIds.map((id) => nameIn(picture.clerks, id)).join(', ')],
    [t('tour.fields.announced'), announcedWords(plan.announced, picture, locale, t)],
    [
      t('tour.fields.stops'),
      plan.stops
        .map((stop) => `${venueName(picture, stop.venueId, t)}, ${timeSpan(stop.fromMinute, stop.toMinute, locale)}`)
        .join('; '),
    ],
    [t('tour.fields.note'), plan.note ?? ''],
  ];
}

/** Of what was typed, which need not make sense. */
function wordsOfForm(form: TourForm, picture: PlanningPicture, locale: Locale, t: Translate): Words {
  return [
    ['', picture.municipalities.get(Number(form.municipality))?.name ?? ''],
    ['', /^\d{4}-\d{2}-\d{2}$/.test(form.date) ? longDate(form.date, locale) : form.date],
    ['', nameIn(picture.depots, Number(form.depot))],
    ['', nameIn(picture.kits, Number(form.kit))],
    ['', form.crew.map((id) => nameIn(picture.clerks, Number(id))).join(', ')],
    ['', announcedWords(form.announces === 'all' ? null : form.services.map(Number), picture, locale, t)],
    [
      '',
      form.stops
        .map(({ venue, from, to }) => {
          const [start, end] = [parseTime(from), parseTime(to)];
          const span = start === null || end === null ? `${from}–${to}` : timeSpan(start, end, locale);
          return `${venueName(picture, Number(venue), t)}, ${span}`;
        })
        .join('; '),
    ],
    ['', form.note],
  ];
}

function announcedWords(ids: readonly number[] | null, picture: PlanningPicture, locale: Locale, t: Translate): string {
  if (ids === null) return t('tour.fields.announceAll');
  return ids.map((id) => picture.services.get(id)?.names[locale] ?? '').join(', ');
}

function nameIn(map: ReadonlyMap<number, { name: string }>, id: number | null): string {
  return id === null ? '' : (map.get(id)?.name ?? '');
}

import type { Directory, Locale } from '../../../domain/booking/office.ts';
import { tickToMinute } from '../../../domain/time.ts';
import { clockTime, dayDate, timeOfDay } from '../../../web/format.ts';
import { translator } from '../../../web/locale.ts';
import { slotValue } from '../choice.ts';
import type { Alternative, OfferedStop, TimesPage } from '../findTimes.ts';
import { distanceWords, presentLeaf, presentVenue, type DateLeafView } from '../presenter.ts';

export interface DayView {
  leaf: DateLeafView;
  title: string;
  /** "Schönberg, Gemeindeamt · im Ort · stufenfrei" */
  place: string;
  parts: { label: string; slots: SlotView[] }[];
  /** Shows all times of the day; null: they are all there. */
  allLink: string | null;
}

export interface SlotView {
  value: string;
  time: string;
  chosen: boolean;
}

const NOON = 12 * 60;

function presentDay(
  directory: Directory,
  offered: OfferedStop,
  chosen: string | null,
  locale: Locale,
  allLink: string | null,
): DayView {
  const t = translator(locale);
  const venue = directory.venues.get(offered.stop.venueId);
  const view = venue === undefined ? null : presentVenue(venue, locale);
  const slots = offered.starts.map(({ tick }) => {
    const value = slotValue({ stopId: offered.stop.id, tick });
    return { minute: tickToMinute(tick), value, time: clockTime(tickToMinute(tick)), chosen: value === chosen };
  });
  const parts = [
    { label: t('journey.times.morning'), slots: slots.filter(({ minute }) => minute < NOON) },
    { label: t('journey.times.afternoon'), slots: slots.filter(({ minute }) => minute >= NOON) },
  ];
  return {
    leaf: presentLeaf(offered.stop.date, locale),
    title: dayDate(offered.stop.date, locale),
    place: [
      view === null ? null : `${view.locality}, ${view.name}`,
      distanceWords(offered.metres, locale),
      view?.way ?? null,
    ]
      .filter((part) => part !== null)
      .join('\u00A0· '),
    parts: parts.filter((part) => part.slots.length > 0),
    allLink: offered.more ? allLink : null,
  };
}

export interface TimesView {
  chosenDay: DayView | null;
  /** The visit they came with has no time left. */
  chosenFull: string | null;
  others: DayView[];
  earlier: string | null;
  later: string | null;
  empty: boolean;
  alternatives: { value: string; text: string }[];
}

export function presentTimes(
  directory: Directory,
  page: TimesPage,
  options: {
    locale: Locale;
    chosen: string | null;
    pageLink: (query: { ab?: number; alle?: number }) => string;
    alternatives?: readonly Alternative[];
  },
): TimesView {
  const { locale, chosen } = options;
  const t = translator(locale);
  const asked = page.chosen;
  const full = asked !== null && asked.starts.length === 0;
  const venue = asked === null ? undefined : directory.venues.get(asked.stop.venueId);
  return {
    chosenDay:
      asked === null || full || page.earlier !== null
        ? null
        : presentDay(directory, asked, chosen, locale, options.pageLink({ alle: 1 })),
    chosenFull:
      full && venue !== undefined
        ? t('journey.times.full', { date: dayDate(asked.stop.date, locale), place: `${venue.locality}, ${venue.name}` })
        : null,
    others: page.others.map((offered) => presentDay(directory, offered, chosen, locale, null)),
    earlier: page.earlier === null ? null : options.pageLink(page.earlier === 0 ? {} : { ab: page.earlier }),
    later: page.later === null ? null : options.pageLink({ ab: page.later }),
    empty: (asked === null || full) && page.others.length === 0,
    alternatives: (options.alternatives ?? []).map(({ stop, start }) => {
      const place = directory.venues.get(stop.venueId);
      return {
        value: slotValue({ stopId: stop.id, tick: start.tick }),
        text: t('journey.times.alternative', {
          date: dayDate(stop.date, locale),
          time: timeOfDay(tickToMinute(start.tick), locale),
          place: place === undefined ? '' : `${place.locality}, ${place.name}`,
        }),
      };
    }),
  };
}

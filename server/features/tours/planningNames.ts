import type { LocalDate } from '../../domain/time.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import { tourNumber } from '../../domain/tours/tour.ts';
import { capabilityName } from '../../web/capability.ts';
import { duration, shortDate } from '../../web/format.ts';
import { translator, type Locale } from '../../web/locale.ts';

/** How the things of a picture are called in sentences. */
export interface PlanningNames {
  depot: (id: number) => string;
  kit: (id: number) => string;
  clerk: (id: number) => string;
  venue: (id: number) => string;
  municipalityOfVenue(venueId: number): string;
  /** Empty for a tour of which nothing may be told. */
  tour(id: number | null): string;
  services(ids: readonly number[]): string;
  capabilities(codes: readonly string[]): string;
  /** "A, B und C" */
  list(words: readonly string[]): string;
  /** "vom 23. Dezember bis 2. Januar", "am 23. Dezember"; both dates inclusive. */
  days(from: LocalDate, to: LocalDate): string;
  /** Why a venue is closed. */
  reason(text: string): string;
  /** "1 Minute", "20 Minuten", "2 Stunden 5 Minuten" */
  minutes(count: number): string;
}

/** So many services are named; of more it is said how many they are. */
const SERVICES_NAMED = 4;

const LISTS: Record<Locale, Intl.ListFormat> = {
  de: new Intl.ListFormat('de-DE', { type: 'conjunction' }),
  en: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
};

/** What the picture does not know is called by its number. */
export function planningNames(picture: PlanningPicture, locale: Locale): PlanningNames {
  const t = translator(locale);
  const nameIn =
    (things: ReadonlyMap<number, { name: string }>) =>
    (id: number): string =>
      things.get(id)?.name ?? t('conflicts.number', { id });
  const list = (words: readonly string[]): string => LISTS[locale].format(words);

  return {
    depot: nameIn(picture.depots),
    kit: nameIn(picture.kits),
    clerk: nameIn(picture.clerks),
    venue: nameIn(picture.venues),
    municipalityOfVenue: (venueId) => nameIn(picture.municipalities)(picture.venues.get(venueId)?.municipalityId ?? 0),
    tour: (id) => (id === null ? '' : tourNumber(id)),
    services: (ids) => {
      const words = ids.map((id) => picture.services.get(id)?.names[locale] ?? t('conflicts.number', { id }));
      const left = words.length - SERVICES_NAMED;
      return left > 1 ? list([...words.slice(0, SERVICES_NAMED), t('conflicts.more', { count: left })]) : list(words);
    },
    capabilities: (codes) => list(codes.map((code) => capabilityName(code, t))),
    list,
    days: (from, to) =>
      t(from === to ? 'conflicts.onDay' : 'conflicts.onDays', {
        from: shortDate(from, locale),
        to: shortDate(to, locale),
      }),
    reason: (text) => (text.trim() === '' ? t('conflicts.noReason') : text.trim().replace(/\.$/, '')),
    minutes: (count) => (count < 60 ? t('conflicts.minutes', { count }) : duration(count, locale)),
  };
}

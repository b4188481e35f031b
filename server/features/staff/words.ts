import { ROLES, type Grant } from '../../domain/access.ts';
import type { Instant } from '../../domain/time.ts';
import { shortDate, timeOfDay } from '../../web/format.ts';
import type { Locale, Translate } from '../../web/locale.ts';
import type { Zone } from '../../zone.ts';
import type { Municipality } from './ports.ts';

const LISTS = {
  de: new Intl.ListFormat('de', { type: 'conjunction' }),
  en: new Intl.ListFormat('en', { type: 'conjunction' }),
};

/** "Planung in Meerane und Schönberg", one line a role; empty: none. */
export function rolesInWords(
  grants: readonly Grant[],
  municipalities: readonly Municipality[],
  locale: Locale,
  t: Translate,
): string[] {
  return ROLES.flatMap((role) => {
    const ids = grants.filter((grant) => grant.role === role).map(({ municipalityId }) => municipalityId);
    if (ids.length === 0) return [];
    const name = t(`users.roles.${role}`);
    if (ids.includes(null)) return [t('users.roleEverywhere', { role: name })];
    const places = municipalities.filter(({ id }) => ids.includes(id)).map((one) => one.name);
    return [t('users.roleIn', { role: name, places: LISTS[locale].format(places) })];
  });
}

/** "22. November 2026, 19:52 Uhr" */
export function moment(instant: Instant, zone: Zone, locale: Locale): string {
  const { date, minute } = zone.local(instant);
  return `${shortDate(date, locale)} ${date.slice(0, 4)}, ${timeOfDay(minute, locale)}`;
}

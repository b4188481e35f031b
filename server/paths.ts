/**
 * Every URL once: the patterns that routes are mounted on, and functions that build addresses. Addresses are German in
 * both languages; English pages stand under /en.
 */
export const ROUTES = {
  start: '/',
  visits: '/besuche',
  placeSuggestions: '/orte',
  venue: '/standorte/:slug',
  services: '/buchen/leistungen',
  times: '/buchen/zeiten',
  heldServices: '/buchen/:secret/leistungen',
  heldTimes: '/buchen/:secret/zeiten',
  details: '/buchen/:secret/angaben',
  check: '/buchen/:secret/pruefen',
  holdExtension: '/buchen/:secret/verlaengerung',
  holdRelease: '/buchen/:secret/abbruch',
  released: '/buchen/abgebrochen',
  lookup: '/termin',
  appointment: '/termin/:key',
  booked: '/termin/:key/gebucht',
  calendarFile: '/termin/:key/termin.ics',
  move: '/termin/:key/verschieben',
  cancellation: '/termin/:key/absage',
  imprint: '/impressum',
  privacy: '/datenschutz',
  accessibility: '/barrierefreiheit',
  easyLanguage: '/leichte-sprache',
  tiles: '/tiles/:z/:y/:file',
  alive: '/healthz',
  ready: '/readyz',
} as const;

/** What of a query string repeats (arrays), what is left out (undefined, null, ''). */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined | null>>;

function withQuery(path: string, query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? (value as string[]) : [value as string | number | undefined | null]) {
      if (one !== undefined && one !== null && one !== '') {
        search.append(name, String(one));
      }
    }
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

function fill(route: string, parameters: Readonly<Record<string, string>>): string {
  return route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

/** The addresses of one language. `key` of an appointment is `REFERENCE-secret`. */
export function createPaths(prefix: '' | '/en') {
  const at = (route: string, parameters: Readonly<Record<string, string>> = {}, query?: Query): string => {
    const path = fill(route, parameters);
    return withQuery(prefix === '' ? path : path === '/' ? '/en/' : prefix + path, query);
  };
  return {
    start: (query?: Query) => at(ROUTES.start, {}, query),
    visits: (query?: Query) => at(ROUTES.visits, {}, query),
    placeSuggestions: () => at(ROUTES.placeSuggestions),
    venue: (slug: string, query?: Query) => at(ROUTES.venue, { slug }, query),
    services: (query?: Query) => at(ROUTES.services, {}, query),
    times: (query?: Query) => at(ROUTES.times, {}, query),
    heldServices: (secret: string) => at(ROUTES.heldServices, { secret }),
    heldTimes: (secret: string, query?: Query) => at(ROUTES.heldTimes, { secret }, query),
    details: (secret: string, query?: Query) => at(ROUTES.details, { secret }, query),
    check: (secret: string, query?: Query) => at(ROUTES.check, { secret }, query),
    holdExtension: (secret: string) => at(ROUTES.holdExtension, { secret }),
    holdRelease: (secret: string) => at(ROUTES.holdRelease, { secret }),
    released: () => at(ROUTES.released),
    lookup: (query?: Query) => at(ROUTES.lookup, {}, query),
    appointment: (key: string, query?: Query) => at(ROUTES.appointment, { key }, query),
    booked: (key: string) => at(ROUTES.booked, { key }),
    calendarFile: (key: string) => at(ROUTES.calendarFile, { key }),
    move: (key: string, query?: Query) => at(ROUTES.move, { key }, query),
    cancellation: (key: string) => at(ROUTES.cancellation, { key }),
    imprint: () => at(ROUTES.imprint),
    privacy: () => at(ROUTES.privacy),
    accessibility: () => at(ROUTES.accessibility),
    easyLanguage: () => at(ROUTES.easyLanguage),
  };
}

export type Paths = ReturnType<typeof createPaths>;

const PATHS: Record<'de' | 'en', Paths> = { de: createPaths(''), en: createPaths('/en') };

/** @param locale the language of the pages the addresses lead to */
export function pathsFor(locale: 'de' | 'en'): Paths {
  return PATHS[locale];
}

/**
 * Every URL once: the patterns that routes are mounted on, and functions that build addresses. Addresses are German in
 * both languages; English pages stand under /en.
 */
export const ROUTES = {
  start: '/',
  visits: '/besuche',
  placeSuggestions: '/orte',
  venue: '/standorte/:slug',
  venuePoster: '/standorte/:slug/aushang',
  timetables: '/fahrplan',
  timetable: '/fahrplan/:slug',
  timetablePoster: '/fahrplan/:slug/aushang',
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
  signIn: '/intern/anmelden',
  signInCode: '/intern/anmelden/code',
  signInElsewhere: '/intern/anmelden/sso',
  signInReturn: '/intern/anmelden/sso/zurueck',
  signOut: '/intern/abmelden',
  newPassword: '/intern/anmelden/kennwort',
  secondFactorSetUp: '/intern/anmelden/zweiter-faktor',
  staffHome: '/intern',
  account: '/intern/konto',
  accountPassword: '/intern/konto/kennwort',
  accountSecondFactor: '/intern/konto/zweiter-faktor',
  accountRecoveryCodes: '/intern/konto/ersatzcodes',
  accountSession: '/intern/konto/sitzungen/:id/ende',
  accountSessions: '/intern/konto/sitzungen/ende',
  users: '/intern/nutzer',
  user: '/intern/nutzer/:id',
  userLock: '/intern/nutzer/:id/sperre',
  userPassword: '/intern/nutzer/:id/kennwort',
  userSecondFactor: '/intern/nutzer/:id/zweiter-faktor',
  audit: '/intern/verlauf',
  masterData: '/intern/stammdaten',
  staffMunicipalities: '/intern/kommunen',
  staffMunicipality: '/intern/kommunen/:id',
  staffVenues: '/intern/standorte',
  staffVenue: '/intern/standorte/:id',
  staffVenueRetirement: '/intern/standorte/:id/stilllegung',
  staffVenueDeletion: '/intern/standorte/:id/loeschung',
  staffVenuesExport: '/intern/export/standorte.csv',
  staffVenuesImport: '/intern/import/standorte',
  staffServices: '/intern/leistungen',
  staffService: '/intern/leistungen/:id',
  staffServiceRetirement: '/intern/leistungen/:id/stilllegung',
  staffServiceDeletion: '/intern/leistungen/:id/loeschung',
  staffServicesExport: '/intern/export/leistungen.csv',
  staffServicesImport: '/intern/import/leistungen',
  staffDepots: '/intern/depots',
  staffDepot: '/intern/depots/:id',
  staffDepotRetirement: '/intern/depots/:id/stilllegung',
  staffDepotDeletion: '/intern/depots/:id/loeschung',
  staffKits: '/intern/koffer',
  staffKit: '/intern/koffer/:id',
  staffKitRetirement: '/intern/koffer/:id/stilllegung',
  staffKitDeletion: '/intern/koffer/:id/loeschung',
  staffClerks: '/intern/sachbearbeitung',
  staffClerk: '/intern/sachbearbeitung/:id',
  staffClerkRetirement: '/intern/sachbearbeitung/:id/stilllegung',
  staffClerkDeletion: '/intern/sachbearbeitung/:id/loeschung',
  staffClerkAbsences: '/intern/sachbearbeitung/:id/abwesenheiten',
  staffAbsenceDeletion: '/intern/abwesenheiten/:id/loeschung',
  staffClosingDays: '/intern/schliesstage',
  staffClosingDayDeletion: '/intern/schliesstage/:id/loeschung',
  boardWeek: '/intern/woche',
  boardMonth: '/intern/monat',
  newTour: '/intern/touren/neu',
  tour: '/intern/touren/:id',
  tourPublication: '/intern/touren/:id/veroeffentlichung',
  tourCancellation: '/intern/touren/:id/absage',
  tourDeletion: '/intern/touren/:id/loeschung',
  tourRepetition: '/intern/touren/:id/wiederholung',
  tourMove: '/intern/touren/:id/verschiebung',
  stopMove: '/intern/halte/:id/verschiebung',
  tourHistory: '/intern/touren/:id/verlauf',
  tourOrder: '/intern/touren/:id/reihenfolge',
  calls: '/intern/anrufe',
  callDone: '/intern/anrufe/:id/erledigung',
  myDay: '/intern/tag',
  myDayOn: '/intern/tag/:date',
  myWeek: '/intern/meine-woche',
  daySheet: '/intern/tag/:date/tagesblatt',
  tourTick: '/intern/termine/:id/stand',
  tourUndo: '/intern/touren/:id/ruecknahme',
  tourWalkIn: '/intern/halte/:id/ohne-termin',
  tourDelay: '/intern/touren/:id/verspaetung',
  tourNotes: '/intern/touren/:id/notizen',
  tourPacking: '/intern/touren/:id/packliste',
  stopNotice: '/intern/halte/:id/aushang',
  serviceWorker: '/sw.js',
  tiles: '/tiles/:z/:y/:file',
  alive: '/healthz',
  ready: '/readyz',
} as const;

/** Stands for the id of what is about to be entered: the form for it is at the same address as for what exists. */
export const NEW = 'neu';

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

/** The addresses of one language. `id` of something that does not exist yet is NEW. `key` of an appointment is `REFERENCE-secret`. */
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
    venuePoster: (slug: string, query?: Query) => at(ROUTES.venuePoster, { slug }, query),
    timetables: () => at(ROUTES.timetables),
    timetable: (slug: string, query?: Query) => at(ROUTES.timetable, { slug }, query),
    timetablePoster: (slug: string, query?: Query) => at(ROUTES.timetablePoster, { slug }, query),
    signIn: (query?: Query) => at(ROUTES.signIn, {}, query),
    signInCode: (query?: Query) => at(ROUTES.signInCode, {}, query),
    signInElsewhere: (query?: Query) => at(ROUTES.signInElsewhere, {}, query),
    signInReturn: (query?: Query) => at(ROUTES.signInReturn, {}, query),
    signOut: (query?: Query) => at(ROUTES.signOut, {}, query),
    newPassword: (query?: Query) => at(ROUTES.newPassword, {}, query),
    secondFactorSetUp: (query?: Query) => at(ROUTES.secondFactorSetUp, {}, query),
    staffHome: (query?: Query) => at(ROUTES.staffHome, {}, query),
    account: (query?: Query) => at(ROUTES.account, {}, query),
    accountPassword: (query?: Query) => at(ROUTES.accountPassword, {}, query),
    accountSecondFactor: (query?: Query) => at(ROUTES.accountSecondFactor, {}, query),
    accountRecoveryCodes: (query?: Query) => at(ROUTES.accountRecoveryCodes, {}, query),
    accountSession: (id: number | string, query?: Query) => at(ROUTES.accountSession, { id: String(id) }, query),
    accountSessions: (query?: Query) => at(ROUTES.accountSessions, {}, query),
    users: (query?: Query) => at(ROUTES.users, {}, query),
    user: (id: number | string, query?: Query) => at(ROUTES.user, { id: String(id) }, query),
    userLock: (id: number | string, query?: Query) => at(ROUTES.userLock, { id: String(id) }, query),
    userPassword: (id: number | string, query?: Query) => at(ROUTES.userPassword, { id: String(id) }, query),
    userSecondFactor: (id: number | string, query?: Query) => at(ROUTES.userSecondFactor, { id: String(id) }, query),
    audit: (query?: Query) => at(ROUTES.audit, {}, query),
    masterData: (query?: Query) => at(ROUTES.masterData, {}, query),
    staffMunicipalities: (query?: Query) => at(ROUTES.staffMunicipalities, {}, query),
    staffMunicipality: (id: number | string, query?: Query) => at(ROUTES.staffMunicipality, { id: String(id) }, query),
    staffVenues: (query?: Query) => at(ROUTES.staffVenues, {}, query),
    staffVenue: (id: number | string, query?: Query) => at(ROUTES.staffVenue, { id: String(id) }, query),
    staffVenueRetirement: (id: number | string, query?: Query) =>
      at(ROUTES.staffVenueRetirement, { id: String(id) }, query),
    staffVenueDeletion: (id: number | string, query?: Query) =>
      at(ROUTES.staffVenueDeletion, { id: String(id) }, query),
    staffVenuesExport: (query?: Query) => at(ROUTES.staffVenuesExport, {}, query),
    staffVenuesImport: (query?: Query) => at(ROUTES.staffVenuesImport, {}, query),
    staffServices: (query?: Query) => at(ROUTES.staffServices, {}, query),
    staffService: (id: number | string, query?: Query) => at(ROUTES.staffService, { id: String(id) }, query),
    staffServiceRetirement: (id: number | string, query?: Query) =>
      at(ROUTES.staffServiceRetirement, { id: String(id) }, query),
    staffServiceDeletion: (id: number | string, query?: Query) =>
      at(ROUTES.staffServiceDeletion, { id: String(id) }, query),
    staffServicesExport: (query?: Query) => at(ROUTES.staffServicesExport, {}, query),
    staffServicesImport: (query?: Query) => at(ROUTES.staffServicesImport, {}, query),
    staffDepots: (query?: Query) => at(ROUTES.staffDepots, {}, query),
    staffDepot: (id: number | string, query?: Query) => at(ROUTES.staffDepot, { id: String(id) }, query),
    staffDepotRetirement: (id: number | string, query?: Query) =>
      at(ROUTES.staffDepotRetirement, { id: String(id) }, query),
    staffDepotDeletion: (id: number | string, query?: Query) =>
      at(ROUTES.staffDepotDeletion, { id: String(id) }, query),
    staffKits: (query?: Query) => at(ROUTES.staffKits, {}, query),
    staffKit: (id: number | string, query?: Query) => at(ROUTES.staffKit, { id: String(id) }, query),
    staffKitRetirement: (id: number | string, query?: Query) =>
      at(ROUTES.staffKitRetirement, { id: String(id) }, query),
    staffKitDeletion: (id: number | string, query?: Query) => at(ROUTES.staffKitDeletion, { id: String(id) }, query),
    staffClerks: (query?: Query) => at(ROUTES.staffClerks, {}, query),
    staffClerk: (id: number | string, query?: Query) => at(ROUTES.staffClerk, { id: String(id) }, query),
    staffClerkRetirement: (id: number | string, query?: Query) =>
      at(ROUTES.staffClerkRetirement, { id: String(id) }, query),
    staffClerkDeletion: (id: number | string, query?: Query) =>
      at(ROUTES.staffClerkDeletion, { id: String(id) }, query),
    staffClerkAbsences: (id: number | string, query?: Query) =>
      at(ROUTES.staffClerkAbsences, { id: String(id) }, query),
    staffAbsenceDeletion: (id: number | string, query?: Query) =>
      at(ROUTES.staffAbsenceDeletion, { id: String(id) }, query),
    staffClosingDays: (query?: Query) => at(ROUTES.staffClosingDays, {}, query),
    staffClosingDayDeletion: (id: number | string, query?: Query) =>
      at(ROUTES.staffClosingDayDeletion, { id: String(id) }, query),
    boardWeek: (query?: Query) => at(ROUTES.boardWeek, {}, query),
    boardMonth: (query?: Query) => at(ROUTES.boardMonth, {}, query),
    newTour: (query?: Query) => at(ROUTES.newTour, {}, query),
    tour: (id: number | string, query?: Query) => at(ROUTES.tour, { id: String(id) }, query),
    tourPublication: (id: number | string, query?: Query) => at(ROUTES.tourPublication, { id: String(id) }, query),
    tourCancellation: (id: number | string, query?: Query) => at(ROUTES.tourCancellation, { id: String(id) }, query),
    tourDeletion: (id: number | string, query?: Query) => at(ROUTES.tourDeletion, { id: String(id) }, query),
    tourRepetition: (id: number | string, query?: Query) => at(ROUTES.tourRepetition, { id: String(id) }, query),
    tourMove: (id: number | string, query?: Query) => at(ROUTES.tourMove, { id: String(id) }, query),
    stopMove: (id: number | string, query?: Query) => at(ROUTES.stopMove, { id: String(id) }, query),
    tourHistory: (id: number | string, query?: Query) => at(ROUTES.tourHistory, { id: String(id) }, query),
    tourOrder: (id: number | string, query?: Query) => at(ROUTES.tourOrder, { id: String(id) }, query),
    myDay: (query?: Query) => at(ROUTES.myDay, {}, query),
    myDayOn: (date: string, query?: Query) => at(ROUTES.myDayOn, { date }, query),
    myWeek: (query?: Query) => at(ROUTES.myWeek, {}, query),
    daySheet: (date: string) => at(ROUTES.daySheet, { date }),
    tourTick: (id: number | string) => at(ROUTES.tourTick, { id: String(id) }),
    tourUndo: (id: number | string) => at(ROUTES.tourUndo, { id: String(id) }),
    tourWalkIn: (id: number | string) => at(ROUTES.tourWalkIn, { id: String(id) }),
    tourDelay: (id: number | string, query?: Query) => at(ROUTES.tourDelay, { id: String(id) }, query),
    tourNotes: (id: number | string) => at(ROUTES.tourNotes, { id: String(id) }),
    tourPacking: (id: number | string) => at(ROUTES.tourPacking, { id: String(id) }),
    stopNotice: (id: number | string) => at(ROUTES.stopNotice, { id: String(id) }),
    calls: (query?: Query) => at(ROUTES.calls, {}, query),
    callDone: (id: number | string, query?: Query) => at(ROUTES.callDone, { id: String(id) }, query),
  };
}

export type Paths = ReturnType<typeof createPaths>;

const PATHS: Record<'de' | 'en', Paths> = { de: createPaths(''), en: createPaths('/en') };

/** @param locale the language of the pages the addresses lead to */
export function pathsFor(locale: 'de' | 'en'): Paths {
  return PATHS[locale];
}

/**
 * Who may do what: one table of permissions, one of routes. Everything else (the guard in front of all routes, the
 * menu, the buttons on a page) asks here.
 */

export const ROLES = ['hotline', 'clerk', 'planner', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** A role in one municipality, or in all of them (null). */
export interface Grant {
  role: Role;
  municipalityId: number | null;
}

/** Somebody who has signed in. */
export interface Actor {
  userId: number;
  name: string;
  email: string;
  grants: readonly Grant[];
}

/** What can be allowed, and the roles that allow it. */
export const PERMISSIONS = {
  /** See the board and the tours, without citizens' names. */
  'tours.read': ['clerk', 'planner', 'admin'],
  /** Make, change, publish and cancel tours; see the appointments that a change affects. */
  'tours.write': ['planner', 'admin'],
  /** See one's own day with the people of it, and tick what happens. Only of tours whose crew one belongs to. */
  'day.write': ['clerk'],
  /** Call people whose appointment was changed. */
  'calls.write': ['hotline', 'planner', 'admin'],
  /** Book for a caller; find one appointment by reference, or by family name and date. Each look-up is recorded. */
  'bookings.write': ['hotline'],
  /** Note call-backs, see what is due, take one. */
  'callbacks.write': ['hotline', 'planner', 'admin'],
  /** Print letters to people without e-mail. */
  'letters.write': ['hotline', 'planner', 'admin'],
  /** See which messages wait, were sent or could not be; have one sent again. What they say needs bookings.write. */
  'messages.write': ['hotline', 'planner', 'admin'],
  /** Venues, depots, kits, clerks, closing days. */
  'office.write': ['planner', 'admin'],
  /** See services: they belong to the whole installation. */
  'services.read': ['planner', 'admin'],
  'services.write': ['admin'],
  'municipalities.write': ['admin'],
  'users.write': ['admin'],
  'audit.read': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** What belongs to no single municipality: only a role in all of them allows to change it. */
export const EVERYWHERE_ONLY: readonly Permission[] = ['services.write'];

/**
 * Where a permission holds: in all municipalities, or in these (their ids; empty: nowhere).
 */
export type Scope = 'all' | ReadonlySet<number>;

export function scopeOf(actor: Pick<Actor, 'grants'>, permission: Permission): Scope {
  const roles: readonly Role[] = PERMISSIONS[permission];
  const grants = actor.grants.filter(({ role }) => roles.includes(role));
  if (grants.some(({ municipalityId }) => municipalityId === null)) return 'all';
  if (EVERYWHERE_ONLY.includes(permission)) return new Set();
  return new Set(grants.flatMap(({ municipalityId }) => municipalityId ?? []));
}

/** True when the permission holds in at least one municipality. */
export function may(actor: Pick<Actor, 'grants'>, permission: Permission): boolean {
  const scope = scopeOf(actor, permission);
  return scope === 'all' || scope.size > 0;
}

/** True when the permission holds in this municipality. */
export function mayIn(actor: Pick<Actor, 'grants'>, permission: Permission, municipalityId: number): boolean {
  return isIn(scopeOf(actor, permission), municipalityId);
}

export function isIn(scope: Scope, municipalityId: number): boolean {
  return scope === 'all' || scope.has(municipalityId);
}

/** Roles that must have a second factor: who has one of them may change who is allowed to do what. */
export function needsSecondFactor(actor: Pick<Actor, 'grants'>): boolean {
  return actor.grants.some(({ role }) => role === 'admin');
}

/**
 * `public`: anybody. `signingIn`: anybody on the way in (the page itself says what it needs). `signedIn`: everybody
 * who has signed in. A permission: who has it in at least one municipality; the route then asks for which one.
 */
export type RouteAccess = 'public' | 'signingIn' | 'signedIn' | Permission;

/** Every route of server/paths.ts by its name there; `read` is GET and HEAD, `write` everything else. */
export const ROUTE_ACCESS = {
  start: 'public',
  visits: 'public',
  placeSuggestions: 'public',
  venue: 'public',
  venuePoster: 'public',
  timetables: 'public',
  timetable: 'public',
  timetablePoster: 'public',
  timetableCalendar: 'public',
  venueCalendar: 'public',
  feed: 'public',
  services: 'public',
  times: 'public',
  heldServices: 'public',
  heldTimes: 'public',
  details: 'public',
  check: 'public',
  holdExtension: 'public',
  holdRelease: 'public',
  released: 'public',
  lookup: 'public',
  appointment: 'public',
  booked: 'public',
  calendarFile: 'public',
  move: 'public',
  cancellation: 'public',
  confirmation: 'public',
  imprint: 'public',
  privacy: 'public',
  accessibility: 'public',
  easyLanguage: 'public',
  serviceWorker: 'public',
  tiles: 'public',
  addressSuggestions: 'public',
  alive: 'public',
  ready: 'public',

  signIn: 'signingIn',
  signInCode: 'signingIn',
  signInElsewhere: 'signingIn',
  signInReturn: 'signingIn',
  signOut: 'signingIn',
  newPassword: 'signingIn',
  secondFactorSetUp: 'signingIn',

  staffHome: 'signedIn',
  account: 'signedIn',
  accountPassword: 'signedIn',
  accountSecondFactor: 'signedIn',
  accountRecoveryCodes: 'signedIn',
  accountSession: 'signedIn',
  accountSessions: 'signedIn',

  users: 'users.write',
  user: 'users.write',
  userLock: 'users.write',
  userPassword: 'users.write',
  userSecondFactor: 'users.write',
  audit: 'audit.read',
  mapData: 'municipalities.write',

  masterData: 'services.read',
  staffMunicipalities: 'municipalities.write',
  staffMunicipality: 'municipalities.write',
  staffVenues: 'office.write',
  staffVenue: 'office.write',
  staffVenueRetirement: 'office.write',
  staffVenueDeletion: 'office.write',
  staffVenuesExport: 'office.write',
  staffVenuesImport: 'office.write',
  staffServices: { read: 'services.read', write: 'services.write' },
  staffService: { read: 'services.read', write: 'services.write' },
  staffServiceRetirement: 'services.write',
  staffServiceDeletion: 'services.write',
  staffServicesExport: 'services.read',
  staffServicesImport: 'services.write',
  staffDepots: 'office.write',
  staffDepot: 'office.write',
  staffDepotRetirement: 'office.write',
  staffDepotDeletion: 'office.write',
  staffKits: 'office.write',
  staffKit: 'office.write',
  staffKitRetirement: 'office.write',
  staffKitDeletion: 'office.write',
  staffClerks: 'office.write',
  staffClerk: 'office.write',
  staffClerkRetirement: 'office.write',
  staffClerkDeletion: 'office.write',
  staffClerkAbsences: 'office.write',
  staffAbsenceDeletion: 'office.write',
  staffClosingDays: 'office.write',
  staffClosingDayDeletion: 'office.write',

  boardWeek: 'tours.read',
  boardMonth: 'tours.read',
  newTour: 'tours.write',
  tour: { read: 'tours.read', write: 'tours.write' },
  tourPublication: 'tours.write',
  tourCancellation: 'tours.write',
  tourDeletion: 'tours.write',
  tourRepetition: 'tours.write',
  tourMove: 'tours.write',
  stopMove: 'tours.write',
  tourHistory: 'tours.read',
  tourOrder: 'tours.write',
  myDay: 'day.write',
  myDayOn: 'day.write',
  myWeek: 'day.write',
  daySheet: 'day.write',
  tourTick: 'day.write',
  tourUndo: 'day.write',
  tourWalkIn: 'day.write',
  tourDelay: 'day.write',
  tourNotes: 'day.write',
  tourPacking: 'day.write',
  stopNotice: 'day.write',
  calls: 'calls.write',
  callDone: 'calls.write',
  hotline: 'bookings.write',
  hotlineCall: 'bookings.write',
  hotlineSearch: 'bookings.write',
  hotlineTime: 'bookings.write',
  hotlineExtension: 'bookings.write',
  hotlineEnd: 'bookings.write',
  hotlineInstead: 'bookings.write',
  hotlineLookup: 'bookings.write',
  hotlineMove: 'bookings.write',
  hotlineCancellation: 'bookings.write',
  hotlineNote: 'bookings.write',
  hotlineConfirmation: 'bookings.write',
  callbacks: 'callbacks.write',
  callbackTake: 'callbacks.write',
  callbackDone: 'callbacks.write',
  letters: 'letters.write',
  lettersPrint: 'letters.write',
  lettersPrinted: 'letters.write',
  messages: 'messages.write',
  message: 'bookings.write',
  messageAgain: 'messages.write',
  staffMunicipalityMessages: 'municipalities.write',
  staffMunicipalityTrial: 'municipalities.write',
  staffMunicipalityTexts: 'municipalities.write',
  staffMunicipalityText: 'municipalities.write',
  feeds: 'tours.read',
  feedEnd: 'tours.read',
} as const satisfies Record<string, RouteAccess | { read: RouteAccess; write: RouteAccess }>;

export type RouteName = keyof typeof ROUTE_ACCESS;

/** What a request to this route needs. @param method of HTTP, in capitals */
export function accessTo(route: RouteName, method: string): RouteAccess {
  const access: RouteAccess | { read: RouteAccess; write: RouteAccess } = ROUTE_ACCESS[route];
  if (typeof access === 'string') return access;
  return method === 'GET' || method === 'HEAD' ? access.read : access.write;
}

import { DEMO_SERVICES } from '../../../server/demo/services.ts';
import type { Directory, Service, Venue } from '../../../server/domain/booking/office.ts';
import type { CallQuery } from '../../../server/domain/hotline/query.ts';
import { buildPlaceIndex, type Place } from '../../../server/domain/places/placeIndex.ts';
import { formatMinute } from '../../../server/domain/time.ts';

/*
 * An office around Meerane for reading search texts: real places (Destatis Gemeindeverzeichnis, dl-de/by-2-0; GeoNames,
 * CC BY 4.0; German Wikipedia: single facts; see server/demo/placesData.ts), with two more Schönbergs and Bad Köstritz
 * (GeoNames), the services of the demonstration with words of callers, and four venues.
 */

type Row = readonly [
  name: string,
  municipality: string | null,
  kind: Place['kind'],
  postcode: string,
  lat: number,
  lon: number,
  population: number | null,
];

const ROWS: readonly Row[] = [
  ['Meerane', 'Meerane', 'town', '08393', 50.84922, 12.46398, 14001],
  ['Bahnhof Meerane', null, 'station', '08393', 50.85062, 12.45758, null],
  ['Seiferitz', 'Meerane', 'village', '08393', 50.83791, 12.46981, null],
  ['Waldsachsen', 'Meerane', 'village', '08393', 50.83611, 12.43083, null],
  ['Schönberg', 'Schönberg', 'municipality', '08393', 50.8672, 12.49154, 899],
  ['Schönberg', 'Bad Brambach', 'village', '08648', 50.21, 12.31, null],
  ['Schönberg bei Glauchau', null, 'place', '08371', 50.8, 12.55, null],
  ['Köthel', 'Schönberg', 'village', '08393', 50.87652, 12.47788, null],
  ['Pfaffroda', 'Schönberg', 'village', '08393', 50.86134, 12.51497, null],
  ['Dennheritz', 'Dennheritz', 'municipality', '08393', 50.8155, 12.4609, 1295],
  ['Harthau', 'Oberwiera', 'village', '08396', 50.8977, 12.5202, 45],
  ['Harthau', 'Crimmitschau', 'village', '08451', 50.80528, 12.42611, null],
  ['Oberwiera', 'Oberwiera', 'municipality', '08396', 50.89208, 12.53676, 1020],
  ['Waldenburg', 'Waldenburg', 'town', '08396', 50.87453, 12.60286, 4058],
  ['Glauchau', 'Glauchau', 'town', '08371', 50.81786, 12.54235, 22233],
  ['Crimmitschau', 'Crimmitschau', 'town', '08451', 50.81245, 12.38692, 18350],
  ['Zwickau', 'Zwickau', 'town', '08056', 50.71856, 12.49564, 88690],
  ['St. Egidien', 'St. Egidien', 'municipality', '09356', 50.7854, 12.62049, 3268],
  ['Lichtenstein/Sa.', 'Lichtenstein/Sa.', 'town', '09350', 50.7563, 12.63084, 11177],
  ['Hohenstein-Ernstthal', 'Hohenstein-Ernstthal', 'town', '09337', 50.80088, 12.71315, 14527],
  ['Linda bei Weida', 'Linda bei Weida', 'municipality', '07580', 50.80648, 12.1901, 443],
  ['Gößnitz', 'Gößnitz', 'town', '04639', 50.88845, 12.43384, 3386],
  ['Bad Köstritz', 'Bad Köstritz', 'town', '07586', 50.93, 12.01, 3500],
];

export const PLACES: readonly Place[] = ROWS.map(([name, municipality, kind, postcode, lat, lon, population], i) => ({
  id: i + 1,
  name,
  municipality,
  kind,
  postcode,
  lat,
  lon,
  population,
}));

const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  personalausweis: ['Perso', 'Ausweis', 'neuer Ausweis', 'Ausweis verlängern', 'Ausweis abgelaufen', 'ID card'],
  reisepass: ['Pass', 'Pass verlängern', 'Kinderreisepass'],
  'wohnsitz-anmelden': ['Anmeldung', 'Ummeldung', 'Umzug', 'Wohnung anmelden', 'neue Adresse'],
  'ausweis-abholung': ['abholen', 'Abholung', 'Ausweis abholen', 'Perso abholen', 'Pass abholen'],
  fuehrungszeugnis: ['polizeiliches Führungszeugnis', 'erweitertes Führungszeugnis'],
  meldebescheinigung: ['Meldebestätigung', 'Aufenthaltsbescheinigung'],
  'adressaenderung-ausweis': ['Adressänderung', 'Adresse ändern', 'Adressaufkleber'],
  'eid-pin': ['PIN', 'eID', 'Online-Ausweis', 'PIN vergessen'],
  beglaubigung: ['Beglaubigung', 'beglaubigte Kopie', 'Zeugnis beglaubigen'],
  lebensbescheinigung: ['Lebensnachweis', 'Rente'],
  'wohnsitz-abmelden': ['Abmeldung', 'Wegzug', 'Ausland'],
  'vorlaeufiger-personalausweis': ['vorläufiger Ausweis', 'Ersatzausweis'],
  'vorlaeufiger-reisepass': ['vorläufiger Pass', 'Ersatzpass'],
  'verlust-ausweis': ['Verlust', 'verloren', 'gestohlen', 'Ausweis verloren', 'Pass verloren'],
  'befreiung-ausweispflicht': ['Befreiung', 'Ausweispflicht'],
};

export const SERVICES: readonly Service[] = DEMO_SERVICES.map((service, i) => ({
  id: i + 1,
  slug: service.slug,
  category: service.category,
  position: i + 1,
  minutes: service.minutes,
  maxPersons: 5,
  inPerson: service.inPerson,
  combinable: true,
  needs: [],
  synonyms: SYNONYMS[service.slug] ?? [],
  fees: [],
  texts: { de: service.de, en: service.en },
}));

export function venue(id: number, locality: string, street: string, city: string, lat: number, lon: number): Venue {
  return {
    id,
    slug: `ort-${id}`,
    municipalityId: 1,
    name: 'Bürgerhaus',
    locality,
    street,
    postcode: '08393',
    city,
    at: { lat, lon },
    stepFree: true,
    access: { de: null, en: null },
    retired: false,
  };
}

export const VENUES: readonly Venue[] = [
  venue(1, 'Meerane', 'Lesegarten 1', 'Meerane', 50.8484, 12.4652),
  venue(2, 'Schönberg', 'Am Anger 2', 'Schönberg', 50.8676, 12.4909),
  venue(3, 'Köthel', 'Dorfstraße 18', 'Schönberg', 50.8762, 12.4784),
  venue(4, 'Seiferitz', 'Am Sportplatz 3', 'Meerane', 50.8383, 12.4704),
  venue(5, 'Pfaffroda', 'Am Sportplatz 1', 'Schönberg', 50.8617, 12.5144),
];

const INDEX = buildPlaceIndex(PLACES);

/** A picture of this office, with other venues or services if wanted. */
export function officeWith(changes: { venues?: readonly Venue[]; services?: readonly Service[] } = {}): Directory {
  const services = changes.services ?? SERVICES;
  return {
    municipalities: new Map(),
    venues: new Map((changes.venues ?? VENUES).map((one) => [one.id, one])),
    services,
    servicesById: new Map(services.map((service) => [service.id, service])),
    servicesBySlug: new Map(services.map((service) => [service.slug, service])),
    kits: new Map(),
    clerks: new Map(),
    places: INDEX,
    placesById: new Map(PLACES.map((place) => [place.id, place])),
  };
}

/** Everything a text means, in one line; '?' marks what is not certain. Choices and chips are left out. */
export function meaningOf(query: CallQuery): string {
  const { place, dates, minutes, reference } = query;
  const mark = (certain: boolean): string => (certain ? '' : '?');
  return [
    place && `in ${place.name}${place.detail === '' ? '' : ` (${place.detail})`}${mark(place.certain)}`,
    ...query.services.map(
      ({ service, persons, certain }) => `${persons > 1 ? `${persons}x ` : ''}${service.slug}${mark(certain)}`,
    ),
    dates && (dates.from === dates.to ? dates.from : `${dates.from} to ${dates.to}`),
    minutes && `${formatMinute(minutes.from)}-${formatMinute(minutes.to)}`,
    query.stepFree && 'without steps',
    reference && (reference.kind === 'ok' ? `reference ${reference.reference}` : 'mistyped reference'),
    query.name !== null && `name ${query.name}`,
    query.unknown.length > 0 && `unknown ${query.unknown.join(' ')}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' · ');
}

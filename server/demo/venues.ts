/*
 * The municipalities and venues of the demonstration. The places are real; venue names, streets, office addresses and
 * contacts are invented (`.example` addresses reach nobody).
 */

export type DemoMunicipalitySlug = 'meerane' | 'schoenberg';

export interface DemoMunicipality {
  readonly slug: DemoMunicipalitySlug;
  readonly name: string;
  /** Official key of the municipality (Amtlicher Gemeindeschlüssel), 8 digits. */
  readonly ags: string;
  readonly officeName: string;
  readonly contactEmail: string;
  readonly contactPhone: string;
  readonly postalAddress: string;
  /** Degrees, WGS 84. */
  readonly lat: number;
  /** Degrees, WGS 84. */
  readonly lon: number;
}

export const DEMO_MUNICIPALITIES: readonly DemoMunicipality[] = [
  {
    slug: 'meerane',
    name: 'Meerane',
    ags: '14524190',
    officeName: 'Stadt Meerane, Bürgerbüro',
    contactEmail: 'buergerkoffer@meerane.example',
    contactPhone: '115',
    postalAddress: 'Stadt Meerane, Bürgerbüro (Demonstration)\nMusterplatz 1\n08393 Meerane',
    lat: 50.84922,
    lon: 12.46398,
  },
  {
    slug: 'schoenberg',
    name: 'Schönberg',
    ags: '14524270',
    officeName: 'Stadt Meerane, Bürgerbüro, für die Gemeinde Schönberg',
    contactEmail: 'buergerkoffer@schoenberg.example',
    contactPhone: '115',
    postalAddress: 'Stadt Meerane, Bürgerbüro (Demonstration)\nMusterplatz 1\n08393 Meerane',
    lat: 50.8672,
    lon: 12.49154,
  },
];

export interface DemoVenue {
  readonly slug: string;
  readonly municipality: DemoMunicipalitySlug;
  readonly name: string;
  /** The place or Ortsteil people say it is in. */
  readonly locality: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  /** Degrees, WGS 84. */
  readonly lat: number;
  /** Degrees, WGS 84. */
  readonly lon: number;
  readonly stepFree: boolean;
  /** The way in, in words; does not repeat that it is step-free. */
  readonly accessDe: string;
  readonly accessEn: string;
}

const IN_MEERANE = { municipality: 'meerane', postcode: '08393', city: 'Meerane' } as const;
const IN_SCHOENBERG = { municipality: 'schoenberg', postcode: '08393', city: 'Schönberg' } as const;

/** Coordinates: those of the place (see placesData.ts), moved by at most a few hundred metres. */
export const DEMO_VENUES: readonly DemoVenue[] = [
  {
    ...IN_MEERANE,
    slug: 'meerane-stadtbibliothek',
    name: 'Stadtbibliothek',
    locality: 'Meerane',
    street: 'Lesegarten 1',
    lat: 50.8484,
    lon: 12.4652,
    stepFree: true,
    accessDe: 'Lesesaal im Erdgeschoss, Parkplätze hinter dem Haus',
    accessEn: 'reading room on the ground floor, parking behind the building',
  },
  {
    ...IN_MEERANE,
    slug: 'meerane-buergertreff-west',
    name: 'Bürgertreff West',
    locality: 'Meerane',
    street: 'Webergarten 11',
    lat: 50.8503,
    lon: 12.4561,
    stepFree: true,
    accessDe: 'Eingang vom Hof, Rampe links neben der Treppe',
    accessEn: 'entrance from the courtyard, ramp to the left of the stairs',
  },
  {
    ...IN_MEERANE,
    slug: 'meerane-seniorenzentrum-lindenhof',
    name: 'Seniorenzentrum Lindenhof',
    locality: 'Meerane',
    street: 'Lindenhof 6',
    lat: 50.8521,
    lon: 12.4697,
    stepFree: true,
    accessDe: 'Gemeinschaftsraum im Erdgeschoss, bitte am Empfang melden',
    accessEn: 'common room on the ground floor, please ask at the reception',
  },
  {
    ...IN_MEERANE,
    slug: 'seiferitz-vereinshaus',
    name: 'Vereinshaus',
    locality: 'Seiferitz',
    street: 'Am Sportplatz 3',
    lat: 50.8383,
    lon: 12.4704,
    stepFree: true,
    accessDe: 'Parkplätze am Haus',
    accessEn: 'parking at the building',
  },
  {
    ...IN_MEERANE,
    slug: 'waldsachsen-alte-schule',
    name: 'Alte Schule',
    locality: 'Waldsachsen',
    street: 'Schulberg 2',
    lat: 50.8365,
    lon: 12.4315,
    stepFree: false,
    accessDe: 'eine Stufe am Eingang, tragbare Rampe vorhanden: bitte klingeln',
    accessEn: 'one step at the entrance, portable ramp available: please ring the bell',
  },
  {
    ...IN_MEERANE,
    slug: 'crotenlaide-feuerwehrhaus',
    name: 'Feuerwehrhaus',
    locality: 'Crotenlaide',
    street: 'Zum Wiesengrund 7',
    lat: 50.8654,
    lon: 12.4556,
    stepFree: true,
    accessDe: 'Eingang neben dem großen Tor',
    accessEn: 'entrance beside the large gate',
  },
  {
    ...IN_MEERANE,
    slug: 'dittrich-gemeinderaum',
    name: 'Gemeinderaum',
    locality: 'Dittrich',
    street: 'Am Dorfteich 4',
    lat: 50.8528,
    lon: 12.508,
    stepFree: true,
    accessDe: 'kleiner Raum im Erdgeschoss, Bank zum Warten vor der Tür',
    accessEn: 'small room on the ground floor, bench for waiting outside the door',
  },
  {
    ...IN_SCHOENBERG,
    slug: 'schoenberg-gemeindeamt',
    name: 'Gemeindeamt',
    locality: 'Schönberg',
    street: 'Am Anger 2',
    lat: 50.8676,
    lon: 12.4909,
    stepFree: true,
    accessDe: 'Sitzungszimmer im Erdgeschoss, Parkplatz am Haus',
    accessEn: 'meeting room on the ground floor, parking at the building',
  },
  {
    ...IN_SCHOENBERG,
    slug: 'koethel-feuerwehrhaus',
    name: 'Feuerwehrhaus',
    locality: 'Köthel',
    street: 'Dorfstraße 18',
    lat: 50.8762,
    lon: 12.4784,
    stepFree: true,
    accessDe: 'Schulungsraum, Eingang an der Seite',
    accessEn: 'training room, entrance at the side',
  },
  {
    ...IN_SCHOENBERG,
    slug: 'tettau-dorfgemeinschaftshaus',
    name: 'Dorfgemeinschaftshaus',
    locality: 'Tettau',
    street: 'Zur Mühle 5',
    lat: 50.8841,
    lon: 12.5007,
    stepFree: true,
    accessDe: 'Parkplatz und Bushaltestelle vor dem Haus',
    accessEn: 'parking and bus stop in front of the building',
  },
  {
    ...IN_SCHOENBERG,
    slug: 'pfaffroda-buergerhaus',
    name: 'Bürgerhaus',
    locality: 'Pfaffroda',
    street: 'Am Teich 1',
    lat: 50.8617,
    lon: 12.5144,
    stepFree: false,
    accessDe: 'zwei Stufen am Eingang, Geländer rechts',
    accessEn: 'two steps at the entrance, handrail on the right',
  },
];

import { z } from 'zod';
import type { Coordinates } from '../../domain/geo.ts';
import { clockTime } from '../../web/format.ts';
import {
  degrees,
  line,
  lineOrNull,
  mailOrNull,
  neededLine,
  phoneOrNull,
  slugOf,
  spans,
  spreadPosition,
  yesNo,
  yesNoUnknown,
  type TypedSpan,
} from './listFields.ts';

/** The fields of a venue: as texts in its form and in the columns of a CSV file, and the values they mean. */

/** Names of the fields for Monday to Sunday. */
export const WEEKDAY_FIELDS = ['mo', 'di', 'mi', 'do', 'fr', 'sa', 'so'] as const;

/** All fields but the municipality, in the order of form and CSV file. */
export const VENUE_FIELDS = [
  'name',
  'ort',
  'strasse',
  'plz',
  'stadt',
  'breite',
  'laenge',
  'stufenfrei',
  'zugang',
  'zugang_en',
  'steckdose',
  'tisch',
  'funknetz',
  'hinweis',
  ...WEEKDAY_FIELDS,
  'kontakt_name',
  'kontakt_telefon',
  'kontakt_mail',
] as const;

export type VenueField = (typeof VENUE_FIELDS)[number];

/** A span of one weekday; 1 = Monday to 7 = Sunday. */
export interface OpeningWindow extends TypedSpan {
  weekday: number;
}

export interface VenueValues {
  name: string;
  locality: string;
  street: string;
  postcode: string;
  city: string;
  at: Coordinates;
  stepFree: boolean;
  accessDe: string | null;
  accessEn: string | null;
  /** Null: not known. */
  hasSocket: boolean | null;
  hasTable: boolean | null;
  hasSignal: boolean | null;
  checklistNote: string | null;
  /** By weekday and time; none: not known when it is open. */
  windows: readonly OpeningWindow[];
  contactName: string | null;
  contactPhone: string | null;
  contactEmail: string | null;
}

/** Texts of the fields → values. Use with `parseForm`; messages are keys below `data.errors` and `venues.errors`. */
export const venueSchema = z
  .preprocess(
    spreadPosition,
    z.object({
      name: neededLine(160, 'venues.errors.name'),
      ort: neededLine(120, 'venues.errors.locality'),
      strasse: neededLine(160, 'venues.errors.street'),
      plz: line(10).refine((value) => /^\d{5}$/.test(value), { message: 'venues.errors.postcode' }),
      stadt: neededLine(120, 'venues.errors.city'),
      breite: degrees('lat'),
      laenge: degrees('lon'),
      stufenfrei: yesNo('venues.errors.stepFree'),
      zugang: lineOrNull(300),
      zugang_en: lineOrNull(300),
      steckdose: yesNoUnknown(),
      tisch: yesNoUnknown(),
      funknetz: yesNoUnknown(),
      hinweis: lineOrNull(500),
      mo: spans(),
      di: spans(),
      mi: spans(),
      do: spans(),
      fr: spans(),
      sa: spans(),
      so: spans(),
      kontakt_name: lineOrNull(120),
      kontakt_telefon: phoneOrNull(),
      kontakt_mail: mailOrNull(),
    }),
  )
  .transform((fields): VenueValues => ({
    name: fields.name,
    locality: fields.ort,
    street: fields.strasse,
    postcode: fields.plz,
    city: fields.stadt,
    at: { lat: fields.breite, lon: fields.laenge },
    stepFree: fields.stufenfrei,
    accessDe: fields.zugang,
    accessEn: fields.zugang_en,
    hasSocket: fields.steckdose,
    hasTable: fields.tisch,
    hasSignal: fields.funknetz,
    checklistNote: fields.hinweis,
    windows: WEEKDAY_FIELDS.flatMap((field, index) => fields[field].map((span) => ({ weekday: index + 1, ...span }))),
    contactName: fields.kontakt_name,
    contactPhone: fields.kontakt_telefon,
    contactEmail: fields.kontakt_mail,
  }));

/** "50,84922": as people here write it, and as the form reads it. */
export function degreesText(value: number): string {
  return String(value).replace('.', ',');
}

/** "8:00–12:00, 13:00–17:30"; nothing for a day without. */
export function spansText(windows: readonly TypedSpan[]): string {
  return windows.map(({ fromMinute, toMinute }) => `${clockTime(fromMinute)}–${clockTime(toMinute)}`).join(', ');
}

function answerText(value: boolean | null): string {
  return value === null ? '' : value ? 'ja' : 'nein';
}

/** Values → texts: `venueSchema` reads them back as the same values. */
export function venueTexts(values: VenueValues): Record<VenueField, string> {
  const days = Object.fromEntries(
    WEEKDAY_FIELDS.map((field, index) => [
      field,
      spansText(values.windows.filter(({ weekday }) => weekday === index + 1)),
    ]),
  ) as Record<(typeof WEEKDAY_FIELDS)[number], string>;
  return {
    name: values.name,
    ort: values.locality,
    strasse: values.street,
    plz: values.postcode,
    stadt: values.city,
    breite: degreesText(values.at.lat),
    laenge: degreesText(values.at.lon),
    stufenfrei: answerText(values.stepFree),
    zugang: values.accessDe ?? '',
    zugang_en: values.accessEn ?? '',
    steckdose: answerText(values.hasSocket),
    tisch: answerText(values.hasTable),
    funknetz: answerText(values.hasSignal),
    hinweis: values.checklistNote ?? '',
    ...days,
    kontakt_name: values.contactName ?? '',
    kontakt_telefon: values.contactPhone ?? '',
    kontakt_mail: values.contactEmail ?? '',
  };
}

/** Beginning of the address of a venue's public page; where it is taken, the repository puts a number behind it. */
export function venueSlug(values: Pick<VenueValues, 'locality' | 'name'>): string {
  return slugOf(`${values.locality} ${values.name}`, 90);
}

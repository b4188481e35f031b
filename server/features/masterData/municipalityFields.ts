import { z } from 'zod';
import type { Translate } from '../../web/locale.ts';
import {
  degrees,
  line,
  lines,
  mailOrNull,
  neededLine,
  phoneOrNull,
  spreadPosition,
  tick,
  wholeNumber,
} from './listFields.ts';
import type { MunicipalityValues } from './ports.ts';
import { degreesText } from './venueFields.ts';

/** The fields of a municipality: texts of its form, the values they mean, and the bounds of its settings. */

/** Federal states as in ISO 3166-2:DE, by the first two digits of the official key. */
export const STATES: Readonly<Record<string, string>> = {
  '01': 'SH',
  '02': 'HH',
  '03': 'NI',
  '04': 'HB',
  '05': 'NW',
  '06': 'HE',
  '07': 'RP',
  '08': 'BW',
  '09': 'BY',
  '10': 'SL',
  '11': 'BE',
  '12': 'BB',
  '13': 'MV',
  '14': 'SN',
  '15': 'ST',
  '16': 'TH',
};

export type SettingField =
  | 'haltezeit'
  | 'verlaengerungen'
  | 'vorlauf'
  | 'vorlauf_115'
  | 'anteil_115'
  | 'anteil_115_bis'
  | 'horizont'
  | 'offene_termine'
  | 'freigabe_ab'
  | 'freigabe_bis'
  | 'loeschfrist'
  | 'aufbau'
  | 'abbau'
  | 'arbeitstag'
  | 'pause_nach'
  | 'pause'
  | 'bestaetigung'
  | 'erinnerung'
  | 'besuchsfenster';

export interface Setting {
  field: SettingField;
  key: NumericKey;
  /** Inclusive; the database has the same bounds or wider ones. */
  min: number;
  max: number;
  initial: number;
  group: 'booking' | 'hotline' | 'work' | 'later';
}

type NumericKey = {
  [Key in keyof MunicipalityValues]: MunicipalityValues[Key] extends number ? Key : never;
}[keyof MunicipalityValues];

function setting(
  group: Setting['group'],
  field: SettingField,
  key: NumericKey,
  [min, max]: readonly [number, number],
  initial: number,
): Setting {
  return { field, key, min, max, initial, group };
}

/** `later`: stored already, in use once messages and home visits are. */
export const SETTINGS: readonly Setting[] = [
  setting('booking', 'haltezeit', 'holdMinutes', [1, 120], 10),
  setting('booking', 'verlaengerungen', 'holdExtensions', [10, 99], 12),
  setting('booking', 'vorlauf', 'leadMinutes', [0, 20160], 120),
  setting('booking', 'horizont', 'horizonDays', [1, 400], 60),
  setting('booking', 'offene_termine', 'maxOpenPerContact', [1, 50], 3),
  setting('booking', 'freigabe_ab', 'reopenMinMinutes', [0, 1440], 1),
  setting('booking', 'freigabe_bis', 'reopenMaxMinutes', [0, 1440], 30),
  setting('booking', 'loeschfrist', 'retentionHours', [0, 8760], 24),
  setting('hotline', 'vorlauf_115', 'hotlineLeadMinutes', [0, 20160], 0),
  setting('hotline', 'anteil_115', 'hotlineSharePercent', [0, 100], 0),
  setting('hotline', 'anteil_115_bis', 'hotlineShareDays', [0, 400], 0),
  setting('work', 'aufbau', 'setUpMinutes', [0, 240], 20),
  setting('work', 'abbau', 'tearDownMinutes', [0, 240], 15),
  setting('work', 'arbeitstag', 'maxWorkingMinutes', [60, 600], 600),
  setting('work', 'pause_nach', 'breakAfterMinutes', [60, 360], 360),
  setting('work', 'pause', 'breakMinutes', [30, 120], 30),
  setting('later', 'bestaetigung', 'confirmationMinutes', [5, 2880], 60),
  setting('later', 'erinnerung', 'reminderHours', [1, 168], 24),
  setting('later', 'besuchsfenster', 'homeWindowMinutes', [15, 480], 90),
];

const settingFields = Object.fromEntries(
  SETTINGS.map(({ field, min, max }) => [field, wholeNumber(min, max)]),
) as Record<SettingField, ReturnType<typeof wholeNumber>>;

export const municipalitySchema = z
  .preprocess(
    spreadPosition,
    z
      .object({
        name: neededLine(120, 'municipalities.errors.name'),
        amt: neededLine(160, 'municipalities.errors.amt'),
        ags: line(20)
          .transform((value) => value.replace(/ /g, ''))
          .refine((value) => /^\d{8}$/.test(value), { message: 'municipalities.errors.agsForm' })
          .refine((value) => !/^\d{8}$/.test(value) || STATES[value.slice(0, 2)] !== undefined, {
            message: 'municipalities.errors.agsState',
          }),
        mail: mailOrNull(),
        telefon: phoneOrNull(),
        anschrift: lines(500).refine((value) => value !== '', { message: 'municipalities.errors.anschrift' }),
        breite: degrees('lat'),
        laenge: degrees('lon'),
        impressum: lines(4000),
        land: line(2).refine((value) => Object.values(STATES).includes(value), {
          message: 'municipalities.errors.land',
        }),
        karte: tick(),
      })
      .extend(settingFields),
  )
  .transform((fields): MunicipalityValues => {
    return {
      name: fields.name,
      officeName: fields.amt,
      ags: fields.ags,
      contactEmail: fields.mail,
      contactPhone: fields.telefon,
      postalAddress: fields.anschrift,
      at: { lat: fields.breite, lon: fields.laenge },
      imprint: fields.impressum,
      holidayRegion: fields.land,
      cardOnly: fields.karte,
      ...(Object.fromEntries(SETTINGS.map(({ field, key }) => [key, fields[field]])) as Record<NumericKey, number>),
    };
  })
  .superRefine((values, context) => {
    if (values.reopenMaxMinutes < values.reopenMinMinutes) {
      context.addIssue({ code: 'custom', path: ['freigabe_bis'], message: 'municipalities.errors.reopen' });
    }
    if (values.hotlineLeadMinutes > values.leadMinutes) {
      context.addIssue({ code: 'custom', path: ['vorlauf_115'], message: 'municipalities.errors.hotlineLead' });
    }
  });

/** Values → texts: `municipalitySchema` reads them back as the same values. */
export function municipalityTexts(values: MunicipalityValues): Record<string, string> {
  return {
    name: values.name,
    amt: values.officeName,
    ags: values.ags,
    mail: values.contactEmail ?? '',
    telefon: values.contactPhone ?? '',
    anschrift: values.postalAddress,
    breite: degreesText(values.at.lat),
    laenge: degreesText(values.at.lon),
    impressum: values.imprint,
    land: values.holidayRegion,
    karte: values.cardOnly ? '1' : '',
    ...Object.fromEntries(SETTINGS.map(({ field, key }) => [field, String(values[key])])),
  };
}

/** What the form for a new municipality begins with. */
export const NEW_MUNICIPALITY: Readonly<Record<string, string>> = {
  land: 'SN',
  karte: '1',
  ...Object.fromEntries(SETTINGS.map(({ field, initial }) => [field, String(initial)])),
};

/** A municipality as the history shows it, in German. */
export function municipalityPicture(values: MunicipalityValues, german: Translate): Record<string, string | null> {
  return {
    name: values.name,
    officeName: values.officeName,
    ags: values.ags,
    contactEmail: values.contactEmail,
    contactPhone: values.contactPhone,
    postalAddress: values.postalAddress,
    position: `${degreesText(values.at.lat)} ${degreesText(values.at.lon)}`,
    imprint: values.imprint,
    holidayRegion: german(`municipalities.state.${values.holidayRegion}`),
    cardOnly: values.cardOnly ? german('data.yes') : german('data.no'),
    ...Object.fromEntries(SETTINGS.map(({ key }) => [key, String(values[key])])),
  };
}

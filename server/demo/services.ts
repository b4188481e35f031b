import { FREQUENT_SERVICES } from './frequentServices.ts';
import { FURTHER_SERVICES } from './furtherServices.ts';
import type { DemoService } from './serviceParts.ts';

/*
 * The services of the demonstration: texts, documents to bring, durations, fees and needed equipment.
 *
 * Sources: the public service export of Munich (it-at-m/eappointment, 2026) for documents, LeiKa keys and durations in
 * the office; meerane.de/einwohnermeldewesen.html for registering and deregistering; PAuswGebV § 1, PassV § 15 and
 * JVKostG for fees. Minutes at a stop and at home are estimates. A LeiKa key is given only where a source had one.
 * Fees, keys and who may be represented need to be confirmed by the municipality before anybody relies on them.
 */

/** In the order of lists: what is asked for most comes first. */
export const DEMO_SERVICES: readonly DemoService[] = [...FREQUENT_SERVICES, ...FURTHER_SERVICES];

/** Paper forms that a clerk takes along, by the slug of the service; the names are examples. */
export const DEMO_FORMS: Readonly<Record<string, readonly string[]>> = {
  personalausweis: ['Zustimmung der Sorgeberechtigten'],
  reisepass: ['Zustimmung der Sorgeberechtigten'],
  'vorlaeufiger-personalausweis': ['Zustimmung der Sorgeberechtigten'],
  'vorlaeufiger-reisepass': ['Zustimmung der Sorgeberechtigten'],
  'wohnsitz-anmelden': ['Meldeschein Anmeldung', 'Wohnungsgeberbestätigung'],
  'wohnsitz-abmelden': ['Meldeschein Abmeldung'],
  'ausweis-abholung': ['Vollmacht zur Abholung'],
  lebensbescheinigung: ['Lebensbescheinigung'],
  'verlust-ausweis': ['Verlustanzeige Ausweisdokument'],
  'befreiung-ausweispflicht': ['Antrag auf Befreiung von der Ausweispflicht'],
};

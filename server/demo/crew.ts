import { DEMO_CAPABILITIES, type DemoCapability } from './serviceParts.ts';
import { DEMO_SERVICES } from './services.ts';

/*
 * The kits and clerks of the demonstration; all names are invented. One kit can do everything, the other one has no
 * equipment for new identity documents, so that "not possible here" can be seen. Both belong to Meerane, which also
 * administers Schönberg.
 */

export interface DemoKit {
  readonly name: string;
  readonly capabilities: readonly DemoCapability[];
}

/** Where both kits are kept. Degrees, WGS 84. */
export const DEMO_DEPOT = { name: 'Rathaus Meerane', lat: 50.84922, lon: 12.46398 } as const;

const FOR_NEW_DOCUMENTS: readonly DemoCapability[] = [
  'fingerprint_scanner',
  'camera',
  'signature_pad',
  'provisional_printer',
];

export const DEMO_KITS: readonly [DemoKit, DemoKit] = [
  { name: 'Koffer Meerane 1', capabilities: DEMO_CAPABILITIES },
  {
    name: 'Koffer Meerane 2',
    capabilities: DEMO_CAPABILITIES.filter((capability) => !FOR_NEW_DOCUMENTS.includes(capability)),
  },
];

export interface DemoClerk {
  readonly name: string;
  /** Slugs of services. */
  readonly qualifiedFor: readonly string[];
}

const EVERYTHING = DEMO_SERVICES.map((service) => service.slug);
const NO_PASSPORTS = EVERYTHING.filter((slug) => !slug.endsWith('reisepass'));
const NO_IDENTITY = DEMO_SERVICES.filter((service) => service.category !== 'identity').map((service) => service.slug);

export const DEMO_CLERKS: readonly [DemoClerk, DemoClerk, DemoClerk, DemoClerk] = [
  { name: 'Anna Winter', qualifiedFor: EVERYTHING },
  { name: 'Bernd Sommer', qualifiedFor: EVERYTHING },
  { name: 'Clara Herbst', qualifiedFor: NO_PASSPORTS },
  { name: 'David Lenz', qualifiedFor: NO_IDENTITY },
];

/** What the services of the demonstration are made of, and what several of them have in common. */

/** What a kit can have and a service can need. */
export const DEMO_CAPABILITIES = [
  'fingerprint_scanner',
  'camera',
  'signature_pad',
  'document_scanner',
  'mobile_network',
  'card_terminal',
  'provisional_printer',
  'change_terminal',
  'address_label_printer',
  'printer',
  'seal',
] as const;

export type DemoCapability = (typeof DEMO_CAPABILITIES)[number];

export interface DemoServiceText {
  readonly name: string;
  /** What the fee depends on and what can be added to it; never the fee itself. */
  readonly feeNote: string | null;
  readonly note: string | null;
  /** Completes "Please bring …". */
  readonly documents: readonly string[];
}

export interface DemoService {
  readonly slug: string;
  /** Key of the service catalogue of the German administration, 14 digits; null where no source had one. */
  readonly leikaKey: string | null;
  readonly category: 'identity' | 'residence' | 'certificates';
  /** Minutes per person at a public stop. */
  readonly minutes: number;
  /** Minutes per person at home, without travel; null: not at home. */
  readonly homeMinutes: number | null;
  /** Whether the person concerned has to come. */
  readonly inPerson: boolean;
  readonly needs: readonly DemoCapability[];
  readonly fee: {
    /** Local date, inclusive. */
    readonly validFrom: string;
    /** Per person in cents; null: set by the municipal statute. */
    readonly cents: number | null;
    readonly legalBasis: string;
  };
  readonly de: DemoServiceText;
  readonly en: DemoServiceText;
}

export const APPLICATION: readonly DemoCapability[] = [
  'fingerprint_scanner',
  'camera',
  'signature_pad',
  'document_scanner',
  'mobile_network',
  'card_terminal',
];
export const PROVISIONAL: readonly DemoCapability[] = [
  'provisional_printer',
  'camera',
  'card_terminal',
  'mobile_network',
];

export const PHOTO_CODE_DE = 'wenn Sie schon ein Foto haben: den Code vom Fotogeschäft oder Drogeriemarkt';
export const PHOTO_CODE_EN = 'if you already have a photo: the code from the photo shop or chemist';
export const PHOTO_FEE_DE = 'Auf Wunsch machen wir Ihr Foto vor Ort, das kostet 6,00\u00a0€.';
export const PHOTO_FEE_EN = 'If you like, we take your photo on the spot for €6.00.';
export const ID_DE = 'Ihren Personalausweis oder Reisepass';
export const ID_EN = 'your identity card or passport';
export const FREE = 'keine Gebühr vorgesehen';
export const STATUTE = 'Kostensatzung der Kommune';

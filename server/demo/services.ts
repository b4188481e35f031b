/*
 * The services of the demonstration: texts, documents to bring, durations, fees and needed equipment.
 *
 * Sources: the public service export of Munich (it-at-m/eappointment, 2026) for documents, LeiKa keys and durations in
 * the office; meerane.de/einwohnermeldewesen.html for registering and deregistering; PAuswGebV § 1, PassV § 15 and
 * JVKostG for fees. Minutes at a stop and at home are estimates. A LeiKa key is given only where a source had one.
 * Fees, keys and who may be represented need to be confirmed by the municipality before anybody relies on them.
 */

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

const APPLICATION: readonly DemoCapability[] = [
  'fingerprint_scanner',
  'camera',
  'signature_pad',
  'document_scanner',
  'mobile_network',
  'card_terminal',
];
const PROVISIONAL: readonly DemoCapability[] = ['provisional_printer', 'camera', 'card_terminal', 'mobile_network'];

const PHOTO_CODE_DE = 'wenn Sie schon ein Foto haben: den Code vom Fotogeschäft oder Drogeriemarkt';
const PHOTO_CODE_EN = 'if you already have a photo: the code from the photo shop or chemist';
const PHOTO_FEE_DE = 'Auf Wunsch machen wir Ihr Foto vor Ort, das kostet 6,00\u00a0€.';
const PHOTO_FEE_EN = 'If you like, we take your photo on the spot for €6.00.';
const ID_DE = 'Ihren Personalausweis oder Reisepass';
const ID_EN = 'your identity card or passport';
const FREE = 'keine Gebühr vorgesehen';
const STATUTE = 'Kostensatzung der Kommune';

/** In the order of lists: what is asked for most comes first. */
export const DEMO_SERVICES: readonly DemoService[] = [
  {
    slug: 'personalausweis',
    leikaKey: '99008001012000',
    category: 'identity',
    minutes: 20,
    homeMinutes: 45,
    inPerson: true,
    needs: APPLICATION,
    fee: { validFrom: '2026-02-07', cents: 4600, legalBasis: 'PAuswGebV § 1' },
    de: {
      name: 'Personalausweis beantragen',
      feeNote: `Unter 24 Jahren kostet der Ausweis 27,60\u00a0€. ${PHOTO_FEE_DE} Zusendung nach Hause: 15,00\u00a0€ mehr. Bei geringem Einkommen kann die Gebühr ermäßigt werden.`,
      note: 'Der Ausweis ist nach einigen Wochen fertig. Sie können ihn bei einem späteren Besuch abholen.',
      documents: [
        'Ihren bisherigen Personalausweis oder Reisepass, bei Kindern auch den Kinderreisepass',
        'beim ersten Ausweis oder nach einer Namensänderung: die Geburts- oder Eheurkunde',
        PHOTO_CODE_DE,
        'unter 16 Jahren: die Zustimmung aller Sorgeberechtigten',
      ],
    },
    en: {
      name: 'Apply for an identity card',
      feeNote: `Under the age of 24 the card costs €27.60. ${PHOTO_FEE_EN} Delivery to your home: €15.00 extra. On a low income the fee can be reduced.`,
      note: 'The card is ready after a few weeks. You can collect it at a later visit.',
      documents: [
        'your current identity card or passport, for children also the child’s passport',
        'for a first card or after a change of name: the birth or marriage certificate',
        PHOTO_CODE_EN,
        'under the age of 16: the consent of everybody who has custody',
      ],
    },
  },
  {
    slug: 'reisepass',
    leikaKey: '99085001000000',
    category: 'identity',
    minutes: 20,
    homeMinutes: 45,
    inPerson: true,
    needs: APPLICATION,
    fee: { validFrom: '2026-01-01', cents: 7000, legalBasis: 'PassV § 15' },
    de: {
      name: 'Reisepass beantragen',
      feeNote: `Unter 24 Jahren kostet der Pass 37,50\u00a0€. Mit 48 Seiten 22,00\u00a0€ mehr, im Express-Verfahren 32,00\u00a0€ mehr. ${PHOTO_FEE_DE} Zusendung nach Hause (ab 18 Jahren, nicht im Express-Verfahren): 15,00\u00a0€ mehr.`,
      note: 'Der Pass ist nach einigen Wochen fertig. Wenn Sie bald verreisen, sagen Sie es uns bitte im Termin.',
      documents: [
        'Ihren bisherigen Reisepass oder Personalausweis',
        'beim ersten Pass oder nach einer Namensänderung: die Geburts- oder Eheurkunde',
        PHOTO_CODE_DE,
        'unter 18 Jahren: die Zustimmung aller Sorgeberechtigten',
      ],
    },
    en: {
      name: 'Apply for a passport',
      feeNote: `Under the age of 24 the passport costs €37.50. With 48 pages €22.00 extra, as an express passport €32.00 extra. ${PHOTO_FEE_EN} Delivery to your home (from the age of 18, not for express passports): €15.00 extra.`,
      note: 'The passport is ready after a few weeks. If you are travelling soon, please tell us at your appointment.',
      documents: [
        'your current passport or identity card',
        'for a first passport or after a change of name: the birth or marriage certificate',
        PHOTO_CODE_EN,
        'under the age of 18: the consent of everybody who has custody',
      ],
    },
  },
  {
    slug: 'wohnsitz-anmelden',
    leikaKey: '99115005104000',
    category: 'residence',
    minutes: 20,
    homeMinutes: 30,
    inPerson: false,
    needs: ['change_terminal', 'printer', 'document_scanner', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: FREE },
    de: {
      name: 'Wohnsitz anmelden oder ummelden',
      feeNote: null,
      note: 'Bitte melden Sie sich innerhalb von zwei Wochen nach dem Einzug. Eine Person kann die ganze Familie anmelden.',
      documents: [
        'die Personalausweise oder Reisepässe aller Personen, die einziehen',
        'die Bestätigung Ihrer Vermieterin oder Ihres Vermieters (Wohnungsgeberbestätigung)',
        'wenn Kinder mit einziehen: ihre Geburtsurkunden',
      ],
    },
    en: {
      name: 'Register or change your address',
      feeNote: null,
      note: 'Please register within two weeks of moving in. One person can register the whole family.',
      documents: [
        'the identity cards or passports of everybody who moves in',
        'the confirmation from your landlord (Wohnungsgeberbestätigung)',
        'if children move in with you: their birth certificates',
      ],
    },
  },
  {
    slug: 'ausweis-abholung',
    leikaKey: null,
    category: 'identity',
    minutes: 10,
    homeMinutes: 20,
    inPerson: false,
    needs: ['change_terminal', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: 'mit der Gebühr des Antrags bezahlt' },
    de: {
      name: 'Ausweis oder Pass abholen',
      feeNote: null,
      note: 'Ihr Dokument muss fertig sein. Damit wir es mitnehmen, buchen Sie bitte spätestens am Tag vorher.',
      documents: [
        'Ihren bisherigen Ausweis oder Pass, auch wenn er abgelaufen ist',
        'wenn Sie für jemand anderen kommen: die Vollmacht und Ihren eigenen Ausweis',
      ],
    },
    en: {
      name: 'Collect an identity card or passport',
      feeNote: null,
      note: 'Your document has to be ready. Please book at least one day ahead so that we can bring it along.',
      documents: [
        'your current identity card or passport, even if it has expired',
        'if you come for somebody else: their written authorisation and your own identity card',
      ],
    },
  },
  {
    slug: 'fuehrungszeugnis',
    leikaKey: '99049001001000',
    category: 'certificates',
    minutes: 10,
    homeMinutes: 25,
    inPerson: true,
    needs: ['printer', 'card_terminal', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 1300, legalBasis: 'JVKostG Anlage Nr. 1130' },
    de: {
      name: 'Führungszeugnis beantragen',
      feeNote:
        'Für ein Ehrenamt kann es kostenlos sein. Bringen Sie dafür bitte eine Bescheinigung der Einrichtung mit.',
      note: 'Das Führungszeugnis kommt mit der Post vom Bundesamt für Justiz.',
      documents: [
        ID_DE,
        'für ein erweitertes Führungszeugnis: das Schreiben der Stelle, die es verlangt',
        'für eine Behörde: ihre Anschrift und den Zweck',
      ],
    },
    en: {
      name: 'Apply for a certificate of conduct',
      feeNote: 'For voluntary work it may be free of charge. In that case please bring a letter from the organisation.',
      note: 'The certificate is sent to you by post by the Federal Office of Justice.',
      documents: [
        ID_EN,
        'for an extended certificate: the letter of the organisation that asks for it',
        'for a public authority: its address and the purpose',
      ],
    },
  },
  {
    slug: 'meldebescheinigung',
    leikaKey: '99115003000000',
    category: 'certificates',
    minutes: 10,
    homeMinutes: 20,
    inPerson: false,
    needs: ['printer', 'seal', 'card_terminal', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: null, legalBasis: STATUTE },
    de: {
      name: 'Meldebescheinigung',
      feeNote:
        'Die Gebühr steht in der Kostensatzung Ihrer Kommune. Für die Rente ist die Bescheinigung oft kostenlos.',
      note: 'Sie bekommen die Bescheinigung gleich mit.',
      documents: [ID_DE, 'wenn Sie für jemand anderen kommen: die Vollmacht'],
    },
    en: {
      name: 'Certificate of registration',
      feeNote: 'The fee is set by your municipality. For a pension the certificate is often free of charge.',
      note: 'You can take the certificate with you straight away.',
      documents: [ID_EN, 'if you come for somebody else: their written authorisation'],
    },
  },
  {
    slug: 'adressaenderung-ausweis',
    leikaKey: '99008001011001',
    category: 'residence',
    minutes: 10,
    homeMinutes: 20,
    inPerson: false,
    needs: ['change_terminal', 'address_label_printer', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: 'PAuswGebV § 1 Abs. 5' },
    de: {
      name: 'Adresse auf dem Ausweis ändern',
      feeNote: null,
      note: 'Ihr neuer Wohnsitz muss schon angemeldet sein.',
      documents: [
        'Ihren Personalausweis und, wenn Sie einen haben, Ihren Reisepass',
        'wenn Sie sie wissen: die PIN Ihres Online-Ausweises',
      ],
    },
    en: {
      name: 'Update the address on an identity card',
      feeNote: null,
      note: 'Your new address has to be registered already.',
      documents: [
        'your identity card and, if you have one, your passport',
        'if you know it: the PIN of your online ID',
      ],
    },
  },
  {
    slug: 'eid-pin',
    leikaKey: null,
    category: 'identity',
    minutes: 10,
    homeMinutes: 20,
    inPerson: true,
    needs: ['change_terminal', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: FREE },
    de: {
      name: 'Online-Ausweis einschalten oder PIN neu setzen',
      feeNote: null,
      note: 'Die neue PIN geben Sie selbst ein. Überlegen Sie sich vorher bitte sechs Ziffern.',
      documents: ['Ihren gültigen Personalausweis, Ihre eID-Karte oder Ihren elektronischen Aufenthaltstitel'],
    },
    en: {
      name: 'Activate online ID or reset the PIN',
      feeNote: null,
      note: 'You enter the new PIN yourself. Please think of six digits beforehand.',
      documents: ['your valid identity card, eID card or electronic residence permit'],
    },
  },
  {
    slug: 'beglaubigung',
    leikaKey: '99014002035000',
    category: 'certificates',
    minutes: 15,
    homeMinutes: 25,
    inPerson: false,
    needs: ['document_scanner', 'printer', 'seal', 'card_terminal'],
    fee: { validFrom: '2026-01-01', cents: null, legalBasis: STATUTE },
    de: {
      name: 'Kopie beglaubigen, bis zu fünf Dokumente',
      feeNote: 'Die Gebühr steht in der Kostensatzung Ihrer Kommune und gilt für jedes Dokument.',
      note: 'Geburts-, Ehe- und Sterbeurkunden beglaubigen wir nicht: Die stellt Ihnen das Standesamt neu aus.',
      documents: ['das Original', 'die Kopie, wenn Sie schon eine haben', ID_DE],
    },
    en: {
      name: 'Certify copies, up to five documents',
      feeNote: 'The fee is set by your municipality and is charged for each document.',
      note: 'We do not certify copies of birth, marriage and death certificates: the registry office issues new ones.',
      documents: ['the original', 'the copy, if you already have one', ID_EN],
    },
  },
  {
    slug: 'lebensbescheinigung',
    leikaKey: '99114032000000',
    category: 'certificates',
    minutes: 10,
    homeMinutes: 20,
    inPerson: true,
    needs: ['printer', 'seal'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: 'von der Kommune zu bestätigen' },
    de: {
      name: 'Lebensbescheinigung, zum Beispiel für die Rente',
      feeNote: null,
      note: 'Wir bestätigen auf dem Formular Ihrer Rentenstelle, dass Sie bei uns waren.',
      documents: [ID_DE, 'das Formular der Rentenstelle'],
    },
    en: {
      name: 'Certificate of life, for example for a pension',
      feeNote: null,
      note: 'We confirm on the form of your pension office that you came to see us.',
      documents: [ID_EN, 'the form of the pension office'],
    },
  },
  {
    slug: 'wohnsitz-abmelden',
    leikaKey: '99115005070000',
    category: 'residence',
    minutes: 10,
    homeMinutes: 20,
    inPerson: false,
    needs: ['printer', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: FREE },
    de: {
      name: 'Wohnsitz abmelden, bei Wegzug ins Ausland oder für eine Nebenwohnung',
      feeNote: null,
      note: 'Das geht frühestens eine Woche vor dem Auszug. Wenn Sie innerhalb Deutschlands umziehen, melden Sie sich nur am neuen Ort an.',
      documents: [ID_DE, 'die Bestätigung Ihrer Vermieterin oder Ihres Vermieters (Wohnungsgeberbestätigung)'],
    },
    en: {
      name: 'Deregister your address, when moving abroad or giving up a second home',
      feeNote: null,
      note: 'This is possible from one week before you move out. If you move within Germany, you only register at the new place.',
      documents: [ID_EN, 'the confirmation from your landlord (Wohnungsgeberbestätigung)'],
    },
  },
  {
    slug: 'vorlaeufiger-personalausweis',
    leikaKey: null,
    category: 'identity',
    minutes: 20,
    homeMinutes: 45,
    inPerson: true,
    needs: PROVISIONAL,
    fee: { validFrom: '2026-01-01', cents: 1000, legalBasis: 'PAuswGebV § 1 Abs. 2' },
    de: {
      name: 'Vorläufigen Personalausweis beantragen',
      feeNote: PHOTO_FEE_DE,
      note: 'Sie bekommen ihn gleich mit. Er gilt höchstens drei Monate.',
      documents: [
        'Ihren bisherigen Ausweis oder Pass; wenn er verloren ist, erklären Sie das vor Ort',
        'beim ersten Ausweis: die Geburtsurkunde',
        PHOTO_CODE_DE,
      ],
    },
    en: {
      name: 'Apply for a temporary identity card',
      feeNote: PHOTO_FEE_EN,
      note: 'You can take it with you straight away. It is valid for three months at most.',
      documents: [
        'your current identity card or passport; if it is lost, you declare that on the spot',
        'for a first card: the birth certificate',
        PHOTO_CODE_EN,
      ],
    },
  },
  {
    slug: 'vorlaeufiger-reisepass',
    leikaKey: '99085001012005',
    category: 'identity',
    minutes: 20,
    homeMinutes: null,
    inPerson: true,
    needs: PROVISIONAL,
    fee: { validFrom: '2026-01-01', cents: 2600, legalBasis: 'PassV § 15' },
    de: {
      name: 'Vorläufigen Reisepass beantragen',
      feeNote: PHOTO_FEE_DE,
      note: 'Nur wenn die Zeit auch für einen Express-Pass nicht mehr reicht. Manche Länder erkennen ihn nicht an.',
      documents: [
        'Ihren bisherigen Ausweis oder Pass',
        'einen Nachweis, dass es eilt, zum Beispiel die Buchung Ihrer Reise',
        PHOTO_CODE_DE,
      ],
    },
    en: {
      name: 'Apply for a temporary passport',
      feeNote: PHOTO_FEE_EN,
      note: 'Only if there is not even time for an express passport. Some countries do not accept it.',
      documents: [
        'your current identity card or passport',
        'proof that it is urgent, for example the booking of your journey',
        PHOTO_CODE_EN,
      ],
    },
  },
  {
    slug: 'verlust-ausweis',
    leikaKey: '99008001014002',
    category: 'identity',
    minutes: 15,
    homeMinutes: 25,
    inPerson: true,
    needs: ['printer', 'mobile_network'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: FREE },
    de: {
      name: 'Verlust oder Diebstahl eines Ausweises melden',
      feeNote: 'Ein neuer Ausweis oder Pass kostet extra.',
      note: 'Lassen Sie den Online-Ausweis bitte sofort sperren, rund um die Uhr: Sperr-Notruf 116\u00a0116.',
      documents: [
        'einen anderen Ausweis oder Pass oder die Geburtsurkunde',
        'wenn der Ausweis gestohlen wurde: die Anzeige bei der Polizei',
      ],
    },
    en: {
      name: 'Report a lost or stolen identity document',
      feeNote: 'A new identity card or passport costs extra.',
      note: 'Please have the online ID blocked at once, at any time of day: call 116\u00a0116.',
      documents: [
        'another identity card or passport, or the birth certificate',
        'if the document was stolen: the report to the police',
      ],
    },
  },
  {
    slug: 'befreiung-ausweispflicht',
    leikaKey: null,
    category: 'identity',
    minutes: 15,
    homeMinutes: 20,
    inPerson: false,
    needs: ['printer', 'seal'],
    fee: { validFrom: '2026-01-01', cents: 0, legalBasis: 'von der Kommune zu bestätigen' },
    de: {
      name: 'Befreiung von der Ausweispflicht',
      feeNote: null,
      note: 'Für Menschen, die dauerhaft zu Hause oder im Heim gepflegt werden (§\u00a01 Absatz\u00a03 Personalausweisgesetz). Dann brauchen sie keinen neuen Ausweis.',
      documents: [
        'den Antrag auf Befreiung',
        'eine Bescheinigung der Arztpraxis, des Pflegeheims oder des Pflegedienstes',
        'den abgelaufenen Ausweis',
        'wenn Sie für jemand anderen kommen: die Vollmacht oder den Betreuerausweis',
      ],
    },
    en: {
      name: 'Exemption from the duty to hold an identity card',
      feeNote: null,
      note: 'For people who are cared for permanently at home or in a care home (section\u00a01(3) of the Act on Identity Cards). They then need no new card.',
      documents: [
        'the application for exemption',
        'a certificate from the doctor, the care home or the care service',
        'the expired identity card',
        'if you come for somebody else: their written authorisation or your certificate of guardianship',
      ],
    },
  },
];

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

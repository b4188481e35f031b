import type { Directory, Municipality } from '../../domain/booking/office.ts';
import { DEFAULT_RULES } from '../../domain/booking/rules.ts';
import { pathsFor } from '../../paths.ts';
import { duration } from '../../web/format.ts';
import { translator, type Locale, type Parameters } from '../../web/locale.ts';

/** The texts of the info pages in the form the templates need: sections of paragraphs, lists and links. */

/** `apart`: it begins something new, such as the next step. */
export type Block = { kind: 'text'; text: string; apart: boolean } | { kind: 'list'; items: readonly string[] };

export interface InfoLink {
  href: string;
  label: string;
  /** It leads to another site. */
  away: boolean;
}

export interface Section {
  /** Also its id on the page. */
  id: string;
  title: string;
  blocks: readonly Block[];
  /** Lines of a postal address below the text. */
  address: readonly string[];
  links: readonly InfoLink[];
}

/** A municipality as the responsible office. */
export interface OfficeView {
  name: string;
  addressLines: readonly string[];
  phone: InfoLink | null;
  email: InfoLink | null;
}

export interface InfoPage {
  title: string;
  lead: string;
  /** Set larger and wider, for Leichte Sprache. */
  easy: boolean;
  /** The sections above and below the contact. */
  before: readonly Section[];
  contact: { title: string; offices: readonly OfficeView[] } | null;
  after: readonly Section[];
}

/** The supervisory authority (Art. 77 GDPR). Source: www.datenschutz.sachsen.de */
const DATA_PROTECTION_AUTHORITY = {
  address: ['Sächsische Datenschutz- und Transparenzbeauftragte', 'Postfach 11\u00A001\u00A032', '01330\u00A0Dresden'],
  phone: '+49\u00A0351\u00A085471-101',
  email: 'post@sdtb.sachsen.de',
  site: 'https://www.datenschutz.sachsen.de',
};

/** Where to turn when an office does not mend a barrier. Source: accessibility statements of sachsen.de */
const INCLUSION_OFFICER = {
  address: [
    'Sächsische Staatskanzlei',
    'Landesbeauftragter für Inklusion der Menschen mit Behinderungen',
    'Archivstraße\u00A01',
    '01097\u00A0Dresden',
  ],
  phone: '+49\u00A0351\u00A0564-10713',
  email: 'info.inklusionsbeauftragter@sk.sachsen.de',
};

/**
 * Reads the plain form in which texts stand in the locale files: each line is a paragraph, lines that begin with
 * "- " are a list, an empty line sets the next paragraph apart.
 */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let items: string[] | null = null;
  let apart = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('- ')) {
      if (items === null) {
        items = [];
        blocks.push({ kind: 'list', items });
      }
      items.push(line.slice(2));
    } else {
      items = null;
      if (line !== '') {
        blocks.push({ kind: 'text', text: line, apart });
      }
      apart = line === '';
    }
  }
  return blocks;
}

/** `tel:` with what a telephone dials: digits and a leading plus, without the "(0)" of international numbers. */
export function telephoneHref(phone: string): string {
  const dialled = phone.replace('(0)', '').replace(/[^\d+]/g, '');
  return `tel:${dialled.slice(0, 1)}${dialled.slice(1).replaceAll('+', '')}`;
}

function phoneLink(phone: string): InfoLink {
  return { href: telephoneHref(phone), label: phone, away: false };
}

function emailLink(email: string): InfoLink {
  return { href: `mailto:${email}`, label: email, away: false };
}

function presentOffice(municipality: Municipality): OfficeView {
  const { contactPhone, contactEmail, officeName, postalAddress } = municipality;
  const lines = postalAddress.split('\n').map((line) => line.trim().replace(/^(\d{5}) /, '$1\u00A0'));
  return {
    name: municipality.name,
    // With three lines and more the address names the office itself, above street and town.
    addressLines: lines.length >= 3 ? lines : [officeName, ...lines],
    phone: contactPhone === null ? null : phoneLink(contactPhone),
    email: contactEmail === null ? null : emailLink(contactEmail),
  };
}

function presentOffices(directory: Directory): OfficeView[] {
  return [...directory.municipalities.values()].map(presentOffice);
}

/** From the smallest to the largest value a rule has among the municipalities; the default where there is none. */
function rangeOf(directory: Directory, rule: 'retentionHours' | 'holdMinutes'): { from: number; to: number } {
  const values = [...directory.municipalities.values()].map(({ rules }) => rules[rule]);
  return values.length === 0
    ? { from: DEFAULT_RULES[rule], to: DEFAULT_RULES[rule] }
    : { from: Math.min(...values), to: Math.max(...values) };
}

function retentionWords(directory: Directory, locale: Locale): string {
  const t = translator(locale);
  const { from, to } = rangeOf(directory, 'retentionHours');
  return from === to ? t('info.hours', { count: from }) : t('info.hoursRange', { from, to });
}

function holdWords(directory: Directory, locale: Locale): string {
  const t = translator(locale);
  const { from, to } = rangeOf(directory, 'holdMinutes');
  return from === to ? duration(from, locale) : t('info.minutesRange', { from, to });
}

type Extras = Partial<Pick<Section, 'address' | 'links'>>;

function sectionMaker(locale: Locale, page: 'imprint' | 'privacy' | 'accessibility' | 'easy') {
  const t = translator(locale);
  return (id: string, parameters?: Parameters, extras: Extras = {}): Section => ({
    id,
    title: t(`info.${page}.${id}.title`),
    blocks: blocksOf(t(`info.${page}.${id}.text`, parameters)),
    address: extras.address ?? [],
    links: extras.links ?? [],
  });
}

/** What municipalities say of themselves, each in a section of its own. */
function ownImprints(directory: Directory, locale: Locale): Section[] {
  const t = translator(locale);
  return [...directory.municipalities.values()].flatMap(({ slug, name, imprint = '' }) =>
    imprint === ''
      ? []
      : [
          {
            id: `angaben-${slug}`,
            title: t('municipalities.imprintTitle', { name }),
            blocks: blocksOf(imprint),
            address: [],
            links: [],
          },
        ],
  );
}

/** Impressum (§ 5 DDG, § 18 MStV). */
export function presentImprint(directory: Directory, locale: Locale): InfoPage {
  const t = translator(locale);
  const section = sectionMaker(locale, 'imprint');
  return {
    title: t('info.imprint.title'),
    lead: t('info.imprint.lead'),
    easy: false,
    before: [],
    contact: { title: t('info.imprint.offices'), offices: presentOffices(directory) },
    after: [
      ...ownImprints(directory, locale),
      section('represented'),
      section('content'),
      section('software'),
      section('sources'),
    ],
  };
}

/** Information under Art. 13 GDPR. */
export function presentPrivacy(directory: Directory, locale: Locale): InfoPage {
  const t = translator(locale);
  const section = sectionMaker(locale, 'privacy');
  return {
    title: t('info.privacy.title'),
    lead: t('info.privacy.lead', { time: retentionWords(directory, locale) }),
    easy: false,
    before: [],
    contact: { title: t('info.privacy.offices'), offices: presentOffices(directory) },
    after: [
      section('officer'),
      section('purposes'),
      section('data'),
      section('recipients'),
      section('storage', { time: retentionWords(directory, locale), hold: holdWords(directory, locale) }),
      section('technology'),
      section('voluntary'),
      section('rights'),
      section('complaint', undefined, {
        address: DATA_PROTECTION_AUTHORITY.address,
        links: [
          phoneLink(DATA_PROTECTION_AUTHORITY.phone),
          emailLink(DATA_PROTECTION_AUTHORITY.email),
          { href: DATA_PROTECTION_AUTHORITY.site, label: 'www.datenschutz.sachsen.de', away: true },
        ],
      }),
    ],
  };
}

/** Accessibility statement (Directive (EU) 2016/2102, in Saxony BfWebG; BITV 2.0). */
export function presentAccessibility(directory: Directory, locale: Locale): InfoPage {
  const t = translator(locale);
  const p = pathsFor(locale);
  const section = sectionMaker(locale, 'accessibility');
  return {
    title: t('info.accessibility.title'),
    lead: t('info.accessibility.lead'),
    easy: false,
    before: [
      section('status'),
      section('works'),
      section('gaps'),
      section('venues', undefined, {
        links: [{ href: p.visits(), label: t('info.accessibility.venues.link'), away: false }],
      }),
      section('made'),
    ],
    contact: { title: t('info.accessibility.offices'), offices: presentOffices(directory) },
    after: [
      section('enforcement', undefined, {
        address: INCLUSION_OFFICER.address,
        links: [phoneLink(INCLUSION_OFFICER.phone), emailLink(INCLUSION_OFFICER.email)],
      }),
    ],
  };
}

/**
 * How to get an appointment, in Leichte Sprache (rules of the Netzwerk Leichte Sprache; DIN SPEC 33429): short
 * sentences, one statement a line, long words parted by a middle dot. English: easy English.
 */
export function presentEasyLanguage(directory: Directory, locale: Locale): InfoPage {
  const t = translator(locale);
  const p = pathsFor(locale);
  const section = sectionMaker(locale, 'easy');
  const municipalities = [...directory.municipalities.values()];
  const cardOnly = municipalities.length > 0 && municipalities.every((one) => one.cardOnly);
  const call: InfoLink = { href: 'tel:115', label: t('info.easy.call'), away: false };
  const toStart: InfoLink = { href: p.start(), label: t('info.easy.toStart'), away: false };
  const toAppointment: InfoLink = { href: p.lookup(), label: t('info.easy.toAppointment'), away: false };
  return {
    title: t('info.easy.title'),
    lead: t('info.easy.lead'),
    easy: true,
    before: [
      section('what'),
      section('appointment'),
      section('phone', undefined, { links: [call] }),
      section('online', { hold: holdWords(directory, locale) }, { links: [toStart] }),
      section('number'),
      section('bring'),
      section(cardOnly ? 'cardOnly' : 'money'),
      section('cancel', undefined, { links: [toAppointment, call] }),
      section('privacy', { time: retentionWords(directory, locale) }),
    ],
    contact: null,
    after: [],
  };
}

import { feeOn, type Directory, type Locale, type Municipality, type Venue } from '../../domain/booking/office.ts';
import { formatReference } from '../../domain/booking/reference.ts';
import type { LetterKind } from '../../domain/hotline/letters.ts';
import type { PlaceholderValues } from '../../domain/messages/placeholders.ts';
import { fillPieces, type TextPieces } from '../../domain/messages/texts.ts';
import { TICK_MINUTES, tickToMinute } from '../../domain/time.ts';
import { pathsFor } from '../../paths.ts';
import { duration, longDate, money, shortDate, timeOfDay } from '../../web/format.ts';
import { translator, type Translate } from '../../web/locale.ts';
import type { LetterLine, OpenLetter } from './ports.ts';
import { kindNow, textKindOf } from './texts.ts';
import { addressLines, recipientOf, returnLine, type RecipientView } from './addressField.ts';

const NBSP = '\u00A0';

export interface LetterFact {
  label: string;
  lines: string[];
  /** What has to be found at a glance. */
  strong: boolean;
}

/** A letter as it stands on paper, without the day it is printed on; in the language of who gets it. */
export interface LetterView {
  locale: Locale;
  kind: LetterKind;
  sender: string;
  office: string;
  returnLine: string;
  recipient: RecipientView;
  /** The block on the right. */
  info: { label: string; text: string }[];
  subject: string;
  salutation: string;
  intro: string[];
  facts: LetterFact[];
  bring: { title: string; items: string[] } | null;
  /** How to change it, or how to get another one. */
  change: { before: string; reference: string; after: string; more: string[] };
  /** What the municipality adds, as paragraphs. */
  note: string[];
  closing: string;
  signature: string;
  unsigned: string;
  foot: { title: string; lines: string[] }[];
}

/**
 * @param own what the municipality worded itself
 * @param origin under which citizens reach the office: scheme, host and port
 */
export function presentLetter(letter: OpenLetter, own: TextPieces, directory: Directory, origin: string): LetterView {
  const { locale } = letter;
  const t = translator(locale);
  const municipality = directory.municipalities.get(letter.municipalityId);
  const kind = kindNow(letter);
  const date = longDate(letter.date, locale);
  const time = timeOfDay(tickToMinute(letter.startTick), locale);
  const textKind = textKindOf(letter);
  const delivered = {
    subject: t(`messages.texts.${textKind}.subject`),
    intro: t(`messages.texts.${textKind}.intro`),
    note: null,
  };
  const pieces = fillPieces(delivered, own, valuesOf(letter, directory));
  const reference = formatReference(letter.reference).replaceAll(' ', NBSP);
  const name = [letter.firstName, letter.familyName].filter((part) => part !== null && part !== '').join(' ');
  const isOn = kind !== 'cancelled';
  const office = municipality?.officeName ?? '';
  const { costs, pays } = costsOf(letter, directory, t);
  const cardOnly = municipality?.cardOnly === true && pays;
  return {
    locale,
    kind,
    sender: t('letters.letter.sender', { place: municipality?.name ?? '' }).trim(),
    office,
    returnLine: returnLine(municipality),
    recipient: recipientOf(name, letter.address),
    info: infoOf(municipality, reference, t),
    subject: pieces.subject,
    salutation:
      letter.firstName === null || letter.firstName === ''
        ? t('letters.letter.hello')
        : t('letters.letter.helloName', { name }),
    intro: [...pieces.intro, ...(kind === 'moved' ? [t('letters.letter.onlyThis')] : [])],
    facts: [
      { label: t('letters.letter.when'), lines: [t('letters.letter.dateAndTime', { date, time })], strong: true },
      ...placeFacts(letter, directory, isOn, t),
      {
        label: t('letters.letter.services'),
        lines: letter.lines.map((line) => lineWords(line, locale, t)),
        strong: false,
      },
      ...(isOn
        ? [
            {
              label: t('letters.letter.duration'),
              lines: [t('letters.letter.about', { duration: duration(letter.ticks * TICK_MINUTES, locale) })],
              strong: false,
            },
            {
              label: t('letters.letter.costs'),
              lines: [cardOnly ? t('letters.letter.cardOnly', { costs }) : costs],
              strong: false,
            },
          ]
        : []),
    ],
    bring: isOn ? bringOf(letter, cardOnly, t) : null,
    change: changeOf(kind, reference, { origin, locale }, t),
    note: pieces.note,
    closing: t('letters.letter.closing'),
    signature: office,
    unsigned: t('letters.letter.unsigned'),
    foot: footOf(municipality, origin, t),
  };
}

function infoOf(municipality: Municipality | undefined, reference: string, t: Translate): LetterView['info'] {
  const line = (label: string, text: string | null | undefined) =>
    text === null || text === undefined || text === '' ? [] : [{ label, text }];
  return [
    { label: t('letters.letter.reference'), text: reference },
    ...line(t('letters.letter.phone'), municipality?.contactPhone),
    ...line(t('letters.letter.email'), municipality?.contactEmail),
  ];
}

/** What the placeholders of the texts stand for; what was before a move is not known here. */
function valuesOf(letter: OpenLetter, directory: Directory): PlaceholderValues {
  const { locale } = letter;
  const municipality = directory.municipalities.get(letter.municipalityId);
  const venue = letter.venueId === null ? undefined : directory.venues.get(letter.venueId);
  const phone = municipality?.contactPhone ?? '';
  return {
    vorname: letter.firstName ?? '',
    nachname: letter.familyName ?? '',
    datum: longDate(letter.date, locale),
    'datum-kurz': shortDate(letter.date, locale),
    uhrzeit: timeOfDay(tickToMinute(letter.startTick), locale),
    vorgangsnummer: formatReference(letter.reference).replaceAll(' ', NBSP),
    ...(venue === undefined ? {} : { ort: venue.locality, standort: venue.name, anschrift: streetOf(venue) }),
    ...(municipality === undefined ? {} : { amt: municipality.officeName }),
    ...(phone === '' ? {} : { telefon: phone }),
  };
}

function streetOf(venue: Venue): string {
  return `${keepLast(venue.street)}, ${venue.postcode}${NBSP}${venue.city}`;
}

function placeFacts({ venueId, locale }: OpenLetter, directory: Directory, isOn: boolean, t: Translate): LetterFact[] {
  const venue = venueId === null ? undefined : directory.venues.get(venueId);
  if (venue === undefined) return [];
  const note = venue.access[locale];
  const stepFree = venue.stepFree ? t('common.stepFree') : note === null ? t('common.notStepFree') : null;
  const access = [stepFree, note].filter((part) => part !== null && part !== '').join(', ');
  return [
    {
      label: t('letters.letter.where'),
      lines: [t('letters.letter.place', { locality: venue.locality, venue: venue.name }), streetOf(venue)],
      strong: false,
    },
    ...(isOn ? [{ label: t('letters.letter.access'), lines: [access], strong: false }] : []),
  ];
}

/** "Am Anger 2": the number stays with its street. */
function keepLast(street: string): string {
  return street.replace(/ (?=\S+$)/, NBSP);
}

function lineWords({ names, persons }: LetterLine, locale: Locale, t: Translate): string {
  return persons === 1 ? names[locale] : `${names[locale]} (${t('common.persons', { count: persons })})`;
}

/** As for the page of the appointment; what a service no longer offered cost when it was booked still counts. */
function costsOf(
  { lines, date, locale }: OpenLetter,
  directory: Directory,
  t: Translate,
): { costs: string; pays: boolean } {
  const known = lines.flatMap(({ serviceId, persons, feeCents }) => {
    const service = directory.servicesById.get(serviceId);
    const cents = service === undefined ? feeCents : (feeOn(service, date)?.cents ?? null);
    return [{ cents, persons }];
  });
  const cents = known.reduce((sum, line) => sum + (line.cents ?? 0) * line.persons, 0);
  const open = known.some((line) => line.cents === null);
  const costs = open
    ? cents === 0
      ? t('common.feeByStatute')
      : t('common.feeAndStatute', { amount: money(cents, locale) })
    : cents === 0
      ? t('common.free')
      : money(cents, locale);
  return { costs, pays: open || cents > 0 };
}

function bringOf({ lines, locale }: OpenLetter, cardOnly: boolean, t: Translate): LetterView['bring'] {
  const documents = lines.flatMap((line) => line.documents[locale]);
  const items = [...new Set(documents), ...(cardOnly ? [t('common.bringCard')] : [])];
  return items.length === 0 ? null : { title: t('letters.letter.bring'), items };
}

function changeOf(
  kind: LetterKind,
  reference: string,
  { origin, locale }: { origin: string; locale: Locale },
  t: Translate,
): LetterView['change'] {
  const host = new URL(origin).host;
  const p = pathsFor(locale);
  return kind === 'cancelled'
    ? {
        before: t('letters.letter.again'),
        reference: '',
        after: '',
        more: [t('letters.letter.againOnline', { address: host })],
      }
    : {
        before: t('letters.letter.change'),
        reference,
        after: t('letters.letter.changeAfter'),
        more: [t('letters.letter.changeOnline', { address: `${host}${p.lookup()}` })],
      };
}

function footOf(municipality: Municipality | undefined, origin: string, t: Translate): LetterView['foot'] {
  const contact = [municipality?.contactPhone, municipality?.contactEmail].filter(
    (part): part is string => part !== null && part !== undefined && part !== '',
  );
  return [
    { title: t('letters.letter.foot.address'), lines: addressLines(municipality) },
    { title: t('letters.letter.foot.contact'), lines: contact },
    { title: t('letters.letter.foot.web'), lines: [new URL(origin).host] },
  ].filter(({ lines }) => lines.length > 0);
}

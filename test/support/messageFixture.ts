import { expect } from 'chai';
import type { Directory, Locale, Municipality, Service, Venue } from '../../server/domain/booking/office.ts';
import { DEFAULT_RULES } from '../../server/domain/booking/rules.ts';
import type { MessageTime, OutgoingMessage, WrittenMail } from '../../server/domain/messages/message.ts';
import { NO_PIECES } from '../../server/domain/messages/texts.ts';
import { minuteToTick, minutesToTicks, tickToMinute, type Instant } from '../../server/domain/time.ts';
import type { MessageDeps } from '../../server/features/booking/messages/deps.ts';
import { writeMessage } from '../../server/features/booking/messages/writeMessage.ts';
import { OFFICE_ZONE } from './officeFixture.ts';

export const ORIGIN = 'https://koffertour.meerane.example';

function service(id: number, cents: number | null, texts: Readonly<Record<Locale, readonly string[]>>): Service {
  const words = (locale: Locale) => {
    const [name = '', ...documents] = texts[locale];
    return { name, documents, note: null, feeNote: null };
  };
  return {
    id,
    slug: `leistung-${id}`,
    category: 'identity',
    position: id,
    minutes: 15,
    maxPersons: 4,
    inPerson: true,
    combinable: true,
    needs: [],
    synonyms: [],
    fees: [{ validFrom: '2020-01-01', cents, legalBasis: '' }],
    texts: { de: words('de'), en: words('en') },
  };
}

export const ID_CARD = service(1, 4600, {
  de: ['Personalausweis beantragen', 'Ihr bisheriger Personalausweis oder Reisepass'],
  en: ['Apply for an identity card', 'your present identity card or passport'],
});
export const CERTIFICATE = service(2, 1300, {
  de: ['Führungszeugnis beantragen', 'Ihr bisheriger Personalausweis oder Reisepass'],
  en: ['Apply for a certificate of conduct', 'your present identity card or passport'],
});
export const FREE_SERVICE = service(3, 0, { de: ['Wohnung anmelden'], en: ['Register a residence'] });

export const SCHOENBERG: Venue = {
  id: 7,
  slug: 'schoenberg',
  municipalityId: 3,
  name: 'Gemeindeamt',
  locality: 'Schönberg',
  street: 'Am Anger 2',
  postcode: '08393',
  city: 'Schönberg',
  at: { lat: 50.8631, lon: 12.5151 },
  stepFree: true,
  access: { de: 'Parkplatz am Haus', en: 'parking at the house' },
  retired: false,
};
export const KOETHEL: Venue = {
  ...SCHOENBERG,
  id: 8,
  slug: 'koethel',
  name: 'Feuerwehrhaus',
  locality: 'Köthel',
  street: 'Dorfstraße 18',
  stepFree: false,
  access: { de: 'zwei Stufen am Eingang', en: 'two steps at the entrance' },
};

export const MEERANE: Municipality = {
  id: 3,
  slug: 'meerane',
  name: 'Meerane',
  officeName: 'Stadt Meerane, Bürgerbüro',
  contactEmail: 'buergerbuero@meerane.example',
  contactPhone: '03764 540',
  postalAddress: 'Lörracher Platz 1, 08393 Meerane',
  cardOnly: true,
  at: { lat: 50.8469, lon: 12.4647 },
  rules: { ...DEFAULT_RULES, retentionHours: 24 },
  messages: { sendsMail: true, sendsSms: true, confirmsEmail: true, confirmMinutes: 60, reminderHours: 24 },
};

/** An office that exists in memory only, as far as messages need one. */
export function directoryOf({
  venues = [SCHOENBERG, KOETHEL],
  services = [ID_CARD, CERTIFICATE, FREE_SERVICE],
  municipality = MEERANE,
}: {
  venues?: readonly Venue[];
  services?: readonly Service[];
  municipality?: Municipality;
} = {}): Directory {
  return {
    municipalities: new Map([[municipality.id, municipality]]),
    venues: new Map(venues.map((venue) => [venue.id, venue])),
    services,
    servicesById: new Map(services.map((one) => [one.id, one])),
    servicesBySlug: new Map(services.map((one) => [one.slug, one])),
    kits: new Map(),
    clerks: new Map(),
    places: { places: [] } as unknown as Directory['places'],
    placesById: new Map(),
  };
}

export interface FixtureMessage extends Partial<Omit<OutgoingMessage, 'time' | 'appointment'>> {
  date?: string;
  minute?: number;
  venueId?: number | null;
  locale?: Locale;
  firstName?: string | null;
  familyName?: string | null;
  lines?: OutgoingMessage['appointment']['lines'];
}

/** Of Karin Vogel, on 8 December 2026 at 9:40 in Schönberg; queued on 24 November. */
export function messageOf(of: FixtureMessage = {}): OutgoingMessage {
  const { date = '2026-12-08', minute = 9 * 60 + 40, venueId = SCHOENBERG.id, locale = 'de', lines, ...rest } = of;
  const { firstName = 'Karin', familyName = 'Vogel', ...message } = rest;
  const startTick = minuteToTick(minute);
  const ticks = minutesToTicks(30);
  const startsAt = OFFICE_ZONE.instantAt(date, tickToMinute(startTick));
  const time: MessageTime = { date, startTick, ticks, startsAt, endsAt: startsAt + 30 * 60_000, venueId };
  const kind = message.kind ?? 'booked';
  return {
    id: 1,
    key: 'Zm9vYmFyYmF6cXV4LV8wMT',
    municipalityId: MEERANE.id,
    channel: 'email',
    kind,
    changedBy: 'person',
    recipient: 'karin.vogel@beispiel.example',
    sequence: 0,
    time,
    before: kind === 'moved' ? { date: '2026-12-01', startTick: minuteToTick(13 * 60), venueId: KOETHEL.id } : null,
    expectedAt: kind === 'late' ? startsAt + 38 * 60_000 : null,
    createdAt: NOW,
    expiresAt: kind === 'verify' ? NOW + 60 * 60_000 : startsAt,
    attempts: 0,
    ...message,
    appointment: {
      id: 1,
      reference: 'K7M4QX2FA',
      secret: 'q7hw3mAAAAAAAAAAAAAAAA',
      locale,
      state: kind === 'verify' ? 'pending' : kind === 'cancelled' ? 'cancelled' : 'confirmed',
      sequence: 0,
      firstName,
      familyName,
      originPlaceId: null,
      lines: lines ?? [
        { serviceId: ID_CARD.id, persons: 1, minutes: 15, feeCents: 4600 },
        { serviceId: CERTIFICATE.id, persons: 1, minutes: 15, feeCents: 1300 },
      ],
    },
  };
}

/** Tuesday, 24 November 2026, 9:00 in Berlin. */
export const NOW: Instant = Date.parse('2026-11-24T08:00:00Z');

export function wording(of: Partial<MessageDeps> & { now?: Instant; office?: Directory } = {}): MessageDeps {
  const { now = NOW, office = directoryOf(), ...deps } = of;
  return {
    directory: () => Promise.resolve(office),
    clock: { now: () => now },
    zone: OFFICE_ZONE,
    origin: ORIGIN,
    proof: () => 'nur-aus-der-E-Mail',
    texts: () => Promise.resolve(NO_PIECES),
    otherTimes: () =>
      Promise.resolve([
        { date: '2026-12-10', startTick: minuteToTick(10 * 60), venue: KOETHEL },
        { date: '2026-12-15', startTick: minuteToTick(9 * 60 + 40), venue: SCHOENBERG },
      ]),
    ...deps,
  };
}

export async function mailOf(message: OutgoingMessage, deps: MessageDeps = wording()): Promise<WrittenMail> {
  const written = await writeMessage(deps, message);
  if (written.channel !== 'email') throw new Error('A mail was expected');
  return written;
}

export async function smsOf(message: OutgoingMessage, deps: MessageDeps = wording()): Promise<string> {
  const written = await writeMessage(deps, { ...message, channel: 'sms' });
  if (written.channel !== 'sms') throw new Error('A short message was expected');
  return written.text;
}

/** A message of each kind and by whom. */
export const EVERY_MESSAGE: readonly FixtureMessage[] = [
  { kind: 'verify' },
  { kind: 'booked' },
  { kind: 'booked', changedBy: 'hotline' },
  { kind: 'moved' },
  { kind: 'moved', changedBy: 'hotline' },
  { kind: 'moved', changedBy: 'office' },
  { kind: 'cancelled' },
  { kind: 'cancelled', changedBy: 'hotline' },
  { kind: 'cancelled', changedBy: 'office' },
  { kind: 'reminder', changedBy: 'office' },
  { kind: 'late', changedBy: 'office' },
];

/** On one line, so that it does not matter where lines break. */
export const said = ({ text }: WrittenMail): string => text.replace(/\s+/g, ' ');

/** Fails unless these stand in the text one after the other. */
export function expectInOrder(text: string, parts: readonly string[]): void {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    expect(found, `"${part}" after "${text.slice(Math.max(0, at - 40), at)}" in\n${text}`).to.be.at.least(0);
    at = found + part.length;
  }
}

/** Letters and digits only: what is left of both forms of a mail when layout and addresses are taken away. */
export function wordsOf(text: string): string {
  return text
    .replace(/https?:\/\/\S+/g, '')
    .normalize('NFC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}€]+/gu, '');
}

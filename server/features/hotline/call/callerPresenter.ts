import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { SimilarAppointment } from '../../../domain/hotline/desk.ts';
import type { CallQuery } from '../../../domain/hotline/query.ts';
import { tickToMinute } from '../../../domain/time.ts';
import { dayDate, timeOfDay } from '../../../web/format.ts';
import type { Entered, FormErrors } from '../../../web/form.ts';
import type { AppointmentExtras, Zone } from '../ports.ts';
import { nameOf } from './appointmentPresenter.ts';
import type { CallContext } from './context.ts';
import { CONTACT_WORDS } from './forms.ts';

/** The form for who calls, and the time that is held meanwhile. */

export interface HeldView {
  over: boolean;
  /** "10:31" */
  until: string;
  untilIso: string;
  nowIso: string;
  /** "8:50" */
  left: string;
  canExtend: boolean;
  minutes: number;
}

const SECOND = 1000;

export function presentHeld(
  { directory, locale, now }: CallContext,
  zone: Zone,
  appointment: Appointment,
  municipalityId: number | undefined,
): HeldView {
  const until = appointment.holdUntil ?? now;
  const rules = directory.municipalities.get(municipalityId ?? 0)?.rules;
  const seconds = Math.max(0, Math.ceil((until - now) / SECOND));
  return {
    over: until <= now,
    until: timeOfDay(zone.local(until).minute, locale),
    untilIso: new Date(until).toISOString(),
    nowIso: new Date(now).toISOString(),
    left: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
    canExtend: rules !== undefined && appointment.holdExtensions < rules.holdExtensions,
    minutes: rules?.holdMinutes ?? 0,
  };
}

export interface CallerView {
  entered: Entered;
  fields: FormErrors['fields'];
  /** The field that the agent fills in next. */
  focus: 'vorname' | null;
  ways: readonly { word: string; text: string; checked: boolean }[];
}

/**
 * What stands in the form: what was just typed, else what is kept with the hold, and the caller's place for a letter.
 * @param isAsked something else is to be answered first
 */
export function presentCaller(
  { directory, t }: CallContext,
  appointment: Appointment,
  extras: AppointmentExtras | null,
  query: CallQuery,
  typed: { entered: Entered; errors: FormErrors } | null,
  isAsked: boolean,
): CallerView {
  const place = query.place?.placeId === null ? undefined : directory.placesById.get(query.place?.placeId ?? 0);
  const address = extras?.address ?? null;
  const kept: Entered = {
    vorname: appointment.firstName ?? '',
    familienname: appointment.familyName ?? '',
    weg: wordOf(appointment, extras),
    telefon: appointment.contactKind === 'phone' ? (appointment.contact ?? '') : '',
    email: appointment.contactKind === 'email' ? (appointment.contact ?? '') : '',
    zusatz: address?.extra ?? '',
    strasse: address?.street ?? '',
    plz: address?.postcode ?? place?.postcode ?? '',
    ort: address?.city ?? place?.municipality ?? place?.name ?? '',
  };
  const entered = typed === null ? kept : { ...kept, ...typed.entered };
  return {
    entered,
    fields: typed?.errors.fields ?? {},
    focus: isAsked || (typed?.errors.list.length ?? 0) > 0 ? null : 'vorname',
    ways: CONTACT_WORDS.map(([word, kind]) => ({
      word,
      text: t(`hotline.way.${kind}`),
      checked: entered['weg'] === word,
    })),
  };
}

function wordOf(appointment: Appointment, extras: AppointmentExtras | null): string {
  const kind = extras?.address ? 'letter' : (appointment.contactKind ?? 'phone');
  return CONTACT_WORDS.find(([, one]) => one === kind)?.[0] ?? 'telefon';
}

export interface SimilarView {
  id: number;
  /** "Dienstag, 8. Dezember, 9:20 Uhr" */
  when: string;
  where: string;
  services: string;
  name: string;
  because: string;
}

export function presentSimilar(
  { directory, locale, t }: CallContext,
  similar: readonly SimilarAppointment[],
  venueIds: ReadonlyMap<number, number | null>,
): SimilarView[] {
  return similar.map((one) => {
    const venue = directory.venues.get(venueIds.get(one.stopId) ?? 0);
    return {
      id: one.id,
      when: `${dayDate(one.date, locale)}, ${timeOfDay(tickToMinute(one.startTick), locale)}`,
      where: venue === undefined ? '' : `${venue.locality}, ${venue.name}`,
      services: one.serviceIds.flatMap((id) => directory.servicesById.get(id)?.texts[locale].name ?? []).join('; '),
      name: nameOf(one),
      because: t(`hotline.similar.${one.because}`),
    };
  });
}

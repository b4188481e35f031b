import { formatReference } from '../../../domain/booking/reference.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { addError, enteredFields, type FormErrors } from '../../../web/form.ts';
import { longDate, timeOfDay } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { Affected, Breach, Decision } from '../outcomes.ts';

/** The question what becomes of each appointment whose promise a change would break. */

export interface DecisionView {
  /** Name of the radio buttons, and id of the group. */
  field: string;
  /** Name and id of the select with other times. */
  targetField: string;
  name: string;
  reference: string;
  services: string;
  promised: string;
  contact: { text: string; href: string | null };
  breaches: readonly string[];
  error: string | null;
  /** Null: it cannot stay. */
  stay: { text: string; checked: boolean } | null;
  move: { checked: boolean; options: readonly { value: string; name: string; selected: boolean }[] } | null;
  cancel: { checked: boolean };
}

const decisionField = (appointmentId: number): string => `termin-${appointmentId}`;
const targetField = (appointmentId: number): string => `ziel-${appointmentId}`;

/** What was decided in a sent form; who is not decided yet is left out. */
export function readDecisions(body: unknown): Decision[] {
  const fields = enteredFields(body);
  return Object.entries(fields).flatMap(([name, value]): Decision[] => {
    const id = Number(/^termin-(\d{1,9})$/.exec(name)?.[1] ?? 0);
    if (id === 0) return [];
    switch (value) {
      case 'bleibt':
        return [{ appointmentId: id, kind: 'stay' }];
      case 'absagen':
        return [{ appointmentId: id, kind: 'cancel' }];
      case 'verschieben': {
        const [, stopId, tick] = /^(\d{1,9})\.(\d{1,3})$/.exec(fields[targetField(id)] ?? '') ?? [];
        return stopId === undefined
          ? []
          : [{ appointmentId: id, kind: 'move', stopId: Number(stopId), tick: Number(tick) }];
      }
      default:
        return [];
    }
  });
}

/** True when the form was one of decisions, not the first question. */
export function hasDecided(body: unknown): boolean {
  return enteredFields(body)['entschieden'] === '1';
}

/**
 * @param asked whether somebody has answered already: what is still open is an error then
 */
export function presentDecisions(
  affected: readonly Affected[],
  body: unknown,
  { picture, asked }: { picture: PlanningPicture; asked: boolean },
  locale: Locale,
  t: Translate,
): { decisions: DecisionView[]; errors: FormErrors } {
  const fields = enteredFields(body);
  const made = new Map(readDecisions(body).map((decision) => [decision.appointmentId, decision]));
  const errors: FormErrors = { list: [], fields: {} };
  const at = (place: { date: string; minute: number; venueId: number }): string =>
    t('tour.decisions.at', {
      date: longDate(place.date, locale),
      time: timeOfDay(place.minute, locale),
      place: venueName(picture, place.venueId, t),
    });
  const decisions = affected.map((one): DecisionView => {
    const field = decisionField(one.appointmentId);
    const chosen = fields[field] ?? '';
    if (one.refused !== null) {
      addError(errors, field, refusal(one, at, t));
    } else if (asked && !made.has(one.appointmentId)) {
      addError(
        errors,
        field,
        chosen === 'verschieben'
          ? t('tour.decisions.errors.target', { name: one.name })
          : t('tour.decisions.errors.open', { name: one.name }),
      );
    }
    return {
      field,
      targetField: targetField(one.appointmentId),
      name: one.name,
      reference: formatReference(one.reference),
      services: one.services
        .map((service) => (service.persons > 1 ? `${service[locale]} (${service.persons}×)` : service[locale]))
        .join(', '),
      promised: at(one.promised),
      contact: contactOf(one, t),
      breaches: one.breaches.map((breach) => breachText(breach, t)),
      error: errors.fields[field] ?? null,
      stay: one.stayAt === null ? null : { text: at(one.stayAt), checked: chosen === 'bleibt' && one.refused === null },
      move:
        one.options.length === 0
          ? null
          : {
              checked: chosen === 'verschieben' && one.refused === null,
              options: one.options.map((option) => {
                const value = `${option.stopId}.${option.tick}`;
                return { value, name: at(option), selected: fields[targetField(one.appointmentId)] === value };
              }),
            },
      cancel: { checked: chosen === 'absagen' && one.refused === null },
    };
  });
  return { decisions, errors };
}

function refusal(one: Affected, at: (place: Affected['promised']) => string, t: Translate): string {
  const { name, refused, options } = one;
  if (refused?.kind === 'stay') return t('tour.decisions.errors.stay', { name });
  if (refused?.kind !== 'move') return t('tour.decisions.errors.open', { name });
  const wanted = options.find(({ stopId, tick }) => stopId === refused.stopId && tick === refused.tick);
  return wanted === undefined
    ? t('tour.decisions.errors.gone', { name })
    : t('tour.decisions.errors.taken', { name, time: at({ ...wanted, minutes: 0 }) });
}

function contactOf(one: Affected, t: Translate): DecisionView['contact'] {
  if (one.contact === null || one.contactKind === 'none') return { text: t('tour.decisions.noContact'), href: null };
  return one.contactKind === 'email'
    ? { text: one.contact, href: `mailto:${one.contact}` }
    : { text: one.contact, href: `tel:${one.contact.replace(/[^\d+]/g, '')}` };
}

function breachText(breach: Breach, t: Translate): string {
  switch (breach) {
    case 'tourCancelled':
      return t('tour.breaches.tourCancelled');
    case 'stopGone':
      return t('tour.breaches.stopGone');
    case 'dateChanged':
      return t('tour.breaches.dateChanged');
    case 'venueChanged':
      return t('tour.breaches.venueChanged');
    case 'outsideWindow':
      return t('tour.breaches.outsideWindow');
    case 'noCounter':
      return t('tour.breaches.noCounter');
    case 'serviceImpossible':
      return t('tour.breaches.serviceImpossible');
  }
}

export function venueName(picture: PlanningPicture, venueId: number, t: Translate): string {
  const venue = picture.venues.get(venueId);
  return venue === undefined ? t('tour.decisions.otherVenue') : `${venue.locality}, ${venue.name}`;
}

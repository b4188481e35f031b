import type { AuditAction, AuditEntry } from '../../../domain/audit.ts';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import type { LookUp } from '../../../domain/hotline/desk.ts';
import { formatMinute, tickToMinute, type LocalDate } from '../../../domain/time.ts';

/** What agents do, as the history tells it: in German, with references and times, never with names or contacts. */

const MONTHS = [
  'Januar',
  'Februar',
  'März',
  'April',
  'Mai',
  'Juni',
  'Juli',
  'August',
  'September',
  'Oktober',
  'November',
  'Dezember',
];

function germanDate(date: LocalDate): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day}. ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

function timeOf({ date, startTick }: Pick<Appointment, 'date' | 'startTick'>): string {
  return `${germanDate(date)}, ${formatMinute(tickToMinute(startTick))} Uhr`;
}

/** Something done to one appointment. @param before where it was; null: it was nowhere */
export function appointmentEntry(
  municipalityId: number | null,
  action: Extract<AuditAction, 'booked' | 'moved' | 'cancelled' | 'noted'>,
  appointment: Appointment,
  before: Appointment | null = null,
): AuditEntry {
  const changes =
    action === 'booked' || action === 'moved'
      ? [{ field: 'Termin', from: before === null ? null : timeOf(before), to: timeOf(appointment) }]
      : [];
  return {
    municipalityId,
    subject: 'appointment',
    subjectId: appointment.id,
    label: formatReference(appointment.reference),
    action,
    changes,
  };
}

export function letterEntry(municipalityId: number | null, letterId: number, appointment: Appointment): AuditEntry {
  return {
    municipalityId,
    subject: 'letter',
    subjectId: letterId,
    label: formatReference(appointment.reference),
    action: 'queued',
    changes: [],
  };
}

/** A message that is sent once more. */
export function messageEntry(municipalityId: number | null, messageId: number, appointment: Appointment): AuditEntry {
  return { ...letterEntry(municipalityId, messageId, appointment), subject: 'message' };
}

/** By what an appointment was looked up: never by which name. @param reference null: none that can exist */
export function askedBy(asked: LookUp, reference: string | null): string {
  if (asked.by === 'name') return `Name und Datum ${germanDate(asked.date)}`;
  return reference === null ? 'Vorgangsnummer, die es nicht gibt' : `Vorgangsnummer ${formatReference(reference)}`;
}

/** @param found the one appointment that was found */
export function lookUpEntry(
  label: string,
  result: 'gefunden' | 'nicht gefunden' | 'mehrere' | 'gezeigt',
  found: { id: number; municipalityId: number | null } | null,
): AuditEntry {
  return {
    municipalityId: found?.municipalityId ?? null,
    subject: 'appointment',
    subjectId: found?.id ?? null,
    label,
    action: 'lookedUp',
    changes: [{ field: 'Ergebnis', from: null, to: result }],
  };
}

import type { Directory, Line } from '../../domain/booking/office.ts';
import { TICKS_PER_DAY } from '../../domain/time.ts';
import type { Slot } from './holdTime.ts';

/** What a citizen has chosen, as it stands in addresses and forms. */

/** The most services in one appointment, and the longest one, in minutes. */
export const MOST_SERVICES = 6;
export const LONGEST_MINUTES = 240;

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

/** Reads `leistung=personalausweis:2`, repeated; unknown services are left out, persons kept within what is allowed. */
export function parseLines(value: unknown, directory: Directory): Line[] {
  const lines = new Map<number, Line>();
  for (const text of listOf(value).slice(0, 50)) {
    const [slug = '', count = '1'] = text.split(':');
    const service = directory.servicesBySlug.get(slug);
    const persons = Math.trunc(Number(count));
    if (service !== undefined) {
      lines.set(service.id, { service, persons: Math.min(service.maxPersons, Math.max(1, persons || 1)) });
    }
  }
  return [...lines.values()].sort((a, b) => a.service.position - b.service.position).slice(0, MOST_SERVICES);
}

/** The same as values of the parameter `leistung`. */
export function lineValues(lines: readonly Line[]): string[] {
  return lines.map(({ service, persons }) => `${service.slug}:${persons}`);
}

/** Reads the value of a chosen time, `stop.tick`; null when it is none. */
export function parseSlot(value: unknown): Slot | null {
  const match = typeof value === 'string' ? /^([1-9]\d{0,9})\.(\d{1,3})$/.exec(value) : null;
  const slot = match === null ? null : { stopId: Number(match[1]), tick: Number(match[2]) };
  return slot !== null && slot.tick < TICKS_PER_DAY && slot.stopId < 2 ** 31 ? slot : null;
}

export function slotValue(slot: Slot): string {
  return `${slot.stopId}.${slot.tick}`;
}

/** Reads the number of a stop or a page; null when it is none. */
export function parseCount(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

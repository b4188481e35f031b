import ICAL from 'ical.js';

/** Calendar files as a calendar program takes them: read by ical.js (that of Thunderbird), applied as RFC 5546 says. */

/** One event as ical.js reads it. */
export interface ReadEvent {
  uid: string;
  sequence: number;
  stamp: number;
  status: string;
  summary: string;
  description: string;
  location: string;
  geo: [number, number] | null;
  url: string;
  organizer: { name: string; address: string } | null;
  transparency: string;
  /** Wall-clock time, '2026-12-08T09:40:00'. */
  local: { start: string; end: string };
  zone: string;
  /** By the rules of the zone that stand in the file. */
  start: number;
  end: number;
  /** Seconds before the start. */
  alarms: number[];
}

export interface ReadFile {
  method: string;
  component: ICAL.Component;
  events: ReadEvent[];
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return value === null || value === undefined ? '' : String(value);
}

/**
 * Zones by the rules that stand in the file.
 * @throws when there are two for the same zone
 */
function zonesOf(file: ICAL.Component): Map<string, ICAL.Timezone> {
  const zones = new Map<string, ICAL.Timezone>();
  for (const component of file.getAllSubcomponents('vtimezone')) {
    const name = textOf(component, 'tzid');
    if (zones.has(name)) throw new Error(`twice the rules for the zone ${name}`);
    zones.set(name, new ICAL.Timezone({ component }));
  }
  return zones;
}

/** The instant of a wall-clock time, worked out from the VTIMEZONE of the file alone. */
function instantOf(time: ICAL.Time, zones: Map<string, ICAL.Timezone>): number {
  const zone = zones.get(time.zone?.tzid ?? '');
  if (zone === undefined) throw new Error(`no rules for the zone ${time.zone?.tzid}`);
  const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  return wall - zone.utcOffset(time) * 1000;
}

function readEvent(component: ICAL.Component, zones: Map<string, ICAL.Timezone>): ReadEvent {
  const event = new ICAL.Event(component);
  const stamp = component.getFirstPropertyValue('dtstamp');
  if (!(stamp instanceof ICAL.Time) || stamp.zone !== ICAL.Timezone.utcTimezone) {
    throw new Error('DTSTAMP is not in UTC');
  }
  const organizer = component.getFirstProperty('organizer');
  const geo = component.getFirstPropertyValue('geo') as unknown as [number, number] | null;
  return {
    uid: event.uid,
    sequence: event.sequence,
    stamp: stamp.toJSDate().getTime(),
    status: textOf(component, 'status'),
    summary: event.summary,
    description: textOf(component, 'description'),
    location: textOf(component, 'location'),
    geo,
    url: textOf(component, 'url'),
    organizer:
      organizer === null
        ? null
        : {
            name: String(organizer.getParameter('cn')),
            address: String(organizer.getFirstValue()).replace(/^mailto:/, ''),
          },
    transparency: textOf(component, 'transp'),
    local: { start: event.startDate.toString(), end: event.endDate.toString() },
    zone: event.startDate.zone?.tzid ?? '',
    start: instantOf(event.startDate, zones),
    end: instantOf(event.endDate, zones),
    alarms: component.getAllSubcomponents('valarm').map((alarm) => {
      const trigger = alarm.getFirstPropertyValue('trigger');
      if (!(trigger instanceof ICAL.Duration)) throw new Error('The alarm does not count from the start');
      return -trigger.toSeconds();
    }),
  };
}

/** @throws when ical.js can't read it */
export function readCalendarFile(text: string): ReadFile {
  const component = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const zones = zonesOf(component);
  return {
    method: textOf(component, 'method'),
    component,
    events: component.getAllSubcomponents('vevent').map((event) => readEvent(event, zones)),
  };
}

/** What a calendar has of an event; `cancelled` ones are struck through or hidden, but not forgotten. */
export interface StoredEvent extends ReadEvent {
  cancelled: boolean;
}

export type Applied = 'added' | 'updated' | 'cancelled' | 'ignored';

/**
 * A calendar program: the higher SEQUENCE counts, with the same one the newer DTSTAMP, what is older or the same is
 * ignored (RFC 5546, 2.1.5); CANCEL of somebody else than the organizer is ignored too.
 */
export class CalendarStore {
  readonly #events = new Map<string, StoredEvent>();

  /** @returns what became of each event of the file, in its order */
  apply(text: string): Applied[] {
    const { method, events } = readCalendarFile(text);
    if (method !== 'PUBLISH' && method !== 'CANCEL') {
      throw new Error(`unknown method ${method}`);
    }
    return events.map((event) => this.#applyOne(event, method === 'CANCEL'));
  }

  #applyOne(event: ReadEvent, cancels: boolean): Applied {
    const known = this.#events.get(event.uid);
    if (cancels && (event.organizer === null || event.status !== 'CANCELLED')) {
      throw new Error('CANCEL needs ORGANIZER and STATUS:CANCELLED');
    }
    if (known !== undefined) {
      const newer = event.sequence - known.sequence || event.stamp - known.stamp;
      if (newer <= 0 || (cancels && event.organizer?.address !== known.organizer?.address)) {
        return 'ignored';
      }
    }
    const cancelled = event.status === 'CANCELLED';
    this.#events.set(event.uid, { ...event, cancelled });
    if (cancelled) return 'cancelled';
    return known === undefined ? 'added' : 'updated';
  }

  /** In the order of their start. */
  events(): StoredEvent[] {
    return [...this.#events.values()].sort((a, b) => a.start - b.start || a.uid.localeCompare(b.uid));
  }
}

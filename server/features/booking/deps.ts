import type { Request } from 'express';
import type { Render } from '../../web/render.ts';
import type {
  Appointments,
  Availability,
  Clock,
  LookupGuard,
  Randomness,
  ReadDirectory,
  RunAppointmentUnit,
  Zone,
} from './ports.ts';

/** Where the map's parts come from. */
export interface MapSettings {
  /** Null: no tiles, the map keeps a neutral ground. */
  tiles: {
    attribution: string;
    area: { south: number; west: number; north: number; east: number };
    zoom: { min: number; max: number };
  } | null;
  leafletJs: string;
  leafletCss: string;
}

/** What the pages of this feature are built from. */
export interface BookingDeps {
  render: Render;
  directory: ReadDirectory;
  availability: Availability;
  appointments: Appointments;
  unit: RunAppointmentUnit;
  guard: LookupGuard;
  clock: Clock;
  zone: Zone;
  random: Randomness;
  map: MapSettings;
  /** Origin under which citizens reach the office; null: as the request says. */
  publicUrl: string | null;
}

/** The network address that guesses are counted for. */
export function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}

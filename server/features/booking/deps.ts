import type { AddressSearch } from '../../domain/addresses/address.ts';
import type { MapSettings } from '../../web/mapView.ts';
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
import type { Proof } from './proof.ts';

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
  /** Answers nothing where no extract of OpenStreetMap was imported. */
  addresses: AddressSearch;
  /** What the link that confirms an address has to bring along. */
  proof: Proof;
  /** Origin under which citizens reach the office; null: as the request says. */
  publicUrl: string | null;
  /** Nothing is sent really; the pages say where the messages can be read. */
  demonstration: boolean;
}

/** The network address that guesses are counted for. */
export function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}

export type { MapSettings };

import type { AddressSearch } from '../../domain/addresses/address.ts';
import type { Render } from '../../web/render.ts';
import type {
  Appointments,
  Availability,
  Calls,
  Clock,
  Desk,
  Randomness,
  ReadDirectory,
  Waiting,
  Zone,
} from './ports.ts';

/** What the workplace of the hotline is built from. */
export interface HotlineDeps {
  render: Render;
  directory: ReadDirectory;
  /** Streets without a venue; answers nothing where no extract of OpenStreetMap was imported. */
  addresses: AddressSearch;
  availability: Availability;
  appointments: Appointments;
  desk: Desk;
  calls: Calls;
  waiting: Waiting;
  clock: Clock;
  zone: Zone;
  random: Randomness;
}

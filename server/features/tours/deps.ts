import type { Render } from '../../web/render.ts';
import type { KnownTravel } from './knownTravel.ts';
import type {
  CallList,
  Clock,
  Holidays,
  MapSettings,
  Randomness,
  ReadPicture,
  ReadTour,
  ReadTourHistory,
  ReadTourNotes,
  ReadTourOfStop,
  RunTourUnit,
  StoredTimes,
  TravelTimes,
  Zone,
} from './ports.ts';

/** What the use cases need: they change tours in units, and look at the planning picture. */
export interface TourWork {
  picture: ReadPicture;
  /** One tour by its id, with its state and version. */
  tour: ReadTour;
  tourOfStop: ReadTourOfStop;
  routes: StoredTimes['routes'];
  unit: RunTourUnit;
  travel: TravelTimes;
  holidays: Holidays;
  clock: Clock;
  zone: Zone;
  random: Randomness;
}

/** What is there inside of a unit: no reading around it, no unit within it, and travel only that is known already. */
export type UnitWork = Pick<TourWork, 'holidays' | 'clock' | 'zone' | 'random'> & { travel: KnownTravel };

/** What the board and the tours are built from. */
export interface TourDeps extends TourWork {
  render: Render;
  map: MapSettings;
  history: ReadTourHistory;
  notes: ReadTourNotes;
  calls: CallList;
}

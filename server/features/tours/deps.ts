import type { Render } from '../../web/render.ts';
import type {
  CallList,
  Clock,
  Holidays,
  MapSettings,
  Randomness,
  ReadPicture,
  ReadTour,
  ReadTourHistory,
  RunTourUnit,
  TravelTimes,
  Zone,
} from './ports.ts';

/** What the use cases need: they change tours in units, and look at the planning picture. */
export interface TourWork {
  picture: ReadPicture;
  /** One tour by its id, with its state and version. */
  tour: ReadTour;
  unit: RunTourUnit;
  travel: TravelTimes;
  holidays: Holidays;
  clock: Clock;
  zone: Zone;
  random: Randomness;
}

/** What the board and the tours are built from. */
export interface TourDeps extends TourWork {
  render: Render;
  map: MapSettings;
  history: ReadTourHistory;
  calls: CallList;
}

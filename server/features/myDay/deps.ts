import type { Render } from '../../web/render.ts';
import type {
  Clock,
  CrewDays,
  FreshTimes,
  LateMessages,
  MapSettings,
  Randomness,
  ReadDirectory,
  TravelTimes,
  Zone,
} from './ports.ts';
import type { RunDayUnit } from './unit.ts';

/** What the use cases need: what happens on the way is written in units. */
export interface DayWork {
  days: CrewDays;
  unit: RunDayUnit;
  directory: ReadDirectory;
  freshTimes: FreshTimes;
  messages: LateMessages;
  clock: Clock;
  zone: Zone;
  random: Randomness;
}

/** What the clerk's day is built from. */
export interface MyDayDeps extends DayWork {
  render: Render;
  travel: TravelTimes;
  map: MapSettings;
}

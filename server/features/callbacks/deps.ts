import type { Render } from '../../web/render.ts';
import type { Callbacks, Clock, Holidays, Office, RunCallbackUnit, Zone } from './ports.ts';

export interface CallbackDeps {
  render: Render;
  office: Office;
  callbacks: Callbacks;
  unit: RunCallbackUnit;
  holidays: Holidays;
  clock: Clock;
  zone: Zone;
}

/** What the use cases need, without the pages. */
export type CallbackWork = Pick<CallbackDeps, 'unit' | 'holidays' | 'clock' | 'zone'>;

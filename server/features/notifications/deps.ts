import type { Render } from '../../web/render.ts';
import type { Clock, JobRun, Messages, ReadDirectory, RunMessageUnit, Zone } from './ports.ts';
import type { MessageSettingsDeps } from './settings/deps.ts';

export interface NotificationDeps {
  render: Render;
  directory: ReadDirectory;
  messages: Messages;
  unit: RunMessageUnit;
  /** The last runs of all jobs, newest first. */
  runs: (limit: number) => Promise<JobRun[]>;
  /** Nothing leaves the machine: messages count as sent. */
  demonstration: boolean;
  clock: Clock;
  zone: Zone;
  settings: Omit<MessageSettingsDeps, 'render' | 'clock'>;
}

import type { Render } from '../../../web/render.ts';
import type { Clock } from '../ports.ts';
import type { Installation, LastChange, Relays, Texts, Trial, Words } from './ports.ts';

export interface MessageSettingsDeps {
  render: Render;
  clock: Clock;
  relays: Relays;
  texts: Texts;
  words: Words;
  trial: Trial;
  installation: Installation;
  lastChange: LastChange;
}

import type { Render } from '../../web/render.ts';
import type { Clock, Letters, ReadDirectory, ReadTexts, RunLetterUnit, Zone } from './ports.ts';

export interface LetterDeps {
  render: Render;
  directory: ReadDirectory;
  letters: Letters;
  texts: ReadTexts;
  unit: RunLetterUnit;
  clock: Clock;
  zone: Zone;
  /** Origin under which citizens reach the office; null: as the request says. */
  publicUrl: string | null;
}

import type { Actor } from '../../domain/access.ts';
import type { Directory } from '../../domain/booking/office.ts';
import type { Instant } from '../../domain/time.ts';
import type { Render } from '../../web/render.ts';
import type { Zone } from '../../zone.ts';
import type { Feeds, Tours } from './ports.ts';

export interface CalendarDeps {
  render: Render;
  /** The newest picture of the office, at most some seconds old. */
  directory: () => Promise<Directory>;
  feeds: Feeds;
  tours: Tours;
  /** The user with the roles of this moment; null when locked or gone. */
  actor: (userId: number) => Promise<Actor | null>;
  /** Secret of this installation: makes addresses and identities that nobody can guess. */
  key: string;
  clock: { now(): Instant };
  zone: Zone;
  /** 128 bit, base64url. */
  random: { secret(): string };
  /** Origin under which citizens reach the office; null: as the request says. */
  publicUrl: string | null;
}

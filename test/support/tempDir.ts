import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAtExit } from './rootHooks.ts';

export interface TempDir {
  readonly path: string;
  /** The absolute path of `name` in the directory; creates nothing. */
  file(name: string): string;
  /** Removes the directory and what is in it; a second call does nothing. */
  remove(): void;
}

/**
 * A new, empty directory below the temporary directory of the system, removed when the process exits at the latest.
 *
 * @param purpose part of its name, so that a forgotten one tells where it comes from
 */
export function createTempDir(purpose = 'test'): TempDir {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `koffertour-${purpose}-`));
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  closeAtExit(remove);
  return { path, file: (name) => join(path, name), remove };
}

import { removeFiles } from './files.ts';
import type { ImportPorts, RunningImport } from './ports.ts';

type Ports = Pick<ImportPorts, 'imports' | 'addresses' | 'now'>;

/**
 * Removes what is left of imports that are out of use, failed, or whose process was killed.
 * @param onFound told of each one before it is removed; `wasRunning`: it was broken off just now
 * @returns how many are gone; fewer than there are where it was stopped
 */
export async function removeRemains(
  dir: string,
  ports: Ports,
  stopping: AbortSignal,
  onFound: (found: RunningImport, wasRunning: boolean) => void = () => {},
): Promise<number> {
  const { imports, now } = ports;
  const broken = new Set<number>();
  for (const { id, seenAt } of await imports.abandoned(now())) {
    // Not where it has given a sign of life meanwhile.
    if (await imports.giveUp(id, now(), seenAt)) broken.add(id);
  }
  let removed = 0;
  for (const found of (await imports.list()).filter(({ state }) => state === 'old')) {
    if (stopping.aborted) break;
    onFound(found, broken.has(found.id));
    await removeImport(dir, found.id, ports, stopping);
    if (!stopping.aborted) removed++;
  }
  return removed;
}

/** Removes one that is out of use: addresses in small pieces, then files, then the trace of it. */
export async function removeImport(dir: string, id: number, ports: Ports, stopping: AbortSignal): Promise<void> {
  try {
    await ports.addresses.forget(id, stopping);
  } catch (error) {
    if (stopping.aborted) return; // the next time
    throw error;
  }
  if (stopping.aborted) return;
  await removeFiles(dir, id);
  await ports.imports.forget(id);
}

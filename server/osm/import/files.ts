import { access, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/*
 * The files of import N lie in `<OSM_DIR>/N`: roads.bin and map.mbtiles. While they are written, the folder is called
 * `N.tmp`, so that a folder without .tmp is always whole.
 */

export const ROADS_FILE = 'roads.bin';
export const MAP_FILE = 'map.mbtiles';

export function folderOf(dir: string, id: number): string {
  return path.join(dir, String(id));
}

function draftOf(dir: string, id: number): string {
  return path.join(dir, `${id}.tmp`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Makes the folder in which an import is written.
 * @returns its path; null: there is one of this number already, which is not ours (of another database)
 */
export async function makeDraft(dir: string, id: number): Promise<string | null> {
  if (await exists(folderOf(dir, id))) return null;
  const draft = draftOf(dir, id);
  try {
    await mkdir(draft);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  return draft;
}

/** Writes the parts one after the other as a new file. It is on disk afterwards. */
export async function writeDurably(file: string, parts: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives the folder its final name. All that is in it is on disk before, and its name afterwards. */
export async function keepDraft(dir: string, id: number): Promise<void> {
  const draft = draftOf(dir, id);
  for (const name of await readdir(draft)) await syncPath(path.join(draft, name), 'r+');
  await syncFolder(draft);
  await rename(draft, folderOf(dir, id));
  await syncFolder(dir);
}

async function syncPath(file: string, flags: string): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await syncPath(folder, 'r'); // Windows cannot
}

/** Removes what was written of an import, whole or not. There need not be anything. */
export async function removeFiles(dir: string, id: number): Promise<void> {
  for (const folder of [draftOf(dir, id), folderOf(dir, id)]) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Bytes that the files of an import take; null: the folder is not there, or not whole. */
export async function sizeOfFiles(dir: string, id: number): Promise<number | null> {
  try {
    const sizes = await Promise.all(
      [ROADS_FILE, MAP_FILE].map(async (name) => (await stat(path.join(folderOf(dir, id), name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Folders in there that look like those of imports, by number. */
export async function foldersIn(dir: string): Promise<number[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const numbers = names.map((name) => /^(\d{1,15})(\.tmp)?$/.exec(name)?.[1]).filter((name) => name !== undefined);
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
}

/** Bytes this process may still write to the disk of the folder. */
export async function freeSpace(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

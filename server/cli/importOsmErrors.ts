import { ExtractUnreadable } from '../osm/read.ts';

/**
 * Why an import failed, in one line for whoever runs it.
 * @returns null: not foreseen; then the stack says more
 */
export function explainFailure(error: unknown, file: string, dir: string): string | null {
  if (error instanceof ExtractUnreadable) return `${file} cannot be used: ${error.message}`;
  const { code, path = '', message } = error as NodeJS.ErrnoException;
  const isExtract = path === file;
  switch (code ?? '') {
    case 'ENOENT':
      return isExtract ? `There is no file ${file}` : null;
    case 'EISDIR':
      return `${file} is a folder`;
    case 'EACCES':
    case 'EPERM':
      return `${path === '' ? dir : path} may not be ${isExtract ? 'read' : 'written'} by this user`;
    case 'EROFS':
      return `${dir} is on a disk that may only be read`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${dir} is no folder`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of ${dir} is full`;
    case 'EIO':
      return `The disk does not work (${path === '' ? dir : path})`;
    case 'SQLITE_FULL':
    case '53100':
      return 'The disk of the database is full';
    case 'SQLITE_BUSY':
    case '55P03':
      return 'The database is locked by another program';
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return 'The database may not be written by this user';
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return 'The database is damaged or none';
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'ECONNRESET':
    case '57P01':
      return `The database does not answer (${message === '' ? code : message})`;
    case '28P01':
    case '28000':
    case '3D000':
      return `The database refuses: ${message}`;
    default:
      return null;
  }
}

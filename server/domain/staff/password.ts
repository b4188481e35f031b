/**
 * Which passwords are refused. Long ones without rules about their make-up, none that others use too (NIST SP 800-63B,
 * section 3.1.1.2; BSI ORP.4.A22). Pure: the list of common passwords comes in.
 */

/** In characters, both inclusive. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

export type PasswordFault =
  | 'short'
  | 'long'
  /** Others use it, or it is such a word with digits around it, or one said twice. */
  | 'common'
  /** Little more than one's own name or e-mail address. */
  | 'own';

/** So much of a password has to be neither one's own name nor digits. */
const FOREIGN_LETTERS = 4;
/** Shorter words of a name are in too many other words to be looked for. */
const NAME_PART = 3;

/**
 * @param common passwords in small letters that others use
 * @returns the first reason to refuse it; null when it may be used
 */
export function passwordFault(
  password: string,
  person: { email: string; name: string },
  common: ReadonlySet<string>,
): PasswordFault | null {
  const length = [...password].length;
  if (length < PASSWORD_MIN) return 'short';
  if (length > PASSWORD_MAX) return 'long';
  if (isCommon(password.toLowerCase(), common)) return 'common';
  return isOwn(password.toLowerCase(), person) ? 'own' : null;
}

function isCommon(password: string, common: ReadonlySet<string>): boolean {
  const candidates = [password, wordOf(password)].flatMap((one) => [one, repeatedUnit(one)]);
  const words = [...candidates, ...candidates.map(wordOf)];
  return words.some((word) => common.has(word)) || [...repeatedUnit(password)].length < 4;
}

/** The same without digits and punctuation at both ends. */
function wordOf(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

/** "hundhund" and "hundhundhund" are "hund"; what is not repeated is itself. */
function repeatedUnit(text: string): string {
  for (let size = 1; size <= text.length / 2; size++) {
    if (text.length % size === 0 && text.slice(0, size).repeat(text.length / size) === text) {
      return text.slice(0, size);
    }
  }
  return text;
}

function isOwn(password: string, person: { email: string; name: string }): boolean {
  const own = `${person.email} ${person.name}`
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((part) => part.length >= NAME_PART);
  const longestFirst = own.sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((text, part) => text.replaceAll(part, ' '), password);
  return rest !== password && rest.replace(/[^\p{L}]/gu, '').length < FOREIGN_LETTERS;
}

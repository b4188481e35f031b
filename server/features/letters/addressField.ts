import type { Municipality } from '../../domain/booking/office.ts';

/** The address field of DIN 5008: 80 mm wide beside its margin, six lines of 27.3 mm in all for whom it goes to. */

export interface RecipientView {
  lines: string[];
  /** Set smaller, because six lines at the usual size are not enough. */
  small: boolean;
}

/** Characters that are sure to fit a line of 80 mm at 11 pt, should they be wide ones. */
const CHARACTERS = 32;
const MOST_LINES = 6;

/** Who the letter goes to, as lines of the field. */
export function recipientOf(
  name: string,
  address: { extra: string | null; street: string; postcode: string; city: string },
): RecipientView {
  const lines = [name, address.extra ?? '', address.street, `${address.postcode}\u00A0${address.city}`].filter(
    (line) => line.trim() !== '',
  );
  return { lines, small: lines.reduce((sum, line) => sum + linesOf(line), 0) > MOST_LINES };
}

/** How many lines a text takes, broken between words and, where one is longer than a line, inside it. */
function linesOf(text: string): number {
  let lines = 1;
  let used = 0;
  for (const word of text.split(' ')) {
    const needed = used === 0 ? word.length : used + 1 + word.length;
    if (needed <= CHARACTERS) {
      used = needed;
    } else {
      lines += (used === 0 ? 0 : 1) + Math.ceil(word.length / CHARACTERS) - 1;
      used = word.length % CHARACTERS || CHARACTERS;
    }
  }
  return lines;
}

/** "Stadt Meerane, Bürgerbüro · Lörracher Platz 1 · 08393 Meerane", for what cannot be delivered. */
export function returnLine(municipality: Municipality | undefined): string {
  return addressLines(municipality).join(' · ');
}

/** The office with its postal address; the name of the office only where the address does not begin with it. */
export function addressLines(municipality: Municipality | undefined): string[] {
  if (municipality === undefined) return [];
  const { officeName, postalAddress } = municipality;
  const lines = postalAddress
    .split(/\n|, (?=\d{5} )/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [whose = ''] = officeName.split(',');
  return lines[0]?.startsWith(whose) === true ? lines : [officeName, ...lines];
}

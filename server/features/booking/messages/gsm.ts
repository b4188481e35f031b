/** The letters of short messages (3GPP TS 23.038, 6.2.1): with any other, only 70 fit. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** These count as two. */
const EXTENDED = '^{}\\[~]|€';

const ONE_PART = 160;
/** Each of two parts loses seven to what joins them. */
const TWO_PARTS = 306;

const SIMILAR: Readonly<Record<string, string>> = {
  '„': '"',
  '“': '"',
  '”': '"',
  '‚': "'",
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
};

/** The text in letters that short messages have: others lose their accents, or become a question mark. */
export function toGsm(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => {
    if (BASIC.includes(letter) || EXTENDED.includes(letter)) return letter;
    const similar = SIMILAR[letter] ?? letter.normalize('NFD').replace(/\p{M}/gu, '');
    return Array.from(similar).every((one) => BASIC.includes(one)) ? similar : '?';
  }).join('');
}

/** How many of 160 places a text takes; it has only letters of `toGsm`. */
export function gsmLength(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (EXTENDED.includes(letter) ? 2 : 1), 0);
}

/**
 * The first of several wordings, longest first, that fits one part with its link; else the first that fits two; else the
 * last one, cut in front of the link.
 */
export function fitGsm(wordings: readonly string[], link: string): string {
  const texts = wordings.map((words) => `${toGsm(words)} ${link}`);
  const fitting =
    texts.find((text) => gsmLength(text) <= ONE_PART) ?? texts.find((text) => gsmLength(text) <= TWO_PARTS);
  if (fitting !== undefined) return fitting;
  const room = Math.max(0, TWO_PARTS - gsmLength(link) - 1);
  let words = toGsm(wordings.at(-1) ?? '');
  while (gsmLength(words) > room) words = words.slice(0, -1);
  return `${words} ${link}`.trim();
}

/** Octets of a line without its end (RFC 5545, 3.1). */
const MAX_OCTETS = 75;
/** Octets that are handed on together. */
const PIECE = 64 * 1024;

const LF = 10;
const CR = 13;
const BLANK = 32;
const COMMA = 44;
const SEMICOLON = 59;
const BACKSLASH = 92;
const SMALL_N = 110;

/** 1: an ASCII sign that stands in a value as it is; all others are looked at one by one. */
const IS_PLAIN = Uint8Array.from({ length: 128 }, (_, unit) =>
  unit === 9 || (unit >= BLANK && unit < 127 && ![COMMA, SEMICOLON, BACKSLASH].includes(unit)) ? 1 : 0,
);

/**
 * Writes the lines of a file such that every calendar reads them: none has more than 75 octets of UTF-8, what is more
 * goes on in the next line after a blank, and no sign is cut in the middle. Signs that must not stand in calendars are
 * taken out.
 *
 * Octets at once, in one pass: text that is escaped, cleaned, folded, joined and encoded one after the other takes longer
 * and leaves much to be tidied up. (ical-generator folds too, but asks an encoder for the length of
 * every single sign.)
 */
export class Lines {
  private octets: Buffer;
  private at = 0;
  /** Octets left in the line. */
  private left = MAX_OCTETS;

  /** @param room octets it has from the beginning; there will be more where that does not suffice */
  constructor(room = PIECE) {
    this.octets = Buffer.allocUnsafe(room);
  }

  /** Writes lines or parts of them. @param text CR LF ends a line, neither stands anywhere else */
  raw(text: string): void {
    this.write(text, false);
  }

  /** A value of type TEXT (RFC 5545, 3.3.11), whatever it is. */
  value(text: string): void {
    this.write(text, true);
  }

  /** Writes whole lines that were finished before, at the beginning of a line. */
  finished(lines: Buffer): void {
    this.reserve(lines.length);
    this.octets.set(lines, this.at);
    this.at += lines.length;
  }

  /** It pays to take what is there. */
  get isMuch(): boolean {
    return this.at > PIECE - 4096;
  }

  /** What was written since the last time; it stays as it is. */
  take(): Buffer {
    const taken = this.octets.subarray(0, this.at);
    this.octets = this.octets.subarray(this.at);
    this.at = 0;
    return taken;
  }

  private reserve(octets: number): void {
    if (this.octets.length - this.at >= octets) return;
    const more = Buffer.allocUnsafe(Math.max(PIECE, 2 * (this.at + octets)));
    more.set(this.octets.subarray(0, this.at));
    this.octets = more;
  }

  private write(text: string, isValue: boolean): void {
    // Three octets at most for a UTF-16 unit, and three for each fold.
    this.reserve(4 * text.length + 8);
    const { octets } = this;
    let { at, left } = this;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 128 && IS_PLAIN[unit] === 1 && left > 0) {
        octets[at++] = unit;
        left--;
        continue;
      }
      this.at = at;
      this.left = left;
      index += this.special(text, index, unit, isValue);
      ({ at, left } = this);
    }
    this.at = at;
    this.left = left;
  }

  /** Writes the sign at a place of a text. @returns how many units it has beyond the first */
  private special(text: string, index: number, unit: number, isValue: boolean): number {
    switch (unit) {
      case CR:
      case LF:
        if (!isValue) {
          this.octets[this.at++] = unit;
          this.left = MAX_OCTETS;
          return 0;
        }
        this.newLine();
        return unit === CR && text.charCodeAt(index + 1) === LF ? 1 : 0;
      // Ends of line that only some parsers know.
      case 0x0b:
      case 0x0c:
      case 0x85:
      case 0x2028:
      case 0x2029:
        this.newLine();
        return 0;
      // Calendars do not need no-break spaces, and some show them as signs.
      case 0xa0:
      case 0x202f:
        this.ascii(BLANK);
        return 0;
      case COMMA:
      case SEMICOLON:
      case BACKSLASH:
        if (isValue) this.ascii(BACKSLASH);
        this.ascii(unit);
        return 0;
      default:
        if (unit >= 0xd800 && unit < 0xe000) return this.pair(text, index, unit);
        if (!isLost(unit)) this.sign(unit);
        return 0;
    }
  }

  /** A new line within a value. */
  private newLine(): void {
    this.ascii(BACKSLASH);
    this.ascii(SMALL_N);
  }

  private ascii(unit: number): void {
    this.room(1);
    this.octets[this.at++] = unit;
  }

  /** One sign of one UTF-16 unit. */
  private sign(unit: number): void {
    const { octets } = this;
    if (unit < 0x80) {
      this.ascii(unit);
    } else if (unit < 0x800) {
      this.room(2);
      octets[this.at++] = 0xc0 | (unit >> 6);
      octets[this.at++] = 0x80 | (unit & 0x3f);
    } else {
      this.room(3);
      octets[this.at++] = 0xe0 | (unit >> 12);
      octets[this.at++] = 0x80 | ((unit >> 6) & 0x3f);
      octets[this.at++] = 0x80 | (unit & 0x3f);
    }
  }

  /** One sign of two units; half of one is lost. */
  private pair(text: string, index: number, high: number): 0 | 1 {
    const low = text.charCodeAt(index + 1);
    if (high >= 0xdc00 || !(low >= 0xdc00 && low < 0xe000)) return 0;
    const { octets } = this;
    const point = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    this.room(4);
    octets[this.at++] = 0xf0 | (point >> 18);
    octets[this.at++] = 0x80 | ((point >> 12) & 0x3f);
    octets[this.at++] = 0x80 | ((point >> 6) & 0x3f);
    octets[this.at++] = 0x80 | (point & 0x3f);
    return 1;
  }

  /** Folds the line where a sign of so many octets does not fit. */
  private room(octets: number): void {
    if (octets > this.left) {
      this.octets[this.at++] = CR;
      this.octets[this.at++] = LF;
      this.octets[this.at++] = BLANK;
      this.left = MAX_OCTETS - 1;
    }
    this.left -= octets;
  }
}

/** Not allowed (RFC 5545, 3.3.11); or, like the byte order mark, lost on the way. */
function isLost(unit: number): boolean {
  return (unit < BLANK && unit !== 9) || (unit >= 0x7f && unit < 0xa0) || unit === 0xfeff;
}

/** The octets of lines. @param text each line ends with CR LF, neither stands anywhere else */
export function finished(text: string): Buffer {
  const lines = new Lines(text.length);
  lines.raw(text);
  return lines.take();
}

/** The same as text, see {@link Lines}. */
export function finishLines(text: string): string {
  return finished(text).toString();
}

/**
 * How much fits on a sheet of A4. Paper does not scroll, so before a poster is made its lines are counted with the
 * sizes of public/css/poster.css (print). All lengths are millimetres; letters a line are counted low rather than high.
 */

export interface SheetWords {
  office: string;
  place: string;
  /** The place is set smaller. */
  longPlace: boolean;
  where: { line: string; access: string } | null;
  visits: readonly { title: string; where: string | null }[];
  /** The visits stand in two columns. */
  many: boolean;
  further: string | null;
  bring: readonly string[];
  book: { host: string; search: string; phones: string };
}

const SHEET = 280;
/** Paddings, headline, gaps between the parts, last line. */
const FRAME = 54;
const TEXT = 5.9;
const HEADING = 8.5;
/** Code with the space around it. */
const CODE = 52;

function lines(text: string, lettersALine: number): number {
  return Math.ceil(text.length / lettersALine);
}

/** Height of an entry of the lists below the visits. */
function entry(text: string, lettersALine: number): number {
  return TEXT * lines(text, lettersALine) + 1;
}

function headHeight({ office, place, longPlace, where }: SheetWords): number {
  const name = longPlace ? 13 * lines(place, 26) : 20;
  const venue = where === null ? 0 : 8 * lines(where.line, 46) + TEXT * lines(where.access, 58);
  return Math.max(11, TEXT * lines(office, 56)) + name + venue;
}

function visitsHeight({ visits, many, further }: SheetWords): number {
  const heights = visits.map(({ title, where }) =>
    Math.max(18, 7 + (many ? 7 : 8) * lines(title, many ? 22 : 40) + 5.4 * lines(where ?? '', many ? 30 : 64)),
  );
  const columns = many ? 2 : 1;
  let sum = further === null ? 0 : 2 + TEXT * lines(further, 66);
  for (let at = 0; at < heights.length; at += columns) {
    sum += Math.max(...heights.slice(at, at + columns)) + 2.5;
  }
  return sum;
}

function bookHeight({ book }: SheetWords): number {
  const large = 8.5 * (lines(book.host, 26) + lines(book.phones, 26));
  return Math.max(CODE, 10 + HEADING + large + TEXT * (2 + lines(book.search, 40)));
}

/** What is left for services and what to bring, without their heading, in millimetres; less than 0: it does not fit. */
export function roomForLists(words: SheetWords): number {
  return SHEET - FRAME - headHeight(words) - visitsHeight(words) - bookHeight(words) - HEADING;
}

/** What the list of what to bring takes, in millimetres. */
export function bringHeight(bring: readonly string[]): number {
  return bring.reduce((sum, text) => sum + entry(text, 20), 0);
}

/** The first of the services, as many as fit. @param room in millimetres */
export function fitting(services: readonly string[], room: number): string[] {
  let left = room;
  return services.filter((service) => {
    left = left < 0 ? left : left - entry(service, 34);
    return left >= 0;
  });
}

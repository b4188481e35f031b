/**
 * A mail as a row of blocks. Both of its forms, plain text and HTML, are made from them, so that they say the same in the
 * same order.
 */
export type Block =
  /** One paragraph. */
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  /** Short lines that belong together; the first is what to find at a glance. */
  | { kind: 'facts'; lines: readonly string[] }
  | { kind: 'list'; items: readonly string[] }
  /** `before` what was, then what is now: side by side where there is room. */
  | { kind: 'compare'; sides: readonly { label: string; lines: readonly string[] }[] }
  /** Leads to our own pages. `strong`: what the mail is for. */
  | { kind: 'link'; label: string; url: string; strong: boolean }
  /** Lines under each other: farewell and signature. */
  | { kind: 'lines'; lines: readonly string[] }
  /** Who writes, after the mark of a signature. */
  | { kind: 'foot'; lines: readonly string[]; links: readonly { label: string; url: string }[] };

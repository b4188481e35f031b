import type { Locale } from '../../../domain/booking/office.ts';
import { oneLine } from '../../../domain/messages/layout.ts';
import type { Block } from './blocks.ts';

/**
 * Blocks as HTML for mail programs: styles stand at the elements, because many programs leave out everything else; no
 * colours, so that light and dark are those of the program; no pictures, and nothing is fetched from anywhere.
 */
export function renderHtml(blocks: readonly Block[], { title, locale }: { title: string; locale: Locale }): string {
  return [
    '<!doctype html>',
    `<html lang="${locale}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    '</head>',
    `<body style="${STYLES.body}">`,
    `<div style="${STYLES.page}">`,
    ...blocks.map(htmlOf),
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const STYLES = {
  body: 'margin:0;padding:16px',
  page:
    "max-width:36em;margin:0 auto;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;" +
    'font-size:16px;line-height:1.5;overflow-wrap:break-word',
  text: 'margin:0 0 1em',
  heading: 'margin:1.75em 0 .5em;font-size:1.125em;line-height:1.3',
  facts: 'margin:0 0 1em;padding:.25em 0 .25em 1em;border-left:4px solid currentColor',
  list: 'margin:0 0 1em;padding:0 0 0 1.25em',
  item: 'margin:0 0 .25em',
  compare: 'width:100%;margin:0 0 1em;border-collapse:collapse;table-layout:fixed',
  side: 'padding:.5em;border:1px solid currentColor;vertical-align:top;text-align:left;font-weight:normal',
  link: 'color:inherit;text-decoration:underline',
  button:
    'display:inline-block;padding:.6em 1.1em;border:2px solid currentColor;border-radius:6px;color:inherit;' +
    'font-weight:bold;text-decoration:none',
  foot: 'margin:2em 0 0;padding:1em 0 0;border-top:1px solid currentColor;font-size:.875em',
} as const;

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p style="${STYLES.text}">${escapeHtml(block.text)}</p>`;
    case 'heading':
      return `<h2 style="${STYLES.heading}">${escapeHtml(block.text)}</h2>`;
    case 'facts':
      return `<p style="${STYLES.facts}">${strongFirst(block.lines)}</p>`;
    case 'list':
      return `<ul style="${STYLES.list}">\n${block.items
        .map((item) => `<li style="${STYLES.item}">${escapeHtml(item)}</li>`)
        .join('\n')}\n</ul>`;
    case 'compare':
      return `<table role="presentation" style="${STYLES.compare}">\n<tbody>\n<tr>\n${block.sides
        .map(({ label, lines }) => `<td style="${STYLES.side}">${escapeHtml(label)}<br>\n${strongFirst(lines)}</td>`)
        .join('\n')}\n</tr>\n</tbody>\n</table>`;
    case 'link':
      return `<p style="${STYLES.text}">${anchor(block, block.strong ? STYLES.button : STYLES.link)}</p>`;
    case 'lines':
      return `<p style="${STYLES.text}">${block.lines.map(escapeHtml).join('<br>\n')}</p>`;
    case 'foot':
      return `<p style="${STYLES.foot}">${[
        ...block.lines.map(escapeHtml),
        ...block.links.map((link) => anchor(link, STYLES.link)),
      ].join('<br>\n')}</p>`;
  }
}

function strongFirst(lines: readonly string[]): string {
  return lines
    .map((line, index) => (index === 0 ? `<strong>${escapeHtml(line)}</strong>` : escapeHtml(line)))
    .join('<br>\n');
}

function anchor({ label, url }: { label: string; url: string }, style: string): string {
  return `<a href="${escapeHtml(url)}" style="${style}">${escapeHtml(label)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

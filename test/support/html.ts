import { readFileSync } from 'node:fs';
import * as cheerio from 'cheerio';
import { HtmlValidate, StaticConfigLoader, type ConfigData } from 'html-validate';

const config = JSON.parse(readFileSync(new URL('../../.htmlvalidate.json', import.meta.url), 'utf8')) as ConfigData;
const pages = new HtmlValidate(new StaticConfigLoader(config));
// What a fragment refers to, and the headings above it, stand in the page around it.
const fragments = new HtmlValidate(
  new StaticConfigLoader({
    ...config,
    rules: { ...config.rules, 'heading-level': 'off', 'no-missing-references': 'off', 'input-missing-label': 'off' },
  }),
);

/**
 * What html-validate finds wrong with a page or, when it has no doctype, a fragment; one text a finding.
 *
 * The rules stand in .htmlvalidate.json. Off are those of style only; those that fight with templates; and
 * `no-redundant-role`, because a list or table styled by CSS loses its role in some browsers unless it is repeated.
 */
export async function htmlProblems(html: string): Promise<string[]> {
  const lines = html.split('\n');
  const validator = /^\s*<!doctype/i.test(html) ? pages : fragments;
  const report = await validator.validateString(html);
  return report.results.flatMap((result) =>
    result.messages.map((message) => {
      const source = lines[message.line - 1]?.trim().slice(0, 140) ?? '';
      return `line ${message.line}: ${message.message} (${message.ruleId})\n      ${source}`;
    }),
  );
}

/**
 * @param label which page it is, for the message
 * @throws Error listing everything html-validate finds
 */
export async function expectValidHtml(html: string, label: string): Promise<void> {
  const problems = await htmlProblems(html);
  if (problems.length > 0) {
    throw new Error(`HTML of "${label}":\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** The parsed page: `const $ = load(html); $('h1').text()`. */
export function load(html: string): cheerio.CheerioAPI {
  return cheerio.load(html);
}

const block =
  'address,article,aside,blockquote,br,button,dd,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,' +
  'header,hr,label,legend,li,main,nav,ol,option,p,section,summary,table,td,th,tr,ul';

/**
 * The text a visitor can read, with every run of white space as one space; for "the page says …" tests.
 *
 * Left out: the head, scripts, templates and what carries `hidden`. Text only for screen readers is kept.
 */
export function visibleText(html: string, selector = 'body'): string {
  const $ = cheerio.load(html);
  $('head, script, style, template, noscript, [hidden]').remove();
  $(block).before(' ').after(' ');
  return $(selector).text().replace(/\s+/g, ' ').trim();
}

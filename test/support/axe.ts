import axe from 'axe-core';
import type { TestPage } from './chromium.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export interface AxeOptions {
  /** Rules not checked, each with a reason beside it in the test. */
  disabledRules?: readonly string[];
}

/**
 * Checks the page as it stands with axe-core: WCAG 2.0 to 2.2, A and AA, and its best practices.
 *
 * The script is put in by the debugger, not as a `<script>`, so a strict Content-Security-Policy does not stop it, and
 * nothing of it remains when the next page is loaded. Works on pages without JavaScript as well.
 *
 * @param label where in the journey we are, for the message
 * @throws Error listing each violated rule with the elements concerned
 */
export async function expectNoAxeViolations(page: TestPage, label: string, options: AxeOptions = {}): Promise<void> {
  const rules = Object.fromEntries((options.disabledRules ?? []).map((rule) => [rule, { enabled: false }]));
  const runOptions: axe.RunOptions = { runOnly: { type: 'tag', values: tags }, rules, resultTypes: ['violations'] };
  const result = await page.withScriptsAllowed(async () => {
    await page.evaluate(axe.source);
    return page.evaluate((chosen) => (globalThis as unknown as { axe: typeof axe }).axe.run(chosen), runOptions);
  });
  if (result.violations.length === 0) return;

  const lines = result.violations.flatMap((violation) => [
    `  - ${violation.id} (${violation.impact ?? 'unknown'}): ${violation.help}`,
    ...violation.nodes.map((node) => `      ${node.target.join(' ')}: ${firstLine(node.failureSummary, node.html)}`),
  ]);
  throw new Error(`Accessibility of "${label}" (${page.url()}):\n${lines.join('\n')}`);
}

function firstLine(summary: string | undefined, html: string): string {
  const reason = summary?.split('\n').slice(1).join(' ').replace(/\s+/g, ' ').trim() ?? '';
  return `${reason} | ${html.slice(0, 160)}`;
}

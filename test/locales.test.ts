import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { textsOf } from '../server/web/locale.ts';

const root = resolve(import.meta.dirname, '..');

type Text = string | { one: string; other: string };

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function formsOf(text: Text): string[] {
  return typeof text === 'string' ? [text] : [text.one, text.other];
}

function placeholdersOf(text: Text): string[] {
  return [
    ...new Set(formsOf(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string))),
  ].sort();
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(root, folder, name));
}

interface Uses {
  /** Keys that are asked for as they are. */
  keys: Set<string>;
  /** Keys put together: each `${…}` of a template literal stands for anything, as does what follows `'key.' +`. */
  patterns: RegExp[];
  /** All other texts in quotes: a key may wait in a variable before it is asked for. */
  literals: Set<string>;
}

/** Collects what a piece of TypeScript asks for by `t(…)`; of a conditional both sides count. */
function collect(code: string, uses: Uses): void {
  const note = (argument: ts.Expression): void => {
    if (ts.isConditionalExpression(argument)) {
      note(argument.whenTrue);
      note(argument.whenFalse);
    } else if (ts.isStringLiteralLike(argument)) {
      uses.keys.add(argument.text);
    } else if (ts.isBinaryExpression(argument) && ts.isStringLiteralLike(argument.left)) {
      uses.patterns.push(new RegExp(`^${escaped(argument.left.text)}.+$`));
    }
  };
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.arguments[0] !== undefined && isTranslate(node.expression)) {
      note(node.arguments[0]);
    }
    if (ts.isStringLiteralLike(node)) {
      uses.literals.add(node.text);
    }
    if (ts.isTemplateExpression(node)) {
      const rest = node.templateSpans.map(({ literal }) => `.+${escaped(literal.text)}`).join('');
      if (node.head.text !== '' || /\w/.test(rest)) {
        uses.patterns.push(new RegExp(`^${escaped(node.head.text)}${rest}$`));
      }
    }
    node.forEachChild(look);
  };
  look(ts.createSourceFile('code.ts', code, ts.ScriptTarget.ESNext, true));
}

/** `t(…)`, `x.t(…)` and `translator(…)(…)`. */
function isTranslate(callee: ts.Expression): boolean {
  return (
    (ts.isIdentifier(callee) && callee.text === 't') ||
    (ts.isPropertyAccessExpression(callee) && callee.name.text === 't') ||
    (ts.isCallExpression(callee) && callee.expression.getText() === 'translator')
  );
}

/** What stands between <% and %> of a template. */
function codeOf(template: string): string {
  return [...template.matchAll(/<%[=-]?([\s\S]*?)[-_]?%>/g)].map(([, code]) => code).join('\n');
}

function allUses(): Uses {
  const uses: Uses = { keys: new Set(), patterns: [], literals: new Set() };
  for (const file of filesIn('server', '.ts')) {
    collect(readFileSync(file, 'utf8'), uses);
  }
  for (const file of filesIn('views', '.ejs')) {
    collect(codeOf(readFileSync(file, 'utf8')), uses);
  }
  return uses;
}

describe('The texts of the interface', function () {
  this.timeout(60_000);
  let uses: Uses;

  before(() => {
    uses = allUses();
  });

  const german = textsOf('de');
  const english = textsOf('en');

  it('exist in both languages', () => {
    expect(
      [...german.keys()].filter((key) => !english.has(key)),
      'only in German',
    ).to.deep.equal([]);
    expect(
      [...english.keys()].filter((key) => !german.has(key)),
      'only in English',
    ).to.deep.equal([]);
  });

  it('are never empty and have the same gaps to fill in both languages', () => {
    for (const [key, text] of german) {
      const other = english.get(key) ?? '';
      expect(
        formsOf(text)
          .concat(formsOf(other))
          .every((form) => form.trim() !== ''),
        key,
      ).to.equal(true);
      expect(placeholdersOf(other), key).to.deep.equal(placeholdersOf(text));
    }
  });

  it('are there for everything a page asks for', () => {
    const { keys } = uses;
    expect(keys.size).to.be.greaterThan(100);
    expect([...keys].filter((key) => !german.has(key))).to.deep.equal([]);
  });

  it('are all used somewhere', () => {
    const { keys, patterns, literals } = uses;
    const unused = [...german.keys()].filter(
      (key) => !keys.has(key) && !literals.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).to.deep.equal([]);
  });

  it('use German quotation marks in German', () => {
    const wrong = [...german].filter(([, text]) => formsOf(text).some((form) => form.includes('"')));
    expect(wrong.map(([key]) => key)).to.deep.equal([]);
  });

  it('say "Sie" to everybody', () => {
    const familiar = /(?<!\p{L})(du|dich|dir|dein(e|er|es|em|en)?|euch|euer|eure[mnrs]?)(?!\p{L})/iu;
    const wrong = [...german].filter(([, text]) => formsOf(text).some((form) => familiar.test(form)));
    expect(wrong.map(([key]) => key)).to.deep.equal([]);
  });
});

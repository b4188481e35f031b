import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import ts from 'typescript';

/**
 * "Who may import whom" (docs: architecture), kept by reading the source. A layer is the first folder below server/, or
 * the name of a file there.
 */
interface Rule {
  /** Layers it may import besides itself; `types of x` allows `import type` only. */
  readonly layers: readonly string[];
  /** npm packages, or 'any' for all but the database drivers. */
  readonly packages: readonly string[] | 'any';
  /** Modules of Node, without `node:`. */
  readonly node: readonly string[] | 'any';
}

const databaseDrivers = ['knex', 'pg', 'sqlite3'];

/** Map tiles are an SQLite file of their own, which has nothing to do with the database of the office. */
const tileFiles = 'server/gateways/tiles/vector.ts';

const rules: Record<string, Rule> = {
  domain: { layers: [], packages: [], node: [] },
  features: { layers: ['domain', 'web', 'paths', 'zone'], packages: ['express', 'zod', 'luxon'], node: ['crypto'] },
  data: { layers: ['domain', 'config', 'types of zone'], packages: databaseDrivers, node: 'any' },
  gateways: { layers: ['domain', 'config', 'types of zone'], packages: 'any', node: 'any' },
  // OpenStreetMap extracts: read, and made into roads, addresses and a map
  osm: {
    layers: ['domain', 'types of gateways'],
    packages: ['flatbush', 'geojson-vt', 'vt-pbf', 'sqlite3'],
    node: 'any',
  },
  jobs: { layers: ['domain', 'config', 'ports', 'types of zone'], packages: 'any', node: 'any' },
  demo: {
    layers: ['domain', 'data', 'config', 'zone'],
    packages: ['luxon', 'feiertagejs', 'types of knex'],
    node: 'any',
  },
  web: { layers: ['config', 'paths', 'locales', 'domain/access', 'types of domain'], packages: 'any', node: 'any' },
  locales: { layers: [], packages: [], node: [] },
  paths: { layers: ['types of domain'], packages: [], node: [] },
  zone: { layers: ['domain'], packages: ['luxon'], node: [] },
  config: { layers: ['types of domain'], packages: ['zod'], node: 'any' },
  app: {
    layers: ['features', 'web', 'paths', 'types of config'],
    packages: ['express', 'compression'],
    node: ['path'],
  },
  // compose: a job by hand needs all that the server has
  cli: { layers: ['domain', 'config', 'data', 'features', 'gateways', 'osm', 'compose'], packages: [], node: 'any' },
  compose: { layers: ['everything'], packages: 'any', node: 'any' },
  main: { layers: ['app', 'compose', 'config', 'jobs'], packages: ['pino'], node: 'any' },
};

/** Formats that only some features are about. */
const packagesOfOneFeature: Record<string, readonly string[]> = {
  masterData: ['csv-parse', 'csv-stringify', 'multer'],
  staff: ['otplib'],
};

/** Formats that only one place writes, whatever else its layer may use. */
const packagesOfOnePlace: Record<string, string> = {
  'ical-generator': 'server/web/calendar/',
  'timezones-ical-library': 'server/web/calendar/',
};

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

/** Files below `dir` (relative to the project) with one of the endings, as paths with `/` relative to the project. */
function filesIn(dir: string, ...endings: string[]): string[] {
  const start = join(root, dir);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    found.push({ specifier: specifier.text, line: lineOf(source, node), typeOnly });
  };
  visit(source, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnly(node.importClause));
    if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
    if (ts.isCallExpression(node) && /^(import|require|importScripts)$/.test(node.expression.getText(source))) {
      add(node, node.arguments[0], false);
    }
  });
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function layerOf(file: string): string {
  const first = file.split('/')[1] ?? '';
  return first.replace(/\.ts$/, '');
}

/** What is wrong with the imports of one file below server/, a sentence each. */
function importViolations(file: string, text: string): string[] {
  const layer = layerOf(file);
  const rule = rules[layer];
  if (rule === undefined) return [`${file}: "server/${layer}" has no rule in test/architecture.test.ts`];
  const feature = layer === 'features' ? file.split('/')[2] : undefined;

  return importsOf(parse(file, text)).flatMap(({ specifier, line, typeOnly }) => {
    const complain = (reason: string): string[] => [`${file}:${line}: ${reason}`];
    const isAllowed = (list: readonly string[], name: string): boolean =>
      list.includes(name) || (typeOnly && list.includes(`types of ${name}`));

    if (/^(https?:)?\/\//.test(specifier)) return complain(`loads code from ${specifier}`);
    if (specifier.startsWith('node:')) {
      const name = specifier.slice('node:'.length);
      return rule.node === 'any' || rule.node.includes(name) ? [] : complain(`${layer} may not use ${specifier}`);
    }
    if (!specifier.startsWith('.')) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      const place = packagesOfOnePlace[name];
      if (place !== undefined) {
        return file.startsWith(place) ? [] : complain(`only ${place} may use the package ${name}`);
      }
      const own = packagesOfOneFeature[feature ?? ''] ?? [];
      if (own.includes(name)) return [];
      const allowed =
        rule.packages === 'any'
          ? layer === 'compose' ||
            !databaseDrivers.includes(name) ||
            typeOnly ||
            (name === 'sqlite3' && file === tileFiles)
          : isAllowed(rule.packages, name);
      return allowed ? [] : complain(`${layer} may not use the package ${name}`);
    }

    const target = posix.join(posix.dirname(file), specifier);
    if (!target.startsWith('server/')) return complain(`server may not import ${target}`);
    const targetLayer = layerOf(target);
    if (rule.layers.includes('everything')) return [];
    if (targetLayer === layer && layer !== 'features') return [];
    if (targetLayer === layer && target.split('/')[2] === feature) return [];
    if (targetLayer === 'features' && layer === 'features')
      return complain(`a feature may not import another: ${target}`);
    if (/^server\/features\/[^/]+\/ports\.ts$/.test(target) && rule.layers.includes('ports')) return [];
    if (isAllowed(rule.layers, targetLayer)) return [];
    if (rule.layers.some((allowed) => allowed.includes('/') && target.startsWith(`server/${allowed}`))) return [];
    const asType = rule.layers.includes(`types of ${targetLayer}`) ? ' (only "import type")' : '';
    return complain(`${layer} may not import ${target}${asType}`);
  });
}

const impure = new Set(['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'performance']);

/** Time, chance and the outside world in a file of the domain. */
function impurities(file: string, text: string): string[] {
  const source = parse(file, text);
  const found: string[] = [];
  visit(source, (node) => {
    const say = (what: string): void => void found.push(`${file}:${lineOf(source, node)}: ${what} in the domain`);
    if (ts.isPropertyAccessExpression(node)) {
      const name = node.getText(source);
      if (['Date.now', 'Math.random', 'globalThis.crypto', 'crypto.randomUUID'].includes(name)) say(name);
      if (ts.isIdentifier(node.expression) && impure.has(node.expression.text)) say(node.expression.text);
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && impure.has(node.expression.text)) {
      say(`${node.expression.text}()`);
    }
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && (node.arguments ?? []).length === 0) {
      say('new Date()');
    }
  });
  return found;
}

/** Views rendered past server/web/render.ts. */
function renderingViolations(file: string, text: string): string[] {
  if (file === 'server/web/render.ts') return [];
  const source = parse(file, text);
  const found = importsOf(source)
    .filter(({ specifier, typeOnly }) => specifier === 'ejs' && !typeOnly)
    .map(({ line }) => `${file}:${line}: only server/web/render.ts uses ejs`);
  visit(source, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    if (/^(res|response|app)\.render$/.test(node.expression.getText(source))) {
      found.push(`${file}:${lineOf(source, node)}: views are rendered by server/web/render.ts only`);
    }
  });
  return found;
}

const loaders = /^(fetch|import|importScripts|EventSource|WebSocket|Worker|SharedWorker|Request)$/;

/** Literal addresses of other servers which code imports or loads. */
function foreignLoads(file: string, text: string): string[] {
  const source = parse(file, text);
  const found = importsOf(source)
    .filter(({ specifier }) => /^(https?:)?\/\//.test(specifier))
    .map(({ specifier, line }) => `${file}:${line}: imports ${specifier}`);
  visit(source, (node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    const name = node.expression.getText(source).split('.').at(-1) ?? '';
    const first = node.arguments?.[0];
    if (!loaders.test(name) || first === undefined) return;
    const address = ts.isTemplateExpression(first) ? first.head.text : ts.isStringLiteralLike(first) ? first.text : '';
    if (/^((https?|wss?):)?\/\//.test(address)) found.push(`${file}:${lineOf(source, node)}: ${name} loads ${address}`);
  });
  return found;
}

/** What is wrong with a template, a sentence each. */
function templateViolations(file: string, text: string): string[] {
  const found: string[] = [];
  const say = (index: number, reason: string): void => {
    found.push(`${file}:${text.slice(0, index).split('\n').length}: ${reason}`);
  };

  for (const tag of text.matchAll(/<%-([\s\S]*?)[-_]?%>/g)) {
    const code = (tag[1] ?? '').trim();
    if (!/^include\s*\([\s\S]*\)$/.test(code) && code !== 'body') {
      say(tag.index, `<%- ${code} %>: unescaped output is for include and body only`);
    }
  }

  // Code and comments make no markup; blanks of the same length keep the line numbers right.
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  const markup = text
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/<%[\s\S]*?%>/g, (code) => blank(code).replace(/ /g, 'x'));

  for (const tag of markup.matchAll(/<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi)) {
    const name = (tag[1] ?? '').toLowerCase();
    for (const attribute of (tag[2] ?? '').matchAll(/([^\s"'=<>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g)) {
      const key = (attribute[1] ?? '').toLowerCase();
      const value = (attribute[2] ?? '').replace(/^["']|["']$/g, '').trim();
      if (key === 'style') say(tag.index, `<${name}> has a style attribute`);
      if (/^on[a-z]/.test(key)) say(tag.index, `<${name}> has the event attribute ${key}`);
      if (key.includes('hx-on')) say(tag.index, `<${name}> has ${key}`);
      if (/^(js|javascript):/i.test(value)) say(tag.index, `<${name} ${key}> has the script ${value}`);
      const loads =
        ['src', 'srcset', 'poster', 'data', 'action', 'formaction'].includes(key) ||
        (key === 'href' && ['link', 'base', 'use', 'image'].includes(name)) ||
        /^hx-(get|post|put|patch|delete)\b/.test(key);
      if (loads && /^(https?:)?\/\//i.test(value)) say(tag.index, `<${name} ${key}> loads from ${value}`);
    }
  }

  for (const script of markup.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (!/\ssrc\s*=/.test(script[1] ?? '')) say(script.index, '<script> without src');
    if ((script[2] ?? '').trim() !== '') say(script.index, '<script> with content');
  }
  for (const sheet of markup.matchAll(/<style\b/gi)) say(sheet.index, '<style> in a template');
  return found;
}

function styleSheetViolations(file: string, text: string): string[] {
  const css = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...css.matchAll(/(?:url\(\s*["']?|@import\s+["'])((?:https?:)?\/\/[^"')\s]*)/g)].map(
    (match) => `${file}:${css.slice(0, match.index).split('\n').length}: loads ${match[1] ?? ''}`,
  );
}

type Check = (file: string, text: string) => string[];

function expectNone(files: readonly string[], ...checks: Check[]): void {
  const found = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return checks.flatMap((check) => check(file, text));
  });
  expect(found.length, `\n${found.map((line) => `  - ${line}`).join('\n')}\n`).to.equal(0);
}

/** Files by their folder; those of server/features and of server/domain by one folder more. */
function grouped(files: readonly string[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const folder = dirname(file).split('/').slice(0, 3).join('/');
    groups.set(folder, [...(groups.get(folder) ?? []), file]);
  }
  return [...groups];
}

describe('The architecture', () => {
  describe('imports only what its place in the program allows', () => {
    const files = filesIn('server', '.ts');
    for (const [folder, members] of grouped(files)) {
      it(folder, () => expectNone(members, importViolations));
    }

    it('and no layer is without a rule', () => {
      expect(files.map(layerOf).filter((layer) => rules[layer] === undefined)).to.deep.equal([]);
    });
  });

  it('keeps the domain free of time, chance and the outside world', () => {
    expectNone(filesIn('server/domain', '.ts'), impurities);
  });

  it('renders views in one place only', () => {
    expectNone(filesIn('server', '.ts'), renderingViolations);
  });

  it('loads no code or data from addresses written into the program', () => {
    expectNone([...filesIn('server', '.ts'), ...filesIn('public/js', '.js')], foreignLoads);
  });

  it('loads no styles, fonts or images from elsewhere', () => {
    expectNone(filesIn('public', '.css'), styleSheetViolations);
  });

  describe('keeps scripts, styles and unescaped output out of the templates', () => {
    it('views', () => {
      // The folder may be empty; what stands in it is checked folder by folder below.
      expect(filesIn('views', '.ejs').filter((file) => !file.startsWith('views/'))).to.deep.equal([]);
    });
    for (const [folder, members] of grouped(filesIn('views', '.ejs'))) {
      it(folder, () => expectNone(members, templateViolations));
    }
  });
});

describe('The guard of the architecture notices', () => {
  const noticed: [string, Check, string, string, RegExp][] = [
    ['a package in the domain', importViolations, 'server/domain/a.ts', "import { z } from 'zod'", /package zod/],
    ['Node in the domain', importViolations, 'server/domain/a.ts', "import 'node:fs'", /node:fs/],
    [
      'data in the domain',
      importViolations,
      'server/domain/a/b.ts',
      "import '../../data/c.ts'",
      /may not import server\/data/,
    ],
    ['a feature using another', importViolations, 'server/features/a/b.ts', "import '../c/d.ts'", /another/],
    [
      'a feature using data',
      importViolations,
      'server/features/a/b.ts',
      "import type { D } from '../../data/d.ts'",
      /data/,
    ],
    ['a feature using knex', importViolations, 'server/features/a/b.ts', "import type { Knex } from 'knex'", /knex/],
    ['calendar formats in a feature', importViolations, 'server/features/a/b.ts', "import 'ical-generator'", /ical/],
    ['calendar formats elsewhere', importViolations, 'server/web/a.ts', "import 'ical-generator'", /only server/],
    ['a late import', importViolations, 'server/features/a/b.ts', "await import('../../gateways/d.ts')", /gateways/],
    ['a re-export', importViolations, 'server/domain/a.ts', "export { x } from '../web/x.ts'", /web/],
    [
      'values of the domain in web',
      importViolations,
      'server/web/a.ts',
      "import { x } from '../domain/x.ts'",
      /import type/,
    ],
    ['a database driver outside data', importViolations, 'server/jobs/a.ts', "import pg from 'pg'", /pg/],
    [
      'tests in the program',
      importViolations,
      'server/data/a.ts',
      "import '../../test/a.ts'",
      /server may not import test/,
    ],
    ['a layer without rule', importViolations, 'server/helpers/a.ts', '', /no rule/],
    ['a clock', impurities, 'server/domain/a.ts', 'const a = Date.now();', /Date\.now/],
    ['a date of now', impurities, 'server/domain/a.ts', 'const a = new Date();', /new Date/],
    ['a timer', impurities, 'server/domain/a.ts', 'setTimeout(run, 1)', /setTimeout/],
    ['rendering elsewhere', renderingViolations, 'server/features/a/b.ts', "res.render('a')", /render/],
    ['ejs elsewhere', renderingViolations, 'server/app.ts', "import ejs from 'ejs'", /ejs/],
    ['a script of another origin', foreignLoads, 'public/js/a.js', "import 'https://cdn.example/a.js'", /cdn/],
    ['data of another origin', foreignLoads, 'public/js/a.js', "fetch('//api.example/a')", /api/],
    [
      'a font of another origin',
      styleSheetViolations,
      'a.css',
      "@font-face{src:url('https://f.example/a')}",
      /f\.example/,
    ],
    ['unescaped output', templateViolations, 'a.ejs', '<p><%- name %></p>', /unescaped/],
    ['a style attribute', templateViolations, 'a.ejs', '<p class="a"\n style="color: red">', /style attribute/],
    ['an inline script', templateViolations, 'a.ejs', '<script>a()</script>', /without src/],
    ['an event attribute', templateViolations, 'a.ejs', '<a href="<%= a > 1 %>" onclick="b()">', /onclick/],
    ['hx-on', templateViolations, 'a.ejs', '<a hx-on:click="b()">', /hx-on/],
    ['a script value', templateViolations, 'a.ejs', '<a hx-vals="js:{a: 1}">', /script js:/],
    [
      'an image of another origin',
      templateViolations,
      'a.ejs',
      '<img src="https://a.example/b.png" alt="">',
      /loads from/,
    ],
  ];
  for (const [what, check, file, text, message] of noticed) {
    it(what, () => {
      expect(check(file, text)).to.have.length.greaterThan(0);
      expect(check(file, text).join('\n')).to.match(message);
    });
  }

  const accepted: [string, Check, string, string][] = [
    ['the domain within itself', importViolations, 'server/domain/a/b.ts', "import { x } from '../x.ts'"],
    [
      'own folder, web and paths in a feature',
      importViolations,
      'server/features/a/b.ts',
      "import './c.ts'; import '../../web/x.ts'; import '../../paths.ts'; import { Router } from 'express'",
    ],
    ['calendar formats in their place', importViolations, 'server/web/calendar/a.ts', "import 'ical-generator'"],
    ['ports in a job', importViolations, 'server/jobs/a.ts', "import type { P } from '../features/a/ports.ts'"],
    [
      'everything in compose',
      importViolations,
      'server/compose.ts',
      "import './data/a.ts'; import './features/a/b.ts'; import 'knex'",
    ],
    ['types of the domain in web', importViolations, 'server/web/a.ts', "import type { X } from '../domain/x.ts'"],
    ['access rules in web', importViolations, 'server/web/a.ts', "import { may } from '../domain/access.ts'"],
    ['a date made of a value', impurities, 'server/domain/a.ts', 'const a = new Date(milliseconds).getTime();'],
    ['an include and a body', templateViolations, 'a.ejs', "<%- include('shared/_x', { a: b(1) }) -%>\n<%- body %>"],
    ['a link to another site', templateViolations, 'a.ejs', '<a href="https://www.example.org/">x</a>'],
    ['a script file', templateViolations, 'a.ejs', '<script type="module" src="<%= assets.app %>"></script>'],
    ['the word style in a text', templateViolations, 'a.ejs', '<p>a style="b" <%= on %></p>'],
  ];
  for (const [what, check, file, text] of accepted) {
    it(`nothing wrong with ${what}`, () => {
      expect(check(file, text)).to.deep.equal([]);
    });
  }
});

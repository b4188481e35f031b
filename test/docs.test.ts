import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { SETTINGS } from '../server/config.ts';
import { ROUTES } from '../server/paths.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Markdown files of the project itself, relative to it. */
function documents(): string[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return ['README.md', 'CHANGELOG.md', ...inDocs].sort();
}

/** The first column of every table row whose first cell is one code span. */
function firstCells(markdown: string): string[] {
  return [...markdown.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell as string);
}

function sectionOf(markdown: string, heading: string): string {
  const from = markdown.indexOf(`\n## ${heading}\n`);
  expect(from, `heading ${heading}`).to.be.greaterThan(-1);
  const to = markdown.indexOf('\n## ', from + 1);
  return markdown.slice(from, to === -1 ? undefined : to);
}

/** Targets of links and pictures that lead into the project, without their anchors; code blocks do not count. */
function relativeLinks(markdown: string): string[] {
  const text = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target as string).split('#')[0] as string)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('The documentation', () => {
  const operations = read('docs/operations.md');

  it('describes every setting, in the order of the program, and no other', () => {
    expect(firstCells(sectionOf(operations, 'Settings'))).to.deep.equal(Object.keys(SETTINGS));
  });

  it('says of every setting what it is when nobody sets it', () => {
    const rows = sectionOf(operations, 'Settings').split('\n');
    for (const [name, { schema }] of Object.entries(SETTINGS)) {
      const { data } = schema.safeParse(undefined);
      const fallback = data === undefined ? 'none' : data === false ? 'no' : data;
      if (typeof fallback !== 'object' && !String(fallback).startsWith('https:')) {
        const row = rows.find((one) => one.startsWith(`| \`${name}\` |`)) ?? '';
        const cell = row.split(' | ')[1]?.replaceAll('`', '');
        // An optional setting says in words what happens without it.
        expect(cell, name).to.be.oneOf(name === 'PUBLIC_URL' ? ['taken from the request'] : [String(fallback)]);
      }
    }
  });

  it('lists every address, and no other', () => {
    expect(firstCells(sectionOf(operations, 'Addresses')).sort()).to.deep.equal(Object.values(ROUTES).sort());
  });

  it('gives a reason for every dependency, and for no other', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const listed = read('docs/dependencies.md');
    expect(firstCells(sectionOf(listed, 'In operation')).sort()).to.deep.equal(Object.keys(dependencies).sort());
    expect(firstCells(sectionOf(listed, 'For development and tests')).sort()).to.deep.equal(
      Object.keys(devDependencies).sort(),
    );
  });

  it('numbers every decision once and says what was decided and rejected', () => {
    const files = readdirSync(join(root, 'docs/adr')).sort();
    const numbers = files.map((file) => /^(\d{4})-[a-z-]+\.md$/.exec(file)?.[1]);
    expect(numbers, files.join(', ')).not.to.include(undefined);
    expect(new Set(numbers).size).to.equal(files.length);
    for (const [index, file] of files.entries()) {
      const text = read(join('docs/adr', file));
      expect(text.split('\n')[0], file).to.match(new RegExp(`^# ${Number(numbers[index])}\\. \\S`));
      for (const heading of ['Situation', 'Decision', 'Rejected', 'Consequences']) {
        expect(text, file).to.contain(`\n## ${heading}\n`);
      }
    }
  });

  it('links only to what is there', () => {
    const broken = documents().flatMap((file) =>
      relativeLinks(read(file))
        .filter((target) => !existsSync(resolve(root, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('names decisions and files in the sources by paths that exist', () => {
    const sources = ['server', 'migrations', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(root, folder, name)),
    );
    const broken = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bdocs\/(?:adr\/(\d{4})|([a-z-]+\.md))/g)]
        .filter(([, adr, name]) =>
          adr === undefined
            ? !existsSync(join(root, 'docs', name as string))
            : !readdirSync(join(root, 'docs/adr')).some((one) => one.startsWith(adr)),
        )
        .map(([mention]) => `${relative(root, file)}: ${mention}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('has the licence that package.json names, in full', () => {
    const licence = read('LICENSE');
    expect((JSON.parse(read('package.json')) as { license: string }).license).to.equal('EUPL-1.2');
    expect(licence).to.match(/^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/);
    for (let article = 1; article <= 15; article++) {
      expect(licence).to.match(new RegExp(`^${article}\\. [A-Z]`, 'm'));
    }
    expect(licence).to.contain('Appendix').and.contain('Québec Free and Open-Source Licence');
  });

  it('has a section for each benchmark, with the command that runs it', () => {
    const benchmarks = read('docs/benchmarks.md');
    for (const name of ['booking', 'contention', 'search', 'pages']) {
      expect(sectionOf(benchmarks, name)).to.contain(`npm run bench -- ${name}`);
    }
  });
});

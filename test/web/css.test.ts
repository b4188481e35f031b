import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MORE_STYLESHEETS, STYLESHEETS } from '../../server/web/assets.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'public/css');
const files = readdirSync(folder).map((name) => ({
  name,
  css: withoutComments(readFileSync(join(folder, name), 'utf8')),
}));
const ours = files.map((file) => file.css).join('\n');
const kern = readFileSync(join(root, 'node_modules/@kern-ux/native/dist/kern.min.css'), 'utf8');

describe('The stylesheets', () => {
  it('are all part of one bundle, once', () => {
    const bundled = [...STYLESHEETS, ...Object.values(MORE_STYLESHEETS).flat()];
    expect(files.map((file) => file.name).sort()).to.deep.equal(bundled.map((name) => `${name}.css`).sort());
  });

  it('stay short enough to be read', () => {
    const lengths = files.map((file) => ({ name: file.name, lines: file.css.split('\n').length }));
    expect(lengths.filter((file) => file.lines > 400)).to.deep.equal([]);
  });

  it('use no custom property that neither KERN nor we define', () => {
    const defined = new Set([...`${kern}\n${ours}`.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
    const used = [...ours.matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]);
    expect(used.length).to.be.greaterThan(500);
    expect([...new Set(used)].filter((name) => !defined.has(name))).to.deep.equal([]);
  });

  it('define no custom property for nothing', () => {
    const defined = [...ours.matchAll(/(--kt-[\w-]+)\s*:/g)].map((match) => match[1]);
    // The map is drawn by a script, in the colours of the stylesheet.
    const style = readFileSync(join(root, 'public/js/mapStyle.js'), 'utf8');
    const drawn = [...style.matchAll(/'([a-z-]+)'/g)].map((match) => `--kt-map-${match[1] ?? ''}`);
    const used = new Set([...[...ours.matchAll(/var\(\s*(--kt-[\w-]+)/g)].map((match) => match[1]), ...drawn]);
    expect([...new Set(defined)].filter((name) => !used.has(name))).to.deep.equal([]);
  });

  it('name every colour by a property, never by its value', () => {
    const literal =
      /#[0-9a-f]{3,8}\b|\b(rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix)a?\(|:\s*(white|black|red|blue|yellow|gr[ae]y)\b/i;
    for (const { name, css } of files) {
      const declarations = css.replace(/url\("[^"]*"\)/g, 'url()'); // masks: only their shape counts
      expect(literal.exec(declarations)?.[0], name).to.equal(undefined);
    }
  });

  it('ask for nothing outside the page but their own masks', () => {
    const urls = [...ours.matchAll(/url\(\s*["']?([^"')]{0,20})/g)].map((match) => match[1] ?? '');
    expect(urls.filter((url) => !url.startsWith('data:image/svg+xml'))).to.deep.equal([]);
    expect(ours).not.to.contain('@import');
  });

  describe('say the same colours wherever a theme is set', () => {
    const tokens = files.find((file) => file.name === 'tokens.css')?.css ?? '';

    it('dark by the system and dark by the page', () => {
      const bySystem = declarationsOf(tokens, ":root:not([data-kern-theme='light'])");
      expect(bySystem.size).to.be.greaterThan(10);
      expect(declarationsOf(tokens, "[data-kern-theme='dark']")).to.deep.equal(bySystem);
    });

    it('light by default and light as an island', () => {
      const island = declarationsOf(tokens, "[data-kern-theme='light']");
      const byDefault = declarationsOf(tokens, ':root');
      const themed = [...declarationsOf(tokens, "[data-kern-theme='dark']").keys()];
      expect([...island.keys()].sort(), 'everything dark mode changes').to.deep.equal(themed.sort());
      for (const [name, value] of island) expect(byDefault.get(name), name).to.equal(value);
    });
  });
});

/** Custom properties of the first rule whose last selector is the given one. */
function declarationsOf(css: string, selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

function withoutComments(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, '');
}

import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import pg from 'pg';
import { expectNoAxeViolations } from './support/axe.ts';
import { checkSite } from './support/checkHtml.ts';
import { newPage } from './support/chromium.ts';
import { describeOnBothDatabases } from './support/databases.ts';
import { expectValidHtml, htmlProblems, load, visibleText } from './support/html.ts';
import { startPostgres } from './support/postgres.ts';
import { createTempDir } from './support/tempDir.ts';

const strictPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:";

function page(body: string, head = ''): string {
  return `<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Probe</title>${head}</head><body>${body}</body></html>`;
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('Nothing was thrown.');
}

describe('The tools of the tests', () => {
  describe('temporary directories', () => {
    it('are empty, of their own, and gone when removed', () => {
      const [one, two] = [createTempDir(), createTempDir()];
      writeFileSync(one.file('a.txt'), 'a');
      expect(one.path).not.to.equal(two.path);
      one.remove();
      one.remove();
      expect(existsSync(one.path)).to.equal(false);
      expect(existsSync(two.path)).to.equal(true);
      two.remove();
    });
  });

  describeOnBothDatabases('an empty database', (open, kind) => {
    it('is another one each time', async () => {
      const [one, two] = [await open(), await open()];
      expect(one.kind).to.equal(kind);
      expect(one.config.kind).to.equal(kind);
      expect(one.config).not.to.deep.equal(two.config);
      await one.dispose();
      await one.dispose();
    });
  });

  describe('PostgreSQL', () => {
    it('is a server that writes to disk before it answers, as in production', async () => {
      const server = await startPostgres();
      const database = await server.createDatabase();
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const { rows } = await client.query<Record<string, string>>(
        `SELECT current_setting('server_version_num')::int >= 140000 AS modern, current_setting('fsync') AS fsync,
                current_setting('synchronous_commit') AS commit, current_setting('server_encoding') AS encoding`,
      );
      await client.end();
      await database.drop();
      expect(rows).to.deep.equal([{ modern: true, fsync: 'on', commit: 'on', encoding: 'UTF8' }]);
    }).timeout(120_000);

    it('drops a database although somebody is still connected', async () => {
      const server = await startPostgres();
      const database = await server.createDatabase();
      const client = new pg.Client({ connectionString: database.url });
      const gone = new Promise((resolve) => client.on('error', resolve));
      await client.connect();
      await database.drop();
      await gone;
      const reconnect = new pg.Client({ connectionString: database.url });
      expect(await messageOf(reconnect.connect())).to.match(/does not exist/);
    });
  });

  describe('HTML', () => {
    it('of a sound page passes, htmx attributes included', async () => {
      const body =
        '<div hx-boost:inherited="swap:outerMorph select:#main target:#main" hx-status:404="swap:none">' +
        '<main id="main"><h1>Termine</h1><p>erste Zeile<br>zweite</p><button type="submit" disabled>Weiter</button></main></div>';
      await expectValidHtml(page(body), 'sound');
    });

    it('with a mistake is reported with its line, rule and source', async () => {
      const message = await messageOf(expectValidHtml(page('\n<h1>a</h1><img src="a.png">'), 'Startseite'));
      expect(message).to.contain('HTML of "Startseite"').and.to.contain('line 2').and.to.contain('wcag/h37');
    });

    for (const [mistake, body, rule] of [
      ['a field without label', '<h1>a</h1><input type="text" name="a">', 'input-missing-label'],
      ['a reference to nothing', '<h1>a</h1><p aria-describedby="b">a</p>', 'no-missing-references'],
      ['an id used twice', '<h1 id="a">a</h1><p id="a">b</p>', 'no-dup-id'],
      ['a heading level left out', '<h1>a</h1><h3>b</h3>', 'heading-level'],
      ['a style attribute', '<h1 style="color: red">a</h1>', 'no-inline-style'],
      ['a button without type', '<h1>a</h1><button>b</button>', 'no-implicit-button-type'],
    ] as const) {
      it(`with ${mistake} does not pass`, async () => {
        const problems = await htmlProblems(page(body));
        expect(problems).to.have.length(1);
        expect(problems[0]).to.contain(`(${rule})`);
      });
    }

    it('of a fragment may refer to the page around it', async () => {
      await expectValidHtml(
        '<div id="_slot-list"><h3>Montag</h3><p aria-describedby="hinweis">frei</p></div>',
        'fragment',
      );
    });

    it('gives the text that can be read, and the parsed page', () => {
      const html = page('<script>x</script><p hidden>nein</p><ul><li>Montag</li><li>Di<b>ens</b>tag</li></ul>');
      expect(visibleText(html)).to.equal('Montag Dienstag');
      expect(load(html)('li').length).to.equal(2);
    });
  });

  describe('the browser', () => {
    const pages: Record<string, { html: string; status?: number }> = {};
    let server: Server;
    let origin: string;

    before(async () => {
      server = createServer((request, response) => {
        const found = pages[request.url ?? ''];
        response.writeHead(found === undefined ? 404 : (found.status ?? 200), {
          'content-type': request.url?.endsWith('.js') === true ? 'text/javascript' : 'text/html; charset=utf-8',
          'content-security-policy': strictPolicy,
        });
        response.end(found?.html ?? 'not here');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });

    after(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });

    it('shows text in fonts it has', async () => {
      pages['/text'] = {
        html: page('<main><h1>Bürgerkoffer</h1><p><span id="wide">MMMM</span> <span id="thin">iiii</span></p></main>'),
      };
      const browserPage = await newPage({ origin });
      await browserPage.goto('/text');
      const wide = await browserPage.locator('#wide').boundingBox();
      const thin = await browserPage.locator('#thin').boundingBox();
      // Without any font every character is the same box, or nothing.
      expect(wide?.width).to.be.greaterThan((thin?.width ?? 0) + 5);
      expect((await browserPage.screenshot()).length).to.be.greaterThan(1000);
      await browserPage.close();
    });

    it('has the size, the colours, the language and the time zone asked for', async () => {
      pages['/plain'] = { html: page('<main><h1>Termine</h1></main>') };
      const browserPage = await newPage({ origin, width: 320, height: 640, colorScheme: 'dark', locale: 'en-GB' });
      await browserPage.goto('/plain');
      const seen = await browserPage.evaluate(
        `[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language,
          Intl.DateTimeFormat().resolvedOptions().timeZone]`,
      );
      expect(seen).to.deep.equal([320, true, 'en-GB', 'Europe/Berlin']);
      await browserPage.close();
    });

    for (const javaScript of [true, false]) {
      describe(javaScript ? 'with JavaScript' : 'without JavaScript', () => {
        it('runs axe under a strict Content-Security-Policy', async () => {
          pages['/sound'] = { html: page('<main><h1>Termine</h1><p>Alles gut.</p></main>') };
          const browserPage = await newPage({ origin, javaScript });
          await browserPage.goto('/sound');
          await expectNoAxeViolations(browserPage, 'sound');
          await browserPage.close();
        });

        it('reports what axe finds, with the element', async () => {
          pages['/bad'] = { html: page('<main><h1>Termine</h1><input type="text" id="ort"></main>') };
          const browserPage = await newPage({ origin, javaScript });
          await browserPage.goto('/bad');
          const message = await messageOf(expectNoAxeViolations(browserPage, 'Suche'));
          expect(message).to.contain('"Suche"').and.to.contain('label (critical)').and.to.contain('#ort');
          await browserPage.close();
        });

        it('reports a violation of the Content-Security-Policy', async () => {
          pages['/inline'] = { html: page('<main><h1 style="color: red">Termine</h1></main>') };
          const browserPage = await newPage({ origin, javaScript });
          await browserPage.goto('/inline');
          expect(await messageOf(browserPage.expectNoProblems())).to.match(/Content Security Policy/);
          await browserPage.close();
        });

        it('reports what was asked from another origin, which is never reached', async () => {
          pages['/foreign'] = {
            html: page(
              '<main><h1>a</h1></main>',
              '<meta http-equiv="refresh" content="0; url=http://fonts.example/a.css">',
            ),
          };
          const browserPage = await newPage({ origin, javaScript });
          const asked = browserPage.waitForEvent('requestfailed');
          await browserPage.goto('/foreign');
          await asked;
          expect(browserPage.foreignRequests).to.deep.equal(['http://fonts.example/a.css']);
          expect(await messageOf(browserPage.expectNoProblems())).to.contain(
            'asked another origin: http://fonts.example',
          );
          await browserPage.close();
        });
      });
    }

    it('is not needed to validate every page of a site, in both languages', async () => {
      const inLanguage = (language: string, body: string): { html: string } => ({
        html: page(body).replace('lang="de"', `lang="${language}"`),
      });
      const english = '<a href="/en/" hreflang="en">English</a>';
      const visits = '<a href="/visits/1">1</a> <a href="/visits/2#a">2</a> <a href="/gone">alt</a>';
      pages['/'] = inLanguage('de', `<h1>Start</h1><p>${english} ${visits} <a href="https://other.example/">x</a></p>`);
      pages['/visits/1'] = inLanguage('de', '<h1>Besuch</h1><p><a href="/">Start</a> <img src="/a.png"></p>');
      pages['/en/'] = inLanguage('de', '<h1>Home</h1>');
      const report = await checkSite(origin, [
        { path: '/', language: 'de' },
        { path: '/en/', language: 'en' },
      ]);
      expect(report.pages).to.deep.equal(['/', '/visits/1', '/gone', '/en/']);
      expect(report.findings.join('\n'))
        .to.match(/^\/visits\/1: line 1: .*alt.* \(wcag\/h37\)/m)
        .and.to.match(/^\/gone: status 404 \(linked from \/\)/m)
        .and.to.match(/^\/en\/: <html lang> is "de", not "en"/m);
    });

    it('leaves JavaScript switched off after axe has run', async () => {
      pages['/title.js'] = { html: "document.title = 'Script'" };
      pages['/scripted'] = { html: page('<main><h1>Termine</h1></main>', '<script src="/title.js"></script>') };
      const browserPage = await newPage({ origin, javaScript: false });
      await browserPage.goto('/scripted');
      await expectNoAxeViolations(browserPage, 'before');
      expect(await browserPage.title()).to.equal('Probe');
      await browserPage.goto('/scripted');
      await expectNoAxeViolations(browserPage, 'after');
      expect(await browserPage.title()).to.equal('Probe');
      await browserPage.close();
    });

    it('reports exceptions, console errors and missing files', async () => {
      pages['/broken.js'] = { html: "console.error('ganz falsch'); null.x" };
      pages['/scripts'] = {
        html: page('<main><h1>a</h1></main>', '<script src="/broken.js"></script><script src="/missing.js"></script>'),
      };
      const browserPage = await newPage({ origin });
      await browserPage.goto('/scripts', { waitUntil: 'networkidle' });
      const message = await messageOf(browserPage.expectNoProblems());
      expect(message).to.contain('ganz falsch').and.to.contain('uncaught exception');
      expect(message).to.contain('status 404: GET').and.to.contain('/missing.js');
      await browserPage.close();
    });

    it('takes a form shown again (422) as normal and a failing server (500) as a problem', async () => {
      pages['/form'] = { html: page('<main><h1>Fehler</h1></main>'), status: 422 };
      pages['/crash'] = { html: page('<main><h1>Fehler</h1></main>'), status: 500 };
      const browserPage = await newPage({ origin });
      await browserPage.goto('/form');
      await browserPage.expectNoProblems();
      await browserPage.goto('/crash');
      expect(await messageOf(browserPage.expectNoProblems())).to.contain('status 500');
      await browserPage.close();
      const forgiving = await newPage({ origin, allowProblems: [/^status 500/] });
      await forgiving.goto('/crash');
      await forgiving.close();
    });
  });
});

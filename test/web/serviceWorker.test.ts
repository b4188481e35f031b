import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { expect } from 'chai';
import { pathsFor } from '../../server/paths.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { createVisitor, type Answer, type Visitor } from '../support/visitor.ts';

interface Settings {
  needed: string[];
  tiles: string;
  languages: { locale: 'de' | 'en'; home: string; day: string; texts: Record<string, string> }[];
}

describe('The service worker', () => {
  let app: RunningApp;
  let anybody: Visitor;
  let answer: Answer;
  let settings: Settings;

  before(async () => {
    app = await startApp();
    anybody = createVisitor(app.origin);
    answer = await anybody.get('/sw.js');
    settings = JSON.parse(/^self\.ktSettings = (.*);$/m.exec(answer.html)?.[1] ?? '') as Settings;
  });
  after(async () => {
    anybody.close();
    await app.stop();
  });

  it('is served at the root, asked for anew each time, under a policy of its own', () => {
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.equal('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).to.equal('no-cache');
    expect(answer.headers['service-worker-allowed']).to.equal('/');
    expect(answer.headers['content-security-policy']).to.contain("connect-src 'self'");
    expect(answer.headers['set-cookie']).to.equal(undefined);
  });

  it('is a script, and not sent again to a browser that has it', async () => {
    expect(() => new Script(answer.html)).not.to.throw();
    const again = await anybody.ask('/sw.js', { headers: { 'If-None-Match': String(answer.headers.etag) } });
    expect(again.status).to.equal(304);
  });

  it('names only static files that exist, with every module', async () => {
    expect(settings.needed.length).to.be.greaterThan(20);
    for (const address of settings.needed) {
      const file = await anybody.get(address);
      expect(file.status, address).to.equal(200);
      expect(file.headers['cache-control'], address).to.contain('immutable');
    }
    expect(settings.needed.some((address) => address.endsWith('/js/dayOffline.js'))).to.equal(true);
    expect(settings.needed.some((address) => address.endsWith('/js/app.js'))).to.equal(true);
  });

  it('knows the addresses and speaks the language of both kinds of pages', () => {
    expect(settings.tiles).to.equal('/tiles/');
    expect(settings.languages.map(({ locale }) => locale)).to.deep.equal(['de', 'en']);
    for (const language of settings.languages) {
      const p = pathsFor(language.locale);
      expect(language).to.include({ home: p.staffHome(), day: p.myDay() });
      for (const text of Object.values(language.texts)) expect(text).not.to.equal('');
    }
    expect(settings.languages[0]?.texts['title']).to.equal('Ohne Netz');
  });

  it('changes with its settings, so that browsers take a new one after an upgrade', () => {
    const version = /^self\.ktVersion = '([0-9a-f]{12})';$/m.exec(answer.html)?.[1];
    const [, , ...script] = answer.html.split('\n');
    const json = JSON.stringify(settings);
    expect(version).to.equal(createHash('sha256').update(json).update(script.join('\n')).digest('hex').slice(0, 12));
  });

  it('is registered by no page of citizens', async () => {
    const { html } = await anybody.get('/');
    expect(html).not.to.match(/staff\.js|sw\.js/);
  });
});

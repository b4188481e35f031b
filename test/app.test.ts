import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { otherLanguage } from '../server/web/render.ts';
import { startApp, type RunningApp } from './support/app.ts';
import { openPostgres } from './support/databases.ts';
import { spawnServer } from './support/processes.ts';
import { createTempDir } from './support/tempDir.ts';
import { createVisitor, type Visitor } from './support/visitor.ts';

describe('The web application', () => {
  let app: RunningApp;
  let visitor: Visitor;
  before(async () => {
    app = await startApp();
    visitor = createVisitor(app.origin);
  });
  after(async () => {
    visitor.close();
    await app.stop();
  });

  it('says that it is alive and ready', async () => {
    expect((await visitor.get('/healthz')).html).to.equal('alive\n');
    const ready = await visitor.get('/readyz');
    expect([ready.status, ready.html]).to.deep.equal([200, 'ready\n']);
  });

  it('sends headers that let nothing foreign in', async () => {
    for (const path of ['/', '/en/', '/gibt-es-nicht', '/buchen/x/angaben', '/termin']) {
      const { headers } = await visitor.get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy, path).to.include("default-src 'self'").and.include("frame-ancestors 'none'");
      expect(policy, path).to.not.match(/unsafe|https?:|\*/);
      expect(headers['x-content-type-options'], path).to.equal('nosniff');
      expect(headers['x-powered-by'], path).to.equal(undefined);
      expect(headers['set-cookie'], path).to.equal(undefined);
      expect(headers['vary'], path)
        .to.match(/HX-Request-Type/)
        .and.match(/HX-Target/);
    }
  });

  it('answers an unknown address with a page in the language asked for', async () => {
    const german = await visitor.get('/gibt-es-nicht');
    expect([german.status, german.$('h1').text(), german.$('html').attr('lang')]).to.deep.equal([
      404,
      'Diese Seite gibt es nicht',
      'de',
    ]);
    const english = await visitor.get('/en/no-such-page');
    expect([english.status, english.$('html').attr('lang')]).to.deep.equal([404, 'en']);
    expect((await visitor.get('/%E0%A4%A')).status).to.be.oneOf([400, 404]);
  });

  it('links to itself in the other language, whatever the address', async () => {
    for (const address of ['/en//evil.example/', '/en/\\evil.example/', '//evil.example/', '/en///evil.example']) {
      expect(otherLanguage(address, address.startsWith('/en') ? 'en' : 'de')).to.match(/^(\/en)?\/evil\.example/);
    }
    const page = await visitor.get('/en//evil.example/');
    expect(page.$('.kt-lang__link').attr('href')).to.equal('/evil.example/');
  });

  it('answers a fault of its own with a page, and with a notice where htmx asked for a part', async () => {
    const { writer } = app.office.database;
    await writer.schema.renameTable('appointments', 'elsewhere');
    try {
      const path = `/buchen/${'a'.repeat(22)}/angaben`;
      const page = await visitor.get(path);
      expect([page.status, page.$('h1').text()]).to.deep.equal([500, 'Bei uns ist etwas schiefgegangen']);
      expect(page.headers['cache-control']).to.equal('no-store');
      expect(page.html).to.not.match(/appointments|SQLITE|at .*\.ts/);
      const part = await visitor.ask(path, { headers: { 'HX-Request-Type': 'partial', 'HX-Target': 'div#slot-list' } });
      expect(part.status).to.equal(500);
      expect(part.headers['hx-retarget']).to.equal('#meldungen');
      expect(part.html).to.not.match(/<html|<!doctype/i);
    } finally {
      await writer.schema.renameTable('elsewhere', 'appointments');
    }
  });
});

describe('The web application without its database', () => {
  it('is alive but not ready, and asks to try again later (PostgreSQL gone)', async function () {
    this.timeout(90_000);
    const test = await openPostgres();
    const app = await startApp({ database: test.config });
    const visitor = createVisitor(app.origin);
    expect((await visitor.get('/readyz')).status).to.equal(200);
    await test.dispose();
    expect((await visitor.get('/healthz')).status).to.equal(200);
    expect((await visitor.get('/readyz')).status).to.equal(503);
    visitor.close();
    await app.stop();
  });

  it('asks to try again later when somebody else keeps the database locked beyond patience (SQLite)', async function () {
    this.timeout(60_000);
    const dir = createTempDir('locked');
    const file = dir.file('office.sqlite');
    const app = await startApp({ database: { kind: 'sqlite', file } });
    const visitor = createVisitor(app.origin);
    const other = new sqlite3.Database(file);
    const run = (sql: string) =>
      new Promise<void>((resolve, reject) => other.exec(sql, (error) => (error ? reject(error) : resolve())));
    await run('BEGIN IMMEDIATE');
    const answer = await visitor.post(`/buchen/${'a'.repeat(22)}/abbruch`, {});
    expect(answer.status).to.equal(503);
    expect(answer.headers['retry-after']).to.equal('10');
    expect((await visitor.get('/readyz')).status, 'pages can still be read').to.equal(200);
    await run('ROLLBACK');
    expect((await visitor.post(`/buchen/${'a'.repeat(22)}/abbruch`, {})).status).to.equal(303);
    await new Promise((resolve) => other.close(resolve));
    visitor.close();
    await app.stop();
  });
});

describe('A server that is told to stop', () => {
  it('finishes what was asked for, closes the database and ends without a fault', async function () {
    this.timeout(60_000);
    const dir = createTempDir('stop');
    const file = dir.file('office.sqlite');
    const server = await spawnServer({ DATABASE_FILE: file });
    const visitor = createVisitor(server.origin);
    expect((await visitor.get('/')).status).to.equal(200);

    // Somebody else's lock makes a request slow; it is released when the server says that it is stopping.
    const other = new sqlite3.Database(file);
    const run = (sql: string) =>
      new Promise<void>((resolve, reject) => other.exec(sql, (error) => (error ? reject(error) : resolve())));
    await run('BEGIN IMMEDIATE');
    const slow = visitor.post(`/buchen/${'a'.repeat(22)}/abbruch`, {});
    await visitor.get('/healthz'); // sent after it, on a connection of its own
    server.kill('SIGTERM');
    await server.logged('"msg":"stopping"');
    await run('ROLLBACK');
    expect((await slow).status).to.equal(303);
    expect(await server.exited).to.equal(0);
    expect(server.log.some((line) => line.includes('"msg":"stopped"'))).to.equal(true);
    await new Promise((resolve) => other.close(resolve));
    visitor.close();
  });

  it('says what is wrong when it cannot start', async () => {
    const error: unknown = await spawnServer({ PORT: 'x', LOG_LEVEL: 'loud' }).catch((reason: unknown) => reason);
    expect(String(error))
      .to.match(/ended \(1\)/)
      .and.match(/PORT must/)
      .and.match(/LOG_LEVEL must/);
  });
});

import { expect } from 'chai';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { createRelayRepository } from '../../server/data/relayRepository.ts';
import { createSeal } from '../../server/data/seal.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';

const KEY = 'a key of an installation, long enough';
const PASSWORD = 'Geheimes Wort: äöü 🔑';

describe('The seal of passwords', () => {
  const seal = createSeal(KEY);
  const sealed = (): string => seal.seal(PASSWORD, 'municipality 1') ?? '';

  it('opens what it has sealed, and never seals alike', () => {
    expect(seal.open(sealed(), 'municipality 1')).to.equal(PASSWORD);
    expect(sealed()).not.to.equal(sealed());
    expect(sealed()).not.to.contain(PASSWORD);
  });

  it('opens nothing for another municipality, with another key or without one', () => {
    expect(seal.open(sealed(), 'municipality 2')).to.equal(null);
    expect(createSeal(`${KEY}!`).open(sealed(), 'municipality 1')).to.equal(null);
    expect(createSeal(null).open(sealed(), 'municipality 1')).to.equal(null);
    expect(createSeal(null).seal(PASSWORD, 'municipality 1')).to.equal(null);
    expect(createSeal(null).usable).to.equal(false);
  });

  it('opens nothing that was changed or is none', () => {
    const text = sealed();
    for (let at = 3; at < text.length - 1; at += 1) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(seal.open(changed, 'municipality 1'), changed).to.equal(null);
    }
    for (const nothing of ['', 'v1.', 'v1.AAAA', 'v2.' + text.slice(3), PASSWORD, text.slice(0, 30)]) {
      expect(seal.open(nothing, 'municipality 1'), nothing).to.equal(null);
    }
  });

  it('has room in its column for the longest password', () => {
    expect(seal.seal('€'.repeat(200), 'municipality 1')?.length).to.be.at.most(1000);
  });
});

describeOnBothDatabases('The mail servers of municipalities', (open) => {
  let database: Database;
  let id: number;

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    id = (await seedSmallOffice(database, { date: '2026-12-08' })).municipalityId;
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.writer('municipality_relays').delete();
    await database.writer('audit_entries').delete();
  });

  const VALUES = {
    host: 'mail.meerane.example',
    port: 587,
    security: 'starttls',
    username: 'termine',
    fromName: 'Stadt Meerane',
    fromAddress: 'termine@meerane.example',
    replyTo: null,
  } as const;
  const saving = (at = 5_000) => ({
    author: { userId: null, name: 'Petra Plan' },
    at,
    municipalityId: id,
    label: 'Meerane',
    changes: [{ field: 'Server', from: null, to: VALUES.host }],
  });
  const relays = (key: string | null = KEY) => createRelayRepository(database, createSeal(key));
  const set = { kind: 'set', password: PASSWORD } as const;
  const audits = () => database.reader('audit_entries');

  it('are none at first', async () => {
    expect(await relays().relayOf(id)).to.equal(null);
    expect(await relays().stored(id)).to.equal(null);
  });

  it('are kept with a sealed password, which only sending gets to see', async () => {
    expect(await relays().save(id, 0, VALUES, set, saving())).to.equal('saved');
    const row = (await database.reader('municipality_relays').first()) as { password: string };
    expect(row.password).not.to.contain('Geheimes');
    expect(await relays().stored(id)).to.deep.equal({ ...VALUES, password: 'stored', version: 5 });
    expect(await relays().relayOf(id)).to.deep.equal({
      host: VALUES.host,
      port: 587,
      security: 'starttls',
      login: { username: 'termine', password: PASSWORD },
      from: { name: 'Stadt Meerane', address: 'termine@meerane.example' },
      replyTo: null,
    });
    expect(JSON.stringify(await audits())).not.to.contain('Geheimes');
  });

  it('keep their password, lose it or get another', async () => {
    await relays().save(id, 0, VALUES, set, saving());
    await relays().save(id, 5, { ...VALUES, port: 588 }, { kind: 'keep' }, saving());
    expect((await relays().relayOf(id))?.login?.password).to.equal(PASSWORD);
    await relays().save(id, 6, VALUES, { kind: 'set', password: 'neu' }, saving());
    expect((await relays().relayOf(id))?.login?.password).to.equal('neu');
    await relays().save(id, 7, VALUES, { kind: 'clear' }, saving());
    expect((await relays().stored(id))?.password).to.equal('none');
    await relays().save(id, 8, VALUES, set, saving());
    await relays().save(id, 9, { ...VALUES, username: null }, { kind: 'keep' }, saving());
    expect(await relays().stored(id)).to.include({ username: null, password: 'none', version: 10 });
    expect((await relays().relayOf(id))?.login).to.equal(null);
  });

  it('refuse a password where there is no key', async () => {
    expect(await relays(null).save(id, 0, VALUES, set, saving())).to.equal('noKey');
    expect(await relays().stored(id)).to.equal(null);
  });

  it('say that a password cannot be read, and then do not send by another way', async () => {
    await relays().save(id, 0, VALUES, set, saving());
    for (const other of [`${KEY}!`, null]) {
      expect((await relays(other).stored(id))?.password).to.equal('unreadable');
      const relay = await relays(other).relayOf(id);
      expect(relay?.host).to.equal(VALUES.host);
      expect(relay?.login).to.deep.equal({ username: 'termine', password: '' });
    }
  });

  it('cannot be changed by two at once', async () => {
    const both = await Promise.all([
      relays().save(id, 0, VALUES, set, saving()),
      relays().save(id, 0, { ...VALUES, port: 25 }, set, saving()),
    ]);
    expect([...both].sort()).to.deep.equal(['saved', 'stale']);
    expect(await relays().save(id, 4, VALUES, set, saving())).to.equal('stale');
    expect(await relays().remove(id, 4, saving())).to.equal('stale');
    expect(await audits()).to.have.length(1);
  });

  it('are removed, and a form of before fits none that comes after', async () => {
    await relays().save(id, 0, VALUES, set, saving());
    expect(await relays().remove(id, 5, saving())).to.equal('saved');
    expect(await relays().remove(id, 5, saving()), 'once more').to.equal('saved');
    expect(await audits()).to.have.length(2);
    await relays().save(id, 0, VALUES, set, saving(9_000));
    expect(await relays().save(id, 5, VALUES, set, saving())).to.equal('stale');
  });

  it('go together with rules that have the version of the municipality', async () => {
    const before = await relays().rules(id);
    expect(before).to.include({ confirmsEmail: false, sendsReminders: true, sendsSms: false, reminderHours: 24 });
    const version = before?.version ?? 0;
    const rules = { confirmsEmail: true, sendsReminders: false, sendsSms: true };
    expect(await relays().saveRules(id, version, rules, saving())).to.equal('saved');
    expect(await relays().saveRules(id, version, rules, saving())).to.equal('stale');
    expect(await relays().rules(id)).to.include({ ...rules, version: version + 1 });
    expect(await relays().rules(999)).to.equal(undefined);
  });
});

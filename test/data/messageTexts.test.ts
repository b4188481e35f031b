import { expect } from 'chai';
import { openDatabase, type Database } from '../../server/data/knex.ts';
import { createMessageTextRepository } from '../../server/data/messageTextRepository.ts';
import { migrateUp } from '../../server/data/migrate.ts';
import { NO_PIECES } from '../../server/domain/messages/texts.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';

describeOnBothDatabases('The words of a municipality', (open) => {
  let database: Database;
  let municipalityId: number;

  before(async function () {
    this.timeout(60_000);
    database = openDatabase((await open()).config);
    await migrateUp(database);
    municipalityId = (await seedSmallOffice(database, { date: '2026-12-08' })).municipalityId;
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.writer('message_texts').delete();
    await database.writer('audit_entries').delete();
  });

  const texts = () => createMessageTextRepository(database);
  const saving = (at = 5_000) => ({
    author: { userId: null, name: 'Petra Plan' },
    at,
    municipalityId,
    label: 'Meerane',
    changes: [{ field: 'Betreff', from: null, to: 'Ihr Termin' }],
  });
  const booked = (version: number) => ({ municipalityId, kind: 'booked', locale: 'de', version }) as const;
  const PIECES = { subject: 'Ihr Termin am {datum}', intro: null, note: 'Bis bald\nin {ort}' };
  const history = async () => (await database.reader('audit_entries')).length;

  it('are those of the program at first', async () => {
    expect(await texts().pieces(municipalityId, 'booked', 'de')).to.deep.equal(NO_PIECES);
    expect(await texts().find(municipalityId, 'booked', 'de')).to.deep.equal({ pieces: NO_PIECES, version: 0 });
    expect(await texts().own(municipalityId)).to.deep.equal([]);
  });

  it('are kept for one text in one language', async () => {
    expect(await texts().save(booked(0), PIECES, saving())).to.equal('saved');
    expect(await texts().pieces(municipalityId, 'booked', 'de')).to.deep.equal(PIECES);
    expect(await texts().pieces(municipalityId, 'booked', 'en')).to.deep.equal(NO_PIECES);
    expect(await texts().pieces(municipalityId, 'moved', 'de')).to.deep.equal(NO_PIECES);
    expect(await texts().own(municipalityId)).to.deep.equal([{ kind: 'booked', locale: 'de' }]);
    expect(await texts().save(booked(5), { ...PIECES, note: null }, saving())).to.equal('saved');
    expect(await texts().find(municipalityId, 'booked', 'de')).to.deep.equal({
      pieces: { ...PIECES, note: null },
      version: 6,
    });
    expect(await history()).to.equal(2);
  });

  it('cannot be changed by two at once', async () => {
    const both = await Promise.all([
      texts().save(booked(0), PIECES, saving()),
      texts().save(booked(0), { ...PIECES, note: null }, saving()),
    ]);
    expect([...both].sort()).to.deep.equal(['saved', 'stale']);
    expect(await texts().save(booked(4), PIECES, saving())).to.equal('stale');
    expect(await history()).to.equal(1);
  });

  it('are as delivered again without any piece, and a form of before fits none that comes after', async () => {
    await texts().save(booked(0), PIECES, saving());
    expect(await texts().save(booked(5), NO_PIECES, saving())).to.equal('saved');
    expect(await texts().own(municipalityId)).to.deep.equal([]);
    expect(await texts().save(booked(5), PIECES, saving())).to.equal('stale');
    await texts().save(booked(0), PIECES, saving(9_000));
    expect(await texts().save(booked(5), NO_PIECES, saving())).to.equal('stale');
    expect(await texts().save(booked(0), NO_PIECES, saving())).to.equal('stale');
  });
});

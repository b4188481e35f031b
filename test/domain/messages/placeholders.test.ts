import { expect } from 'chai';
import { TEXT_KINDS } from '../../../server/domain/messages/message.ts';
import {
  checkPieces,
  fill,
  MOST_CHARACTERS,
  placeholdersOf,
  PIECES,
} from '../../../server/domain/messages/placeholders.ts';
import { NO_PIECES } from '../../../server/domain/messages/texts.ts';

describe('Placeholders in the texts of a municipality', () => {
  it('are all accepted where they are offered', () => {
    for (const kind of TEXT_KINDS) {
      for (const piece of PIECES) {
        const text = placeholdersOf(kind, piece)
          .map((name) => `{${name}}`)
          .join(' ')
          .slice(0, MOST_CHARACTERS[piece] * 2);
        const faults = checkPieces(kind, { ...NO_PIECES, [piece]: text });
        expect(faults.filter(({ fault }) => fault !== 'tooLong')).to.deep.equal([]);
      }
    }
  });

  it('find nothing wrong with what is not worded', () => {
    expect(checkPieces('booked', NO_PIECES)).to.deep.equal([]);
  });

  for (const [typed, hint] of [
    ['Datum', 'datum'],
    ['dautm', 'datum'],
    ['uhrzeti', 'uhrzeit'],
    ['vorgangs-nummer', 'vorgangsnummer'],
    ['vorgangsnr', 'vorgangsnummer'],
    ['name', 'nachname'],
    ['adresse', null],
    ['', null],
  ] as const) {
    it(`name the one that may be meant by {${typed}}: ${hint ?? 'none'}`, () => {
      expect(checkPieces('booked', { ...NO_PIECES, intro: `Am {${typed}} sehen wir uns.` })).to.deep.equal([
        { piece: 'intro', fault: 'unknown', found: typed, hint: typed === 'name' ? 'vorname' : hint },
      ]);
    });
  }

  it('of the time before belong to what is moved only', () => {
    const pieces = { ...NO_PIECES, intro: 'Bisher: {datum-alt}' };
    expect(checkPieces('movedByOffice', pieces)).to.deep.equal([]);
    expect(checkPieces('booked', pieces)).to.deep.equal([{ piece: 'intro', fault: 'otherKind', found: 'datum-alt' }]);
  });

  it('put no name into a subject', () => {
    expect(checkPieces('booked', { ...NO_PIECES, subject: 'Termin für {vorname} {nachname}' })).to.deep.equal([
      { piece: 'subject', fault: 'personal', found: 'vorname' },
      { piece: 'subject', fault: 'personal', found: 'nachname' },
    ]);
  });

  it('are checked in every part at once, in the order of the form', () => {
    expect(
      checkPieces('booked', {
        subject: 'Termin\nBcc: x@y',
        intro: ' ',
        note: `Am {datum um {uhrzeit} ${'x'.repeat(1000)}`,
      }),
    ).to.deep.equal([
      { piece: 'subject', fault: 'lineBreak' },
      { piece: 'intro', fault: 'empty' },
      { piece: 'note', fault: 'tooLong', most: 1000 },
      { piece: 'note', fault: 'brace' },
    ]);
  });

  it('find a brace without its partner', () => {
    for (const text of ['{', '}', 'a {datum', 'datum}', '{{datum}}', '{da\ntum}']) {
      expect(
        checkPieces('booked', { ...NO_PIECES, note: text }).map(({ fault }) => fault),
        text,
      ).to.include('brace');
    }
  });

  it('allow paragraphs, but no control characters', () => {
    expect(checkPieces('booked', { ...NO_PIECES, note: 'Eins.\r\n\r\n\tZwei.' })).to.deep.equal([]);
    for (const character of ['\u0000', '\u0007', '\u202e', '\u0085']) {
      expect(checkPieces('booked', { ...NO_PIECES, note: `a${character}b` })).to.deep.equal([
        { piece: 'note', fault: 'control' },
      ]);
    }
  });

  it('are filled in once: a value with braces is not filled in again', () => {
    expect(fill('{vorname} am {datum}', { vorname: '{datum}', datum: '8. Dezember' })).to.equal(
      '{datum} am 8. Dezember',
    );
  });

  it('leave no gap where no first name is known', () => {
    expect(fill('Liebe Frau {vorname} {nachname}, bis bald', { nachname: 'Vogel' })).to.equal(
      'Liebe Frau Vogel, bis bald',
    );
    expect(fill('Guten Tag {vorname} {nachname}, bis bald', {})).to.equal('Guten Tag, bis bald');
  });

  it('make no sentence where something else is not known', () => {
    expect(fill('Rufen Sie an: {telefon}.', {})).to.equal(null);
    expect(fill('Statt {datum-alt} jetzt {datum}', { datum: '8. Dezember' })).to.equal(null);
  });
});

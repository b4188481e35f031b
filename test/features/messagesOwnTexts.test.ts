import { expect } from 'chai';
import { NO_PIECES } from '../../server/domain/messages/texts.ts';
import { minuteToTick } from '../../server/domain/time.ts';
import { load, visibleText } from '../support/html.ts';
import {
  directoryOf,
  expectInOrder,
  mailOf,
  messageOf,
  ORIGIN,
  said,
  SCHOENBERG,
  wording,
  wordsOf,
} from '../support/messageFixture.ts';

const KEY = 'K7M4QX2FA-q7hw3mAAAAAAAAAAAAAAAA';

describe('What a municipality words itself', () => {
  const pieces = {
    subject: 'Meerane: {datum-kurz}, {uhrzeit}, {standort}',
    intro: 'schön, dass Sie kommen, {vorname}.\n\nWir sind {amt}.',
    note: 'Fragen? {telefon}\r\nIhre Nummer: {vorgangsnummer}',
  };
  const texts = () => Promise.resolve(pieces);

  it('takes the place of the program’s words, and nothing else', async () => {
    const mail = await mailOf(messageOf(), wording({ texts }));
    expect(mail.subject).to.equal('Meerane: 8. Dezember, 9:40 Uhr, Gemeindeamt');
    expectInOrder(mail.text, [
      'Guten Tag Karin Vogel,\n\nschön, dass Sie kommen, Karin.\n\nWir sind Stadt Meerane, Bürgerbüro.\n\n',
      '    Dienstag, 8. Dezember 2026, 9:40 Uhr\n',
      'DAS ERLEDIGEN WIR',
      `${ORIGIN}/termin/${KEY}`,
      'Fragen? 03764 540\n\nIhre Nummer: K7M 4QX 2FA\n\nFreundliche Grüße',
    ]);
    expect(mail.text).not.to.contain('ist gebucht');
    expect(wordsOf(visibleText(mail.html ?? ''))).to.equal(wordsOf(mail.text));
  });

  it('is asked for by the kind of the message, who changed it, and the language', async () => {
    const asked: string[] = [];
    const deps = wording({
      texts: (municipalityId, kind, locale) => {
        asked.push(`${municipalityId} ${kind} ${locale}`);
        return Promise.resolve(NO_PIECES);
      },
    });
    await mailOf(messageOf({ kind: 'moved', changedBy: 'hotline' }), deps);
    await mailOf(messageOf({ kind: 'moved', changedBy: 'office', locale: 'en' }), deps);
    await mailOf(messageOf({ kind: 'cancelled', changedBy: 'office' }), deps);
    expect(asked).to.deep.equal(['3 moved de', '3 movedByOffice en', '3 cancelledByOffice de']);
  });

  it('gives way where it asks for what is not known', async () => {
    const before = { subject: null, intro: 'Statt {datum-alt} kommen Sie bitte {datum}.', note: 'Bisher {ort-alt}.' };
    const deps = wording({ texts: () => Promise.resolve(before) });
    const known = said(await mailOf(messageOf({ kind: 'moved' }), deps));
    expect(known).to.contain('Statt Dienstag, 1. Dezember 2026 kommen Sie bitte').and.to.contain('Bisher Köthel.');
    const gone = said(await mailOf(messageOf({ kind: 'moved', before: null }), deps));
    expect(gone).to.contain('ist verschoben').and.not.to.contain('Statt').and.not.to.contain('Bisher');
    const lost = await mailOf(
      messageOf({ kind: 'moved', before: { date: '2026-12-01', startTick: minuteToTick(600), venueId: null } }),
      deps,
    );
    expect(said(lost)).to.contain('Statt Dienstag, 1. Dezember').and.not.to.contain('Bisher .');
  });

  it('is not trusted as HTML, and a subject stays one line', async () => {
    const evil = { subject: 'a\nBcc: x@y.example', intro: '<b>fett</b> {standort}', note: '<script>1</script>' };
    const mail = await mailOf(messageOf(), wording({ texts: () => Promise.resolve(evil) }));
    expect(mail.subject).to.equal('a Bcc: x@y.example');
    expect(load(mail.html ?? '')('b, script').length).to.equal(0);
    expect(mail.text).to.contain('<b>fett</b> Gemeindeamt');
  });

  it('never makes a subject too long to be kept', async () => {
    const long = { ...NO_PIECES, subject: '{standort} {standort} {standort} {ort}' };
    const office = directoryOf({ venues: [{ ...SCHOENBERG, name: 'X'.repeat(160) }] });
    const mail = await mailOf(messageOf(), wording({ office, texts: () => Promise.resolve(long) }));
    expect(mail.subject).to.equal('Ihr Termin am 8. Dezember um 9:40 Uhr in Schönberg');
  });
});

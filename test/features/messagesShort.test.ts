import { expect } from 'chai';
import fc from 'fast-check';
import { TEXT_KINDS } from '../../server/domain/messages/message.ts';
import { checkPieces, placeholdersOf, PIECES } from '../../server/domain/messages/placeholders.ts';
import { NO_PIECES } from '../../server/domain/messages/texts.ts';
import { fitGsm, gsmLength, toGsm } from '../../server/features/booking/messages/gsm.ts';
import { deliveredPieces } from '../../server/features/booking/messages/pieces.ts';
import { previewMessage } from '../../server/features/booking/messages/preview.ts';
import { writeMessage } from '../../server/features/booking/messages/writeMessage.ts';
import {
  directoryOf,
  EVERY_MESSAGE,
  MEERANE,
  messageOf,
  ORIGIN,
  SCHOENBERG,
  smsOf,
  wording,
} from '../support/messageFixture.ts';

const LOCALES = ['de', 'en'] as const;
const LINK = `${ORIGIN}/termin/K7M4QX2FA-q7hw3mAAAAAAAAAAAAAAAA`;

describe('A short message', () => {
  it('says when and where, and how to change it', async () => {
    expect(await smsOf(messageOf())).to.equal(
      `Bürgerkoffer: Termin Di 8. Dez, 9:40 Uhr, Schönberg, Gemeindeamt. Ändern: ${LINK}`,
    );
    expect(await smsOf(messageOf({ kind: 'moved', changedBy: 'office', locale: 'en' }))).to.contain(
      'not Tue 1 Dec, 13:00 but Tue 8 Dec, 9:40, Schönberg',
    );
    expect(await smsOf(messageOf({ kind: 'cancelled', changedBy: 'office' }))).to.contain('fällt leider aus');
    expect(await smsOf(messageOf({ kind: 'reminder' }))).to.contain('Erinnerung an Ihren Termin Di 8. Dez');
    expect(await smsOf(messageOf({ kind: 'late' })))
      .to.contain('etwa 40 Minuten später')
      .and.to.contain('10:20 Uhr');
  });

  it('takes one part where nothing else has to be told, never more than two, whatever the place is called', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 160 });
    const others = EVERY_MESSAGE.filter(({ kind }) => kind !== 'verify');
    for (const locale of LOCALES) {
      for (const of of others) {
        const text = await smsOf(messageOf({ ...of, locale }));
        expect(toGsm(text), text).to.equal(text);
        const most = of.changedBy === 'office' && (of.kind === 'moved' || of.kind === 'late') ? 306 : 160;
        expect(gsmLength(text), text).to.be.at.most(most);
        expect(text).not.to.match(/Karin|Vogel|undefined|[{}]/);
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...others), name, name, async (of, locality, venue) => {
        const office = directoryOf({ venues: [{ ...SCHOENBERG, locality, name: venue }] });
        const text = await smsOf(messageOf(of), wording({ office }));
        expect(toGsm(text)).to.equal(text);
        expect(gsmLength(text)).to.be.at.most(306);
        expect(text).to.contain(ORIGIN);
      }),
    );
  });

  it('never asks to confirm an e-mail address', async () => {
    const outcome = await writeMessage(wording(), messageOf({ kind: 'verify', channel: 'sms' })).catch(
      (error: Error) => error.message,
    );
    expect(outcome).to.equal('An e-mail address is not confirmed by short message');
  });

  it('has only letters that short messages have', () => {
    expect(toGsm('Žižkov „Łódź“ – Ägypten…')).to.equal('Zizkov "Lodz" - Ägypten...');
    expect(toGsm('Київ')).to.equal('????');
    expect(gsmLength('a€')).to.equal(3);
    expect(fitGsm(['x'.repeat(400)], 'https://a.example/b'))
      .to.match(/x https:\/\/a\.example\/b$/)
      .and.to.have.length(306);
  });
});

describe('The preview of a text', () => {
  it('is a mail about an invented appointment of that municipality, for each text and language', async () => {
    for (const locale of LOCALES) {
      for (const kind of TEXT_KINDS) {
        const pieces = { subject: `Betreff ${kind}`, intro: 'Wir in {ort}.', note: 'Ihr {amt}' };
        const mail = await previewMessage(wording(), { municipalityId: MEERANE.id, kind, locale, pieces });
        expect(mail.subject).to.equal(`Betreff ${kind}`);
        expect(mail.text).to.contain('Wir in Schönberg.').and.to.contain('Ihr Stadt Meerane, Bürgerbüro');
        expect(mail.text)
          .to.contain('Karin Vogel')
          .and.not.to.match(/undefined|[{}]/);
        const delivered = await previewMessage(wording(), {
          municipalityId: MEERANE.id,
          kind,
          locale,
          pieces: NO_PIECES,
        });
        expect(delivered.subject).not.to.equal('').and.not.to.match(/[{}]/);
      }
    }
  });

  it('fills in every placeholder that is offered', async () => {
    for (const kind of TEXT_KINDS) {
      for (const piece of PIECES) {
        for (const name of placeholdersOf(kind, piece)) {
          const pieces = { ...NO_PIECES, [piece]: `»{${name}}«` };
          const mail = await previewMessage(wording(), { municipalityId: MEERANE.id, kind, locale: 'de', pieces });
          const text = piece === 'subject' ? mail.subject : mail.text.replace(/\s+/g, ' ');
          expect(text, `${kind} ${piece} ${name}`).to.match(/»[^«{}]+«/);
        }
      }
    }
  });

  it('works before there is a venue or a service', async () => {
    const office = directoryOf({ venues: [], services: [] });
    for (const kind of TEXT_KINDS) {
      const of = { municipalityId: MEERANE.id, kind, locale: 'de', pieces: NO_PIECES } as const;
      expect((await previewMessage(wording({ office }), of)).text).to.contain('Guten Tag Karin Vogel,');
    }
  });
});

describe('The texts of the program', () => {
  it('pass the check that those of a municipality have to pass', () => {
    for (const locale of LOCALES) {
      for (const kind of TEXT_KINDS) {
        expect(checkPieces(kind, deliveredPieces(kind, locale)), `${kind} ${locale}`).to.deep.equal([]);
      }
    }
  });
});

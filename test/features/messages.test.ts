import { expect } from 'chai';
import fc from 'fast-check';
import { lengthOf } from '../../server/domain/messages/layout.ts';
import { readCalendarFile } from '../support/calendarStore.ts';
import { htmlProblems, load, visibleText } from '../support/html.ts';
import {
  CERTIFICATE,
  directoryOf,
  EVERY_MESSAGE,
  expectInOrder,
  FREE_SERVICE,
  ID_CARD,
  KOETHEL,
  mailOf,
  MEERANE,
  messageOf,
  NOW,
  ORIGIN,
  said,
  SCHOENBERG,
  wording,
  wordsOf,
  type FixtureMessage,
} from '../support/messageFixture.ts';

const LOCALES = ['de', 'en'] as const;
const KEY = 'K7M4QX2FA-q7hw3mAAAAAAAAAAAAAAAA';

/** Every mail in both languages, with the words that tell them apart. */
const everyMail = (): { of: FixtureMessage; label: string }[] =>
  LOCALES.flatMap((locale) =>
    EVERY_MESSAGE.map((of) => ({
      of: { ...of, locale },
      label: `${of.kind ?? ''} by ${of.changedBy ?? 'person'} (${locale})`,
    })),
  );

describe('The words of a mail', () => {
  it('are in the order in which people need them', async () => {
    const mail = await mailOf(messageOf());
    expect(mail.subject).to.equal('Ihr Termin am 8. Dezember um 9:40 Uhr in Schönberg');
    expectInOrder(mail.text, [
      'Guten Tag Karin Vogel,\n\nIhr Termin beim Bürgerkoffer ist gebucht.',
      '    Dienstag, 8. Dezember 2026, 9:40 Uhr\n    Schönberg, Gemeindeamt\n    Am Anger 2, 08393 Schönberg\n',
      '    stufenfrei, Parkplatz am Haus\n',
      'Vorgangsnummer: K7M 4QX 2FA\n\n\nDAS ERLEDIGEN WIR\n\n    - Personalausweis beantragen\n',
      '    - Führungszeugnis beantragen\n',
      'Das dauert etwa 30 Minuten. Kosten: 59,00 €.',
      '\n\n\nDAS BRINGEN SIE BITTE MIT\n\n    - Ihr bisheriger Personalausweis oder Reisepass\n    - Ihre Bankkarte',
      'SIE KÖNNEN NICHT KOMMEN?',
      `\n\n    ${ORIGIN}/termin/${KEY}\n\n`,
      'Geändert wird erst etwas, wenn Sie\ndort auf einen Knopf drücken.',
      'Rufen Sie 115 an, Montag bis Freitag von 8 bis 18 Uhr,\noder 03764 540',
      '24 Stunden vor dem Termin erinnern wir Sie',
      '24 Stunden nach\ndem Termin löschen wir Ihre Angaben.',
      'Freundliche Grüße\nIhr Bürgerkoffer Meerane\n\n-- \nStadt Meerane, Bürgerbüro\n',
      `Impressum:   ${ORIGIN}/impressum\nDatenschutz: ${ORIGIN}/datenschutz\n`,
    ]);
    expect(mail.text.match(/Reisepass/g), 'each document once').to.have.length(1);
    expect(mail.text.match(/Bargeld/g), 'how to pay, once').to.have.length(1);
  });

  it('name 115 once where the office is reached under that number only', async () => {
    for (const contactPhone of ['115', '1 1 5', 'Tel. 115']) {
      const mail = await mailOf(
        messageOf(),
        wording({ office: directoryOf({ municipality: { ...MEERANE, contactPhone } }) }),
      );
      expect(said(mail).match(/115/g), contactPhone).to.have.length(1);
      expect(said(mail)).to.contain('Rufen Sie 115 an, Montag bis Freitag von 8 bis 18 Uhr.');
    }
  });

  it('are English for those who booked in English', async () => {
    const mail = await mailOf(messageOf({ locale: 'en' }));
    expect(mail.subject).to.equal('Your appointment on 8 December at 9:40 in Schönberg');
    expectInOrder(said(mail), [
      'Dear Karin Vogel,',
      'Tuesday, 8 December 2026, 9:40 Schönberg, Gemeindeamt',
      'step-free, parking at the house',
      'Apply for an identity card',
      'your present identity card or passport',
      `${ORIGIN}/en/termin/${KEY}`,
      'call 115',
    ]);
    expect(mail.html).to.contain('<html lang="en">');
    expect(said(mail)).not.to.match(/Termin am|Guten Tag|Uhr/);
  });

  it('do not guess how somebody wants to be addressed', async () => {
    expect((await mailOf(messageOf({ firstName: null }))).text).to.match(/^Guten Tag,\n/);
    expect((await mailOf(messageOf({ firstName: '' }))).text).to.match(/^Guten Tag,\n/);
    for (const { of } of everyMail())
      expect((await mailOf(messageOf(of))).text).not.to.match(/\b(Herrn?|Frau|Mr|Mrs)\b/);
  });

  it('make no link of a name', async () => {
    for (const familyName of [
      'evil.example',
      'https://evil.example',
      'a@evil.example',
      'Jetzt gewinnen www.evil.example',
    ]) {
      const mail = await mailOf(messageOf({ familyName }));
      expect(mail.text + (mail.html ?? '')).not.to.contain('evil.example');
    }
    expect((await mailOf(messageOf({ firstName: 'Hans J.', familyName: "O'Neill-Müller jr." }))).text).to.contain(
      "Guten Tag Hans J. O'Neill-Müller jr.,",
    );
  });

  it('confirm an address only on a page with a button', async () => {
    const mail = await mailOf(messageOf({ kind: 'verify' }));
    expect(mail.subject).to.contain('Bitte bestätigen');
    expectInOrder(said(mail), [
      'Bis Dienstag, 24. November, 10:00 Uhr halten wir die Zeit für Sie frei.',
      'Dienstag, 8. Dezember 2026, 9:40 Uhr',
      `${ORIGIN}/termin/${KEY}/bestaetigung?nachweis=nur-aus-der-E-Mail`,
      'Gebucht ist er erst, wenn Sie dort auf den Knopf drücken.',
      'Haben Sie bis Dienstag, 24. November, 10:00 Uhr nicht bestätigt, geben wir die Zeit wieder frei.',
      'SIE HABEN NICHTS GEBUCHT? Dann müssen Sie nichts tun.',
    ]);
    expect(mail.calendar).to.equal(null);
    expect(mail.text, 'it cannot be changed before').not.to.contain(`${KEY}\n`);
  });

  it('put old and new side by side', async () => {
    const mail = await mailOf(messageOf({ kind: 'moved', changedBy: 'office' }));
    expectInOrder(mail.text, [
      'leider mussten wir Ihren Termin',
      'Das tut uns\nleid',
      'Sie haben daran nichts geändert.',
      '    Bisher:  Dienstag, 1. Dezember 2026, 13:00 Uhr\n             Köthel, Feuerwehrhaus\n',
      '    Neu:     Dienstag, 8. Dezember 2026, 9:40 Uhr\n             Schönberg, Gemeindeamt\n',
    ]);
    const cells = load(mail.html ?? '')('table tr td');
    expect(cells.length).to.equal(2);
    expect(cells.eq(0).text()).to.contain('Bisher').and.to.contain('1. Dezember').and.not.to.contain('8. Dezember');
    expect(cells.eq(1).text()).to.contain('Neu').and.to.contain('8. Dezember');
  });

  it('say whose wish a change was', async () => {
    const moved = async (changedBy: 'person' | 'hotline' | 'office') =>
      said(await mailOf(messageOf({ kind: 'moved', changedBy })));
    expect(await moved('person'))
      .to.contain('Das haben Sie selbst im Internet geändert.')
      .and.not.to.contain('leid');
    expect(await moved('hotline'))
      .to.contain('Das haben wir am Telefon so besprochen.')
      .and.not.to.contain('leid');
    const cancelled = async (changedBy: 'person' | 'hotline' | 'office') =>
      said(await mailOf(messageOf({ kind: 'cancelled', changedBy })));
    expect(await cancelled('person')).to.contain('Sie haben selbst im Internet abgesagt.');
    expect(await cancelled('hotline')).to.contain('Das haben wir am Telefon so besprochen.');
    expect(await cancelled('office'))
      .to.contain('leider müssen wir')
      .and.not.to.contain('selbst');
  });

  it('offer other times for what the office cancelled, and a way to book the same', async () => {
    const message = messageOf({ kind: 'cancelled', changedBy: 'office' });
    const mail = await mailOf(message);
    expectInOrder(mail.text, [
      'Bitte kommen Sie an diesem Tag nicht.',
      '    - Donnerstag, 10. Dezember 2026, 10:00 Uhr, Köthel, Feuerwehrhaus\n',
      '    - Dienstag, 15. Dezember 2026, 9:40 Uhr, Schönberg, Gemeindeamt\n',
      '/buchen/zeiten?lat=50.8631&lon=12.5151&leistung=leistung-1%3A1&leistung=leistung-2%3A1\n',
      'Diese Zeiten sind nicht reserviert.',
    ]);
    expect(said(mail)).not.to.match(/Kosten|bringen|stufenfrei|erinnern/);
    const without = await mailOf(message, wording({ otherTimes: () => Promise.resolve([]) }));
    expect(without.text).to.contain('gerade keine andere Zeit frei').and.to.contain(`${ORIGIN}/besuche\n`);
    const own = await mailOf(
      messageOf({ kind: 'cancelled' }),
      wording({ otherTimes: () => Promise.reject(new Error('nobody asked')) }),
    );
    expect(own.text).to.contain(`${ORIGIN}/besuche\n`);
  });

  for (const [now, words] of [
    ['2026-12-08T05:00:00Z', 'heute um 9:40 Uhr haben Sie'],
    ['2026-12-07T22:59:00Z', 'morgen um 9:40 Uhr haben Sie'],
    ['2026-12-07T23:00:00Z', 'heute um 9:40 Uhr haben Sie'],
    ['2026-12-06T08:40:00Z', 'am Dienstag, 8. Dezember um 9:40 Uhr haben Sie'],
  ] as const) {
    it(`remind at ${now}: ${words}`, async () => {
      const mail = await mailOf(messageOf({ kind: 'reminder' }), wording({ now: Date.parse(now) }));
      expect(said(mail)).to.contain(words);
      expect(mail.subject, 'right whenever it is read').to.contain('am 8. Dezember um 9:40 Uhr');
      expect(mail.text).to.contain(`    ${ORIGIN}/termin/${KEY}/absage\n`);
      expect(said(mail)).to.contain('DAS BRINGEN SIE BITTE MIT').and.not.to.contain('erinnern wir Sie');
    });
  }

  it('say when those who are late expect to be ready, in steps of five minutes', async () => {
    const mail = await mailOf(messageOf({ kind: 'late' }));
    expect(mail.subject).to.equal('Wir kommen später: Ihr Termin am 8. Dezember in Schönberg beginnt gegen 10:20 Uhr');
    expectInOrder(said(mail), [
      'etwa 40 Minuten später',
      'erst gegen 10:20 Uhr',
      'Dienstag, 8. Dezember 2026, gegen 10:20 Uhr (statt 9:40 Uhr)',
      'Sie können gern erst um 10:20 Uhr kommen.',
      'wählen Sie bitte eine andere Zeit.',
    ]);
    expect(mail.calendar).to.equal(null);
  });

  it('are right on the days on which the clocks change', async () => {
    for (const [date, minute, words] of [
      ['2026-03-29', 9 * 60, 'Sonntag, 29. März 2026, 9:00 Uhr'],
      ['2026-10-25', 9 * 60, 'Sonntag, 25. Oktober 2026, 9:00 Uhr'],
    ] as const) {
      const now = Date.parse(`${date}T06:00:00Z`);
      const mail = await mailOf(messageOf({ date, minute }), wording({ now }));
      expect(said(mail)).to.contain(words);
      const late = await mailOf(messageOf({ kind: 'late', date, minute }), wording({ now }));
      expect(said(late)).to.contain('gegen 9:40 Uhr');
      const [event] = readCalendarFile(mail.calendar?.content ?? '').events;
      expect(event?.start).to.equal(messageOf({ date, minute }).time.startsAt);
    }
  });

  it('promise a reminder only where one will come', async () => {
    const reminds = async (of: FixtureMessage, now = NOW, office = directoryOf()) =>
      said(await mailOf(messageOf(of), wording({ now, office }))).includes('erinnern wir Sie noch einmal');
    expect(await reminds({})).to.equal(true);
    expect(await reminds({}, messageOf().time.startsAt - 23 * 3_600_000), 'the moment is over').to.equal(false);
    expect(await reminds({ kind: 'reminder' })).to.equal(false);
    expect(await reminds({ kind: 'cancelled' })).to.equal(false);
    const never = { ...MEERANE, messages: { ...MEERANE.messages!, reminderHours: 0 } };
    expect(await reminds({}, NOW, directoryOf({ municipality: never }))).to.equal(false);
  });

  it('count persons, and ask for a card only where something has to be paid', async () => {
    const line = (serviceId: number, persons: number) => ({ serviceId, persons, minutes: 15, feeCents: null });
    const several = await mailOf(messageOf({ lines: [line(ID_CARD.id, 2), line(FREE_SERVICE.id, 4)] }));
    expectInOrder(said(several), [
      'Personalausweis beantragen (2 Personen)',
      'Wohnung anmelden (4 Personen)',
      'Kosten: 92,00 €.',
      'Ihre Bankkarte, Bargeld nehmen wir nicht an',
    ]);
    const free = said(await mailOf(messageOf({ lines: [line(FREE_SERVICE.id, 1)] })));
    expect(free).to.contain('Kosten: kostenlos.').and.not.to.match(/karte/i);
    const cash = directoryOf({ municipality: { ...MEERANE, cardOnly: false } });
    expect(said(await mailOf(messageOf(), wording({ office: cash })))).not.to.match(/karte|Bargeld/i);
  });

  it('still count what a service cost that is no longer offered', async () => {
    const office = directoryOf({ services: [CERTIFICATE] });
    expect(said(await mailOf(messageOf(), wording({ office })))).to.contain('59,00 €');
  });

  it('make sense where the place or the office is not known any more', async () => {
    for (const locale of LOCALES) {
      for (const of of EVERY_MESSAGE) {
        const message = messageOf({ ...of, locale, venueId: null });
        const mail = await mailOf(message);
        expect(mail.subject + mail.text, of.kind).not.to.match(/undefined|null|\{|\}/);
        expect(mail.subject).not.to.match(/ {2}| (in|nach|at)\b[ ,.]*$/);
        const bare = directoryOf({ municipality: { ...MEERANE, id: 99, contactPhone: null } });
        expect((await mailOf(message, wording({ office: bare }))).text).to.contain('115');
      }
    }
    expect((await mailOf(messageOf({ venueId: null }))).subject).to.equal('Ihr Termin am 8. Dezember um 9:40 Uhr');
  });
});

describe('Every mail', () => {
  for (const { of, label } of everyMail()) {
    it(`is complete: ${label}`, async () => {
      const message = messageOf(of);
      const mail = await mailOf(message);
      const { text, html, subject, calendar } = mail;
      expect(text.startsWith(of.locale === 'de' ? 'Guten Tag Karin Vogel,\n' : 'Dear Karin Vogel,\n')).to.equal(true);
      expect(text)
        .to.contain('K7M 4QX 2FA')
        .and.to.contain('Schönberg')
        .and.to.contain('115')
        .and.to.contain('03764 540');
      expect(text).to.contain('\n-- \n');
      expect(text + subject + (html ?? ''), 'filled in').not.to.match(/[{}]|undefined|\u00a0|\u202f/);
      expect(subject).not.to.match(/Karin|Vogel|K7M|\n/);
      expect(text + subject + (html ?? ''), 'contact').not.to.contain('karin.vogel@');
      expect(text.endsWith('\n') && !text.endsWith('\n\n')).to.equal(true);
      for (const line of text.split('\n')) {
        if (!line.includes('https://')) expect(lengthOf(line), line).to.be.at.most(75);
      }
      // Styles stand at the elements, and a mail has no headline: neither is as on pages.
      const problems = await htmlProblems((html ?? '').replace(/ style="[^"]*"/g, ''));
      expect(problems.filter((problem) => !problem.includes('(heading-level)'))).to.deep.equal([]);
      expect(wordsOf(visibleText(html ?? '')), 'the same words').to.equal(wordsOf(text));

      const $ = load(html ?? '');
      const inHtml = $('[href],[src]')
        .map((_, element) => $(element).attr('href') ?? $(element).attr('src') ?? '')
        .get();
      const inText = text.match(/https?:\/\/\S+/g) ?? [];
      expect(inHtml, 'the same links').to.deep.equal(inText);
      for (const link of inText) expect(new URL(link).origin).to.equal(ORIGIN);
      expect($('img, script, link, style, form, iframe, [style*="url("]').length, 'nothing is fetched').to.equal(0);
      expect(html, 'light and dark are those of the program').not.to.match(
        /#[0-9a-f]{3}|rgb|background|(?<!-)color:(?!inherit)/i,
      );

      const method = of.kind === 'verify' || of.kind === 'late' ? null : of.kind === 'cancelled' ? 'CANCEL' : 'PUBLISH';
      expect(calendar?.method ?? null).to.equal(method);
      expect(calendar === null || calendar.content.includes(`METHOD:${method ?? ''}`)).to.equal(true);
    });
  }

  it('updates the same event in a calendar', async () => {
    const events = [];
    for (const of of [{}, { kind: 'moved', sequence: 1 }, { kind: 'cancelled', sequence: 2 }] as FixtureMessage[]) {
      const mail = await mailOf(messageOf(of));
      events.push(...readCalendarFile(mail.calendar?.content ?? '').events);
    }
    expect(new Set(events.map(({ uid }) => uid)).size).to.equal(1);
    expect(events.map(({ sequence }) => sequence)).to.deep.equal([0, 1, 2]);
  });

  it('keeps its lines short and its words the same, whatever places, services and people are called', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 160 });
    const kinds = fc.constantFrom(...everyMail().map(({ of }) => of));
    await fc.assert(
      fc.asyncProperty(kinds, name, name, name, name, async (of, place, venue, service, person) => {
        const office = directoryOf({
          venues: [
            { ...SCHOENBERG, locality: place, name: venue, street: venue },
            { ...KOETHEL, name: place },
          ],
          services: [
            {
              ...ID_CARD,
              texts: { de: { ...ID_CARD.texts.de, name: service }, en: { ...ID_CARD.texts.en, name: service } },
            },
            CERTIFICATE,
          ],
          municipality: { ...MEERANE, officeName: service, contactPhone: place },
        });
        const mail = await mailOf(messageOf({ ...of, firstName: person, familyName: person }), wording({ office }));
        expect(mail.subject).not.to.match(/[\r\n]/);
        expect(mail.subject.length).to.be.at.most(250);
        for (const line of mail.text.split('\n')) {
          if (!line.includes('https://')) expect(lengthOf(line), line).to.be.at.most(75);
        }
        expect(wordsOf(visibleText(mail.html ?? ''))).to.equal(wordsOf(mail.text));
      }),
      { numRuns: 60 },
    );
  });

  it('cuts no name, however long', async () => {
    const familyName = 'Freifrau von Wolfersdorff-Hohenleuben zu Schönburg-Waldenburg auf Lichtenstein';
    const firstName = 'Annegret Maria Theresia Charlotte Friederike Wilhelmine Luise Auguste Dorothea';
    const mail = await mailOf(messageOf({ firstName, familyName }));
    expect(said(mail)).to.contain(`Guten Tag ${firstName} ${familyName},`);
    const locality = 'Langenbernsdorf-Niederalbertsdorf an der Koberbachtalsperre, Ortsteil Trünzig-Stöcken am Walde';
    const office = directoryOf({ venues: [{ ...SCHOENBERG, locality, name: 'Mehrzweckhalle'.repeat(8) }] });
    const far = await mailOf(messageOf(), wording({ office }));
    expect(far.subject).to.contain(locality);
    expect(far.text.replace(/\s+/g, '')).to.contain('Mehrzweckhalle'.repeat(8));
  });

  it('escapes what looks like HTML', async () => {
    const evil = '<img src=x onerror=alert(1)> & "Co" \'s';
    const office = directoryOf({
      venues: [{ ...SCHOENBERG, name: evil, locality: evil, access: { de: evil, en: evil } }, KOETHEL],
      municipality: { ...MEERANE, officeName: evil, name: evil },
    });
    for (const { of } of everyMail()) {
      const mail = await mailOf(messageOf(of), wording({ office }));
      expect(load(mail.html ?? '')('img').length).to.equal(0);
      expect(mail.text).to.contain('Co');
    }
  });
});

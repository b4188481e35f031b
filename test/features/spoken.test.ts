import { expect } from 'chai';
import type { Line, Service } from '../../server/domain/booking/office.ts';
import { spell } from '../../server/domain/booking/spelling.ts';
import {
  readBack,
  readBackParts,
  readMove,
  spokenBring,
  spokenCosts,
  spokenDate,
  spokenDistance,
  spokenMoney,
  spokenOffer,
  spokenSpelling,
  spokenStreet,
  spokenTime,
  type SpokenOffer,
} from '../../server/features/hotline/spoken.ts';
import { venueInSentence } from '../../server/features/hotline/spokenVenue.ts';
import { translator } from '../../server/web/locale.ts';

const [de, en] = [translator('de'), translator('en')];
const NBSP = '\u00A0';
/** No-break spaces are tested by themselves. */
const plain = (text: string): string => text.replaceAll(NBSP, ' ');

// 2026-12-07 is a Monday.
const TODAY = '2026-12-07';
const GEMEINDEAMT = { name: 'Gemeindeamt', locality: 'Schönberg', street: 'Am Anger 2' };
const FEUERWEHRHAUS = { name: 'Feuerwehrhaus', locality: 'Köthel', street: 'Dorfstraße 18' };

function offer(changes: Partial<SpokenOffer> = {}): SpokenOffer {
  return {
    date: '2026-12-08',
    minute: 560,
    venue: GEMEINDEAMT,
    metres: null,
    today: '2026-11-23',
    inPlace: false,
    ...changes,
  };
}

function line(name: string, documents: readonly string[] = [], persons = 1): Line {
  const texts = { name, documents, feeNote: null, note: null };
  return { service: { texts: { de: texts, en: texts } } as Pick<Service, 'texts'> as Service, persons };
}

describe('What an agent reads aloud', () => {
  describe('offers a time', () => {
    const cases: [string, Partial<SpokenOffer>, string, string][] = [
      [
        'with day, time, house and street',
        {},
        'Am Dienstag, dem 8. Dezember, um 9 Uhr 20 im Gemeindeamt Schönberg, Am Anger 2.',
        'On Tuesday, 8 December, at 9:20 in the morning at the Gemeindeamt in Schönberg, Am Anger 2.',
      ],
      [
        'that it is in the caller’s own place',
        { date: '2026-12-09', minute: 860, venue: FEUERWEHRHAUS, metres: 300, inPlace: true },
        'Am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im Feuerwehrhaus Köthel, Dorfstraße 18, in Ihrem Ort.',
        'On Wednesday, 9 December, at 2:20 in the afternoon at the Feuerwehrhaus in Köthel, Dorfstraße 18, right where you live.',
      ],
      [
        'how far it is',
        { metres: 2200 },
        'Am Dienstag, dem 8. Dezember, um 9 Uhr 20 im Gemeindeamt Schönberg, Am Anger 2, zwei Kilometer entfernt.',
        'On Tuesday, 8 December, at 9:20 in the morning at the Gemeindeamt in Schönberg, Am Anger 2, two kilometres away.',
      ],
      [
        'today, to the full hour',
        { today: '2026-12-08', minute: 540 },
        'Noch heute um 9 Uhr im Gemeindeamt Schönberg, Am Anger 2.',
        'Today at 9 o’clock in the morning at the Gemeindeamt in Schönberg, Am Anger 2.',
      ],
      [
        'tomorrow',
        { today: TODAY, metres: 400 },
        'Morgen um 9 Uhr 20 im Gemeindeamt Schönberg, Am Anger 2, ganz in der Nähe.',
        'Tomorrow at 9:20 in the morning at the Gemeindeamt in Schönberg, Am Anger 2, very near you.',
      ],
      [
        'on the same visit without saying everything twice',
        { minute: 640, metres: 2200, before: { date: '2026-12-08', minute: 560, venue: GEMEINDEAMT } },
        'Am selben Tag auch dort, um 10 Uhr 40.',
        'Also there on the same day, at 10:40 in the morning.',
      ],
      [
        'in the same house on another day',
        { date: '2026-12-15', before: { date: '2026-12-08', minute: 560, venue: GEMEINDEAMT } },
        'Am Dienstag, dem 15. Dezember, um 9 Uhr 20 auch dort.',
        'On Tuesday, 15 December, at 9:20 in the morning, also there.',
      ],
      [
        'in another house on the same day in full',
        { venue: FEUERWEHRHAUS, before: { date: '2026-12-08', minute: 560, venue: GEMEINDEAMT } },
        'Am Dienstag, dem 8. Dezember, um 9 Uhr 20 im Feuerwehrhaus Köthel, Dorfstraße 18.',
        'On Tuesday, 8 December, at 9:20 in the morning at the Feuerwehrhaus in Köthel, Dorfstraße 18.',
      ],
      [
        'in a house with a long name',
        { venue: { name: 'Villa Kunterbunt e. V.', locality: 'Tettau', street: 'Hauptstr. 5' } },
        'Am Dienstag, dem 8. Dezember, um 9 Uhr 20 in der Villa Kunterbunt e. V. in Tettau, Hauptstraße 5.',
        'On Tuesday, 8 December, at 9:20 in the morning at the Villa Kunterbunt e. V. in Tettau, Hauptstraße 5.',
      ],
      [
        'in a house whose article is not known, so that it is right without one',
        { venue: { name: 'Lindenhof', locality: 'Tettau', street: 'Hauptstr. 5' } },
        'Am Dienstag, dem 8. Dezember, um 9 Uhr 20, Tettau, Lindenhof, Hauptstraße 5.',
        'On Tuesday, 8 December, at 9:20 in the morning at the Lindenhof in Tettau, Hauptstraße 5.',
      ],
    ];
    for (const [what, changes, german, english] of cases) {
      it(what, () => {
        expect(plain(spokenOffer(offer(changes), 'de', de))).to.equal(german);
        expect(plain(spokenOffer(offer(changes), 'en', en))).to.equal(english);
      });
    }

    it('breaks no line within a day, a time, a distance or before a house number', () => {
      expect(spokenOffer(offer({ metres: 2200 }), 'de', de)).to.equal(
        `Am${NBSP}Dienstag, dem 8.${NBSP}Dezember, um 9${NBSP}Uhr${NBSP}20 im Gemeindeamt Schönberg, Am Anger${NBSP}2, zwei${NBSP}Kilometer entfernt.`,
      );
    });
  });

  it('says days and times as on the telephone', () => {
    expect(spokenDate(TODAY, TODAY, 'de')).to.equal('noch heute');
    expect(spokenDate('2026-12-08', TODAY, 'de')).to.equal('morgen');
    expect(plain(spokenDate('2027-01-05', TODAY, 'de'))).to.equal('am Dienstag, dem 5. Januar');
    expect(plain(spokenDate('2027-01-05', TODAY, 'en'))).to.equal('on Tuesday, 5 January');
    const times: [number, string, string][] = [
      [540, '9 Uhr', '9 o’clock in the morning'],
      [545, '9 Uhr 5', '9:05 in the morning'],
      [720, '12 Uhr', 'noon'],
      [750, '12 Uhr 30', '12:30 in the afternoon'],
      [1085, '18 Uhr 5', '6:05 in the evening'],
    ];
    for (const [minute, german, english] of times) {
      expect(plain(spokenTime(minute, 'de'))).to.equal(german);
      expect(plain(spokenTime(minute, 'en'))).to.equal(english);
    }
  });

  it('says distances in whole kilometres, to twelve in words', () => {
    const distances: [number, string, string][] = [
      [0, 'ganz in der Nähe', 'very near you'],
      [999, 'ganz in der Nähe', 'very near you'],
      [1000, 'einen Kilometer entfernt', 'one kilometre away'],
      [1499, 'einen Kilometer entfernt', 'one kilometre away'],
      [1500, 'zwei Kilometer entfernt', 'two kilometres away'],
      [12_400, 'zwölf Kilometer entfernt', 'twelve kilometres away'],
      [13_000, '13 Kilometer entfernt', '13 kilometres away'],
    ];
    for (const [metres, german, english] of distances) {
      expect(plain(spokenDistance(metres, 'de'))).to.equal(german);
      expect(plain(spokenDistance(metres, 'en'))).to.equal(english);
    }
  });

  it('says amounts without signs', () => {
    const amounts: [number, string, string][] = [
      [4600, '46 Euro', '46 euros'],
      [2760, '27 Euro 60', '27 euros 60'],
      [1305, '13 Euro 5', '13 euros 5'],
      [100, 'ein Euro', 'one euro'],
      [150, 'ein Euro 50', 'one euro 50'],
      [50, '50 Cent', '50 cents'],
    ];
    for (const [cents, german, english] of amounts) {
      expect(plain(spokenMoney(cents, 'de'))).to.equal(german);
      expect(plain(spokenMoney(cents, 'en'))).to.equal(english);
    }
  });

  it('says what it costs and that only cards are taken', () => {
    const costs: [number, boolean, boolean, string][] = [
      [4600, false, true, 'Die Gebühr ist 46 Euro, wir können nur Karte nehmen.'],
      [2760, false, false, 'Die Gebühr ist 27 Euro 60.'],
      [0, false, true, 'Das kostet nichts.'],
      [0, true, false, 'Es gibt eine Gebühr. Wie hoch sie ist, legt die Kommune fest.'],
      [0, true, true, 'Es gibt eine Gebühr. Wie hoch sie ist, legt die Kommune fest. Wir können nur Karte nehmen.'],
      [
        1300,
        true,
        true,
        'Die Gebühr ist 13 Euro. Dazu kommt eine Gebühr, deren Höhe die Kommune festlegt. Wir können nur Karte nehmen.',
      ],
    ];
    for (const [cents, open, cardOnly, text] of costs) {
      expect(plain(spokenCosts({ cents, open }, cardOnly, 'de', de))).to.equal(text);
    }
    expect(plain(spokenCosts({ cents: 4600, open: false }, true, 'en', en))).to.equal(
      'The fee is 46 euros, and we can only take cards.',
    );
  });

  it('says what to bring in one sentence', () => {
    expect(spokenBring([line('A')], 'de', de)).to.equal('Sie brauchen nichts mitzubringen.');
    expect(spokenBring([line('A', ['Ihren Ausweis'])], 'de', de)).to.equal('Bringen Sie bitte mit: Ihren Ausweis.');
    expect(
      spokenBring([line('A', ['Ihren Ausweis', 'den Mietvertrag']), line('B', ['Ihren Ausweis'])], 'de', de),
    ).to.equal('Bringen Sie bitte mit: Ihren Ausweis und den Mietvertrag.');
    expect(
      spokenBring(
        [
          line('A', [
            'Ihren bisherigen Personalausweis oder Reisepass, bei Kindern auch den Kinderreisepass',
            'wenn Sie schon ein Foto haben: den Code vom Fotogeschäft',
            'unter 16 Jahren: die Zustimmung aller Sorgeberechtigten',
          ]),
        ],
        'de',
        de,
      ),
    ).to.equal(
      'Bringen Sie bitte mit: Ihren bisherigen Personalausweis oder Reisepass, bei Kindern auch den Kinderreisepass; ' +
        'wenn Sie schon ein Foto haben, den Code vom Fotogeschäft; und unter 16 Jahren die Zustimmung aller ' +
        'Sorgeberechtigten.',
    );
    expect(spokenBring([line('A', ['your passport', 'the tenancy agreement'])], 'en', en)).to.equal(
      'Please bring your passport and the tenancy agreement.',
    );
  });

  it('reads back who comes when, where and what for', () => {
    const visit = { date: '2026-12-09', minute: 860, venue: FEUERWEHRHAUS, today: TODAY };
    const said = { ...visit, name: 'Werner Gläser', lines: [line('Personalausweis beantragen')] };
    expect(plain(readBack(said, 'de', de))).to.equal(
      'Ich wiederhole: Werner Gläser, am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im Feuerwehrhaus Köthel, ' +
        'Dorfstraße 18. Ihr Anliegen: Personalausweis beantragen. Stimmt das so?',
    );
    const lines = [line('Personalausweis beantragen', [], 2), line('Führungszeugnis beantragen')];
    expect(plain(readBack({ ...said, name: null, today: '2026-12-08', lines }, 'de', de))).to.equal(
      'Ich wiederhole: morgen, am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im Feuerwehrhaus Köthel, Dorfstraße 18. ' +
        'Ihre Anliegen: Personalausweis beantragen, für zwei Personen; Führungszeugnis beantragen. Stimmt das so?',
    );
    expect(plain(readBack({ ...said, lines: [line('Apply for an identity card')] }, 'en', en))).to.equal(
      'Let me repeat: Werner Gläser, on Wednesday, 9 December, at 2:20 in the afternoon at the Feuerwehrhaus in ' +
        'Köthel, Dorfstraße 18. It is about: Apply for an identity card. Is that right?',
    );
    expect(plain(readBack({ ...said, today: said.date }, 'de', de))).to.contain('Gläser, heute, am Mittwoch, dem 9.');
    const { lead, rest } = readBackParts(said, 'de', de);
    expect(`${lead} Werner Gläser, ${rest}`).to.equal(readBack(said, 'de', de));
    expect(plain(readMove(said, 'de', de))).to.equal(
      'Ich verschiebe den Termin von Werner Gläser. Neu ist er am Mittwoch, dem 9. Dezember, um 14 Uhr 20 im ' +
        'Feuerwehrhaus Köthel, Dorfstraße 18. Stimmt das so?',
    );
    expect(plain(readMove({ ...visit, name: null }, 'en', en))).to.equal(
      'I am moving the appointment. The new time is on Wednesday, 9 December, at 2:20 in the afternoon at the ' +
        'Feuerwehrhaus in Köthel, Dorfstraße 18. Is that right?',
    );
  });

  it('spells a group of a reference', () => {
    const [group] = spell('K7M4QX2FA', 'de');
    expect(spokenSpelling(group!, de)).to.equal(`K${NBSP}wie${NBSP}Köln, sieben, M${NBSP}wie${NBSP}München`);
    expect(plain(spokenSpelling(spell('K7M', 'en')[0]!, en))).to.equal('K for Kilo, seven, M for Mike');
  });

  it('knows the article of the houses that are visited, and guesses at no other', () => {
    const houses: [string, string, string | null][] = [
      ['Gemeindeamt', 'Schönberg', 'im Gemeindeamt Schönberg'],
      ['Rathaus', 'Meerane', 'im Rathaus Meerane'],
      ['Altes Rathaus', 'Meerane', 'im Alten Rathaus in Meerane'],
      ['Meeraner Rathaus', 'Meerane', 'im Meeraner Rathaus'],
      ['Rathaus Meerane', 'Meerane', 'im Rathaus Meerane'],
      ['Feuerwehrhaus', 'Köthel', 'im Feuerwehrhaus Köthel'],
      ['Stadtbibliothek', 'Meerane', 'in der Stadtbibliothek Meerane'],
      ['Grundschule „Am Park“', 'Meerane', 'in der Grundschule „Am Park“ in Meerane'],
      ['Karl-Marx-Schule', 'Meerane', 'in der Karl-Marx-Schule Meerane'],
      ['Alte Schule', 'Waldsachsen', 'in der Alten Schule in Waldsachsen'],
      ['Pflegeheim St. Josef', 'Meerane', 'im Pflegeheim St. Josef in Meerane'],
      ['Seniorenzentrum Lindenhof', 'Meerane', 'im Seniorenzentrum Lindenhof in Meerane'],
      ['Kulturhaus', 'Tettau', 'im Kulturhaus Tettau'],
      ['Turnhalle', 'Tettau', 'in der Turnhalle Tettau'],
      ['Bürgertreff West', 'Meerane', 'im Bürgertreff West in Meerane'],
      ['Gemeinderaum', 'Dittrich', 'im Gemeinderaum Dittrich'],
      ['Haus der Vereine', 'Tettau', 'im Haus der Vereine in Tettau'],
      ['Bahnhof', 'Meerane', 'am Bahnhof Meerane'],
      ['Marktplatz', 'Meerane', 'am Marktplatz Meerane'],
      ['Freiwillige Feuerwehr', 'Tettau', 'bei der Freiwilligen Feuerwehr in Tettau'],
      ['Rathaus', 'Am Berg', 'im Rathaus, Am Berg'],
      ['Autohaus', 'Au', 'im Autohaus Au'],
      // Wrong would be worse than bare: towns that end like houses, articles, what nobody can know.
      ['Mannheim', 'Mannheim', null],
      ['Halle', 'Halle', null],
      ['Neumarkt 5', 'Meerane', null],
      ['Die Brücke', 'Meerane', null],
      ['Unsere kleine Schule', 'Meerane', null],
      ['Alter Saal', 'Meerane', null],
      ['Lindenhof', 'Meerane', null],
    ];
    for (const [name, locality, words] of houses) {
      expect(venueInSentence({ name, locality }, 'de'), name).to.equal(words);
    }
  });

  it('writes out what is abbreviated in a street', () => {
    const streets: [string, string][] = [
      ['Dorfstr. 18', 'Dorfstraße 18'],
      ['Dorfstr 18', 'Dorfstraße 18'],
      ['Leipziger Str. 3a', 'Leipziger Straße 3 a'],
      ['August-Bebel-Str. 3–5', 'August-Bebel-Straße 3 bis 5'],
      ['St.-Martin-Pl. 1', 'Sankt-Martin-Platz 1'],
      ['Dr.-Külz-Straße 7', 'Doktor-Külz-Straße 7'],
      ['Straße der Einheit 4', 'Straße der Einheit 4'],
      ['Am Anger', 'Am Anger'],
    ];
    for (const [written, said] of streets) expect(plain(spokenStreet(written, 'de')), written).to.equal(said);
    expect(spokenStreet('Dorfstr. 18', 'de')).to.equal(`Dorfstraße${NBSP}18`);
  });
});

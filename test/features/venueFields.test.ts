import { expect } from 'chai';
import { slugOf, spansTyped, timeTyped } from '../../server/features/masterData/listFields.ts';
import { matches } from '../../server/features/masterData/list.ts';
import { venueSchema, venueSlug, venueTexts } from '../../server/features/masterData/venueFields.ts';

const TEXTS = {
  name: 'Gemeindeamt',
  ort: 'Köthel',
  strasse: 'Dorfstraße 18',
  plz: '08393',
  stadt: 'Schönberg',
  breite: '50,8783',
  laenge: '12,5303',
  stufenfrei: 'nein',
  zugang: 'zwei Stufen am Eingang',
  zugang_en: '',
  steckdose: 'ja',
  tisch: '',
  funknetz: 'nein',
  hinweis: '',
  mo: '8:00–12:00, 13:00–17:30',
  di: '',
  mi: '',
  do: '',
  fr: '',
  sa: '',
  so: '',
  kontakt_name: '',
  kontakt_telefon: '03764 540',
  kontakt_mail: '',
};

describe('The fields of a venue', () => {
  it('read back what they have written', () => {
    const values = venueSchema.parse(TEXTS);
    expect(values).to.include({ stepFree: false, hasSocket: true, hasTable: null, hasSignal: false, accessEn: null });
    expect(values.at).to.deep.equal({ lat: 50.8783, lon: 12.5303 });
    expect(venueTexts(values)).to.deep.equal(TEXTS);
  });

  it('understand times as people type them', () => {
    expect(['8', '8.30', '08:30', '8 Uhr', '24:00', ' 9:05 '].map(timeTyped)).to.deep.equal([
      480, 510, 510, 480, 1440, 545,
    ]);
    expect(['', '25', '8:60', 'acht', '8:3'].map(timeTyped)).to.deep.equal([null, null, null, null, null]);
  });

  it('understand up to two spans of a day, in whatever order and with whatever dash', () => {
    const morning = { fromMinute: 480, toMinute: 720 };
    const afternoon = { fromMinute: 780, toMinute: 1050 };
    for (const text of [
      '8–12, 13–17.30',
      '13-17:30; 8-12',
      '8 bis 12 Uhr und 13 Uhr bis 17.30 Uhr',
      '8 - 12 / 13 - 17:30',
    ]) {
      expect(spansTyped(text), text).to.deep.equal([morning, afternoon]);
    }
    expect(spansTyped('8–12')).to.deep.equal([morning]);
    expect(['', '–', 'geschlossen'].map(spansTyped)).to.deep.equal([[], [], []]);
  });

  it('say what is wrong with a span', () => {
    expect(spansTyped('8')).to.equal('form');
    expect(spansTyped('8–12–13')).to.equal('form');
    expect(spansTyped('12–8')).to.equal('order');
    expect(spansTyped('8–12, 11–14')).to.equal('overlap');
    expect(spansTyped('8–9, 10–11, 12–13')).to.equal('tooMany');
  });

  it('refuse latitude and longitude the wrong way round', () => {
    const parsed = venueSchema.safeParse({ ...TEXTS, breite: '12,5303', laenge: '50,8783' });
    expect(parsed.error?.issues.map(({ message }) => message)).to.deep.equal(['data.errors.lat', 'data.errors.lon']);
  });

  it('name an address of small letters, digits and hyphens', () => {
    expect(venueSlug({ locality: 'Köthel', name: 'Bürgerhaus „Zur Brücke“' })).to.equal(
      'koethel-buergerhaus-zur-bruecke',
    );
    expect(slugOf('Świebodzin / ß', 60)).to.equal('swiebodzin-ss');
    expect(slugOf('???', 60)).to.equal('ort');
    expect(slugOf('a'.repeat(80), 60)).to.have.length(60);
  });
});

describe('The search of a list', () => {
  it('finds every word wherever it stands, without regard to case, umlauts and ß', () => {
    const texts = ['Gemeindeamt', 'Köthel', 'Dorfstraße 18', null];
    for (const found of ['', 'köthel', 'KOTHEL amt', 'strasse', '18 dorf'])
      expect(matches(found, texts), found).to.equal(true);
    for (const missed of ['meerane', 'köthel meerane']) expect(matches(missed, texts), missed).to.equal(false);
  });
});

import { expect } from 'chai';
import { costsOn, feeOn, type Service } from '../../server/domain/booking/office.ts';

function serviceWith(fees: Service['fees']): Service {
  const texts = { name: 'Leistung', feeNote: null, note: null, documents: [] };
  return {
    id: 1,
    slug: 'leistung',
    category: 'identity',
    position: 1,
    minutes: 20,
    maxPersons: 4,
    inPerson: true,
    combinable: true,
    needs: [],
    synonyms: [],
    fees,
    texts: { de: texts, en: texts },
  };
}

const CARD = serviceWith([
  { validFrom: '2021-01-01', cents: 3700, legalBasis: 'PAuswGebV § 1' },
  { validFrom: '2026-02-07', cents: 4600, legalBasis: 'PAuswGebV § 1' },
]);
const BY_STATUTE = serviceWith([{ validFrom: '2026-01-01', cents: null, legalBasis: 'Kostensatzung' }]);

describe('A fee', () => {
  it('is the old one until the day before the new one is valid', () => {
    expect(feeOn(CARD, '2026-02-06')?.cents).to.equal(3700);
  });

  it('is the new one from its first day on', () => {
    expect(feeOn(CARD, '2026-02-07')?.cents).to.equal(4600);
  });

  it('is unknown before the first one', () => {
    expect(feeOn(CARD, '2020-12-31')).to.equal(undefined);
  });

  it('adds up over services and persons', () => {
    // 2 × 46,00 € = 92,00 €
    expect(costsOn([{ service: CARD, persons: 2 }], '2026-12-01')).to.deep.equal({ cents: 9200, open: false });
  });

  it('is open where the municipal statute sets it, or none is on record', () => {
    const lines = [
      { service: CARD, persons: 1 },
      { service: BY_STATUTE, persons: 3 },
    ];
    expect(costsOn(lines, '2026-12-01')).to.deep.equal({ cents: 4600, open: true });
    expect(costsOn([{ service: CARD, persons: 1 }], '2020-01-01')).to.deep.equal({ cents: 0, open: true });
  });
});

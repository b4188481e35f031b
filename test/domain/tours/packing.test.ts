import { expect } from 'chai';
import { LONGEST_FORM, packingList } from '../../../server/domain/tours/packing.ts';

const service = (persons: number, needs: readonly string[], forms: readonly string[] = []) => ({
  persons,
  needs,
  forms,
});

describe('The packing list of a tour', () => {
  it('names what the booked services need of the kit, for how many appointments', () => {
    const list = packingList([
      { services: [service(2, ['scanner', 'camera']), service(1, ['camera'])] },
      { services: [service(1, ['camera'])] },
      { services: [service(1, [])] },
    ]);
    expect(list).to.deep.equal([
      { kind: 'capability', item: 'capability:camera', capability: 'camera', appointments: 2 },
      { kind: 'capability', item: 'capability:scanner', capability: 'scanner', appointments: 1 },
    ]);
  });

  it('counts paper forms by persons, as each needs one', () => {
    const list = packingList([
      { services: [service(2, [], ['Meldeschein']), service(1, [], ['Antrag', 'Meldeschein'])] },
      { services: [service(1, [], ['Antrag', 'Antrag'])] },
    ]);
    expect(list).to.deep.equal([
      { kind: 'form', item: 'form:Meldeschein', name: 'Meldeschein', persons: 3 },
      { kind: 'form', item: 'form:Antrag', name: 'Antrag', persons: 2 },
    ]);
  });

  it('is empty where nothing is booked', () => {
    expect(packingList([])).to.deep.equal([]);
  });

  it('keeps names as long as a form may have', () => {
    const name = 'x'.repeat(LONGEST_FORM);
    expect(packingList([{ services: [service(1, [], [name])] }])[0]!.item).to.equal(`form:${name}`);
  });
});

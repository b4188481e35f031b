import { expect } from 'chai';
import { countersFor, missingCapabilities, servicesPossible } from '../../server/domain/tours/capability.ts';

const ID_CARD = 1;
const REGISTRATION = 2;
const LICENCE = 3;

const NEEDS = new Map<number, readonly string[]>([
  [ID_CARD, ['fingerprint', 'photo']],
  [REGISTRATION, []],
  [LICENCE, ['photo']],
]);
const FULL_KIT = ['photo', 'fingerprint', 'cardTerminal'];

describe('What a kit must have for a service', () => {
  it('is all there', () => {
    expect(missingCapabilities(['fingerprint', 'photo'], FULL_KIT)).to.deep.equal([]);
    expect(missingCapabilities([], [])).to.deep.equal([]);
  });

  it('is named once where it is missing, in the order of the needs', () => {
    expect(missingCapabilities(['photo', 'fingerprint', 'photo'], [])).to.deep.equal(['photo', 'fingerprint']);
    expect(missingCapabilities(['fingerprint', 'photo'], ['photo'])).to.deep.equal(['fingerprint']);
  });
});

describe('The counters for an appointment', () => {
  const counters = [
    { counter: 1, qualifiedFor: [ID_CARD] },
    { counter: 2, qualifiedFor: [REGISTRATION, ID_CARD] },
    { counter: 3, qualifiedFor: null },
    { counter: 4, qualifiedFor: [] },
  ];

  it('are those whose clerk is qualified', () => {
    expect(countersFor([ID_CARD], NEEDS, FULL_KIT, counters)).to.deep.equal([1, 2]);
    expect(countersFor([REGISTRATION], NEEDS, FULL_KIT, counters)).to.deep.equal([2]);
  });

  it('are only those where one clerk can do all its services', () => {
    expect(countersFor([ID_CARD, REGISTRATION], NEEDS, FULL_KIT, counters)).to.deep.equal([2]);
    const split = [
      { counter: 1, qualifiedFor: [ID_CARD] },
      { counter: 2, qualifiedFor: [REGISTRATION] },
    ];
    expect(countersFor([ID_CARD, REGISTRATION], NEEDS, FULL_KIT, split)).to.deep.equal([]);
  });

  it('are none when the kit lacks something for one of the services, however qualified the clerks', () => {
    expect(countersFor([ID_CARD], NEEDS, ['photo'], counters)).to.deep.equal([]);
    expect(countersFor([REGISTRATION, ID_CARD], NEEDS, ['photo'], counters)).to.deep.equal([]);
    expect(countersFor([REGISTRATION], NEEDS, ['photo'], counters)).to.deep.equal([2]);
  });

  it('never include one without a clerk', () => {
    expect(countersFor([REGISTRATION], NEEDS, FULL_KIT, [{ counter: 3, qualifiedFor: null }])).to.deep.equal([]);
    expect(countersFor([], NEEDS, FULL_KIT, counters)).to.deep.equal([1, 2, 4]);
  });

  it('are none for a service nobody knows', () => {
    expect(countersFor([99], NEEDS, FULL_KIT, [{ counter: 1, qualifiedFor: [99] }])).to.deep.equal([]);
  });
});

describe('The services of a stop', () => {
  it('are possible when the kit suffices and one clerk is qualified', () => {
    const { possible, impossible } = servicesPossible(NEEDS, FULL_KIT, [
      { counter: 1, qualifiedFor: [ID_CARD, LICENCE] },
      { counter: 2, qualifiedFor: [REGISTRATION] },
    ]);
    expect([...possible]).to.deep.equal([ID_CARD, REGISTRATION, LICENCE]);
    expect(impossible.size).to.equal(0);
  });

  it('are refused with what the kit lacks', () => {
    const { possible, impossible } = servicesPossible(
      NEEDS,
      ['photo'],
      [{ counter: 1, qualifiedFor: [ID_CARD, REGISTRATION, LICENCE] }],
    );
    expect([...possible]).to.deep.equal([REGISTRATION, LICENCE]);
    expect([...impossible]).to.deep.equal([[ID_CARD, { kind: 'kitLacks', capabilities: ['fingerprint'] }]]);
  });

  it('are refused when nobody at the counters is qualified', () => {
    const { possible, impossible } = servicesPossible(NEEDS, FULL_KIT, [{ counter: 1, qualifiedFor: [ID_CARD] }]);
    expect([...possible]).to.deep.equal([ID_CARD]);
    expect([...impossible]).to.deep.equal([
      [REGISTRATION, { kind: 'crewNotQualified' }],
      [LICENCE, { kind: 'crewNotQualified' }],
    ]);
  });

  it('are all refused without a clerk, the kit first', () => {
    for (const counters of [[], [{ counter: 1, qualifiedFor: null }]]) {
      const { possible, impossible } = servicesPossible(NEEDS, ['photo'], counters);
      expect(possible.size).to.equal(0);
      expect(impossible.get(ID_CARD)).to.deep.equal({ kind: 'kitLacks', capabilities: ['fingerprint'] });
      expect(impossible.get(LICENCE)).to.deep.equal({ kind: 'crewNotQualified' });
    }
  });
});

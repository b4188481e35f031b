import { expect } from 'chai';
import fc from 'fast-check';
import { addDays } from '../server/domain/time.ts';
import { createZone } from '../server/zone.ts';

const berlin = createZone('Europe/Berlin');
const iso = (instant: number): string => new Date(instant).toISOString();

describe('Wall-clock time', () => {
  it('at nine stays at nine across both clock changes', () => {
    expect(iso(berlin.instantAt('2026-10-24', 9 * 60))).to.equal('2026-10-24T07:00:00.000Z'); // summer, UTC+2
    expect(iso(berlin.instantAt('2026-10-25', 9 * 60))).to.equal('2026-10-25T08:00:00.000Z'); // winter, UTC+1
    expect(iso(berlin.instantAt('2027-03-27', 9 * 60))).to.equal('2027-03-27T08:00:00.000Z');
    expect(iso(berlin.instantAt('2027-03-28', 9 * 60))).to.equal('2027-03-28T07:00:00.000Z');
  });

  it('reads an instant as the clocks show it', () => {
    expect(berlin.local(Date.parse('2026-12-31T23:30:00Z'))).to.deep.equal({ date: '2027-01-01', minute: 30 });
    expect(berlin.local(Date.parse('2026-06-30T22:05:00Z'))).to.deep.equal({ date: '2026-07-01', minute: 5 });
  });

  it('takes the first of two equal times in the night of October', () => {
    expect(iso(berlin.instantAt('2026-10-25', 2 * 60 + 30))).to.equal('2026-10-25T00:30:00.000Z');
  });

  it('is the same there and back at every time that a visit can have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 4 * 60, max: 1439 }), (day, minute) => {
        const date = addDays('2026-01-01', day);
        expect(berlin.local(berlin.instantAt(date, minute))).to.deep.equal({ date, minute });
      }),
    );
  });

  it('counts midnight at the end of a day as the beginning of the next', () => {
    expect(berlin.instantAt('2026-12-01', 1440)).to.equal(berlin.instantAt('2026-12-02', 0));
  });
});

import { expect } from 'chai';
import { renewTourTimes } from '../../server/jobs/tourTimes.ts';

describe('The job that keeps the times of the tours', () => {
  it('looks from today to 60 days ahead and says how many tours it has written', async () => {
    const asked: object[] = [];
    const port = {
      renewTimes: (span: object) => {
        asked.push(span);
        return Promise.resolve(3);
      },
    };
    expect(await renewTourTimes(port, '2026-11-30')).to.deep.equal({ tours: 3 });
    expect(asked).to.deep.equal([{ fromDate: '2026-11-30', toDate: '2027-01-29', most: 50 }]);
  });
});

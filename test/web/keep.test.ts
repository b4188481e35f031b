import { expect } from 'chai';
import { keepByKey } from '../../server/web/keep.ts';

describe('What is kept for a moment', () => {
  it('is loaded once for all who ask in time, also while it is loading', async () => {
    let now = 0;
    let loads = 0;
    const keep = keepByKey<number>(1_000, 10, () => now);
    const load = (): Promise<number> => Promise.resolve(++loads);
    expect(await Promise.all([keep('a', load), keep('a', load)])).to.deep.equal([1, 1]);
    now = 999;
    expect(await keep('a', load)).to.equal(1);
    now = 1_000;
    expect(await keep('a', load)).to.equal(2);
    expect(await keep('b', load)).to.equal(3);
  });

  it('makes room by forgetting what was not asked for longest', async () => {
    let loads = 0;
    const keep = keepByKey<number>(1_000, 2, () => 0);
    const load = (): Promise<number> => Promise.resolve(++loads);
    await keep('a', load);
    await keep('b', load);
    await keep('a', load);
    await keep('c', load);
    expect(await keep('a', load)).to.equal(1);
    expect(await keep('b', load)).to.equal(4);
  });

  it('is not held in memory once it is too old to be answered', async () => {
    let now = 0;
    const keep = keepByKey<object>(1_000, 10, () => now);
    const seen: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      await keep(key, () => Promise.resolve({ key }));
    }
    now = 1_000;
    await keep('d', () => Promise.resolve({}));
    now = 999; // as if the clock went back a little: what had been kept would be good again
    for (const key of ['a', 'b', 'c']) {
      await keep(key, () => {
        seen.push(key);
        return Promise.resolve({});
      });
    }
    expect(seen).to.deep.equal(['a', 'b', 'c']);
  });

  it('is not kept when it failed', async () => {
    const keep = keepByKey<number>(1_000, 2, () => 0);
    let message = '';
    await keep('a', () => Promise.reject(new Error('no database'))).catch((error: Error) => (message = error.message));
    expect(message).to.equal('no database');
    expect(await keep('a', () => Promise.resolve(7))).to.equal(7);
  });

  it('does not outlive a clock that is set back', async () => {
    let now = 1_000_000;
    const keep = keepByKey<number>(1_000, 2, () => now);
    await keep('a', () => Promise.resolve(1));
    now = 0;
    expect(await keep('a', () => Promise.resolve(2))).to.equal(2);
  });
});

import { expect } from 'chai';
import { PASSWORD_MAX, passwordFault } from '../../server/domain/staff/password.ts';
import { DEMO_USERS } from '../../server/demo/users.ts';
import { createPasswords, initialPassword } from '../../server/features/staff/passwords.ts';
import { createCommonPasswords } from '../../server/gateways/commonPasswords.ts';

const person = { email: 'karin.vogel@meerane.example', name: 'Karin Vogel' };

describe('A password for the staff', () => {
  const common = new Set(['password', 'qwertyuiop', 'sunshine', 'correcthorse']);
  const faultOf = (password: string): string | null => passwordFault(password, person, common);

  it('has at least 12 characters and at most 256, counted as a person counts', () => {
    expect(faultOf('Linde-Tee-4')).to.equal('short');
    expect(faultOf('Linde-Tee-41')).to.equal(null);
    expect(faultOf('🐄🐄🐄🐄🐄')).to.equal('short');
    expect(faultOf('Linde Wagen '.repeat(21) + 'Brot')).to.equal(null);
    expect('Linde Wagen '.repeat(21).length + 4).to.equal(PASSWORD_MAX);
    expect(faultOf('Linde Wagen '.repeat(21) + 'Brote')).to.equal('long');
  });

  it('needs no digits, capitals or signs', () => {
    expect(faultOf('lindewagenbrot')).to.equal(null);
    expect(faultOf('linde wagen brot')).to.equal(null);
  });

  it('is none that many use, however it is dressed up', () => {
    for (const password of [
      'correcthorse',
      'CorrectHorse',
      'password2026!!',
      '12345password',
      '!!sunshine!!!',
      'passwordpassword',
      'Password1Password1',
      'aaaaaaaaaaaa',
      'abcabcabcabc',
      '121212121212',
    ]) {
      expect(faultOf(password), password).to.equal('common');
    }
  });

  it('is more than one’s own name or address', () => {
    for (const password of ['karin.vogel@meerane.example', 'KarinVogel2026', 'vogel-karin-123', 'meerane-vogel-1!']) {
      expect(faultOf(password), password).to.equal('own');
    }
    expect(faultOf('karin wandert gern')).to.equal(null);
  });

  it('is compared with a real list of what people use', async () => {
    const list = await createCommonPasswords()();
    expect(list.size).to.be.greaterThan(40_000);
    expect(passwordFault('Iloveyou12345', person, list)).to.equal('common');
    expect(passwordFault('qwertyuiop123', person, list)).to.equal('common');
    expect(passwordFault(initialPassword(), person, list)).to.equal(null);
    for (const user of DEMO_USERS) {
      expect(passwordFault(user.password, user, list), user.password).to.equal(null);
    }
  });
});

describe('A stored password', () => {
  const cheap = createPasswords({ log2N: 10, r: 8, p: 1 });

  it('is recognised, and no other', async () => {
    const hash = await cheap.hash('Linde-Wagen-Brot');
    expect(hash).to.match(/^scrypt\$10\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await cheap.verify('Linde-Wagen-Brot', hash)).to.equal(true);
    expect(await cheap.verify('linde-wagen-brot', hash)).to.equal(false);
    expect(await cheap.verify('', hash)).to.equal(false);
  });

  it('is the same however the keyboard makes an umlaut, and never stored twice the same', async () => {
    const hash = await cheap.hash('Bürgerkoffer-Weg');
    expect(await cheap.verify('Bu\u0308rgerkoffer-Weg', hash)).to.equal(true);
    expect(await cheap.hash('Bürgerkoffer-Weg')).to.not.equal(hash);
  });

  it('is never right for an account that does not exist', async () => {
    expect(await cheap.verify('', null)).to.equal(false);
    expect(await cheap.verify('Linde-Wagen-Brot', null)).to.equal(false);
  });

  it('says its own cost, so that an older one still counts and can be made anew', async () => {
    const costlier = createPasswords({ log2N: 11, r: 8, p: 1 });
    const hash = await cheap.hash('Linde-Wagen-Brot');
    expect(await costlier.verify('Linde-Wagen-Brot', hash)).to.equal(true);
    expect(costlier.isOutdated(hash)).to.equal(true);
    expect(cheap.isOutdated(hash)).to.equal(false);
  });

  it('is checked however many come at once, and refused beyond that', async () => {
    const hash = await cheap.hash('Linde-Wagen-Brot');
    const answers = await Promise.allSettled(Array.from({ length: 80 }, () => cheap.verify('Linde-Wagen-Brot', hash)));
    const served = answers.filter(({ status }) => status === 'fulfilled');
    expect(served).to.have.length(52);
    expect(await cheap.verify('Linde-Wagen-Brot', hash)).to.equal(true);
  });

  it('of each demonstration user is the one that is shown', async function () {
    this.timeout(20_000);
    const real = createPasswords();
    for (const { password, passwordHash } of DEMO_USERS) {
      expect(await real.verify(password, passwordHash), password).to.equal(true);
      expect(real.isOutdated(passwordHash)).to.equal(false);
    }
  });
});

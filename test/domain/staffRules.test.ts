import { expect } from 'chai';
import fc from 'fast-check';
import type { Grant } from '../../server/domain/access.ts';
import { grantsFromClaim, valuesOfClaim } from '../../server/domain/staff/claims.ts';
import { mostAttempts, THROTTLES, waitAfter } from '../../server/domain/staff/throttle.ts';
import { isWithin, losesAdmin, municipalityOf } from '../../server/domain/staff/userScope.ts';
import { deviceOf } from '../../server/features/staff/device.ts';
import { ownAddress } from '../../server/features/staff/enter.ts';
import {
  codeOfStep,
  demoCode,
  hashOfRecoveryCode,
  newRecoveryCodes,
  newSecret,
  presentSecret,
  stepAt,
  stepOfCode,
} from '../../server/features/staff/secondFactor.ts';

const MINUTE = 60_000;

describe('The wait after wrong passwords', () => {
  it('begins with the fifth attempt and doubles up to an hour', () => {
    const waits = [1, 4, 5, 6, 7, 10, 11, 12, 500].map((attempts) => waitAfter(attempts, THROTTLES.account) / MINUTE);
    expect(waits).to.deep.equal([0, 0, 1, 2, 4, 32, 60, 60, 60]);
  });

  it('leaves ten attempts an hour for an account, and is milder for a whole town hall', () => {
    expect(mostAttempts(THROTTLES.account)).to.equal(10);
    expect(mostAttempts(THROTTLES.code)).to.equal(10);
    expect(mostAttempts(THROTTLES.address)).to.equal(25);
  });
});

describe('Roles from an identity provider', () => {
  const ids = new Map([['14524190', 7]]);

  it('hold everywhere, or in the municipality of an AGS', () => {
    expect(grantsFromClaim(['koffertour-planner', 'koffertour-clerk:14524190'], ids)).to.deep.equal([
      { role: 'planner', municipalityId: null },
      { role: 'clerk', municipalityId: 7 },
    ]);
  });

  it('are left out when they are not ours, unknown, or of a municipality that is not here', () => {
    const values = [
      'planner',
      'koffertour-king',
      'koffertour-admin:99999999',
      'koffertour-admin:1',
      'KOFFERTOUR-admin',
      'xkoffertour-admin',
      'koffertour-admin\n',
      'koffertour-__proto__',
    ];
    expect(grantsFromClaim(values, ids)).to.deep.equal([]);
  });

  it('count once', () => {
    expect(grantsFromClaim(['koffertour-admin', 'koffertour-admin'], ids)).to.have.length(1);
  });

  it('are found at a path, or under a name with dots', () => {
    const claims = { resource_access: { koffertour: { roles: ['a', 3, 'b'] } }, 'https://x.example/roles': 'c' };
    expect(valuesOfClaim(claims, 'resource_access.koffertour.roles')).to.deep.equal(['a', 'b']);
    expect(valuesOfClaim(claims, 'https://x.example/roles')).to.deep.equal(['c']);
    expect(valuesOfClaim(claims, 'resource_access.other.roles')).to.deep.equal([]);
    expect(valuesOfClaim(claims, 'resource_access.koffertour.roles.deeper')).to.deep.equal([]);
  });
});

describe('Who changes whom', () => {
  const inTown = (role: Grant['role'], municipalityId: number | null = 1): Grant => ({ role, municipalityId });

  it('is who is responsible for all municipalities of that person', () => {
    const scope = new Set([1, 2]);
    expect(isWithin([inTown('clerk', 1), inTown('planner', 2)], scope)).to.equal(true);
    expect(isWithin([inTown('clerk', 1), inTown('planner', 3)], scope)).to.equal(false);
    expect(isWithin([inTown('clerk', null)], scope)).to.equal(false);
    expect(isWithin([], scope)).to.equal(false);
    expect(isWithin([], 'all')).to.equal(true);
  });

  it('never shuts themselves out', () => {
    expect(losesAdmin([inTown('admin')], [inTown('planner')])).to.equal(true);
    expect(losesAdmin([inTown('admin', null)], [inTown('admin', 1)])).to.equal(true);
    expect(losesAdmin([inTown('admin', 1), inTown('admin', 2)], [inTown('admin', 2)])).to.equal(false);
    expect(losesAdmin([inTown('planner')], [])).to.equal(false);
  });

  it('reads in the history what belongs to one municipality only', () => {
    expect(municipalityOf([inTown('clerk', 4), inTown('admin', 4)])).to.equal(4);
    expect(municipalityOf([inTown('clerk', 4), inTown('admin', 5)])).to.equal(null);
    expect(municipalityOf([inTown('clerk', null)])).to.equal(null);
    expect(municipalityOf([])).to.equal(null);
  });
});

describe('The page somebody is sent to after signing in', () => {
  it('is one of our own', () => {
    expect(ownAddress('/intern/nutzer?suche=a%20b')).to.equal('/intern/nutzer?suche=a%20b');
    expect(ownAddress('/intern')).to.equal('/intern');
    expect(ownAddress('/intern/touren/3?zu=//x')).to.equal('/intern/touren/3?zu=//x');
  });

  it('is nowhere else', () => {
    for (const address of [
      'https://boese.example/intern',
      '//boese.example/intern',
      '/\\boese.example/intern',
      '/intern\\..\\x',
      '/intern//boese.example',
      '/internes',
      '/termin',
      '/intern/../termin',
      '/intern/%2e%2e/termin',
      '/intern/anmelden',
      '/intern/anmelden/code',
      '/intern/abmelden',
      '\t//boese.example',
      '/\t/boese.example',
      '/intern/\n/x',
      'javascript:alert(1)',
      '',
      undefined,
      ['/intern'],
    ]) {
      expect(ownAddress(address), JSON.stringify(address)).to.equal(null);
    }
  });

  it('never leads to another site, whatever is asked for', () => {
    const parts = fc.array(
      fc.constantFrom('/', '\\', 'intern', '..', '.', '%2e', '@', ':', 'x.example', '\t', '?', '#'),
    );
    fc.assert(
      fc.property(parts, (all) => {
        const address = ownAddress(`/${all.join('')}`);
        if (address !== null) {
          const url = new URL(address, 'https://koffer.example');
          expect(url.origin).to.equal('https://koffer.example');
          expect(url.pathname).to.match(/^\/intern(\/|$)/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('The second factor', () => {
  const now = Date.UTC(2026, 10, 23, 9, 0, 10);

  it('accepts the code of now and of the steps beside it', () => {
    const secret = newSecret();
    const step = stepAt(now);
    for (const offset of [-1, 0, 1]) {
      expect(stepOfCode(codeOfStep(secret, step + offset), secret, now), String(offset)).to.equal(step + offset);
    }
    for (const offset of [-2, 2]) {
      expect(stepOfCode(codeOfStep(secret, step + offset), secret, now), String(offset)).to.equal(null);
    }
    for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６']) {
      expect(stepOfCode(code, secret, now), code).to.equal(null);
    }
  });

  it('computes what RFC 6238 says', () => {
    // Appendix B, SHA-1, last six of eight digits; the secret is "12345678901234567890".
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(codeOfStep(secret, stepAt(59_000))).to.equal('287082');
    expect(codeOfStep(secret, stepAt(1_111_111_109_000))).to.equal('081804');
    expect(codeOfStep(secret, stepAt(20_000_000_000_000))).to.equal('353130');
  });

  it('shows in the demonstration a code that has not been used', () => {
    const secret = newSecret();
    const step = stepAt(now);
    expect(demoCode(secret, null, now)).to.equal(codeOfStep(secret, step));
    expect(demoCode(secret, step, now)).to.equal(codeOfStep(secret, step + 1));
    expect(demoCode(secret, step + 1, now)).to.equal(null);
  });

  it('has ten recovery codes that may be typed in any way', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes)).to.have.property('size', 10);
    for (const code of codes) expect(code).to.match(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    const [code = ''] = codes;
    expect(hashOfRecoveryCode(1, code.toUpperCase().replaceAll('-', ' '))).to.equal(hashOfRecoveryCode(1, code));
    expect(hashOfRecoveryCode(2, code)).to.not.equal(hashOfRecoveryCode(1, code));
  });

  it('goes into the app by a picture with a quiet zone, a link or by typing', () => {
    const view = presentSecret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'a@b.example');
    expect(view.secret).to.equal('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ');
    const uri = new URL(view.uri);
    expect(uri.searchParams.get('secret')).to.equal('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(uri.searchParams.get('issuer')).to.equal('Koffertour');
    expect(decodeURIComponent(uri.pathname)).to.contain('a@b.example');
    expect(view.qr.path, 'four white modules, then a finder pattern of seven').to.match(/^M4 4h7v1h-7z/);
    expect((view.qr.size - 8 - 17) % 4, 'a QR code has 17 + 4n modules').to.equal(0);
  });
});

describe('The device of a session', () => {
  it('is named in words', () => {
    expect(deviceOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0')).to.equal(
      'Firefox, Windows',
    );
    expect(
      deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1'),
    ).to.equal('Safari, iPhone');
    expect(deviceOf('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0')).to.equal(
      'Edge, Windows',
    );
    expect(deviceOf('Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36')).to.equal(
      'Chrome, Android',
    );
    expect(deviceOf('curl/8')).to.equal('');
    expect(deviceOf(undefined)).to.equal('');
  });
});

import path from 'node:path';
import { expect } from 'chai';
import { ConfigError, parseConfig, SETTINGS } from '../server/config.ts';

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
}

/** For each setting what an office may say and what is a mistake. */
const CASES: Record<keyof typeof SETTINGS, { right: string[]; wrong: string[] }> = {
  PORT: { right: ['0', '80', '65535'], wrong: ['65536', '-1', 'http', '80.5', ' 80'] },
  HOST: { right: ['127.0.0.1', '::', 'koffer.example.de'], wrong: [] },
  DATABASE_FILE: { right: ['var/koffer.sqlite', '/srv/koffer.sqlite'], wrong: [] },
  DATABASE_URL: {
    right: ['postgres://user:word@host:5432/name', 'postgresql://host/name'],
    wrong: ['mysql://user:word@host/name', 'host/name', 'postgres://', 'postgres://host/a b'],
  },
  DATABASE_POOL: { right: ['2', '200'], wrong: ['1', '201', 'many'] },
  PUBLIC_URL: {
    right: ['https://koffer.example.de', 'http://localhost:3000', 'https://koffer.example.de/'],
    wrong: ['koffer.example.de', 'https://koffer.example.de/path', 'ftp://koffer.example.de', 'https://a b'],
  },
  TRUST_PROXY: { right: ['0', '10'], wrong: ['11', 'yes'] },
  TIME_ZONE: { right: ['Europe/Berlin', 'Europe/Zurich'], wrong: ['Europe/Meerane', 'MESZ plus'] },
  OFFICIAL_SITE: { right: ['yes', 'no'], wrong: ['true', 'ja', '1'] },
  SESSION_IDLE_MINUTES: { right: ['5', '60', '720'], wrong: ['4', '721', 'long'] },
  OIDC_ISSUER: {
    right: ['https://keycloak.example.de/realms/koffer', 'http://localhost:8080/realms/koffer'],
    wrong: ['keycloak.example.de', 'http://keycloak.example.de/realms/koffer', 'ftp://keycloak.example.de'],
  },
  OIDC_CLIENT_ID: { right: ['koffertour'], wrong: [] },
  OIDC_CLIENT_SECRET: { right: ['geheim'], wrong: [] },
  OIDC_NAME: { right: ['Keycloak'], wrong: ['x'.repeat(61)] },
  OIDC_ROLES_CLAIM: { right: ['roles', 'resource_access.koffertour.roles'], wrong: [] },
  SMTP_URL: {
    right: [
      'smtp://user:word@mail.example.de:587',
      'smtps://mail.example.de',
      'smtp://mail.example.de/',
      'smtp://localhost:25',
      'smtps://na%40me:w%2Frd%3A%23@[2001:db8::1]:465',
    ],
    wrong: [
      'mail.example.de',
      'https://mail.example.de',
      'smtp://',
      'smtp://user@mail.example.de',
      'smtp://:word@mail.example.de',
      'smtp://user:wo/rd@mail.example.de',
      'smtp://user:wo%rd@mail.example.de',
      'smtp://mail.example.de/path',
      'smtp://mail.example.de?requireTLS=false',
      'smtp://mail.example.de:0',
      'smtp://mail.example.de:70000',
      'smtp://mail.exa mple.de',
    ],
  },
  MAIL_FROM: {
    right: [
      'termine@example.de',
      'Bürgerbüro <termine@example.de>',
      '"Stadt M., Amt" <termine@müller.example>',
      '<a@b.de>',
    ],
    wrong: [
      'Bürgerbüro',
      'termine@',
      'termine@localhost',
      'a@b.de, c@d.de',
      'Amt <a@b.de> <c@d.de>',
      'a b@example.de',
      'Amt\r\nBcc: x@y.de <a@b.de>',
      'Amt\u0000 <a@b.de>',
    ],
  },
  SMS_URL: {
    right: ['https://sms.example.de/v1/send', 'http://localhost:8080/send'],
    wrong: [
      'sms.example.de',
      'http://sms.example.de/',
      'https://name:word@sms.example.de',
      'https://sms.example.de/?key=1',
    ],
  },
  SMS_TOKEN: { right: ['geheim'], wrong: ['ge heim', 'gehéim', 'geheim\r\nX: 1'] },
  SMS_FROM: {
    right: ['+491711234567', 'Stadt M', 'Rathaus115'],
    wrong: ['0171 1234567', 'Bürgerbüro', 'RathausMeerane'],
  },
  SECRET_KEY: { right: ['x'.repeat(32)], wrong: ['x'.repeat(31)] },
  LOG_LEVEL: { right: ['silent', 'info', 'trace'], wrong: ['verbose', 'INFO'] },
  TILES_URL: {
    right: ['none', 'https://tiles.example/{z}/{x}/{y}.png'],
    wrong: ['https://tiles.example/{z}/{x}.png', 'tiles.example/{z}/{x}/{y}.png', 'file:///{z}/{x}/{y}'],
  },
  TILES_ATTRIBUTION: { right: ['© Landesvermessung'], wrong: [] },
  TILES_CACHE: { right: ['/var/cache/tiles'], wrong: [] },
  TILES_CACHE_MB: { right: ['1', '100000'], wrong: ['0', '100001', 'all'] },
  TILES_AREA: {
    right: ['50.5,11.9,51.2,13.1', '-10, -20, 10, 20'],
    wrong: [
      '51.2,11.9,50.5,13.1',
      '50.5,13.1,51.2,11.9',
      '50,11,51',
      '50,11,51,12,13',
      'a,b,c,d',
      '50,,51,12',
      '80,0,90,1',
    ],
  },
  OSM_DIR: { right: ['/var/lib/koffertour/osm'], wrong: [] },
  OSRM_URL: {
    right: ['http://127.0.0.1:5000', 'https://wege.example.de/auto/'],
    wrong: ['127.0.0.1:5000', 'ftp://wege.example.de', 'https://name:word@wege.example.de', 'http://a.example/?k=1'],
  },
  OSRM_TIMEOUT_MS: { right: ['100', '30000'], wrong: ['99', '30001', '2 s'] },
};

/** Settings that only go together with others. */
const PROVIDER = {
  OIDC_ISSUER: 'https://keycloak.example.de',
  OIDC_CLIENT_ID: 'koffertour',
  OIDC_CLIENT_SECRET: 'geheim',
  PUBLIC_URL: 'https://koffer.example.de',
};
const MESSAGES = {
  SMTP_URL: 'smtp://mail.example.de',
  MAIL_FROM: 'termine@example.de',
  SMS_URL: 'https://sms.example.de',
  SMS_TOKEN: 'geheim',
  PUBLIC_URL: 'https://koffer.example.de',
};
const COMPANY: Partial<Record<keyof typeof SETTINGS, Record<string, string>>> = {
  OIDC_ISSUER: PROVIDER,
  OIDC_CLIENT_ID: PROVIDER,
  OIDC_CLIENT_SECRET: PROVIDER,
  SMTP_URL: MESSAGES,
  MAIL_FROM: MESSAGES,
  SMS_URL: MESSAGES,
  SMS_TOKEN: MESSAGES,
  SMS_FROM: MESSAGES,
  SECRET_KEY: MESSAGES,
};

describe('The configuration', () => {
  it('has defaults with which the program starts as a demonstration', () => {
    const config = parseConfig({});
    expect(config).to.include({
      port: 3000,
      demonstration: true,
      publicUrl: null,
      timeZone: 'Europe/Berlin',
      trustProxy: 0,
    });
    expect(config.database).to.deep.equal({ kind: 'sqlite', file: path.resolve('var/demonstration.sqlite') });
  });

  for (const name of Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]) {
    it(`takes ${name} as it should be`, () => {
      expect(CASES[name].right).to.not.deep.equal([]);
      for (const value of CASES[name].right) {
        expect(faultsOf({ ...COMPANY[name], [name]: value }), value).to.deep.equal([]);
      }
      expect(faultsOf({ [name]: '' }), 'empty counts as not set').to.deep.equal([]);
    });
    if (CASES[name].wrong.length > 0) {
      it(`says what is wrong with ${name}`, () => {
        for (const value of CASES[name].wrong) {
          const company = COMPANY[name] === MESSAGES ? MESSAGES : {};
          const faults = faultsOf({ ...company, [name]: value });
          expect(faults, value).to.have.length(1);
          expect(faults[0], value).to.match(new RegExp(`^${name} must `));
        }
      });
    }
  }

  it('lists every fault at once', () => {
    const wrong = Object.entries(CASES).filter(([, { wrong: values }]) => values.length > 0);
    const env = Object.fromEntries(wrong.map(([name, { wrong: values }]) => [name, values[0] as string]));
    const faults = faultsOf(env);
    expect(faults.map((fault) => fault.split(' ')[0])).to.deep.equal(wrong.map(([name]) => name));
    expect(new ConfigError(faults).message.split('\n')).to.have.length(faults.length + 1);
  });

  it('wants one database, not two', () => {
    const faults = faultsOf({ DATABASE_FILE: 'a.sqlite', DATABASE_URL: 'postgres://host/name' });
    expect(faults).to.deep.equal(['DATABASE_FILE and DATABASE_URL are both set: choose one']);
  });

  it('wants everything an identity provider needs, or nothing', () => {
    expect(faultsOf({ OIDC_ISSUER: PROVIDER.OIDC_ISSUER })).to.deep.equal([
      'OIDC_ISSUER needs OIDC_CLIENT_ID',
      'OIDC_ISSUER needs OIDC_CLIENT_SECRET',
      'OIDC_ISSUER needs PUBLIC_URL',
    ]);
    expect(faultsOf({ OIDC_CLIENT_ID: 'koffertour' })).to.deep.equal(['OIDC_CLIENT_ID is set, but OIDC_ISSUER is not']);
    expect(parseConfig(PROVIDER).oidc).to.deep.include({ clientId: 'koffertour', rolesClaim: 'roles' });
    expect(parseConfig({}).oidc).to.equal(null);
  });

  it('wants everything that messages need, or nothing', () => {
    const withOrigin = { PUBLIC_URL: 'https://koffer.example.de' };
    expect(faultsOf({ ...withOrigin, SMTP_URL: 'smtp://mail.example.de' })).to.deep.equal(['SMTP_URL needs MAIL_FROM']);
    expect(faultsOf({ ...withOrigin, MAIL_FROM: 'a@b.de', SMS_TOKEN: 'x', SMS_FROM: 'Amt' })).to.deep.equal([
      'MAIL_FROM needs SMTP_URL',
      'SMS_TOKEN needs SMS_URL',
      'SMS_FROM needs SMS_URL',
    ]);
    expect(faultsOf({ SECRET_KEY: 'x'.repeat(40) })).to.deep.equal([
      'SECRET_KEY needs PUBLIC_URL for the links in messages',
    ]);
    expect(parseConfig({})).to.deep.include({ mail: null, sms: null, secretKey: null });
  });

  it('knows how a mail server is spoken to', () => {
    const mail = (url: string, from = 'termine@example.de') =>
      parseConfig({ ...MESSAGES, SMTP_URL: url, MAIL_FROM: from }).mail;
    expect(mail('smtp://na%40me:w%2Frd@Mail.Example.de', 'Bürgerbüro Meerane <termine@müller.example>')).to.deep.equal({
      host: 'mail.example.de',
      port: 587,
      security: 'starttls',
      login: { username: 'na@me', password: 'w/rd' },
      from: { name: 'Bürgerbüro Meerane', address: 'termine@xn--mller-kva.example' },
      replyTo: null,
    });
    expect(mail('smtps://mail.example.de')).to.deep.include({ port: 465, security: 'tls', login: null });
    expect(mail('smtps://localhost')).to.deep.include({ security: 'tls' });
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(mail(`smtp://${host}:25`), host).to.deep.include({ port: 25, security: 'none' });
    }
    expect(mail('smtp://[::1]:25')).to.deep.include({ host: '::1' });
    for (const host of ['localhost.example.de', '127.0.0.2', '[::2]']) {
      expect(mail(`smtp://${host}:25`), host).to.deep.include({ security: 'starttls' });
    }
    expect(mail('smtp://host.example', '"Stadt M., Amt" <a@b.de>')?.from).to.deep.equal({
      name: 'Stadt M., Amt',
      address: 'a@b.de',
    });
    expect(parseConfig({ ...MESSAGES, SMS_FROM: 'Rathaus' }).sms).to.deep.equal({
      url: 'https://sms.example.de',
      token: 'geheim',
      from: 'Rathaus',
    });
  });

  it('never repeats the password of the database or of another server', () => {
    for (const env of [
      { DATABASE_URL: 'mysql://user:geheim@host/name' },
      { DATABASE_URL: 'user:geheim@host', PORT: 'x' },
      { DATABASE_URL: 'postgres://user:geheim@host/name', DATABASE_FILE: 'a.sqlite' },
      { OSRM_URL: 'http://user:geheim@host' },
      { SMTP_URL: 'smtp://user:geheim@host:99999' },
      { SMTP_URL: 'smtp://user:geheim@host' },
      { SMS_URL: 'https://user:geheim@host' },
      { SMS_TOKEN: 'geheim geheim' },
      { SMS_TOKEN: 'geheim' },
      { SECRET_KEY: 'geheim' },
      { SECRET_KEY: 'geheim'.repeat(6) },
    ]) {
      expect(faultsOf(env).length).to.be.at.least(1);
      expect(new ConfigError(faultsOf(env)).message).to.not.include('geheim');
    }
  });

  it('knows a real office from a demonstration, and its values as the program needs them', () => {
    expect(parseConfig({ DATABASE_FILE: 'a.sqlite' })).to.deep.include({
      demonstration: false,
      database: { kind: 'sqlite', file: path.resolve('a.sqlite') },
    });
    expect(parseConfig({ DATABASE_URL: 'postgres://host/name', DATABASE_POOL: '7' })).to.deep.include({
      demonstration: false,
      database: { kind: 'postgres', url: 'postgres://host/name', poolSize: 7 },
    });
    expect(parseConfig({ PUBLIC_URL: 'https://koffer.example.de/' }).publicUrl).to.equal('https://koffer.example.de');
    expect(parseConfig({ TILES_URL: 'none', TILES_CACHE_MB: '2', TILES_AREA: '1,2,3,4' }).tiles).to.deep.include({
      upstream: null,
      cacheBytes: 2_000_000,
      area: { south: 1, west: 2, north: 3, east: 4 },
    });
    expect(parseConfig({}).osrm).to.equal(null);
    expect(parseConfig({ OSRM_URL: 'https://wege.example.de/auto/' }).osrm).to.deep.equal({
      url: 'https://wege.example.de/auto',
      timeoutMs: 2000,
    });
  });
});

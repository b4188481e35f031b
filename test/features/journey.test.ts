import { expect } from 'chai';
import { pino } from 'pino';
import { composeOffice } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import { addDays } from '../../server/domain/time.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { countWhere, occupancyFaults, seedRace, type RaceStop } from '../support/raceFixture.ts';
import { createTempDir } from '../support/tempDir.ts';
import { createVisitor, encode, errorsOf, formOf, timesOf, type Answer, type Visitor } from '../support/visitor.ts';

const DATE = '2026-12-08';
const MINUTE = 60_000;
const PERSON = { vorname: 'Karin', nachname: 'Vogel', weg: 'email', email: 'karin.vogel@beispiel.example' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe('The way to an appointment', () => {
  let app: RunningApp;
  let visitor: Visitor;
  let stop: RaceStop;
  let now: number;

  async function open(date = DATE, start = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60)): Promise<void> {
    now = start;
    app = await startApp({ now: () => now });
    ({ stop } = await seedRace(app.office.database, { date, fromMinute: 540, toMinute: 660, counters: 1 }));
    visitor = createVisitor(app.origin);
  }
  beforeEach(() => open());
  afterEach(async () => {
    expect(await occupancyFaults(app.office.database, now)).to.deep.equal([]);
    visitor.close();
    await app.stop();
  });

  const database = () => app.office.database;
  const appointments = () => countWhere(database(), 'appointments');
  const slot = (tick: number) => `${stop.stopId}.${tick}`;
  const timesPath = (prefix = '', service = 'personalausweis:1') =>
    `${prefix}/buchen/zeiten?halt=${stop.stopId}&leistung=${service}`;
  const toTimes = (prefix = '') => visitor.get(timesPath(prefix));
  async function toDetails(tick = 108, prefix = ''): Promise<Answer> {
    return visitor.follow(await visitor.submit(await toTimes(prefix), { zeit: slot(tick) }));
  }
  async function toCheck(tick = 108, prefix = '', person = PERSON): Promise<Answer> {
    return visitor.follow(await visitor.submit(await toDetails(tick, prefix), person));
  }
  const secretOf = (page: Answer) => /\/buchen\/([^/]+)\//.exec(page.path)?.[1] ?? '';
  const h1 = (page: Answer) => page.$('h1').text().trim();

  for (const [prefix, titles] of [
    ['', ['Was möchten Sie erledigen?', 'Welche Zeit passt Ihnen?', 'Wer kommt zum Termin?', 'Stimmt alles?']],
    ['/en', null],
  ] as const) {
    it(`leads from the start to the booked appointment (${prefix === '' ? 'German' : 'English'})`, async () => {
      const start = await visitor.get(`${prefix}/`);
      expect(start.status).to.equal(200);
      const services = await visitor.get(`${prefix}/buchen/leistungen?halt=${stop.stopId}`);
      const times = await visitor.follow(await visitor.submit(services, { leistung: 'personalausweis' }));
      expect(timesOf(times)).to.include(slot(108));
      const details = await visitor.follow(await visitor.submit(times, { zeit: slot(108) }));
      const check = await visitor.follow(await visitor.submit(details, PERSON));
      const booked = await visitor.follow(await visitor.submit(check));
      const pages = [services, times, details, check, booked];
      for (const page of pages) {
        expect(page.status, page.path).to.equal(200);
        expect(page.path.startsWith(`${prefix}/`)).to.equal(true);
        expect(page.$('h1').length, page.path).to.equal(1);
        expect(page.$('html').attr('lang')).to.equal(prefix === '' ? 'de' : 'en');
      }
      titles?.forEach((title, index) => expect(h1(pages[index]!)).to.equal(title));
      expect(check.html).to.include('Karin').and.include('karin.vogel@beispiel.example');
      expect(booked.path).to.match(new RegExp(`^${prefix}/termin/[0-9A-Z]{9}-[\\w-]{22}/gebucht$`));
      for (const page of [details, check, booked]) {
        expect(page.headers['cache-control']).to.equal('no-store');
        expect(page.headers['x-robots-tag']).to.match(/noindex/);
        // Nothing leaves our origin; with no-referrer older browsers would send `Origin: null` with our own forms.
        expect(page.headers['referrer-policy']).to.equal('same-origin');
      }
      const row = await database().reader<{ locale: string; state: string }>('appointments').first();
      expect(row).to.include({ locale: prefix === '' ? 'de' : 'en', state: 'confirmed' });
    });
  }

  it('counts a double click on each button once', async () => {
    const services = await visitor.get(`/buchen/leistungen?halt=${stop.stopId}`);
    const twice = async (page: Answer, fields: Record<string, string> = {}): Promise<Answer> => {
      const answers = await Promise.all([1, 2, 3].map(() => visitor.submit(page, fields)));
      expect(answers.map(({ status }) => status)).to.deep.equal([303, 303, 303]);
      expect(new Set(answers.map(({ location }) => location)).size).to.equal(1);
      return visitor.follow(answers[0]!);
    };
    const times = await twice(services, { leistung: 'personalausweis' });
    const details = await twice(times, { zeit: slot(108) });
    expect(await appointments()).to.equal(1);
    const check = await twice(details, PERSON);
    await twice(check);
    expect(await appointments()).to.equal(1);
    expect(await countWhere(database(), 'contact_slots')).to.equal(1);
  });

  it('makes one appointment of Back and sending every step again after booking', async () => {
    const times = await toTimes();
    const details = await visitor.follow(await visitor.submit(times, { zeit: slot(108) }));
    const check = await visitor.follow(await visitor.submit(details, PERSON));
    const booked = await visitor.submit(check);
    for (const [page, fields] of [
      [details, { ...PERSON, nachname: 'Adler' }],
      [check, {}],
    ] as const) {
      let answer = await visitor.submit(page, fields);
      while (answer.status === 303 && answer.location !== booked.location) {
        answer = await visitor
          .follow(answer)
          .then((next) => (next.status === 303 ? next : { ...answer, location: null }));
        if (answer.location === null) {
          break;
        }
      }
      expect(answer.location).to.equal(booked.location);
    }
    const secret = secretOf(details);
    for (const path of ['leistungen', 'zeiten', 'angaben', 'pruefen']) {
      expect((await visitor.get(`/buchen/${secret}/${path}`)).location, path).to.equal(booked.location);
    }
    await visitor.post(`/buchen/${secret}/abbruch`, {});
    await visitor.post(`/buchen/${secret}/verlaengerung`, {});
    const rows = await database().reader<{ state: string; family_name: string }>('appointments');
    expect(rows.map(({ state, family_name }) => [state, family_name])).to.deep.equal([['confirmed', 'Vogel']]);
  });

  it('shows the same page again on refresh and changes nothing by looking', async () => {
    const check = await toCheck();
    const secret = secretOf(check);
    const tables = () =>
      Promise.all(['appointments', 'counter_ticks', 'appointment_services'].map((table) => database().reader(table)));
    const before = await tables();
    for (const path of [
      ...['leistungen', 'zeiten', 'angaben', 'pruefen', 'verlaengerung', 'abbruch'].map(
        (step) => `/buchen/${secret}/${step}`,
      ),
      timesPath(),
    ]) {
      for (const method of ['GET', 'HEAD', 'GET']) {
        const answer = await visitor.ask(path, { method });
        expect(answer.status, `${method} ${path}`).to.be.oneOf([200, 404]);
      }
    }
    expect(await tables()).to.deep.equal(before);
  });

  it('comes back to the check page from every change', async () => {
    const check = await toCheck();
    const secret = secretOf(check);
    const change = async (step: string, fields: Record<string, string>): Promise<Answer> =>
      visitor.submit(await visitor.get(`/buchen/${secret}/${step}`), fields);
    for (const answer of [
      await change('zeiten', { zeit: slot(116) }),
      await change('leistungen', { leistung: 'fuehrungszeugnis' }),
      await change('angaben', { nachname: 'Adler' }),
    ]) {
      expect(answer.status).to.equal(303);
      expect(answer.location).to.equal(`/buchen/${secret}/pruefen`);
    }
    const page = await visitor.get(`/buchen/${secret}/pruefen`);
    expect(page.html).to.include('Adler').and.include('9:40').and.include('Führungszeugnis');
    expect(await appointments()).to.equal(1);
  });

  it('asks for a new time when a longer service no longer fits, and keeps the old one meanwhile', async () => {
    await visitor.submit(await toTimes(), { zeit: slot(112) });
    const check = await toCheck(108);
    const secret = secretOf(check);
    const form = await visitor.get(`/buchen/${secret}/leistungen`);
    const answer = await visitor.submit(form, { leistung: 'personalausweis', 'personen-personalausweis': '2' });
    expect(answer.location).to.match(/zeiten\?.*passt=nicht/);
    const times = await visitor.follow(answer);
    expect(times.html).to.include('passen nicht mehr zu Ihrer Zeit');
    const again = await visitor.submit(times, { zeit: timesOf(times).find((value) => value !== slot(108))! });
    expect(again.location).to.equal(`/buchen/${secret}/pruefen`);
  });

  it('takes up an expired reservation while nobody else has the time', async () => {
    const details = await toDetails();
    now += 30 * MINUTE;
    expect((await visitor.get(details.path)).html).to.include('Ihre Reservierung ist abgelaufen');
    const check = await visitor.follow(await visitor.submit(details, PERSON));
    now += 30 * MINUTE;
    const booked = await visitor.submit(check);
    expect(booked.location).to.match(/gebucht$/);
  });

  it('says that the time is taken when somebody else was faster, offers the nearest and keeps what was typed', async () => {
    for (const at of ['angaben', 'pruefen', 'verlaengerung']) {
      const tick = { angaben: 108, pruefen: 112, verlaengerung: 116 }[at] as number;
      const details = await toDetails(tick);
      const secret = secretOf(details);
      if (at !== 'angaben') {
        await visitor.submit(details, PERSON);
      }
      now += 11 * MINUTE;
      await visitor.submit(await toTimes(), { zeit: slot(tick) });
      const answer = await visitor.post(`/buchen/${secret}/${at}`, at === 'pruefen' ? {} : PERSON);
      expect(answer.status, at).to.equal(409);
      expect(errorsOf(answer)[0], at).to.equal('Dieser Termin ist gerade vergeben worden');
      const other = answer.$('input[id^="naechste-"]').last().attr('value')!;
      const check = await visitor.follow(await visitor.submit(answer, { zeit: other }));
      expect(check.path, at).to.equal(`/buchen/${secret}/pruefen`);
      expect(check.html, at).to.include('Vogel').and.include(PERSON.email);
      await visitor.post(`/buchen/${secret}/abbruch`, {});
    }
  });

  it('holds a time longer at least ten times, keeps what was typed, and then says that this was the last time', async () => {
    const details = await toDetails();
    const path = `/buchen/${secretOf(details)}/verlaengerung`;
    for (let time = 1; time <= 12; time++) {
      now += 9 * MINUTE;
      const answer = await visitor.post(path, { ...PERSON, von: 'angaben' });
      expect(answer.location, String(time)).to.match(/zeit=verlaengert$/);
      expect((await visitor.follow(answer)).$('#nachname').val()).to.equal('Vogel');
    }
    expect((await visitor.post(path, PERSON)).location).to.match(/zeit=grenze$/);
  });

  it('gives the time back when somebody stops', async () => {
    const check = await toCheck();
    const answer = await visitor.post(`/buchen/${secretOf(check)}/abbruch`, {});
    expect((await visitor.follow(answer)).status).to.equal(200);
    expect(await appointments()).to.equal(0);
    expect(await countWhere(database(), 'counter_ticks')).to.equal(0);
    expect((await visitor.get(check.path)).status).to.equal(410);
    expect((await visitor.submit(check)).status).to.equal(410);
  });

  it('lets one contact have three open appointments and keeps what was typed when it is one too many', async () => {
    for (const tick of [108, 112, 116]) {
      expect((await visitor.submit(await toCheck(tick))).status).to.equal(303);
    }
    const answer = await visitor.submit(await toDetails(120), { ...PERSON, email: ' KARIN.vogel@beispiel.example ' });
    expect(answer.status).to.equal(422);
    expect(errorsOf(answer).join()).to.include('schon 3 Termine gebucht');
    expect(answer.$('#nachname').val()).to.equal('Vogel');
    expect(answer.$('#email').val()).to.equal('KARIN.vogel@beispiel.example');
  });

  const long = 'a'.repeat(81);
  const WRONG: [string, Record<string, string>, string, string][] = [
    ['no family name', { nachname: '' }, 'nachname', 'Geben Sie Ihren Familiennamen ein. Wir rufen Sie damit auf.'],
    ['only spaces', { nachname: '   ' }, 'nachname', 'Geben Sie Ihren Familiennamen ein. Wir rufen Sie damit auf.'],
    [
      'a long name',
      { nachname: long },
      'nachname',
      'Der Familienname ist zu lang. Bitte kürzen Sie ihn auf 80 Zeichen.',
    ],
    [
      'only digits',
      { nachname: '12345' },
      'nachname',
      'Der Familienname enthält Zeichen, die in Namen nicht vorkommen.',
    ],
    [
      'HTML',
      { nachname: '<b>Vogel</b>' },
      'nachname',
      'Der Familienname enthält Zeichen, die in Namen nicht vorkommen.',
    ],
    [
      'a web address',
      { nachname: 'http://x' },
      'nachname',
      'Der Familienname enthält Zeichen, die in Namen nicht vorkommen.',
    ],
    ['an emoji', { nachname: '😀' }, 'nachname', 'Der Familienname enthält Zeichen, die in Namen nicht vorkommen.'],
    [
      'a question mark',
      { nachname: 'Vogel?' },
      'nachname',
      'Der Familienname enthält Zeichen, die in Namen nicht vorkommen.',
    ],
    [
      'a long first name',
      { vorname: long },
      'vorname',
      'Der Vorname ist zu lang. Bitte kürzen Sie ihn auf 80 Zeichen.',
    ],
    [
      'a first name of signs',
      { vorname: '---' },
      'vorname',
      'Der Vorname enthält Zeichen, die in Namen nicht vorkommen.',
    ],
    [
      'a first name with brackets',
      { vorname: 'Karin (1)' },
      'vorname',
      'Der Vorname enthält Zeichen, die in Namen nicht vorkommen.',
    ],
    ['no way to reach', { weg: '' }, 'weg', 'Wählen Sie, wie wir Sie erreichen, oder „gar nicht“.'],
    ['an unknown way', { weg: 'fax' }, 'weg', 'Wählen Sie, wie wir Sie erreichen, oder „gar nicht“.'],
    ['no e-mail', { email: '' }, 'email', 'Geben Sie Ihre E-Mail-Adresse ein.'],
    ['no @', { email: 'karin.vogel' }, 'email', 'In der E-Mail-Adresse fehlt das @-Zeichen.'],
    ['nothing before @', { email: '@beispiel.de' }, 'email', 'In der E-Mail-Adresse fehlt der Teil vor dem @-Zeichen.'],
    [
      'nothing after @',
      { email: 'karin@' },
      'email',
      'In der E-Mail-Adresse fehlt der Teil nach dem @-Zeichen, zum Beispiel „beispiel.de“.',
    ],
    [
      'no domain',
      { email: 'karin@beispiel' },
      'email',
      'In der E-Mail-Adresse fehlt der Teil nach dem @-Zeichen, zum Beispiel „beispiel.de“.',
    ],
    [
      'a space inside',
      { email: 'ka rin@beispiel.de' },
      'email',
      'Diese E-Mail-Adresse kann nicht stimmen. Bitte prüfen Sie Leerzeichen und Punkte.',
    ],
    [
      'two dots',
      { email: 'ka..rin@beispiel.de' },
      'email',
      'Diese E-Mail-Adresse kann nicht stimmen. Bitte prüfen Sie Leerzeichen und Punkte.',
    ],
    [
      'two addresses',
      { email: 'a@b.de,c@d.de' },
      'email',
      'Diese E-Mail-Adresse kann nicht stimmen. Bitte prüfen Sie Leerzeichen und Punkte.',
    ],
    [
      'a wrong domain',
      { email: 'karin@bei_spiel.de' },
      'email',
      'Diese E-Mail-Adresse kann nicht stimmen. Bitte prüfen Sie Leerzeichen und Punkte.',
    ],
    ['no number', { weg: 'telefon', telefon: '' }, 'telefon', 'Geben Sie Ihre Telefonnummer ein.'],
    [
      'letters',
      { weg: 'telefon', telefon: 'ruf mich an' },
      'telefon',
      'Geben Sie die Telefonnummer mit Vorwahl ein, nur mit Ziffern, zum Beispiel 03764 54321.',
    ],
    [
      'too few digits',
      { weg: 'telefon', telefon: '12345' },
      'telefon',
      'Geben Sie die Telefonnummer mit Vorwahl ein, nur mit Ziffern, zum Beispiel 03764 54321.',
    ],
    [
      'too many digits',
      { weg: 'telefon', telefon: '0'.repeat(16) },
      'telefon',
      'Geben Sie die Telefonnummer mit Vorwahl ein, nur mit Ziffern, zum Beispiel 03764 54321.',
    ],
  ];
  it(`says beside the field what is wrong and keeps everything typed (${WRONG.length} mistakes)`, async () => {
    const details = await toDetails();
    for (const [what, fields, field, message] of WRONG) {
      const entered = { ...PERSON, telefon: '', ...fields };
      const answer = await visitor.submit(details, entered);
      expect(answer.status, what).to.equal(422);
      expect(errorsOf(answer), what).to.include(message);
      expect(answer.$(`#${field}-fehler`).text().trim(), what).to.equal(message);
      expect(answer.$('title').text(), what).to.match(/^Fehler: /);
      for (const name of ['vorname', 'nachname', 'email', 'telefon'] as const) {
        expect(answer.$(`#${name}`).val(), `${what}: ${name}`).to.equal((entered[name] ?? '').trim());
      }
      expect(answer.html).to.not.include('<b>Vogel');
    }
    const all = await visitor.submit(details, { vorname: '!', nachname: '', weg: 'email', email: 'x' });
    expect(
      all
        .$('#fehler a')
        .map((_, link) => all.$(link).attr('href'))
        .get(),
    ).to.deep.equal(['#vorname', '#nachname', '#email']);
  });

  it('takes real names as they are written', async () => {
    const details = await toDetails();
    for (const name of [
      "O'Neill",
      'Nguyễn',
      'Çelik',
      'von der Heide-Schäßburg',
      'Ö',
      'X',
      'Владимир',
      '李',
      'Dr. Müller',
      'D’Angelo',
    ]) {
      const check = await visitor.follow(await visitor.submit(details, { ...PERSON, vorname: '', nachname: name }));
      expect(check.$('main').text(), name).to.include(name);
    }
  });

  it('refuses what begins too soon or lies too far ahead, and knows the edges', async () => {
    const place = (tick: number) => visitor.post(timesPath(), { zeit: slot(tick), vorgang: '' });
    now = OFFICE_ZONE.instantAt(DATE, 480); // one hour before the first time
    expect(timesOf(await toTimes())).to.not.include(slot(108));
    const soon = await place(108);
    expect(soon.status).to.equal(409);
    expect(errorsOf(soon)[0]).to.equal('Diese Zeit kann nicht mehr gebucht werden');
    expect((await place(120)).status).to.equal(303); // two hours before, exactly
    now = OFFICE_ZONE.instantAt(addDays(DATE, -61), 480);
    expect((await place(108)).status).to.equal(409);
    now = OFFICE_ZONE.instantAt(addDays(DATE, -60), 480);
    expect((await place(108)).status).to.equal(303);
  });

  for (const [date, before, utc] of [
    ['2026-10-25', '2026-10-24', '2026-10-25T08:00:00.000Z'],
    ['2026-10-24', '2026-10-20', '2026-10-24T07:00:00.000Z'],
    ['2027-03-28', '2027-03-27', '2027-03-28T07:00:00.000Z'],
    ['2027-03-27', '2027-03-20', '2027-03-27T08:00:00.000Z'],
  ] as const) {
    it(`keeps nine o’clock at nine o’clock on ${date}, where the clocks change near by`, async () => {
      visitor.close();
      await app.stop();
      await open(date, OFFICE_ZONE.instantAt(before, 480));
      const check = await toCheck(108);
      expect(check.$('main').text()).to.match(/\b9:00/);
      await visitor.submit(check);
      const row = await database().reader<{ starts_at: number; ends_at: number }>('appointments').first();
      expect(new Date(row!.starts_at).toISOString()).to.equal(utc);
      expect(row!.ends_at - row!.starts_at).to.equal(20 * MINUTE);
    });
  }

  it('does not book at a visit that was cancelled meanwhile', async () => {
    const check = await toCheck();
    await database().writer('tours').where('id', stop.tourId).update({ state: 'cancelled' });
    const answer = await visitor.submit(check);
    expect(answer.status).to.be.oneOf([409, 410]);
    expect(answer.$('h1').text()).to.not.equal('');
    expect(await countWhere(database(), 'appointments', { state: 'confirmed' })).to.equal(0);
  });

  it('does not offer a visit whose suitcase is defect', async () => {
    await database().writer('kits').where('id', stop.kitId).update({ status: 'defect' });
    now += 2_000;
    const times = await toTimes();
    expect(timesOf(times).filter((value) => value.startsWith(`${stop.stopId}.`))).to.deep.equal([]);
    const answer = await visitor.post(timesPath(), { zeit: slot(108) });
    expect(answer.status).to.equal(409);
    expect(errorsOf(answer)[0]).to.equal('Diese Zeit kann nicht mehr gebucht werden');
  });

  it('answers nonsense with a page, never with a fault of its own', async () => {
    const secret = secretOf(await toCheck());
    const paths = [
      ...['/', '/besuche', '/orte', '/standorte/x', '/buchen/leistungen', '/buchen/zeiten', '/termin'],
      ...['leistungen', 'zeiten', 'angaben', 'pruefen', 'verlaengerung'].map((step) => `/buchen/${secret}/${step}`),
      ...['angaben', 'pruefen', 'abbruch', 'verlaengerung'].map((step) => `/buchen/x%00y/${step}`),
      ...['/termin/x', '/termin/%00', '/termin/K7M4QX2FA-x/verschieben', '/termin/a-b/absage', '/standorte/%00'],
    ];
    const values = [
      '',
      '0',
      '-1',
      '1e99',
      'NaN',
      '99999999999999999999',
      '%00',
      '%F0%9F%98%80',
      "'; drop table appointments; --",
      'x'.repeat(3000),
      '../../etc/passwd',
    ];
    for (const path of paths) {
      for (const value of values) {
        const text = value.startsWith('%') ? value : encodeURIComponent(value);
        const query = [
          'halt',
          'leistung',
          'leistung',
          'place',
          'ort',
          'q',
          'lat',
          'lon',
          'ab',
          'alle',
          'zeit',
          'seite',
          'place[]',
          'halt[a]',
        ]
          .map((name) => `${name}=${text}`)
          .join('&');
        const got = await visitor.get(`${path}?${query}`);
        expect(got.status, `GET ${path} ${value}`).to.be.below(500);
      }
      const bodies: [Record<string, string>, string][] = [
        [FORM, ''],
        [
          FORM,
          'zeit=1.1&zeit=2.2&nachname=a&nachname=b&weg=email&weg=x&email[]=1&vorgang=1&vorgang=2&leistung=x&leistung=y',
        ],
        [
          FORM,
          encode({
            nachname: '\u0000\u0001',
            vorname: '\ud83d',
            weg: 'email',
            email: '\u0000@a.de',
            vorgangsnummer: '\u0000',
            familienname: '\u0000',
          }),
        ],
        [FORM, 'nachname=%FF%FE&zeit=%&=&&&'],
        [{ 'Content-Type': 'application/json' }, '{"nachname":{"a":1}}'],
        [{ 'Content-Type': 'text/plain' }, 'nachname=x'],
        [{ 'Content-Type': 'multipart/form-data; boundary=x' }, '--x--'],
        [{ 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-7' }, 'a=b'],
        [{}, ''],
      ];
      for (const [headers, body] of bodies) {
        const got = await visitor.ask(path, { method: 'POST', headers, body });
        expect(got.status, `POST ${path} ${JSON.stringify(headers)} ${body}`).to.be.below(500);
      }
    }
    const large = await visitor.ask(`/buchen/${secret}/angaben`, {
      method: 'POST',
      headers: FORM,
      body: `nachname=${'x'.repeat(40_000)}`,
    });
    expect(large.status).to.equal(413);
    expect(large.$('h1').text()).to.equal('Das war zu viel auf einmal');
    const many = await visitor.ask(`/buchen/${secret}/angaben`, {
      method: 'POST',
      headers: FORM,
      body: 'a=1&'.repeat(300),
    });
    expect(many.status).to.equal(413);
  }).timeout(60_000);

  it('does nothing that a page of another site asks for', async () => {
    const check = await toCheck();
    const { action, fields } = formOf(check);
    const send = (headers: Record<string, string>) =>
      visitor.ask(action, { method: 'POST', headers: { ...FORM, ...headers }, body: encode(fields) });
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://boese.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: app.origin },
    ]) {
      const answer = await send(headers);
      expect(answer.status, JSON.stringify(headers)).to.equal(403);
      expect(answer.$('h1').text()).to.equal('Das ist von hier aus nicht möglich');
    }
    expect(await countWhere(database(), 'appointments', { state: 'confirmed' })).to.equal(0);
    expect((await send({ 'Sec-Fetch-Site': 'same-origin' })).status).to.equal(303);
    expect((await send({ Origin: app.origin })).status).to.equal(303);
    expect((await send({})).status).to.equal(303);
  });

  it('gives two tabs with the same page one reservation each only when both chose for themselves', async () => {
    const page = await toTimes();
    const other = await toTimes();
    await visitor.submit(page, { zeit: slot(108) });
    await visitor.submit(page, { zeit: slot(112) }); // the same page again: the time is moved
    expect(await appointments()).to.equal(1);
    await visitor.submit(other, { zeit: slot(116) });
    expect(await appointments()).to.equal(2);
  });
});

describe('The log of the office', () => {
  it('never holds a secret, a name or a contact', async () => {
    const dir = createTempDir('log');
    const lines: string[] = [];
    const now = OFFICE_ZONE.instantAt('2026-12-01', 480);
    const office = await composeOffice(
      {
        ...parseConfig({ TILES_URL: 'none' }),
        database: { kind: 'sqlite', file: dir.file('a.sqlite') },
        demonstration: false,
      },
      { now: () => now, log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }) },
    );
    const { stop } = await seedRace(office.database, { date: DATE, fromMinute: 540, toMinute: 660, counters: 1 });
    const server = office.app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const visitor = createVisitor(`http://127.0.0.1:${port}`);
    const times = await visitor.get(`/buchen/zeiten?halt=${stop.stopId}&leistung=personalausweis:1`);
    const details = await visitor.follow(await visitor.submit(times, { zeit: `${stop.stopId}.108` }));
    const check = await visitor.follow(await visitor.submit(details, PERSON));
    const booked = await visitor.follow(await visitor.submit(check));
    await visitor.get(`${booked.path}x`);
    await visitor.post('/termin', { vorgangsnummer: 'K7M 4QX 2FA', familienname: 'Vogel' });
    await office.database.writer.schema.renameTable('appointments', 'elsewhere'); // the next page fails
    expect((await visitor.get(check.path)).status).to.equal(500);
    await office.database.writer.schema.renameTable('elsewhere', 'appointments');
    const log = lines.join('\n');
    const secret = /\/buchen\/([^/]+)\//.exec(check.path)?.[1] as string;
    const reference = /\/termin\/([^-]+)-/.exec(booked.path)?.[1] as string;
    expect(lines.length).to.be.at.least(8);
    for (const [what, word] of Object.entries({
      secret,
      reference,
      name: 'Vogel',
      first: 'Karin',
      contact: PERSON.email,
      address: '127.0.0.1',
    })) {
      expect(log.includes(word), what).to.equal(false);
    }
    visitor.close();
    await new Promise((resolve) => server.close(resolve));
    await office.close();
  });
});

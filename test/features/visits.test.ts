import { expect } from 'chai';
import { startApp, startDemoApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage } from '../support/chromium.ts';
import { expectValidHtml, load, visibleText } from '../support/html.ts';

/** Sunday, 22 November 2026, 11:00 in Meerane. */
const SUNDAY = Date.parse('2026-11-22T10:00:00Z');

interface Answer {
  status: number;
  location: string | null;
  html: string;
  text: string;
  $: ReturnType<typeof load>;
}

describe('Finding a visit', () => {
  let app: RunningApp;
  let now = SUNDAY;

  before(async () => {
    app = await startDemoApp({ now: () => now });
  });
  after(() => app.stop());
  // What is kept for a moment is forgotten, so that each test sees what it has changed.
  beforeEach(() => {
    now += 2_000;
  });

  async function get(path: string): Promise<Answer> {
    const response = await fetch(app.origin + path, { redirect: 'manual' });
    const html = await response.text();
    const isPage = html.startsWith('<!DOCTYPE');
    return {
      status: response.status,
      location: response.headers.get('location'),
      html,
      text: isPage ? visibleText(html, 'main') : html,
      $: load(html),
    };
  }

  async function placeId(name: string): Promise<number> {
    const row = await app.office.database.reader<{ id: number; name: string }>('places').where({ name }).first('id');
    return row!.id;
  }

  /** The number of visits that the sentence under the title tells. */
  function total({ $ }: Answer): number {
    return Number(/^\s*(\d+)/.exec($('.kt-lead').text())?.[1] ?? NaN);
  }

  describe('on the start page', () => {
    it('begins with the question for the place', async () => {
      const { status, $, text } = await get('/');
      expect(status).to.equal(200);
      expect($('h1')).to.have.length(1);
      expect($('h1').attr('tabindex')).to.equal('-1');
      const form = $('form[role=search]');
      expect(form.attr('action')).to.equal('/besuche');
      expect(form.attr('method')).to.equal('get');
      expect(form.find('input[name=ort]').attr('data-kt-suggest')).to.equal('/orte');
      expect(text).to.include('Der Bürgerkoffer ist ein Bürgerbüro im Koffer');
    });

    it('offers places with coming visits, the three next visits with free times, and the telephone', async () => {
      const { $ } = await get('/');
      const chips = $('a.kt-chip');
      expect(chips.length).to.be.within(3, 9);
      for (const chip of chips.toArray()) {
        expect((await get($(chip).attr('href')!)).text).to.include(`Besuche in der Nähe von ${$(chip).text()}`);
      }
      const cards = $('.kt-visit__link');
      expect(cards).to.have.length(3);
      expect(cards.first().attr('href')).to.match(/^\/buchen\/leistungen\?halt=\d+$/);
      expect(
        $('.kt-tile a')
          .toArray()
          .map((link) => $(link).attr('href')),
      ).to.deep.equal(['/termin', 'tel:115']);
    });

    it('asks again when nothing was entered, and says so beside the field', async () => {
      const { status, $ } = await get('/besuche?ort=++&stufenfrei=1');
      expect(status).to.equal(422);
      expect($('.kt-errors a').attr('href')).to.equal('#ort');
      const field = $('#ort');
      expect(field.attr('aria-invalid')).to.equal('true');
      expect(field.attr('aria-describedby')).to.include('ort-fehler');
      expect($('#ort-fehler').text()).to.include('Geben Sie einen Ort');
      expect($('form[role=search] input[name=stufenfrei]').attr('value')).to.equal('1');
    });
  });

  describe('by the name of a place', () => {
    it('leads to an address that can be shared, whatever the spelling', async () => {
      const target = `/besuche?place=${await placeId('Schönberg')}`;
      for (const typed of ['Schönberg', 'schoenberg', 'SCHÖNBERG ', 'Schonberg', 'in Schönberg', '08393 Schönberg']) {
        const { status, location } = await get(`/besuche?ort=${encodeURIComponent(typed)}`);
        expect([typed, status, location]).to.deep.equal([typed, 303, target]);
      }
    });

    it('keeps the filters and the language on the way', async () => {
      const { location } = await get(
        '/en/besuche?ort=Tettau&leistung=reisepass&stufenfrei=1&umkreis=5&tageszeit=nachmittag&frei=1',
      );
      expect(location).to.equal(
        `/en/besuche?place=${await placeId('Tettau')}&leistung=reisepass&stufenfrei=1&umkreis=5&tageszeit=nachmittag&frei=1`,
      );
    });

    it('asks which place is meant when a postcode belongs to several', async () => {
      const { status, $, text } = await get('/besuche?ort=08393&frei=1');
      expect(status).to.equal(200);
      expect(text).to.include('Welchen Ort meinen Sie?');
      const links = $('.kt-places a');
      expect(links.length).to.be.greaterThan(5);
      expect(links.text()).to.include('Ortsteil von Schönberg, 08393');
      expect(links.first().attr('href')).to.match(/^\/besuche\?place=\d+&frei=1$/);
    });

    it('asks back after a typing error and keeps what was typed', async () => {
      const { status, $, text } = await get('/besuche?ort=Sch%C3%B6nbrg');
      expect(status).to.equal(200);
      expect(text).to.include('Meinten Sie Schönberg?');
      expect(text).to.include('prüfen Sie die Schreibweise');
      expect($('.kt-places a').attr('href')).to.equal(`/besuche?place=${await placeId('Schönberg')}`);
      expect($('#ort').attr('value')).to.equal('Schönbrg');
    });

    it('says what to do when the place is not known', async () => {
      const { status, $, text } = await get('/besuche?ort=Xyzzyqq');
      expect(status).to.equal(200);
      expect(text)
        .to.include('Diesen Ort haben wir nicht gefunden')
        .and.to.include('Postleitzahl')
        .and.to.include('115');
      expect($('.kt-places')).to.have.length(0);
      expect($('main a[href="/besuche"]')).to.have.length(1);
      expect($('#ort').attr('value')).to.equal('Xyzzyqq');
    });

    it('shows what was typed as words only', async () => {
      const { status, $ } = await get(`/besuche?ort=${encodeURIComponent('"><script>alert(1)</script><b x="')}`);
      expect(status).to.equal(200);
      expect($('main script, main b')).to.have.length(0);
      expect($('#ort').attr('value')).to.equal('"><script>alert(1)</script><b x="');
    });

    it('takes ten thousand letters calmly', async () => {
      const { status, $ } = await get(`/besuche?ort=${'x'.repeat(10_000)}`);
      expect(status).to.equal(200);
      expect($('#ort').attr('value')).to.have.length(80);
    });
  });

  describe('while typing', () => {
    it('gets at most eight suggestions with what tells them apart', async () => {
      const response = await fetch(`${app.origin}/orte?q=sch`, { headers: { accept: 'application/json' } });
      expect(response.headers.get('cache-control')).to.equal('public, max-age=300');
      expect(response.headers.get('vary')).to.include('Accept');
      const answer = (await response.json()) as { suggestions: Record<string, unknown>[]; status: string };
      expect(answer.suggestions.length).to.be.within(1, 8);
      expect(answer.suggestions[0]).to.have.all.keys('label', 'detail', 'value', 'id', 'href');
      expect(answer.status).to.equal(`${answer.suggestions.length} Vorschläge`);
    });

    it('gets them in the language of the page, and none for nothing', async () => {
      const english = JSON.parse((await get('/en/orte?q=tettau')).html) as {
        suggestions: { detail: string; href: string }[];
      };
      expect(english.suggestions[0]?.detail).to.equal('part of Schönberg, 08393');
      expect(english.suggestions[0]?.href).to.match(/^\/en\/besuche\?place=\d+$/);
      for (const path of ['/orte', '/orte?q=', '/orte?q=a&q=b', `/orte?q=${'%C3%A4'.repeat(2_000)}`]) {
        const { status, html } = await get(path);
        expect(status).to.equal(200);
        expect((JSON.parse(html) as { suggestions: unknown[] }).suggestions).to.deep.equal([]);
      }
    });
  });

  describe('in the list', () => {
    it('answers what is nearest and what is soonest before the list begins', async () => {
      const page = await get(`/besuche?place=${await placeId('Köthel')}`);
      const nearest = page.$('.kt-nearest');
      expect(nearest.text()).to.include('Am nächsten bei Köthel').and.to.include('im Ort');
      expect(nearest.find('.kt-nearest__text').text()).to.include('Noch früher, aber weiter weg');
      expect(page.$('.kt-lead').text()).to.match(/\d+ Besuche bis zum \d+\.\u00A0(Dezember|Januar)/);
      expect(page.$('.kt-nearest ~ .kt-split ol .kt-visit')).to.have.length(10);
    });

    it('takes place and service along to the booking', async () => {
      const id = await placeId('Tettau');
      const { $ } = await get(`/besuche?place=${id}&leistung=meldebescheinigung&frei=1`);
      expect($('ol .kt-visit__link').first().attr('href')).to.match(
        new RegExp(`^/buchen/leistungen\\?halt=\\d+&place=${id}&leistung=meldebescheinigung%3A1$`),
      );
    });

    it('has each filter leave something out, and says what for', async () => {
      const id = await placeId('Waldsachsen');
      const all = await get(`/besuche?place=${id}`);
      for (const filter of ['leistung=reisepass', 'stufenfrei=1', 'umkreis=5', 'tageszeit=nachmittag', 'frei=1']) {
        const page = await get(`/besuche?place=${id}&${filter}`);
        expect(total(page), filter).to.be.lessThan(total(all)).and.greaterThan(0);
        expect(page.$(`.kt-filter [name="${filter.split('=')[0]}"]`).is(':checked, :has(:selected)'), filter).to.equal(
          true,
        );
      }
      const passports = await get(`/besuche?place=${id}&leistung=reisepass`);
      expect(passports.$('.kt-lead').text()).to.include('an denen Sie „Reisepass beantragen“ erledigen können');
      expect((await get(`/besuche?place=${id}&frei=1`)).text).not.to.include('ausgebucht');
      expect((await get(`/besuche?place=${id}&stufenfrei=1`)).text).not.to.include('Stufe');
    });

    it('does not let nonsense change anything', async () => {
      const all = await get('/besuche');
      for (const nonsense of [
        'place=abc',
        'place=-1',
        'place=99999999999',
        'seite=-1',
        'seite=abc',
        'lat=999&lon=12',
        'lat=50',
        'leistung=nix',
        'stufenfrei=2',
        'umkreis=1e9',
        'tageszeit=nachts',
        'frei=&frei=1',
        'leistung=a&leistung=b',
      ]) {
        const page = await get(`/besuche?${nonsense}`);
        expect(page.status, nonsense).to.equal(200);
        expect(total(page), nonsense).to.equal(total(all));
        expect(page.$('.kt-nearest'), nonsense).to.have.length(0);
      }
    });

    it('can be paged through to the last visit and back', async () => {
      const first = await get('/besuche?stufenfrei=1');
      const pages = Math.ceil(total(first) / 10);
      let page = first;
      const seen = [page.$('ol .kt-visit').length];
      for (let next = page.$('[rel=next]').attr('href'); next !== undefined; next = page.$('[rel=next]').attr('href')) {
        expect(next).to.include('stufenfrei=1');
        page = await get(next);
        seen.push(page.$('ol .kt-visit').length);
        expect(page.text).to.include('Frühere Besuche');
      }
      expect(seen).to.have.length(pages);
      expect(seen.reduce((sum, one) => sum + one, 0)).to.equal(total(first));
      expect(first.$('[rel=prev]')).to.have.length(0);
      expect((await get('/besuche?stufenfrei=1&seite=900')).$('ol .kt-visit')).to.have.length(seen.at(-1)!);
    });

    it('starts from where the device is', async () => {
      const page = await get('/besuche?lat=50.877&lon=12.478');
      expect(page.$('h1').text()).to.equal('Besuche in Ihrer Nähe');
      expect(page.$('.kt-filter input[name=lat]').attr('value')).to.equal('50.877');
      expect(page.$('.kt-nearest').text()).to.include('Köthel');
    });

    it('says what to do where nothing is near', async () => {
      const page = await get('/besuche?lat=48.1&lon=11.5&stufenfrei=1&umkreis=5');
      expect(page.status).to.equal(200);
      const hrefs = page
        .$('.kt-empty a')
        .toArray()
        .map((link) => page.$(link).attr('href'));
      expect(hrefs).to.deep.equal([
        '/besuche?lat=48.1&lon=11.5&stufenfrei=1',
        '/besuche?lat=48.1&lon=11.5',
        '/besuche?stufenfrei=1',
        'tel:115',
      ]);
      expect((await get('/besuche?lat=48.1&lon=11.5')).text).to.include(
        'In Ihrer Nähe ist zurzeit kein Besuch geplant',
      );
    });

    it('leads on from a full visit to the next with free times there', async () => {
      const { $ } = await get(`/besuche?place=${await placeId('Waldsachsen')}`);
      const full = $('ol .kt-visit--full')
        .filter((_, card) => $(card).text().includes('Waldsachsen'))
        .first();
      expect(full.text())
        .to.include('ausgebucht')
        .and.to.include('Nächster Besuch mit freien Zeiten hier: Mittwoch, 9.\u00A0Dezember');
      expect(full.find('.kt-visit__note a').attr('href')).to.match(/^\/buchen\/leistungen\?halt=\d+&place=\d+$/);
      expect(full.find('.kt-visit__link').attr('href')).to.equal('/standorte/waldsachsen-alte-schule');
    });

    it('counts a new booking at once', async () => {
      const before = await get('/besuche');
      const link = before.$('ol .kt-visit__link[href*="halt="]').first();
      const stopId = Number(/halt=(\d+)/.exec(link.attr('href')!)![1]);
      const card = (page: Answer): string => page.$(`ol .kt-visit:has([href$="halt=${stopId}"]) .kern-label`).text();
      const free = Number(/\d+/.exec(card(before))![0]);
      const stop = (await app.office.database.reader('stops').where({ id: stopId }).first()) as {
        from_minute: number;
        to_minute: number;
      };
      const taken = new Set(
        (await app.office.database.reader('counter_ticks').where({ stop_id: stopId, counter: 1 })).map(
          (row: { tick: number }) => row.tick,
        ),
      );
      const rows: object[] = [];
      for (let tick = stop.from_minute / 5; tick < stop.to_minute / 5; tick++) {
        if (!taken.has(tick))
          rows.push({ stop_id: stopId, counter: 1, tick, appointment_id: null, free_at: now + 3_600_000 });
      }
      await app.office.database.unit((trx) => trx('counter_ticks').insert(rows));
      now += 2_000;
      const after = card(await get('/besuche'));
      expect(Number(/\d+/.exec(after)?.[0] ?? 0)).to.be.lessThan(free);
      await app.office.database.unit((trx) =>
        trx('counter_ticks').where({ stop_id: stopId, counter: 1, appointment_id: null }).delete(),
      );
    });

    it('shows the same visits on the map', async () => {
      const { $ } = await get(`/besuche?place=${await placeId('Meerane')}`);
      const map = $('[data-kt-map]');
      const data = JSON.parse(map.attr('data-kt-map')!) as {
        stops: { label: string; href: string; title: string }[];
        here: object;
      };
      expect(map.attr('hidden')).not.to.equal(undefined);
      expect(map.attr('role')).to.equal('region');
      expect(data.stops).to.have.length(10);
      for (const { label, href, title } of data.stops) {
        expect($(href)).to.have.length(1);
        expect($(href).find('.kt-visit__nr').text()).to.include(label);
        expect(title).to.match(new RegExp(`^${label}: `));
      }
      expect(data.here).to.have.keys('at', 'title');
    });
  });

  describe('at one venue', () => {
    it('shows its visits, the way, and what can be done', async () => {
      const { status, $, text } = await get('/standorte/schoenberg-gemeindeamt');
      expect(status).to.equal(200);
      expect($('h1').text()).to.equal('Schönberg, Gemeindeamt');
      expect(text).to.include('Am Anger\u00A02, 08393\u00A0Schönberg'.replace(/\u00A0/g, ' '));
      expect(text).to.include('stufenfrei').and.to.include('Das können Sie hier erledigen');
      expect($('.kt-visit').length).to.be.greaterThan(5);
      expect($('a[href^="https://www.openstreetmap.org/directions"]')).to.have.length(1);
      expect($('[data-kt-map]')).to.have.length(1);
    });

    it('is not found when it is unknown or given up', async () => {
      expect((await get('/standorte/gibt-es-nicht')).status).to.equal(404);
      expect((await get('/standorte/%00')).status).to.equal(404);
      await app.office.database.unit((trx) =>
        trx('venues').where({ slug: 'dittrich-gemeinderaum' }).update({ retired_at: now }),
      );
      now += 2_000;
      // A visit is still to come: it was promised.
      expect((await get('/standorte/dittrich-gemeinderaum')).status).to.equal(200);
      const stopsThere = app.office.database
        .reader('stops')
        .join('venues', 'venues.id', 'stops.venue_id')
        .where('venues.slug', 'dittrich-gemeinderaum')
        .select('stops.tour_id');
      const tours = (await stopsThere).map(({ tour_id }: { tour_id: number }) => tour_id);
      const setState = (state: string) =>
        app.office.database.unit((trx) => trx('tours').whereIn('id', tours).update({ state }));
      await setState('cancelled');
      now += 2_000;
      expect((await get('/standorte/dittrich-gemeinderaum')).status).to.equal(404);
      await setState('published');
      await app.office.database.unit((trx) =>
        trx('venues').where({ slug: 'dittrich-gemeinderaum' }).update({ retired_at: null }),
      );
    });
  });

  describe('in English', () => {
    it('reads English everywhere and stays English', async () => {
      const id = await placeId('Schönberg');
      for (const path of [
        '/en/',
        `/en/besuche?place=${id}&leistung=reisepass`,
        '/en/besuche?ort=08393',
        '/en/standorte/pfaffroda-buergerhaus',
      ]) {
        const { status, $, text } = await get(path);
        expect(status).to.equal(200);
        expect($('html').attr('lang')).to.equal('en');
        expect(text, path).not.to.match(/\b(Besuche|Zeiten|frei|stufenfrei|Uhr|Ortsteil|erledigen)\b/);
        for (const link of $('main a[href^="/"]').toArray()) expect($(link).attr('href')).to.match(/^\/en\//);
      }
    });
  });

  describe('for everybody', () => {
    const pages = (prefix: string): string[] => [
      `${prefix}/`,
      `${prefix}/besuche`,
      `${prefix}/besuche?lat=50.85&lon=12.46&leistung=personalausweis`,
      `${prefix}/besuche?ort=08393`,
      `${prefix}/besuche?ort=Sch%C3%B6nbrg`,
      `${prefix}/besuche?ort=Xyzzyqq`,
      `${prefix}/besuche?ort=`,
      `${prefix}/besuche?lat=48&lon=11&frei=1`,
      `${prefix}/standorte/waldsachsen-alte-schule`,
    ];

    for (const prefix of ['', '/en']) {
      it(`is valid HTML and accessible (${prefix === '' ? 'de' : 'en'})`, async function () {
        this.timeout(90_000);
        const page = await newPage({ origin: app.origin, width: 320 });
        for (const path of pages(prefix)) {
          await expectValidHtml((await get(path)).html, path);
          await page.goto(path);
          await expectNoAxeViolations(page, path);
          expect(
            await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
            `${path} fits 320 px`,
          ).to.equal(true);
        }
        await page.close();
      });
    }

    it('works from the suggestion to the list with the keyboard', async function () {
      this.timeout(60_000);
      const page = await newPage({ origin: app.origin });
      await page.goto('/');
      await page.fill('#ort', '');
      await page.type('#ort', 'tett');
      await page.waitForSelector('.kt-suggest__option');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Tettau' }).waitFor();
      expect(new URL(page.url()).pathname).to.equal('/besuche');
      await page.waitForSelector('.kt-map .kt-marker');

      // A filter keeps the reader where they are.
      await page.check('input[name=frei]');
      await page.click('.kt-filter button');
      await page.waitForURL(/frei=1/);
      expect(await page.isChecked('input[name=frei]')).to.equal(true);
      await page.close();
    });

    it('works without JavaScript', async function () {
      this.timeout(60_000);
      const page = await newPage({ origin: app.origin, javaScript: false });
      await page.goto('/');
      await page.fill('#ort', 'Koethel');
      await page.click('.kt-search__button');
      expect(await page.textContent('h1')).to.equal('Besuche in der Nähe von Köthel');
      expect(await page.isVisible('[data-kt-map]')).to.equal(false);
      await page.selectOption('#leistung', 'personalausweis');
      await page.click('.kt-filter button');
      expect(await page.textContent('.kt-lead')).to.include('Personalausweis beantragen');
      await page.close();
    });
  });

  // Last, as the clock only goes forward.
  describe('as time goes by', () => {
    it('sends to the telephone what is too near to be booked online', async () => {
      now = Date.parse('2026-11-23T15:00:00Z'); // Monday, 16:00: the library is visited until 18:00
      const { $ } = await get(`/besuche?place=${await placeId('Meerane')}`);
      const first = $('ol .kt-visit').first();
      expect(first.text()).to.match(/nur telefonisch|ausgebucht/);
      expect(first.find('a[href*="halt="]').filter((_, a) => $(a).hasClass('kt-visit__link'))).to.have.length(0);
    });

    it('says so when no visit is planned', async () => {
      now = Date.parse('2027-06-01T08:00:00Z');
      const { status, text } = await get('/standorte/waldsachsen-alte-schule');
      expect(status).to.equal(200);
      expect(text)
        .to.include('Zurzeit ist hier kein Besuch geplant')
        .and.not.to.include('Das können Sie hier erledigen');
      expect((await get('/')).text).to.include('Zurzeit sind keine Zeiten frei');
      expect((await get('/besuche')).text).to.include('Nichts gefunden');
    });
  });
});

describe('An office that is being set up', () => {
  let app: RunningApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.stop());

  it('says so instead of failing', async () => {
    for (const path of ['/', '/besuche', '/besuche?ort=Meerane', '/en/', '/besuche?ort=']) {
      const response = await fetch(app.origin + path);
      const html = await response.text();
      expect(response.status, path).to.equal(200);
      expect(visibleText(html), path).to.match(/wird eingerichtet|is being set up/);
      await expectValidHtml(html, path);
    }
    expect((await fetch(`${app.origin}/standorte/irgendwo`)).status).to.equal(404);
    expect(await (await fetch(`${app.origin}/orte?q=mee`)).json()).to.deep.equal({
      suggestions: [],
      status: 'Kein Ort gefunden',
    });
  });
});

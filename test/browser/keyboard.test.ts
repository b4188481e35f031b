import { expect } from 'chai';
import { newPage, type TestPage } from '../support/chromium.ts';
import { boosted, demoOffice, focused, freshPages, readyToBook, type DemoOffice } from './citizen.ts';

const LONGEST_WAY = 90;

/**
 * Whether somebody can see where the focus is: something of the element, of what stands around or beside it, or of
 * their drawn parts differs from how it looks without the focus. Parts of the screen that hide it count as well.
 */
const LOOK_AT_FOCUS = `(() => {
  const element = document.activeElement;
  const parts = [element, element.nextElementSibling].filter(Boolean);
  for (let around = element.parentElement; around && parts.length < 6; around = around.parentElement) parts.push(around);
  const look = () => parts.flatMap((part) => [null, '::before', '::after'].map((pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join();
  })).join();
  const name = element.id ? '#' + element.id : element.outerHTML.slice(0, 100);
  const box = element.getBoundingClientRect();
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const at = (x, y) => document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, x)), Math.min(innerHeight - 1, Math.max(0, y)));
  const top = at(box.left + box.width / 2, box.top + box.height / 2);
  const covered = top && getComputedStyle(top).position === 'sticky' && !top.contains(element) && !element.contains(top);
  const withFocus = look();
  element.blur();
  const without = look();
  element.focus({ preventScroll: true });
  return { name, differs: withFocus !== without, inView, covered: Boolean(covered) };
})()`;

interface Look {
  name: string;
  differs: boolean;
  inView: boolean;
  covered: boolean;
}

describe('The citizen’s way by keyboard', function () {
  this.timeout(60_000);

  let office: DemoOffice;
  let page: TestPage;

  beforeEach(freshPages);

  before(async () => {
    office = await demoOffice();
    page = await newPage({ origin: office.origin, width: 1280, height: 800 });
    page.setDefaultTimeout(10_000);
  });
  after(() => page.close());

  /** Presses Tab until the element has the focus, and looks at every stop on the way. */
  async function tabTo(selector: string): Promise<void> {
    const target = await page.locator(selector).first().elementHandle();
    for (let presses = 0; presses < LONGEST_WAY; presses += 1) {
      await page.keyboard.press('Tab');
      const look = await page.evaluate<Look>(LOOK_AT_FOCUS);
      expect(look, `focus on the way to ${selector}, at ${page.url()}`).to.deep.equal({
        name: look.name,
        differs: true,
        inView: true,
        covered: false,
      });
      if (await target?.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${LONGEST_WAY} times Tab did not lead to ${selector} on ${page.url()}`);
  }

  it('leads from a suggested place to the booked appointment, and the focus is seen all the way', async () => {
    const before = await office.countBooked();
    await page.goto('/');
    await tabTo('#ort');
    await page.keyboard.type('schön');
    await page.waitForSelector('.kt-suggest__option');
    await page.keyboard.press('ArrowDown');
    expect(await page.getAttribute('#ort', 'aria-activedescendant')).to.equal('ort-option-0');
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(await page.textContent('h1')).to.contain('Schönberg');
    expect(await focused(page)).to.equal('h1');

    await tabTo('#leistung');
    await page.keyboard.type('Personalausweis');
    await tabTo('[name=frei]');
    await page.keyboard.press('Space');
    await tabTo('.kt-filter button');
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(page.url()).to.contain('leistung=personalausweis');
    expect(await focused(page), 'a filter leaves the focus where it is').to.contain('<button');
    await tabTo('ol.kt-visits .kt-visit:not(.kt-visit--full) a.kt-visit__link[href*="/leistungen"]');
    await boosted(page, () => page.keyboard.press('Enter'));
    await tabTo('#personalausweis');
    if (!(await page.isChecked('#personalausweis'))) await page.keyboard.press('Space');
    await tabTo('main .kt-actions button');
    await boosted(page, () => page.keyboard.press('Enter'));

    await tabTo('.kt-slot input');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.kt-slot input:checked').count()).to.equal(1);
    await tabTo('main .kt-form > .kt-actions button');
    await boosted(page, () => page.keyboard.press('Enter'));

    await tabTo('#vorname');
    await page.keyboard.type('Karin');
    await tabTo('#nachname');
    await page.keyboard.type('Tastatur');
    await tabTo('#weg-email');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.isChecked('#weg-ohne')).to.equal(true);
    await tabTo('main .kt-form .kt-actions button');
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(await focused(page)).to.equal('h1');

    await tabTo('#buchen-form .kt-actions button.kern-btn--primary');
    await boosted(page, () => page.keyboard.press('Enter'));
    expect(page.url()).to.match(/\/gebucht$/);
    expect(await focused(page)).to.equal('h1');
    await tabTo('[data-kt-copy]');
    expect(await office.countBooked()).to.equal(before + 1);
  });

  it('skips to the content', async () => {
    await page.goto('/besuche');
    await page.keyboard.press('Tab');
    expect(await focused(page)).to.contain('kt-skip');
    expect(await page.locator('.kt-skip').isVisible()).to.equal(true);
    await page.keyboard.press('Enter');
    expect(await focused(page)).to.equal('#main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.closest('#main') !== null`)).to.equal(true);
  });

  it('shows the focus on every control of a page on which errors stand', async () => {
    const check = await readyToBook(office.origin);
    await page.goto(check.replace('pruefen', 'angaben'));
    await page.fill('#nachname', '');
    await boosted(page, () => page.locator('#nachname').press('Enter'));
    expect(await focused(page)).to.equal('#fehler');
    await tabTo('#fehler a');
    await page.keyboard.press('Enter');
    expect(await focused(page)).to.equal('#nachname');
    await tabTo('.kt-footer a');
  });
});

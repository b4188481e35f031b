import { expect } from 'chai';
import { SESSION_COOKIE } from '../../server/web/session.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage } from '../support/chromium.ts';
import { seedSmallOffice } from '../support/officeFixture.ts';
import { startPeer, type Peer } from '../support/smtpPeer.ts';
import { insertUser, sessionCookie } from '../support/staff.ts';

describe('A trial mail that does not go out', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let peer: Peer;
  before(async () => {
    peer = await startPeer({ security: 'none', onRecipient: () => '550 5.1.1 User unknown' });
    app = await startApp({ settings: { mail: peer.relay({ security: 'none' }) } });
  });
  after(async () => {
    await app.stop();
    await peer.stop();
  });

  it('leads to what went wrong, far below the top of a small screen, with and without JavaScript', async () => {
    const { municipalityId } = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    const { id } = await insertUser(app.office.database, ['admin']);
    const [, value = ''] = (await sessionCookie(app.office.database, id)).split(/=(.*)/s);
    for (const javaScript of [true, false]) {
      const page = await newPage({
        origin: app.origin,
        width: 320,
        height: 800,
        javaScript,
        allowProblems: [/422/],
      });
      await page.context().addCookies([{ name: SESSION_COOKIE, value, url: app.origin }]);
      await page.goto(`/intern/kommunen/${municipalityId}/nachrichten`);
      await page.locator('#an').press('Enter');
      const fault = page.locator('#probe [role="alert"]:focus');
      await fault.waitFor();
      await page.waitForFunction('document.activeElement.getBoundingClientRect().top < innerHeight');
      expect((await fault.boundingBox())?.y, String(javaScript)).to.be.within(0, 700);
      expect(await fault.textContent()).to.contain('nimmt diesen Empfänger nicht an');
      await expectNoAxeViolations(page, `the fault, ${javaScript ? 'with' : 'without'} JavaScript`);
      await page.close();
    }
  });
});

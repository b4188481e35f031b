import { expect } from 'chai';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import { newPage } from '../support/chromium.ts';
import { confirmationPath, demandConfirmation } from '../support/confirmingOffice.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';

const HOUR = 60 * 60_000;
const EMAIL = 'karin.vogel-sonnenschein@gemeindeverwaltung.beispiel.example';
const keyOf = ({ reference, secret }: Appointment): string => `${reference}-${secret}`;

describe('Confirming an e-mail address in a browser', function () {
  this.timeout(90_000);
  const clock = { now: OFFICE_ZONE.instantAt('2026-12-01', 8 * 60) };
  let app: RunningApp;
  let pages: readonly (readonly [label: string, path: string])[];
  let toConfirm: Appointment;

  before(async () => {
    app = await startApp({ now: () => clock.now });
    const small = await seedSmallOffice(app.office.database, { date: '2026-12-08' });
    await demandConfirmation(app.office.database, small.municipalityId);
    const desk = createDesk(app.office.database, () => clock.now);
    const book = (minute: number) =>
      desk.book({ stopId: small.firstStopId, minute, contactKind: 'email', contact: EMAIL });
    const late = await book(540);
    clock.now += HOUR;
    const pending = await book(600);
    toConfirm = await book(660);
    pages = [
      ['pending', `/termin/${keyOf(pending)}`],
      ['asked again', `/termin/${keyOf(pending)}?erneut=genug`],
      ['confirmation', await confirmationPath(app.office.database, pending)],
      ['expired', `/termin/${keyOf(late)}/bestaetigung`],
    ];
  });
  after(() => app.stop());

  it('is accessible and never scrolls sideways, narrow and wide, light and dark', async () => {
    for (const [width, colorScheme, prefix] of [
      [320, 'dark', ''],
      [768, 'dark', '/en'],
      [1280, 'light', ''],
    ] as const) {
      const page = await newPage({ origin: app.origin, width, colorScheme });
      try {
        for (const [label, path] of pages) {
          await page.goto(prefix + path);
          await expectNoAxeViolations(page, `${label}, ${width} px, ${colorScheme}`);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
          expect(overflow, `${label} at ${width} px`).to.be.at.most(0);
        }
      } finally {
        await page.close();
      }
    }
  });

  it('works without JavaScript and by keyboard', async () => {
    const page = await newPage({ origin: app.origin, javaScript: false });
    try {
      await page.goto(await confirmationPath(app.office.database, toConfirm));
      await page.getByRole('button', { name: 'Ja, Termin bestätigen' }).press('Enter');
      await page.getByRole('heading', { name: 'Ihr Termin ist gebucht' }).waitFor();
      await page.getByText(`Die E-Mail geht an ${EMAIL}`).waitFor();
    } finally {
      await page.close();
    }
  });
});

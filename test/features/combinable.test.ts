import { expect } from 'chai';
import { startApp, type RunningApp } from '../support/app.ts';
import { expectValidHtml, visibleText } from '../support/html.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { createVisitor, errorsOf, timesOf, type Visitor } from '../support/visitor.ts';

const NOW = OFFICE_ZONE.instantAt('2026-11-24', 8 * 60);
const BOTH = ['personalausweis', 'fuehrungszeugnis'];

describe('A service that cannot be combined', function () {
  this.timeout(60_000);
  let app: RunningApp;
  let office: SmallOffice;
  let visitor: Visitor;
  let together: { reference: string | null; secret: string | null };

  before(async () => {
    app = await startApp({ now: () => NOW });
    const { database } = app.office;
    office = await seedSmallOffice(database, { date: '2026-12-08' });
    together = await createDesk(database, () => NOW).book({
      stopId: office.firstStopId,
      minute: 9 * 60,
      services: BOTH.map((slug) => ({ slug, persons: 1 })),
    });
    await database.writer('services').where('id', office.services.certificate).update({ combinable: false });
    visitor = createVisitor(app.origin);
  });

  after(async () => {
    visitor.close();
    await app.stop();
  });

  const servicesPath = (): string => `/buchen/leistungen?halt=${office.firstStopId}`;

  it('is refused beside another one, with the reason beside it and everything still ticked', async () => {
    const refused = await visitor.submit(await visitor.get(servicesPath()), { leistung: BOTH });
    expect(refused.status).to.equal(422);
    await expectValidHtml(refused.html, 'not combinable');
    expect(errorsOf(refused).join(' ')).to.include('„Führungszeugnis beantragen“ geht nur in einem eigenen Termin.');
    const box = refused.$('#fuehrungszeugnis');
    expect(refused.$('#fehler a').attr('href')).to.equal('#fuehrungszeugnis');
    expect(refused.$(`#${box.attr('aria-describedby') ?? ''}`).text()).to.include('eigenen Termin');
    expect(refused.$('#personalausweis').attr('aria-describedby')).to.equal(undefined);
    expect(refused.$('input[name="leistung"][checked]').length).to.equal(2);
  });

  it('is booked alone, for several persons too', async () => {
    const page = await visitor.get(servicesPath());
    const answer = await visitor.submit(page, { leistung: 'fuehrungszeugnis', 'personen-fuehrungszeugnis': '2' });
    expect(timesOf(await visitor.follow(answer))).not.to.deep.equal([]);
  });

  it('leaves the others as they are', async () => {
    const answer = await visitor.submit(await visitor.get(servicesPath()), { leistung: 'personalausweis' });
    expect(answer.status).to.equal(303);
  });

  it('keeps its place in appointments that were made before: they can still be moved', async () => {
    const path = `/termin/${together.reference ?? ''}-${together.secret ?? ''}/verschieben`;
    const move = await visitor.get(path);
    expect(move.status).to.equal(200);
    const [time = ''] = move
      .$('input[name="zeit"]')
      .map((_, input) => move.$(input).attr('value') ?? '')
      .get();
    expect(time).not.to.equal('');
    const moved = await visitor.post(path, { zeit: time });
    expect(moved.status, visibleText(moved.html)).to.equal(303);
  });
});

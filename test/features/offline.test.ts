import { expect } from 'chai';
import { userMark } from '../../server/features/myDay/offline/view.ts';
import { pathsFor } from '../../server/paths.ts';
import { openOffice, TUESDAY, type TourOffice } from '../support/tourOffice.ts';

const p = pathsFor('de');
const TWO_WEEKS = 14 * 24 * 3_600_000;

describe('What a phone sends late', () => {
  let office: TourOffice;

  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  async function crewMember() {
    const clerk = (await office.signIn('clerk', { municipalities: [office.municipalityId] })) as Awaited<
      ReturnType<TourOffice['signIn']>
    > & { user: { id: number } };
    await office.app.office.database.writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
    return clerk;
  }

  it('counts only for who ticked it: another account on the same phone gets 401, and nothing is entered', async () => {
    const { id } = await office.book();
    office.wait(TWO_WEEKS);
    const clerk = await crewMember();
    const send = (mark: string) =>
      clerk.ask(p.tourTick(id), {
        method: 'POST',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/x-www-form-urlencoded',
          'X-Kt-User': mark,
        },
        body: 'schluessel=spaet-gesendet-1&stand=arrived',
      });
    const refused = await send(userMark(clerk.user.id + 1));
    expect(refused.status).to.equal(401);
    expect(await office.app.office.database.reader('tour_actions').select('key')).to.deep.equal([]);
    const taken = await send(userMark(clerk.user.id));
    expect(taken.status).to.equal(200);
    expect(JSON.parse(taken.html)).to.include({ outcome: 'done' });
  });

  it('is told by the pages of the day whose it is, by a mark that says nothing', async () => {
    office.wait(TWO_WEEKS);
    const clerk = await crewMember();
    for (const path of [p.myDay(), p.myDayOn(TUESDAY), p.myWeek()]) {
      const { $ } = await clerk.get(path);
      const place = $('#warteschlange');
      expect(place.attr('data-kt-user'), path).to.match(/^[0-9a-f]{16}$/);
      expect(place.attr('data-kt-scope')).to.equal('/intern');
      const texts = JSON.parse(place.attr('data-kt-texts') ?? '') as Record<string, string>;
      expect(texts['waitingOne']).to.equal('1 Eintragung wartet auf Netz');
      expect(texts['waitingMany']).to.equal('{count} Eintragungen warten auf Netz');
    }
  });

  it('finds every way of entering something on the day in the queue', async () => {
    await office.book();
    office.wait(TWO_WEEKS);
    const clerk = await crewMember();
    const { $ } = await clerk.get(p.myDay());
    const posts = $('main form[method="post"]');
    expect(posts.length).to.be.greaterThan(2);
    posts.each((_, form) => {
      expect($(form).attr('data-kt-queue'), $(form).attr('action')).not.to.equal(undefined);
    });
  });
});

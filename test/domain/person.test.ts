import { expect } from 'chai';
import { checkPerson, emailProblem, phoneProblem, type PersonInput } from '../../server/domain/booking/person.ts';

const KARIN: PersonInput = { firstName: 'Karin', familyName: 'Vogel', contactKind: 'none', contact: null };

describe('Who comes to an appointment', () => {
  for (const name of [
    "O'Neill",
    'Nguyễn',
    'Çelik',
    'von der Heide-Schäßburg',
    'Ü',
    'Иванова',
    '王',
    'Müller jr.',
    'D’Angelo',
  ]) {
    it(`may be called ${name}`, () => {
      expect(checkPerson({ ...KARIN, familyName: name })).to.have.lengthOf(0);
    });
  }

  for (const name of ['<b>Vogel</b>', 'http://x.example', 'Vogel;', '---', '12345', 'a\u0000b']) {
    it(`is not called ${JSON.stringify(name)}`, () => {
      expect(checkPerson({ ...KARIN, familyName: name }).get('familyName')).to.equal('notAName');
    });
  }

  it('needs a family name, but no first name', () => {
    const problems = checkPerson({ ...KARIN, firstName: null, familyName: null });
    expect([...problems]).to.deep.equal([['familyName', 'missing']]);
  });

  it('has a name of at most 80 characters', () => {
    expect(checkPerson({ ...KARIN, familyName: 'a'.repeat(80) })).to.have.lengthOf(0);
    expect(checkPerson({ ...KARIN, familyName: 'a'.repeat(81) }).get('familyName')).to.equal('tooLong');
  });

  it('has to say how to be reached, also if not at all', () => {
    expect(checkPerson({ ...KARIN, contactKind: null }).get('contactKind')).to.equal('missing');
    expect(checkPerson({ ...KARIN, contactKind: 'none' })).to.have.lengthOf(0);
  });

  it('gives only the contact that was chosen', () => {
    expect([...checkPerson({ ...KARIN, contactKind: 'email', contact: '03764 54321' })]).to.deep.equal([
      ['email', 'noAt'],
    ]);
    expect([...checkPerson({ ...KARIN, contactKind: 'phone', contact: 'k@beispiel.de' })]).to.deep.equal([
      ['phone', 'notAPhone'],
    ]);
  });
});

describe('An e-mail address', () => {
  for (const email of [
    'a@b.de',
    'karin.vogel+amt@sub.beispiel.de',
    "o'neill@beispiel.ie",
    'jörg@müller.de',
    'x_y@1und1.de',
  ]) {
    it(`may be ${email}`, () => {
      expect(emailProblem(email)).to.equal(null);
    });
  }

  const wrong: [string, string][] = [
    ['', 'missing'],
    ['karin.vogel', 'noAt'],
    ['karin.vogel@', 'noDomain'],
    ['karin.vogel@beispiel', 'noDomain'],
    ['karin.vogel@beispiel.', 'noDomain'],
    ['@beispiel.de', 'noLocalPart'],
    ['karin vogel@beispiel.de', 'malformed'],
    ['karin..vogel@beispiel.de', 'malformed'],
    ['karin@beispiel..de', 'malformed'],
    ['a@b.de, c@d.de', 'malformed'],
    ['karin@-beispiel.de', 'malformed'],
    ['karin@beispiel.d', 'malformed'],
    [`${'a'.repeat(250)}@b.de`, 'malformed'],
  ];
  for (const [email, problem] of wrong) {
    it(`cannot be ${email.slice(0, 30) || 'empty'}: ${problem}`, () => {
      expect(emailProblem(email)).to.equal(problem);
    });
  }
});

describe('A phone number', () => {
  for (const phone of ['03764 54321', '+49 (0)3764/54321', '0172-1234567', '00420 222 333 444']) {
    it(`may be ${phone}`, () => {
      expect(phoneProblem(phone)).to.equal(null);
    });
  }
  for (const phone of ['12345', '1234567890123456', '03764 abc', 'k@beispiel.de', `03764 ${'-'.repeat(300)} 54321`]) {
    it(`cannot be ${phone.slice(0, 30)}`, () => {
      expect(phoneProblem(phone)).to.equal('notAPhone');
    });
  }
});

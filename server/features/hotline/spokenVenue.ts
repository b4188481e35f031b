import type { Locale, Venue } from '../../domain/booking/office.ts';

/** How a venue is named within a sentence: "im Gemeindeamt Schönberg", "in der Alten Schule in Waldsachsen". */

type Gender = 'neuter' | 'masculine' | 'feminine';

interface Noun {
  /** Preposition with article, dative. */
  say: string;
  gender: Gender;
  /** The last parts of compounds; with a dash: only as a part, because alone it is the name of a town (Halle). */
  ends: readonly string[];
}

/** Only endings that are right for every word: 'heim', 'bad' and 'markt' would catch towns (Weinheim, Neumarkt). */
const NOUNS: readonly Noun[] = [
  noun(
    'im',
    'neuter',
    'amt haus zentrum center büro gebäude schloss museum gymnasium theater studio café foyer zimmer',
  ),
  noun('im', 'neuter', 'stift hospiz kloster archiv hotel restaurant forum quartier pflegeheim altenheim altersheim'),
  noun('im', 'neuter', 'seniorenheim wohnheim kinderheim jugendheim vereinsheim sportheim schützenheim pfarrheim'),
  noun('im', 'neuter', 'bürgerheim feierabendheim schwimmbad freibad hallenbad stadtbad'),
  noun('im', 'masculine', 'treff treffpunkt saal raum laden kindergarten hort klub club pavillon keller turm salon'),
  noun('im', 'masculine', 'park campus speicher container bus bauhof gasthof supermarkt baumarkt einkaufsmarkt'),
  noun('in der', 'feminine', 'bibliothek bücherei schule -halle kirche kapelle scheune mühle stube kita stätte klinik'),
  noun('in der', 'feminine', 'praxis wache apotheke sparkasse verwaltung zentrale stelle aula mensa kantine akademie'),
  noun('in der', 'feminine', 'universität anlage residenz station filiale villa werkstatt galerie'),
  noun('am', 'masculine', 'bahnhof platz kiosk stützpunkt'),
  noun('bei der', 'feminine', 'feuerwehr gemeinde'),
  noun('beim', 'masculine', 'verein'),
];

/**
 * "im Feuerwehrhaus Köthel", "im Bürgertreff West in Meerane", "am Marktplatz"; null where grammar would be guessed
 * at: then the place is named without a preposition.
 */
export function venueInSentence(venue: Pick<Venue, 'name' | 'locality'>, locale: Locale): string | null {
  return locale === 'de'
    ? inGerman(venue)
    : `at the ${venue.name}${namesLocality(venue) ? '' : ` in ${venue.locality}`}`;
}

function inGerman(venue: Pick<Venue, 'name' | 'locality'>): string | null {
  const words = venue.name.trim().split(/\s+/);
  const at = words.findIndex((word) => word !== venue.locality && nounOf(word) !== undefined);
  const head = at === -1 ? undefined : nounOf(words[at] as string);
  if (head === undefined) return null;

  const adjectives = words.slice(0, at).map((word) => inDative(word, head.gender));
  if (adjectives.includes(null)) return null;

  const named = [head.say, ...adjectives, ...words.slice(at)].join(' ');
  if (namesLocality(venue)) return named;
  // "An der Höhe", "Zum Bahnhof": no "in" before a preposition.
  if (/^(?:Am?|An|Auf|Bei|Im|In|Unterm?|Zum?|Zur) /.test(venue.locality)) return `${named}, ${venue.locality}`;
  return words.length === 1 ? `${named} ${venue.locality}` : `${named} in ${venue.locality}`;
}

/** "Rathaus Meerane", "Meeraner Rathaus" in Meerane; not "Autohaus" in Au. */
function namesLocality({ name, locality }: Pick<Venue, 'name' | 'locality'>): boolean {
  const at = ` ${name}`.indexOf(` ${locality}`);
  return at !== -1 && /^(?:e?r)?(?!\p{L})/u.test(name.slice(at + locality.length));
}

function noun(say: string, gender: Gender, ends: string): Noun {
  return { say, gender, ends: ends.split(' ') };
}

/** 'Karl-Marx-Schule,' is a school. */
function nounOf(word: string): Noun | undefined {
  const plain = word.toLowerCase().replace(/[^\p{L}]+$/u, '');
  return NOUNS.find(({ ends }) =>
    ends.some((end) =>
      end.startsWith('-') ? plain.length >= end.length && plain.endsWith(end.slice(1)) : plain.endsWith(end),
    ),
  );
}

/** 'Alte' (Schule), 'Altes' (Rathaus) → 'Alten'; 'Meeraner' (Rathaus) stays; null: no adjective that fits. */
function inDative(word: string, gender: Gender): string | null {
  if (!/^\p{Lu}\p{Ll}{2,}$/u.test(word)) return null;
  // Only town names end so before these genders, and they are never inflected.
  if (word.endsWith('er')) return gender === 'masculine' ? null : word;
  const ending = gender === 'feminine' ? 'e' : gender === 'neuter' ? 'es' : null;
  return ending !== null && word.endsWith(ending) ? word.slice(0, -ending.length) + 'en' : null;
}

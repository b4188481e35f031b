import type { Service } from '../booking/office.ts';
import type { LocalDate, MinuteOfDay } from '../time.ts';
import type { CallQuery, Choice, QueryPart, QueryPlace, QueryService } from './query.ts';
import { placeCandidates, type PlaceCandidate } from './query/places.ts';
import { segment, type Segment } from './query/segment.ts';
import { readServices, type ServiceReading } from './query/serviceReading.ts';
import { textWith, textWithout, typedText } from './query/text.ts';
import type { Vocabulary } from './query/vocabulary.ts';
import { mayBeName } from './query/smaller.ts';
import { isFiller, isNumber, means, tokensOf, type Token, type WordMemo } from './query/words.ts';

export { vocabularyOf, type Vocabulary } from './query/vocabulary.ts';

/** What follows is not read. */
const MAX_LENGTH = 200;
const MAX_PLACES = 5;
const MAX_SERVICES = 3;
/** So many wordings are tried for one service before it is left out of the choices. */
const MAX_WORDINGS = 3;

/**
 * Reads what an agent typed into the search box, in any order and language mix. Never throws; the same text gives the
 * same meaning. What each kind of words means is written down in the files of query/.
 * @param text cut after 200 characters
 * @param now local date and minutes; the minute plays no part yet
 */
export function parseCallQuery(
  text: string,
  vocabulary: Vocabulary,
  now: { date: LocalDate; minute: MinuteOfDay },
): CallQuery {
  const read = readText(text, vocabulary, now.date, new Map());
  return {
    ...read.meaning,
    parts: partsOf(read.meaning.text, read.tokens, read.segments, read.readings),
    places: placeChoices(read, vocabulary, now.date),
    services: read.meaning.services.map((service, i) => ({
      ...service,
      choices: serviceChoices(read, i, vocabulary, now.date),
    })),
  };
}

interface Read {
  readonly meaning: CallQuery;
  readonly tokens: readonly Token[];
  readonly segments: readonly Segment[];
  readonly memo: WordMemo;
  readonly candidates: readonly PlaceCandidate[];
  /** Tokens of the place; empty: none was read. */
  readonly placeAt: readonly number[];
  readonly readings: readonly ServiceReading[];
}

/** The meaning without chips and choices: those are made by reading each of their texts with this. */
function readText(typed: string, vocabulary: Vocabulary, today: LocalDate, memo: WordMemo): Read {
  const text = typed.slice(0, MAX_LENGTH).trim();
  const tokens = tokensOf(text, memo);
  const segments = segment(tokens, vocabulary, today);
  const serviceTokens = segments.filter((one) => one.kind === 'service').map((one) => one.start);
  const readings = readServices(tokens, serviceTokens, vocabulary.services).map((reading) => ({
    ...reading,
    service: currentOf(reading.service, vocabulary),
  }));
  const counts = personsOf(segments, readings);

  const place = find(segments, 'place');
  const candidates = place === undefined ? [] : placeCandidates(place.value, MAX_PLACES + 1, vocabulary);
  const first = candidates[0];
  const dates = find(segments, 'date')?.value ?? null;
  const unknownAt = unknownTokens(tokens, segments, readings);
  const placeAt = place === undefined || first === undefined ? [] : positions(place);
  const meaning: CallQuery = {
    text,
    place: first === undefined ? null : { ...first.value, certain: candidates.length === 1 && (place?.exact ?? false) },
    places: [],
    services: readings.map((reading, i) => serviceOf(reading, counts[i] ?? 1)),
    dates,
    minutes: find(segments, 'time')?.value ?? null,
    stepFree: segments.some((one) => one.kind === 'stepFree'),
    reference: find(segments, 'reference')?.value ?? null,
    name: nameOf(text, tokens, segments, unknownAt, dates !== null && dates.from === dates.to ? placeAt : []),
    unknown: unknownAt.map((i) => tokens[i]?.raw ?? ''),
    parts: [],
  };
  return { meaning, tokens, segments, memo, candidates, placeAt, readings };
}

function find<Kind extends Segment['kind']>(
  segments: readonly Segment[],
  kind: Kind,
): Extract<Segment, { kind: Kind }> | undefined {
  return segments.find((one): one is Extract<Segment, { kind: Kind }> => one.kind === kind);
}

function positions({ start, end }: { start: number; end: number }): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

/** For how many persons each service is asked. */
function personsOf(segments: readonly Segment[], readings: readonly ServiceReading[]): number[] {
  const said = segments.filter((one) => one.kind === 'persons').map((one) => one.value);
  const forAll = said.find(
    ({ service }) => !readings.some((reading) => service !== null && reading.at.includes(service)),
  );
  return readings.map((reading) => {
    const own = said.find(({ service }) => service !== null && reading.at.includes(service));
    return (own ?? forAll)?.count ?? 1;
  });
}

function serviceOf(reading: ServiceReading, asked: number): QueryService {
  const persons = Math.min(asked, Math.max(1, reading.service.maxPersons));
  return { service: reading.service, persons, asked, certain: reading.certain, choices: [] };
}

/** The words are kept from an earlier picture of the office, its fees are not. */
function currentOf(service: Service, vocabulary: Vocabulary): Service {
  return vocabulary.services.services.find((one) => one.id === service.id) ?? service;
}

function unknownTokens(
  tokens: readonly Token[],
  segments: readonly Segment[],
  readings: readonly ServiceReading[],
): number[] {
  const known = new Set(
    segments.filter((one) => one.kind !== 'nonsense').flatMap((one) => (one.kind === 'service' ? [] : positions(one))),
  );
  for (const one of segments) {
    // A word that goes with services ("beantragen") says nothing alone, but it is not unknown.
    if (one.kind === 'service') known.add(one.start);
  }
  for (const reading of readings) for (const i of reading.at) known.add(i);
  return tokens.map((_, i) => i).filter((i) => !known.has(i));
}

/** Letters that the grammar of days and times does not know, and that touch no digit. */
function isPossibleName(tokens: readonly Token[], i: number): boolean {
  const [token, next] = [tokens[i], tokens[i + 1]];
  if (token === undefined || !mayBeName(token)) return false;
  const touches = (isNumber(tokens[i - 1]) && token.gap === '') || (isNumber(next) && next.gap === '');
  return !touches;
}

/** The first words that nobody knows, as typed, or what stands behind "Frau" and "Herr". */
function nameOf(
  text: string,
  tokens: readonly Token[],
  segments: readonly Segment[],
  unknownAt: readonly number[],
  placeAt: readonly number[],
): string | null {
  const announced = find(segments, 'name');
  if (announced !== undefined) return announced.value;
  const letters = unknownAt.filter((i) => isPossibleName(tokens, i));
  const first = letters[0];
  if (first !== undefined) {
    let last = first;
    while (letters.includes(last + 1) && /^[\s'’-]+$/.test(tokens[last + 1]?.gap ?? '')) last++;
    return text.slice(tokens[first]?.start, tokens[last]?.end);
  }
  const words = placeAt.filter((i) => tokens[i]?.number === null && !isFiller(tokens[i]));
  return words.length === 0 ? null : text.slice(tokens[words[0] ?? 0]?.start, tokens[words.at(-1) ?? 0]?.end);
}

function partsOf(
  text: string,
  tokens: readonly Token[],
  segments: readonly Segment[],
  readings: readonly ServiceReading[],
): QueryPart[] {
  const found: {
    kind: QueryPart['kind'];
    at: readonly number[];
    gone: readonly number[];
    instead?: string | undefined;
  }[] = [];
  for (const one of segments) {
    if (one.kind === 'service' || one.kind === 'filler' || one.kind === 'name' || one.kind === 'nonsense') continue;
    found.push({ kind: one.kind, at: positions(one), gone: positions(one), instead: insteadOf(tokens, segments, one) });
  }
  for (const reading of readings) {
    // "Zwei Ausweise": without the service, its number would mean nothing.
    const counts = segments.filter(
      (one) => one.kind === 'persons' && one.value.service !== null && reading.at.includes(one.value.service),
    );
    found.push({
      kind: 'service',
      at: reading.at,
      gone: [...counts.flatMap(positions), ...reading.at].sort((a, b) => a - b),
    });
  }
  return found
    .sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0))
    .map(({ kind, at, gone, instead }) => ({
      kind,
      typed: typedText(text, tokens, at),
      rest:
        instead === undefined
          ? textWithout(text, tokens, gone)
          : textWith(text, tokens, [...gone, (gone.at(-1) ?? 0) + 1], instead),
    }));
}

/** "Samstag morgen" without its day is "morgens": "morgen" would be tomorrow. */
function insteadOf(tokens: readonly Token[], segments: readonly Segment[], one: Segment): string | undefined {
  const behind = segments.find(
    (other) => other.kind === 'time' && other.start === one.end && other.end === one.end + 1,
  );
  return one.kind === 'date' && behind !== undefined && means(tokens[one.end], 'morning') ? 'morgens' : undefined;
}

/** The other places, each with a text that was read and means it. */
function placeChoices(read: Read, vocabulary: Vocabulary, today: LocalDate): Choice<QueryPlace>[] {
  const choices: Choice<QueryPlace>[] = [];
  for (const { value, wordings } of read.candidates.slice(1)) {
    const query = wordings
      .map((wording) => textWith(read.meaning.text, read.tokens, read.placeAt, wording))
      .find((text) => {
        if (text.length > MAX_LENGTH) return false;
        const again = readText(text, vocabulary, today, read.memo).meaning;
        return isSamePlace(again.place, value) && isElsewhereSame(again, { ...read.meaning, place: again.place });
      });
    if (query !== undefined) choices.push({ value, query });
  }
  return choices;
}

function serviceChoices(read: Read, which: number, vocabulary: Vocabulary, today: LocalDate): Choice<Service>[] {
  const reading = read.readings[which];
  if (reading === undefined) return [];
  const choices: Choice<Service>[] = [];
  const taken = new Set(read.readings.map(({ service }) => service.id));
  for (const other of reading.others.filter(({ id }) => !taken.has(id)).slice(0, MAX_SERVICES)) {
    const value = currentOf(other, vocabulary);
    const wanted = read.meaning.services.map((one, i) => (i === which ? value.id : one.service.id));
    const query = wordingsOf(value)
      .map((wording) => textWith(read.meaning.text, read.tokens, reading.at, wording))
      .find((text) => {
        if (text.length > MAX_LENGTH) return false;
        const again = readText(text, vocabulary, today, read.memo).meaning;
        const meant = again.services.map(({ service }) => service.id);
        const isCertain = again.services[wanted.indexOf(value.id)]?.certain ?? false;
        return (
          isCertain &&
          meant.join() === wanted.join() &&
          isElsewhereSame(again, { ...read.meaning, services: again.services })
        );
      });
    if (query !== undefined) choices.push({ value, query });
  }
  return choices;
}

/** As callers say it: the name without what is obvious, then the synonyms, then the slug, which nothing else has. */
function wordingsOf(service: Service): string[] {
  const name = service.texts.de.name.split(',')[0] ?? '';
  const short = [...service.synonyms].sort((a, b) => Math.abs(a.length - 15) - Math.abs(b.length - 15));
  return [...new Set([name, ...short.slice(0, MAX_WORDINGS - 2), service.slug])].filter((wording) => wording !== '');
}

function isSamePlace(a: QueryPlace | null, b: QueryPlace): boolean {
  return a !== null && a.certain && a.placeId === b.placeId && a.at.lat === b.at.lat && a.at.lon === b.at.lon;
}

/** Whether two texts mean the same: what was replaced is compared by the caller. */
function isElsewhereSame(a: CallQuery, b: CallQuery): boolean {
  const facts = (query: CallQuery): string =>
    JSON.stringify([
      query.place?.placeId,
      query.place?.at,
      query.services.map(({ service, persons }) => [service.id, persons]),
      query.dates,
      query.minutes,
      query.stepFree,
      query.reference,
    ]);
  return facts(a) === facts(b);
}

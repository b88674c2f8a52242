/** Ranks texts by the words of a query. The same query always gives the same. */

import { stem, words } from "./words.js";

/** What is searched: the texts of one tool. */
export interface Document {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** Method and path of its request. */
  readonly path: string;
  readonly description: string;
}

/** How much a word tells about a tool, by where it stands. */
const WEIGHTS: Readonly<Record<keyof Document, number>> = {
  name: 8,
  title: 5,
  group: 3,
  path: 3,
  description: 1,
};

/** Longer queries are cut: nobody describes one tool in so many words. */
const MAX_QUERY_CHARS = 1_000;
const MAX_QUERY_WORDS = 24;

/** How many words of the index one beginning may stand for. */
const MAX_COMPLETIONS = 64;

const MIN_PREFIX = 3;
const MIN_ROOT = 4;

/** What is worth less than this part of the best match is none. */
const MIN_SHARE = 0.2;

/** Words that say nothing about a tool. */
const EMPTY_WORDS = new Set(
  "a an and all any are by can do for from how i in is it me my of on or please that the this to want what with"
    .split(" ")
    .map(stem),
);

/** Words that are used for the same kind of operation. */
const SYNONYMS = synonyms([
  "get fetch read show retrieve view list find",
  "search find query lookup filter",
  "create add new make register post insert",
  "update edit change modify patch replace put set",
  "delete remove destroy erase",
]);
const SYNONYM_QUALITY = 0.4;

function synonyms(groups: readonly string[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const group of groups) {
    const stems = group.split(" ").map(stem);
    for (const word of stems) {
      const others = all.get(word) ?? new Set();
      for (const other of stems) if (other !== word) others.add(other);
      all.set(word, others);
    }
  }
  return all;
}

/** Where a word stands: numbers of documents, and its weight in each. */
interface Posting {
  readonly documents: number[];
  readonly weights: number[];
}

interface Hit {
  score: number;
  /** How many words of the query were found, and how many of them in the name. */
  found: number;
  named: number;
}

/** What a tool is called: what is the same whatever its case, and in other words. */
interface Called {
  readonly name: string;
  readonly title: string;
  /** Keys of the words of its name and of its title. */
  readonly words: readonly string[];
}

/** How much of what a query says is what a tool is called. */
const Same = { Not: 0, Words: 1, Title: 2, Name: 3 } as const;

function sameness(
  called: Called | undefined,
  name: string,
  wanted: string,
): number {
  if (called?.name === name) return Same.Name;
  if (called?.title === name) return Same.Title;
  return called?.words.includes(wanted) ? Same.Words : Same.Not;
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}

/** Each of the words that say something, once; all where none does. */
function telling(given: readonly string[]): string[] {
  const all = [...new Set(given)];
  const left = all.filter((word) => !EMPTY_WORDS.has(word));
  return left.length > 0 ? left : all;
}

/** The same for the same words in any order. */
function key(given: readonly string[]): string {
  return [...given].sort().join(" ");
}

export class SearchIndex {
  readonly #postings = new Map<string, Posting>();
  /** All words in order, for those that begin alike. */
  readonly #sorted: readonly string[];
  /** What each document is called, and the words that its name consists of. */
  readonly #called: readonly Called[];
  readonly #nameWords: readonly ReadonlySet<string>[];

  constructor(documents: readonly Document[]) {
    const stemOf = remembering(stem);
    this.#called = documents.map(({ name, title }) => ({
      name: plain(name),
      title: plain(title),
      words: [name, title].map((text) => key(telling(words(text, stemOf)))),
    }));
    this.#nameWords = documents.map(({ name }) => new Set(words(name, stemOf)));
    for (const [number, document] of documents.entries()) {
      for (const [word, weight] of weigh(document, stemOf)) {
        this.#add(word, number, weight);
      }
    }
    this.#sorted = [...this.#postings.keys()].sort();
  }

  #add(word: string, document: number, weight: number): void {
    let posting = this.#postings.get(word);
    if (posting === undefined) {
      posting = { documents: [], weights: [] };
      this.#postings.set(word, posting);
    }
    posting.documents.push(document);
    posting.weights.push(weight);
  }

  /**
   * Numbers of the documents that have a word of the query, best first: those that
   * are called what the query says come before all others, and those that are as
   * good in their own order. Undefined where the query has no word.
   */
  search(query: string): number[] | undefined {
    const text = query.slice(0, MAX_QUERY_CHARS);
    const given = words(text);
    const asked = telling(given).slice(0, MAX_QUERY_WORDS);
    if (asked.length === 0) return undefined;

    const hits = new Map<number, Hit>();
    for (const word of asked) this.#collect(word, hits);
    const rank = (number: number, { score, found, named }: Hit): number => {
      const length = this.#nameWords[number]?.size || 1;
      return score * (found / asked.length) * (1 + Math.min(1, named / length));
    };
    const name = plain(text);
    const wanted = key(telling(given));
    const ranked = [...hits]
      .map(([number, hit]) => ({
        number,
        same: sameness(this.#called[number], name, wanted),
        rank: rank(number, hit),
      }))
      .sort(
        (a, b) => b.same - a.same || b.rank - a.rank || a.number - b.number,
      );
    const best = ranked.reduce(
      (most, it) => (it.same === Same.Name ? most : Math.max(most, it.rank)),
      0,
    );
    return ranked
      .filter((it) => it.same > Same.Not || it.rank >= best * MIN_SHARE)
      .map((it) => it.number);
  }

  /** Adds to each document what the best of the words that `word` can mean is worth in it. */
  #collect(word: string, hits: Map<number, Hit>): void {
    const best = new Map<number, { score: number; named: boolean }>();
    // A rare word that is only like the one asked for is worth no more than that.
    const most = this.#rarity(word) ?? Number.POSITIVE_INFINITY;
    for (const [term, quality] of this.#meanings(word)) {
      const posting = this.#postings.get(term);
      const rarity = Math.min(most, this.#rarity(term) ?? 0);
      if (posting === undefined) continue;
      const { documents, weights } = posting;
      for (const [at, number] of documents.entries()) {
        const score = quality * rarity * (weights[at] ?? 0);
        const before = best.get(number);
        if (before !== undefined && before.score >= score) continue;
        const named = this.#nameWords[number]?.has(term) ?? false;
        best.set(number, { score, named });
      }
    }
    for (const [number, { score, named }] of best) {
      const hit = hits.get(number) ?? { score: 0, found: 0, named: 0 };
      hit.score += score;
      hit.found += 1;
      hit.named += named ? 1 : 0;
      hits.set(number, hit);
    }
  }

  /** Words that few tools have tell more; undefined where none has it. */
  #rarity(word: string): number | undefined {
    const posting = this.#postings.get(word);
    return (
      posting && Math.log(1 + this.#called.length / posting.documents.length)
    );
  }

  /**
   * Words of the index that a word of a query can mean, and how surely: itself,
   * what begins with it (`repo`), what it begins with (`deletion`), synonyms.
   */
  #meanings(word: string): [term: string, quality: number][] {
    const found: [string, number][] = [[word, 1]];
    if (word.length >= MIN_PREFIX) {
      for (const term of this.#beginningWith(word)) {
        found.push([term, 0.3 + (0.5 * word.length) / term.length]);
      }
    }
    for (let length = word.length - 1; length >= MIN_ROOT; length -= 1) {
      found.push([word.slice(0, length), 0.3 + (0.4 * length) / word.length]);
    }
    for (const other of SYNONYMS.get(word) ?? []) {
      found.push([other, SYNONYM_QUALITY]);
    }
    return found;
  }

  /** The words that are longer and begin so, the first of them in order. */
  #beginningWith(word: string): string[] {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? "") <= word) low = middle + 1;
      else high = middle;
    }
    const found: string[] = [];
    for (let at = low; found.length < MAX_COMPLETIONS; at += 1) {
      const term = this.#sorted[at];
      if (term === undefined || !term.startsWith(word)) break;
      found.push(term);
    }
    return found;
  }
}

/** The words of a document, each with the sum of the weights of its places. */
function weigh(
  document: Document,
  stemOf: (word: string) => string,
): Map<string, number> {
  const all = new Map<string, number>();
  for (const [field, weight] of Object.entries(WEIGHTS)) {
    const text = document[field as keyof Document];
    for (const word of new Set(words(text, stemOf))) {
      all.set(word, (all.get(word) ?? 0) + weight);
    }
  }
  return all;
}

/** The same words come again and again. */
function remembering(make: (word: string) => string): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    let made = known.get(word);
    if (made === undefined) {
      made = make(word);
      known.set(word, made);
    }
    return made;
  };
}

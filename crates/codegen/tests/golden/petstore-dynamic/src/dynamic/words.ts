/** Words of names, paths and prose, brought to a common form. */

/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * The stems of a text's words in order: `listPets`, `list_pets` and `Lists pets`
 * give the same. Where a script has no spaces, pairs of characters stand for words.
 */
export function words(text: string, stemOf = stem): string[] {
  const parts =
    text
      .normalize("NFKC")
      .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return parts.flatMap((part) =>
    UNSPACED.test(part) ? pairs([...part]) : [stemOf(part)],
  );
}

/** Each two neighbours; a single one for itself. */
export function pairs(characters: readonly string[]): string[] {
  if (characters.length < 2) return [...characters];
  return characters
    .slice(1)
    .map((character, at) => `${characters[at]}${character}`);
}

/**
 * Cuts the endings of English plurals and verb forms, so that `deletes`,
 * `deleting` and `deleted` are one word. What is left need not be a word itself:
 * it is only compared.
 */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let rest = word.replace(/(?<![sui])s$/, "");
  const [, verb] = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(rest) ?? [];
  if (verb !== undefined && verb.length > 2) rest = verb;
  if (rest.length > 3) rest = rest.replace(/e$/, "");
  return rest.replace(/y$/, "i").replace(/([b-df-hj-np-tv-z])\1$/, "$1");
}

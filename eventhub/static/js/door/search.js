// Finds people by name or structure: accents and case ignored, œ as oe, ’ as '.
// The twin of `fold` in eventhub/domain/naming.py.

export const LETTERS_LEAST = 2;
const REPLACED = { œ: "oe", æ: "ae", "’": "'", "ʼ": "'", "‘": "'" };

/** `text` folded, and for each folded character the index in `text` that it comes from. */
export function foldWithPlaces(text) {
  let folded = "";
  const places = [];
  let at = 0;
  for (const character of text) {
    const lower = character.toLowerCase();
    const plain = (REPLACED[lower] ?? lower.normalize("NFKD")).replace(/\p{M}/gu, "").toLowerCase();
    folded += plain;
    for (let count = plain.length; count > 0; count -= 1) places.push(at);
    at += character.length;
  }
  return { folded, places };
}

/** `text` in lower case without accents. */
export function fold(text) {
  return foldWithPlaces(text).folded;
}

/** The words of a query; none while it has fewer than two letters. */
export function words(query) {
  const folded = fold(query).trim();
  return folded.length < LETTERS_LEAST ? [] : folded.split(/\s+/);
}

function startsWord(folded, at) {
  return at === 0 || !/[\p{L}\p{N}]/u.test(folded[at - 1]);
}

/** Where `word` is in `folded`: at the start of a word if it can, else anywhere; -1: nowhere. */
function place(folded, word) {
  for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1)) {
    if (startsWord(folded, at)) return at;
  }
  return folded.indexOf(word);
}

/** How well a person answers the words: 0 the best, null not at all. */
export function rank(person, wanted) {
  const name = fold(person.name);
  const structure = fold(person.structure);
  let worst = 0;
  for (const word of wanted) {
    const inName = place(name, word);
    const inStructure = place(structure, word);
    if (inName !== -1 && startsWord(name, inName)) continue;
    if (inStructure !== -1 && startsWord(structure, inStructure)) worst = Math.max(worst, 1);
    else if (inName !== -1 || inStructure !== -1) worst = Math.max(worst, 2);
    else return null;
  }
  return worst;
}

/** The people who answer a query, best first, else in the order given; all of them for "". */
export function find(people, query) {
  const wanted = words(query);
  if (wanted.length === 0) return fold(query).trim() === "" ? [...people] : [];
  const ranked = [];
  for (const person of people) {
    const score = rank(person, wanted);
    if (score !== null) ranked.push([score, person]);
  }
  return ranked.sort((one, two) => one[0] - two[0]).map(([, person]) => person);
}

/** `text` in pieces [piece, whether it answers the query], to be marked. */
export function pieces(text, query) {
  const { folded, places } = foldWithPlaces(text);
  const marked = new Array(text.length).fill(false);
  for (const word of words(query)) {
    const at = place(folded, word);
    if (at === -1) continue;
    const end = places[at + word.length] ?? text.length;
    marked.fill(true, places[at], end);
  }
  const found = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = found.at(-1);
    if (last && last[1] === marked[at]) last[0] += text[at];
    else found.push([text[at], marked[at]]);
  }
  return found;
}

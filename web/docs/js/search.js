/** Searches away from the page: loads lunr and the index once, then answers each question with the sections found. */

const MOST = 20;
const AROUND = 70;
let ready;

self.onmessage = async ({ data }) => {
  if (data.index) {
    ready = load(data.index);
    return;
  }
  const { index, sections } = await ready;
  const words = data.query
    .toLowerCase()
    .split(/[\s`"',()-]+/)
    .filter(Boolean);
  const found = rank(index, words)
    .slice(0, MOST)
    .map((place) => ({ ...sections.get(place), text: excerpt(sections.get(place).text, words) }));
  self.postMessage({ id: data.id, words, found });
};

async function load(folder) {
  importScripts(`${folder}lunr.js`);
  const entries = await (await fetch(`${folder}search_index.json`)).json();
  lunr.tokenizer.separator = /[\s\-/.,()[\]{}=]+/;
  const index = lunr(function () {
    this.ref("location");
    this.field("title", { boost: 8 });
    this.field("page", { boost: 4 });
    this.field("text");
    // Words like "how" and "what" begin most headings; only single letters are too common to find anything.
    this.pipeline.remove(lunr.stopWordFilter);
    for (const entry of entries) this.add(entry);
  });
  return { index, sections: new Map(entries.map((entry) => [entry.location, entry])) };
}

/** Places that hold every word, or something that begins like it, the best first. */
function rank(index, words) {
  const each = words.flatMap((word) => word.split(/[/.[\]{}=]+/).filter(Boolean)).map((word) => scores(index, word));
  if (each.length === 0) return [];
  const total = (place) => each.reduce((sum, one) => sum + one.get(place), 0);
  return [...each[0].keys()].filter((place) => each.every((one) => one.has(place))).sort((a, b) => total(b) - total(a));
}

function scores(index, word) {
  const found = index.query((query) => {
    query.term(word, { boost: 10 });
    query.term(word, { boost: 3, usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
    if (word.length > 4 && !/\d/.test(word)) query.term(word, { editDistance: 1 });
  });
  return new Map(found.map(({ ref, score }) => [ref, score]));
}

/** The text around the first of the words. */
function excerpt(text, words) {
  const low = text.toLowerCase();
  const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0));
  const from = Number.isFinite(first) ? Math.max(0, first - AROUND) : 0;
  const begin = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const end = begin + 3 * AROUND;
  return (begin ? "… " : "") + text.slice(begin, end) + (end < text.length ? " …" : "");
}

/** Finds incidents on a published site: the filters of the vocabulary, answered from the files of its index. */

import { compile, loadDataset } from "./data.js";
import { fold, latin } from "./folding.js";
import { setWords } from "./words.js";

/** Names that the map's columns do not carry. */
export const CODED = ["actor", "publisher", "language"];
const LAST = "\uffff";

const root = new URL("../../../", import.meta.url);
const language = document.documentElement.lang;
const kept = new Map();

/** The address of a file of the site by its address from the root. */
export const inSite = (address) => new URL(address, root).href;

/** The address of a page in this page's language. */
export const inLanguage = (address) => inSite((language === "en" ? "" : `${language}/`) + address);

async function read(address, as) {
  const answer = await fetch(inSite(address));
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer[as]();
}

/** The content of a file of the index, read once: `json`, `text` or `arrayBuffer`. */
export function file(address, as = "json") {
  if (!kept.has(address)) {
    const asked = read(address, as);
    asked.catch(() => kept.delete(address));
    kept.set(address, asked);
  }
  return kept.get(address);
}

function numbersOf(steps) {
  let last = 0;
  return steps.map((step) => (last += step));
}

function both(one, other) {
  if (one === null) return other;
  return new Set([...other].filter((number) => one.has(number)));
}

/** Everything that is needed to find: read once. */
class Search {
  static async open() {
    const search = new Search();
    search.index = await file("search/index.json");
    const own = search.index.languages[language];
    const [keys, words, dataset] = await Promise.all([
      file(search.index.keys, "arrayBuffer"),
      file(own.words),
      loadDataset({ manifestUrl: inSite("map/manifest.json"), chunkUrl: inSite("map/chunks/") }),
    ]);
    setWords(words);
    search.files = own;
    search.keys = new Uint32Array(keys);
    search.dataset = await dataset.complete;
    const rows = new Map(Array.from(search.dataset.key, (key, row) => [key, row]));
    search.rows = Int32Array.from(search.keys, (key) => rows.get(key) ?? -1);
    return search;
  }

  /** Numbers of the incidents that the filters find, in the order of their dates. */
  async find(filters) {
    const keys = await this.keysFor(filters);
    const mask = compile(this.dataset, { ...filters, keys });
    const found = [];
    this.rows.forEach((row, number) => row >= 0 && mask[row] && found.push(number));
    return found;
  }

  /** Keys that the names which the columns do not carry leave; null when none of them is chosen. */
  async keysFor(filters) {
    const numbers = await this.#byIndex(filters);
    return numbers && new Set([...numbers].map((number) => this.keys[number]));
  }

  /** The same numbers in the order asked for. */
  async inOrder(numbers, sortby) {
    const [first] = (sortby ?? "").split(",");
    const name = first.replace(/^-/, "");
    let ordered = numbers;
    if (this.index.orders[name]) {
      const wanted = new Set(numbers);
      const all = new Uint32Array(await file(this.index.orders[name], "arrayBuffer"));
      ordered = [...all].filter((number) => wanted.has(number));
    }
    return first.startsWith("-") ? [...ordered].reverse() : ordered;
  }

  /** Counts beside the choices that the columns do not carry, each with its own name left out. */
  async facets(filters) {
    const codes = await file(this.index.codes);
    const counts = {};
    for (const name of CODED) {
      const found = new Set(await this.find({ ...filters, [name]: undefined }));
      const counted = Object.entries(codes[name]).map(([code, steps]) => [code, numbersOf(steps).filter((number) => found.has(number)).length]);
      counts[name] = Object.fromEntries(counted.filter(([, count]) => count));
    }
    return counts;
  }

  /** The place that most of these incidents name, or "". */
  async placeOf(numbers) {
    const wanted = new Set(numbers);
    const codes = await file(this.index.codes);
    const counted = Object.entries(codes.place_id).map(([id, steps]) => [id, numbersOf(steps).filter((number) => wanted.has(number)).length]);
    const [id, most] = counted.reduce((best, each) => (each[1] > best[1] ? each : best), ["", 0]);
    return most ? id : "";
  }

  async #byIndex(filters) {
    let found = null;
    for (const name of CODED) {
      if (!filters[name]?.length) continue;
      const codes = await file(this.index.codes);
      found = both(found, new Set(filters[name].flatMap((code) => numbersOf(codes[name][code] ?? []))));
    }
    return filters.q ? both(found, await this.#worded(filters.q)) : found;
  }

  /** All words, the last one as a beginning; in the letters typed or in Latin ones. */
  async #worded(text) {
    const spellings = new Set([fold(text), latin(text).split(/\s+/).filter(Boolean).join(" ")].filter(Boolean));
    const found = await Promise.all([...spellings].map((spelling) => this.#spelled(spelling.split(" "))));
    return new Set(found.flatMap((numbers) => [...numbers]));
  }

  async #spelled(words) {
    let found = null;
    for (const [at, word] of words.entries()) found = both(found, await this.#withWord(word, at === words.length - 1));
    return found;
  }

  async #withWord(word, begins) {
    const parts = this.index.words;
    const end = begins ? word + LAST : word;
    const read = parts.filter(([first], at) => first <= end && !(parts[at + 1]?.[0] <= word));
    const found = new Set();
    for (const part of await Promise.all(read.map(([, address]) => file(address)))) {
      for (const [known, steps] of Object.entries(part)) {
        if (known === word || (begins && known.startsWith(word))) for (const number of numbersOf(steps)) found.add(number);
      }
    }
    return found;
  }
}

let opened = null;

/** The index, opened on first use. */
export function openSearch() {
  opened ??= Search.open().catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

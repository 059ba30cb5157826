import assert from "node:assert/strict";
import test from "node:test";
import { compile, count, dateOf, Dataset, describedOf, differsOf, histogram, loadDataset, locationOf, statusOf } from "../../static/js/data.js";

const NONE = 0x7fffffff;
const LAYOUT = [
  ["key", "<u4"], ["lon", "<i4"], ["lat", "<i4"], ["day", "<i4"], ["span", "<u2"], ["place", "<u2"],
  ["radius", "<u2"], ["areas", "<u2"], ["category", "u1"], ["parties", "u1"], ["flags", "u1"],
];
const BYTES = { "<u4": 4, "<i4": 4, "<u2": 2, u1: 1 };
const SETTERS = { "<u4": "setUint32", "<i4": "setInt32", "<u2": "setUint16", u1: "setUint8" };

const MANIFEST = {
  chunks: [["newest", 3, 0, 0], ["older", 2, 0, 0]],
  layout: LAYOUT,
  no_point: NONE,
  groups: [{ code: "held" }, { code: "talks" }],
  categories: [{ code: "detention", group: "held" }, { code: "release", group: "held" }, { code: "meeting", group: "talks" }],
  statuses: ["disputed", "single_source", "uncontested", "retracted"],
  location_precisions: ["exact", "village", "area"],
  parties: [{ code: "georgian" }, { code: "ossetian" }],
  areas: [{ code: "west" }, { code: "east" }],
  places: ["Ergneti", "Perevi"],
};
const NEWEST = [
  { key: 5, lon: 44.0e6, lat: 42.2e6, day: 50, span: 0, place: 0, areas: 2, category: 0, parties: 1, flags: 0 },
  { key: 4, lon: 43.6e6, lat: 42.3e6, day: 40, span: 5, place: 1, areas: 1, category: 1, parties: 2, flags: 2 | (1 << 2) },
  { key: 3, lon: NONE, lat: NONE, day: 30, span: 0, place: 0, areas: 0, category: 2, parties: 3, flags: 1 | (1 << 6) },
];
const OLDER = [
  { key: 2, lon: 44.1e6, lat: 42.1e6, day: 20, span: 0, place: 0, areas: 2, category: 0, parties: 1, flags: 3 },
  { key: 1, lon: 44.2e6, lat: 42.2e6, day: 10, span: 0, place: 0, areas: 3, category: 0, parties: 1, flags: 2 },
];

function bytesOf(rows) {
  const view = new DataView(new ArrayBuffer(4 + rows.length * LAYOUT.reduce((sum, [, kind]) => sum + BYTES[kind], 0)));
  view.setUint32(0, rows.length, true);
  let at = 4;
  for (const [name, kind] of LAYOUT) {
    for (const row of rows) {
      view[SETTERS[kind]](at, row[name] ?? 0, true);
      at += BYTES[kind];
    }
  }
  return view.buffer;
}

function whole() {
  const dataset = new Dataset(MANIFEST);
  dataset.append(bytesOf(NEWEST));
  dataset.append(bytesOf(OLDER));
  return dataset;
}

/** Keys that filters show, in the order of the rows. */
function shown(filters) {
  const dataset = whole();
  return [...compile(dataset, filters)].flatMap((show, row) => (show ? [dataset.key[row]] : []));
}

test("chunks are read one behind the other", () => {
  const dataset = whole();
  assert.deepEqual([...dataset.key], [5, 4, 3, 2, 1]);
  assert.deepEqual([...dataset.lon], [44.0e6, 43.6e6, NONE, 44.1e6, 44.2e6]);
  assert.deepEqual([...dataset.parties], [1, 2, 3, 1, 1]);
  assert.deepEqual([dataset.rowOf(2), dataset.rowOf(99)], [3, -1]);
});

test("the bits of the flags say status, precisions, whether accounts differ and how it was placed", () => {
  const flags = 2 | (1 << 2) | (3 << 4) | (1 << 6) | (1 << 7);
  assert.deepEqual([statusOf(flags), locationOf(flags), dateOf(flags), differsOf(flags), describedOf(flags)], [2, 1, 3, 1, 1]);
});

test("without filters everything is shown but what was withdrawn", () => {
  assert.deepEqual(shown({}), [5, 4, 3, 1]);
  assert.deepEqual(shown({ status: ["retracted"] }), [2]);
});

test("category and group narrow each other like any two names, but count as one tree", () => {
  assert.deepEqual(shown({ category: ["release"], group: ["talks"] }), []);
  assert.deepEqual(shown({ category: ["release"], group: ["held"] }), shown({ category: ["release"] }));
  const { facets } = count(whole(), { category: ["release"], group: ["talks"] });
  assert.deepEqual(facets.category, count(whole(), {}).facets.category);
});

test("values of one name are alternatives and different names narrow each other", () => {
  assert.deepEqual(shown({ party: ["georgian", "ossetian"] }), [5, 4, 3, 1]);
  assert.deepEqual(shown({ party: ["ossetian"], place: ["Ergneti"] }), [3]);
  assert.deepEqual(shown({ area: ["west"] }), [4, 1]);
});

test("a code that the manifest does not know shows nothing", () => {
  assert.deepEqual(shown({ category: ["unheard_of"] }), []);
  assert.deepEqual(shown({ party: ["unheard_of"] }), []);
});

test("dates take in every incident that reaches into them, and open ends everything on that side", () => {
  assert.deepEqual(shown({ datetime: [44, 45] }), [4]);
  assert.deepEqual(shown({ datetime: [46, 49] }), []);
  assert.deepEqual(shown({ datetime: [null, 30] }), [3, 1]);
  assert.deepEqual(shown({ datetime: [50, null] }), [5]);
});

test("a box holds its own edge, leaves out what has no point, and may cross the date line", () => {
  assert.deepEqual(shown({ bbox: [44.0, 42.2, 44.2, 42.3] }), [5, 1]);
  assert.deepEqual(shown({ bbox: [44.05, 42, 43.7, 43] }), [4, 1]);
});

test("keys from the server narrow like any other name", () => {
  assert.deepEqual(shown({ keys: new Set([1, 3, 2]) }), [3, 1]);
});

test("located and differs ask for either side", () => {
  assert.deepEqual(shown({ located: false }), [3]);
  assert.deepEqual(shown({ differs: true }), [3]);
  assert.deepEqual(shown({ differs: false }), [5, 4, 1]);
});

test("counts beside a choice leave its own name out and no other", () => {
  const { matched, located, facets } = count(whole(), { party: ["georgian"], place: ["Ergneti"] });
  assert.deepEqual([matched, located], [3, 2]);
  assert.deepEqual(facets.party, { georgian: 3, ossetian: 1 });
  assert.deepEqual(facets.place, { Ergneti: 3, Perevi: 0 });
  assert.deepEqual(facets.category, { detention: 2, release: 0, meeting: 1 });
  assert.deepEqual(facets.group, { held: 2, talks: 1 });
  assert.deepEqual(facets.status, { disputed: 1, single_source: 1, uncontested: 1, retracted: 1 });
});

test("rows that only the own name keeps out are counted beside its choices", () => {
  const { matched, facets } = count(whole(), { party: ["ossetian"] });
  assert.equal(matched, 2);
  assert.deepEqual(facets.party, { georgian: 3, ossetian: 2 });
  assert.deepEqual(facets.place, { Ergneti: 1, Perevi: 1 });
  assert.deepEqual(facets.category, { detention: 0, release: 1, meeting: 1 });
});

test("the number found is that of the rows shown, for every filter", () => {
  for (const filters of [{}, { status: ["retracted"] }, { group: ["held"] }, { datetime: [10, 40] }, { located: false }]) {
    assert.equal(count(whole(), filters).matched, shown(filters).length, JSON.stringify(filters));
  }
});

test("bars stand by group, and the window itself is not applied to them", () => {
  const { all, shown: bars } = histogram(whole(), { party: ["georgian"], datetime: [50, 50] }, (day) => Math.floor(day / 20), 3);
  assert.deepEqual([...all], [1, 1, 2]);
  assert.deepEqual(bars.map((each) => [...each]), [[1, 0, 1], [0, 1, 0]]);
});

test("a day beyond the bars is left out", () => {
  const { all } = histogram(whole(), {}, (day) => (day > 30 ? -1 : 0), 1);
  assert.deepEqual([...all], [2]);
});

/** Answers from memory in place of the network. */
function serving(answers) {
  globalThis.fetch = async (url) => {
    const body = answers[url];
    return { ok: body !== undefined, status: body === undefined ? 404 : 200, json: async () => body, arrayBuffer: async () => body };
  };
}

test("the newest chunk is enough to begin and the others follow", async () => {
  serving({ m: MANIFEST, "c/newest.bin": bytesOf(NEWEST), "c/older.bin": bytesOf(OLDER) });
  const rows = [];
  const dataset = await loadDataset({ manifestUrl: "m", chunkUrl: "c/", onChunk: ({ rows: n }) => rows.push(n) });
  assert.ok(dataset.rows >= 3);
  assert.equal((await dataset.complete).rows, 5);
  assert.deepEqual(rows, [5]);
});

test("a chunk that is missing is told to whoever waits for all", async () => {
  serving({ m: MANIFEST, "c/newest.bin": bytesOf(NEWEST) });
  const dataset = await loadDataset({ manifestUrl: "m", chunkUrl: "c/" });
  await assert.rejects(dataset.complete, /older\.bin: 404/);
  assert.equal(dataset.rows, 3);
});

/**
 * The incidents as typed arrays: the reading half of `geoapp/columns.py`. Filtering, counting and
 * histograms are plain scans; at a million rows a scan takes milliseconds and needs no index.
 */

const ARRAYS = { "<u4": Uint32Array, "<i4": Int32Array, "<u2": Uint16Array, u1: Uint8Array };
const RETRACTED = "retracted";

/** Which bits of `flags` say what; the twin of `_flags` in columns.py. */
export const statusOf = (flags) => flags & 3;
export const locationOf = (flags) => (flags >> 2) & 3;
export const dateOf = (flags) => (flags >> 4) & 3;
export const differsOf = (flags) => (flags >> 6) & 1;
export const describedOf = (flags) => flags >> 7;

/** Names whose choices are counted, each with its position codes in the manifest. */
export const FACETS = ["category", "group", "status", "party", "place", "area", "precision", "differs", "located"];

/** All rows that were loaded, newest chunk first, each column one typed array. */
export class Dataset {
  /** @param {object} manifest */
  constructor(manifest) {
    this.manifest = manifest;
    this.rows = 0;
    this.total = manifest.chunks.reduce((sum, chunk) => sum + chunk[1], 0);
    for (const [name, kind] of manifest.layout) this[name] = new ARRAYS[kind](this.total);
    const groups = manifest.groups.map((group) => group.code);
    this.groupOf = Uint8Array.from(manifest.categories, (category) => groups.indexOf(category.group));
    this.codes = {
      category: manifest.categories.map((each) => each.code),
      group: groups,
      status: manifest.statuses,
      party: manifest.parties.map((each) => each.code),
      place: manifest.places,
      area: manifest.areas.map((each) => each.code),
      precision: manifest.location_precisions,
    };
    this.retracted = manifest.statuses.indexOf(RETRACTED);
    /** @type {Promise<Dataset>} settled when every chunk is there */
    this.complete = Promise.resolve(this);
  }

  /** Take in the bytes of one chunk. */
  append(buffer) {
    const rows = new DataView(buffer).getUint32(0, true);
    let at = 4;
    for (const [name, kind] of this.manifest.layout) {
      const source = new ARRAYS[kind](buffer, at, rows);
      this[name].set(source, this.rows);
      at += source.byteLength;
    }
    this.rows += rows;
  }

  /** Whether a row has a point. */
  isLocated(row) {
    return this.lon[row] !== this.manifest.no_point;
  }

  /** Box (w, s, e, n in degrees) of the rows with a point that pass; null when there is none. */
  boxOf(passes) {
    const { lon, lat, rows } = this;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let row = 0; row < rows; row += 1) {
      if (!passes(row) || !this.isLocated(row)) continue;
      box[0] = Math.min(box[0], lon[row]);
      box[1] = Math.min(box[1], lat[row]);
      box[2] = Math.max(box[2], lon[row]);
      box[3] = Math.max(box[3], lat[row]);
    }
    return Number.isFinite(box[0]) ? box.map((micro) => micro / 1e6) : null;
  }

  /** Row of a record key among the loaded ones, or -1. */
  rowOf(key) {
    return this.key.subarray(0, this.rows).indexOf(key);
  }
}

async function fetched(url, read) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response[read]();
}

/**
 * Load the newest chunk, then the others in the background.
 * @returns {Promise<Dataset>} resolved when the newest is there; see `complete`.
 */
export async function loadDataset({ manifestUrl, chunkUrl, onChunk = () => {} }) {
  const dataset = new Dataset(await fetched(manifestUrl, "json"));
  const asked = dataset.manifest.chunks.map(([hash]) => fetched(`${chunkUrl}${hash}.bin`, "arrayBuffer"));
  // A chunk that fails is reported where it is awaited; unheard, it would also be a page error.
  for (const each of asked) each.catch(() => {});
  if (asked.length) dataset.append(await asked[0]);
  dataset.complete = (async () => {
    for (const each of asked.slice(1)) {
      dataset.append(await each);
      onChunk(dataset);
    }
    return dataset;
  })();
  return dataset;
}

/** Lookup table: 1 for the positions of these codes; null when nothing is chosen. */
function chosen(codes, values) {
  if (!values?.length) return null;
  const table = new Uint8Array(Math.max(codes.length, 1));
  for (const value of values) {
    const position = codes.indexOf(value);
    if (position >= 0) table[position] = 1;
  }
  return table;
}

function bitsOf(codes, values) {
  if (!values?.length) return 0;
  return values.reduce((bits, value) => bits | (codes.includes(value) ? 1 << codes.indexOf(value) : 0), 0);
}

/**
 * Categories that pass: of those chosen, when any is, and in a group chosen, when any is. Both names are one
 * tree on the screen, so they are one test, and counts beside its choices leave both out.
 */
function chosenKinds(dataset, filters) {
  const byCategory = chosen(dataset.codes.category, filters.category);
  const byGroup = chosen(dataset.codes.group, filters.group);
  if (!byCategory && !byGroup) return null;
  return dataset.groupOf.map((group, category) => (byCategory?.[category] ?? 1) & (byGroup?.[group] ?? 1));
}

/** One test per name: `fails(row)` is true where the row does not pass. Absent names are not narrowed. */
function tests(dataset, filters) {
  const { category, flags, parties, areas, place, day, span, lon, lat, key } = dataset;
  const found = {};
  const kinds = chosenKinds(dataset, filters);
  if (kinds) found.category = (row) => !kinds[category[row]];
  const statuses = chosen(dataset.codes.status, filters.status);
  if (statuses) found.status = (row) => !statuses[statusOf(flags[row])];
  const precisions = chosen(dataset.codes.precision, filters.precision);
  if (precisions) found.precision = (row) => !precisions[locationOf(flags[row])];
  const places = chosen(dataset.codes.place, filters.place);
  if (places) found.place = (row) => !places[place[row]];
  if (filters.party?.length) {
    const bits = bitsOf(dataset.codes.party, filters.party);
    found.party = (row) => !(parties[row] & bits);
  }
  if (filters.area?.length) {
    const bits = bitsOf(dataset.codes.area, filters.area);
    found.area = (row) => !(areas[row] & bits);
  }
  if (typeof filters.differs === "boolean") found.differs = (row) => Boolean(differsOf(flags[row])) !== filters.differs;
  if (typeof filters.located === "boolean") found.located = (row) => dataset.isLocated(row) !== filters.located;
  if (filters.datetime) {
    const [first, last] = filters.datetime;
    found.datetime = (row) => (last !== null && day[row] > last) || (first !== null && day[row] + span[row] < first);
  }
  if (filters.bbox) {
    const [west, south, east, north] = filters.bbox.map((degrees) => Math.round(degrees * 1e6));
    const outside = west <= east ? (x) => x < west || x > east : (x) => x < west && x > east;
    found.bbox = (row) => !dataset.isLocated(row) || outside(lon[row]) || lat[row] < south || lat[row] > north;
  }
  if (filters.keys) found.keys = (row) => !filters.keys.has(key[row]);
  return found;
}

/**
 * For each row the number of names it fails (0: shown) and, where it fails just one, which.
 * Withdrawn records are out of everything unless `status` asks for them.
 */
function scan(dataset, filters, names) {
  const found = tests(dataset, filters);
  const failed = new Uint8Array(dataset.rows);
  const by = new Uint8Array(dataset.rows);
  names.push(...Object.keys(found));
  names.forEach((name, position) => {
    const fails = found[name];
    for (let row = 0; row < failed.length; row++) {
      if (fails(row)) {
        failed[row]++;
        by[row] = position;
      }
    }
  });
  return { failed, by };
}

function hidesRetracted(dataset, filters) {
  return !filters.status?.includes(RETRACTED) && dataset.retracted >= 0;
}

/** Mask of the rows that the filters show: 1 where shown. */
export function compile(dataset, filters) {
  const { rows, flags, retracted } = dataset;
  const mask = new Uint8Array(rows).fill(1);
  for (const fails of Object.values(tests(dataset, filters))) {
    for (let row = 0; row < rows; row++) if (mask[row] && fails(row)) mask[row] = 0;
  }
  if (hidesRetracted(dataset, filters)) {
    for (let row = 0; row < rows; row++) if (statusOf(flags[row]) === retracted) mask[row] = 0;
  }
  return mask;
}

/** Add one row to a name's counts. */
function counters(dataset, sums) {
  const { category, flags, parties, areas, place, groupOf, retracted } = dataset;
  const bits = (table, value) => {
    for (let bit = 0; value >> bit; bit++) table[bit] += (value >> bit) & 1;
  };
  const isCurrent = (row) => statusOf(flags[row]) !== retracted;
  return {
    category: (row) => {
      if (!isCurrent(row)) return;
      sums.category[category[row]]++;
      sums.group[groupOf[category[row]]]++;
    },
    status: (row) => sums.status[statusOf(flags[row])]++,
    party: (row) => isCurrent(row) && bits(sums.party, parties[row]),
    area: (row) => isCurrent(row) && bits(sums.area, areas[row]),
    place: (row) => isCurrent(row) && sums.place[place[row]]++,
    precision: (row) => isCurrent(row) && sums.precision[locationOf(flags[row])]++,
    differs: (row) => isCurrent(row) && sums.differs[differsOf(flags[row])]++,
    located: (row) => isCurrent(row) && sums.located[dataset.isLocated(row) ? 1 : 0]++,
  };
}

const asCounts = (codes, table) => Object.fromEntries(codes.map((code, position) => [code, table[position]]));

/**
 * Counts beside every choice, each with its own name left out, and how many rows match.
 * @returns {{matched: number, located: number, facets: Record<string, Record<string, number>>}}
 */
export function count(dataset, filters) {
  const codes = { ...dataset.codes, differs: ["false", "true"], located: ["false", "true"] };
  const sums = Object.fromEntries(FACETS.map((name) => [name, new Uint32Array(codes[name].length)]));
  const add = counters(dataset, sums);
  const names = [];
  const { failed, by } = scan(dataset, filters, names);
  const hides = hidesRetracted(dataset, filters);
  const all = Object.values(add);
  const left = names.map((name) => add[name]);
  let matched = 0;
  let located = 0;
  for (let row = 0; row < failed.length; row++) {
    if (failed[row] > 1) continue;
    const isOut = hides && statusOf(dataset.flags[row]) === dataset.retracted;
    if (failed[row] === 1) {
      left[by[row]]?.(row);
    } else if (isOut) {
      add.status(row);
    } else {
      matched++;
      if (dataset.isLocated(row)) located++;
      for (const each of all) each(row);
    }
  }
  const facets = Object.fromEntries(FACETS.map((name) => [name, asCounts(codes[name], sums[name])]));
  return { matched, located, facets };
}

/**
 * Counts by bin of the first day: all rows, and those shown stacked by group in the manifest's order.
 * The window itself is not applied, so that the bars beside it stay.
 * @param {(day: number) => number} binOf bin of a day, or -1
 */
export function histogram(dataset, filters, binOf, bins) {
  const { day, category, groupOf, flags, retracted } = dataset;
  const groups = dataset.codes.group.length;
  const all = new Uint32Array(bins);
  const shown = new Uint32Array(bins * groups);
  const mask = compile(dataset, { ...filters, datetime: null });
  for (let row = 0; row < mask.length; row++) {
    const bin = binOf(day[row]);
    if (bin < 0 || bin >= bins) continue;
    if (statusOf(flags[row]) !== retracted) all[bin]++;
    if (mask[row]) shown[bin * groups + groupOf[category[row]]]++;
  }
  return { all, shown };
}

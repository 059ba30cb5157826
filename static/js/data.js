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
    this.hasRetracted = false;
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
    this.hasRetracted ||= this.flags.subarray(this.rows, this.rows + rows).some((each) => statusOf(each) === this.retracted);
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
  return values?.length ? Uint8Array.from(codes, (code) => values.includes(code)) : null;
}

/** For `looked`: which sums of bits hold any of these codes, and the bits; nothing when nothing is chosen. */
function chosenBits(codes, values) {
  const bits = chosen(codes, values)?.reduce((sum, is, at) => sum | (is << at), 0);
  return bits === undefined ? [] : [new Uint8Array(bits + 1).fill(1, 1), 0, bits];
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

/** 1 where what a row's value holds from bit `shift` on is in the table. */
function looked(rows, column, table, shift = 0, most = 0xffff) {
  const passes = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) passes[row] = table[(column[row] >> shift) & most];
  return passes;
}

/** 1 where a row's days meet those from first to last; null: open. */
function within({ rows, day, span }, [first, last]) {
  const passes = new Uint8Array(rows);
  const [from, to] = [first ?? -Infinity, last ?? Infinity];
  for (let row = 0; row < rows; row++) passes[row] = day[row] <= to && day[row] + span[row] >= from ? 1 : 0;
  return passes;
}

/** Whether a row's point lies in the box (w, s, e, n in degrees; west > east: across the 180th meridian). */
function inBox(dataset, box) {
  const { lon, lat } = dataset;
  const [west, south, east, north] = box.map((degrees) => Math.round(degrees * 1e6));
  const outside = west <= east ? (x) => x < west || x > east : (x) => x < west && x > east;
  return (row) => dataset.isLocated(row) && !outside(lon[row]) && lat[row] >= south && lat[row] <= north;
}

/**
 * One column per name: 1 where the row passes. Absent names are not narrowed.
 * Columns and not functions of a row: a call for each of a million rows costs more than the test.
 */
function tests(dataset, filters) {
  const { rows, category, flags, parties, areas, place, key, codes } = dataset;
  const found = {};
  const add = (name, column, table, ...bits) => table && (found[name] = looked(rows, column, table, ...bits));
  add("category", category, chosenKinds(dataset, filters));
  add("status", flags, chosen(codes.status, filters.status), 0, 3);
  add("precision", flags, chosen(codes.precision, filters.precision), 2, 3);
  add("place", place, chosen(codes.place, filters.place));
  add("party", parties, ...chosenBits(codes.party, filters.party));
  add("area", areas, ...chosenBits(codes.area, filters.area));
  if (typeof filters.differs === "boolean") add("differs", flags, filters.differs ? [0, 1] : [1, 0], 6, 1);
  if (filters.datetime) found.datetime = within(dataset, filters.datetime);
  const ask = (name, passes) => (found[name] = new Uint8Array(rows).map((_, row) => passes(row)));
  if (typeof filters.located === "boolean") ask("located", (row) => dataset.isLocated(row) === filters.located);
  if (filters.bbox) ask("bbox", inBox(dataset, filters.bbox));
  if (filters.keys) ask("keys", (row) => filters.keys.has(key[row]));
  return found;
}

/** For each row the number of these tests that it fails (0: shown) and, where it fails just one, which. */
function scan(rows, found) {
  const [failed, by] = [new Uint8Array(rows), new Uint8Array(rows)];
  found.forEach((passes, position) => {
    for (let row = 0; row < rows; row++) {
      if (passes[row]) continue;
      failed[row]++;
      by[row] = position;
    }
  });
  return [failed, by];
}

/** Withdrawn records are out of everything unless `status` asks for them. */
function hidesRetracted(dataset, filters) {
  return !filters.status?.includes(RETRACTED) && dataset.hasRetracted;
}

/** Mask of the rows that the filters show: 1 where shown. */
export function compile(dataset, filters) {
  const { rows, flags, retracted } = dataset;
  const [mask = new Uint8Array(rows).fill(1), ...others] = Object.values(tests(dataset, filters));
  for (const passes of others) {
    for (let row = 0; row < rows; row++) mask[row] &= passes[row];
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
  const found = tests(dataset, filters);
  const [failed, by] = scan(dataset.rows, Object.values(found));
  const hides = hidesRetracted(dataset, filters);
  const all = Object.values(add);
  const left = Object.keys(found).map((name) => add[name]);
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
 * Counts by bin of the first day: all rows, and those shown, for each group in the manifest's order.
 * The window itself is not applied, so that the bars beside it stay.
 * @param {(day: number) => number} binOf bin of a day, or -1
 */
export function histogram(dataset, filters, binOf, bins) {
  const { day, category, groupOf, flags, retracted } = dataset;
  const all = new Uint32Array(bins);
  const shown = dataset.codes.group.map(() => new Uint32Array(bins));
  const mask = compile(dataset, { ...filters, datetime: null });
  for (let row = 0; row < mask.length; row++) {
    const bin = binOf(day[row]);
    if (bin < 0 || bin >= bins) continue;
    if (statusOf(flags[row]) !== retracted) all[bin]++;
    if (mask[row]) shown[groupOf[category[row]]][bin]++;
  }
  return { all, shown };
}

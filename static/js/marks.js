/**
 * Incidents as marks: binned to a grid of 64 px that is fixed to the world, so that panning never
 * re-bins; overlapping bins are merged, so that no number is ever covered.
 */

import { pixelsOf, worldX, worldY } from "./mercator.js";
import { dateOf, locationOf } from "./data.js";

const CELL = 64;
const MOST_OVERLAP = 5;
const LARGEST = 32;
export const DISC = 12;
// A cluster whose points lie within this many pixels at the closest useful zoom is one place.
const SEPARATING_ZOOM = 14;
const SEPARATING_PIXELS = 48;
const SAMPLE = 512;

/** Radius in pixels of the mark of n incidents: disc for one, donut by the square root for more. */
export const radiusOf = (n) => (n === 1 ? DISC : Math.min(LARGEST, 14 + 2.9 * Math.sqrt(n - 1)));

/** One mark: its place on the world, how many, the rings' counts by group. */
class Mark {
  constructor(x, y, n, groups, cells) {
    Object.assign(this, { x, y, n, groups, cells });
  }
}

/** Positions of all rows and their cells at one zoom. */
export class Marks {
  /** @param {import("./data.js").Dataset} dataset */
  constructor(dataset) {
    this.dataset = dataset;
    this.mask = new Uint8Array(0);
    this.wx = new Float64Array(dataset.total);
    this.wy = new Float64Array(dataset.total);
    this.placed = 0;
    this.zoom = null;
    this.bins = [];
    this.extend();
  }

  /** Take in the rows that came since. */
  extend() {
    const { lon, lat, rows } = this.dataset;
    for (let row = this.placed; row < rows; row++) {
      this.wx[row] = this.dataset.isLocated(row) ? worldX(lon[row] / 1e6) : NaN;
      this.wy[row] = this.dataset.isLocated(row) ? worldY(lat[row] / 1e6) : NaN;
    }
    this.placed = rows;
    this.zoom = null;
  }

  /** Show the rows of this mask. */
  filter(mask) {
    this.mask = mask;
    this.rowsByCell = null;
    this.bins = this.zoom === null ? [] : this.#bin();
  }

  /** Cells of all rows at a zoom; kept until the zoom or the rows change. */
  #cellsAt(zoom) {
    if (this.zoom === zoom) return;
    const size = (256 * 2 ** zoom) / CELL;
    const known = new Map();
    const { rows } = this.dataset;
    this.cell = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      if (Number.isNaN(this.wx[row])) {
        this.cell[row] = -1;
        continue;
      }
      const name = Math.floor(this.wy[row] * size) * 67108864 + Math.floor(this.wx[row] * size);
      let cell = known.get(name);
      if (cell === undefined) known.set(name, (cell = known.size));
      this.cell[row] = cell;
    }
    this.cells = known.size;
    this.zoom = zoom;
    this.bins = this.#bin();
  }

  #bin() {
    this.rowsByCell = null;
    const { category, groupOf, codes } = this.dataset;
    const groups = codes.group.length;
    const counts = new Uint32Array(this.cells * groups);
    const [sumX, sumY] = [new Float64Array(this.cells), new Float64Array(this.cells)];
    const { mask, cell, wx, wy } = this;
    for (let row = 0; row < mask.length; row++) {
      if (!mask[row]) continue;
      const at = cell[row];
      if (at < 0) continue;
      counts[at * groups + groupOf[category[row]]]++;
      sumX[at] += wx[row];
      sumY[at] += wy[row];
    }
    const found = [];
    for (let at = 0; at < this.cells; at++) {
      const part = counts.subarray(at * groups, (at + 1) * groups);
      const n = part.reduce((sum, one) => sum + one, 0);
      if (n) found.push(new Mark(sumX[at] / n, sumY[at] / n, n, part, [at]));
    }
    return found;
  }

  /** The marks in view, merged until none overlaps another by more than a few pixels; largest first. */
  inView(view) {
    this.#cellsAt(view.zoom);
    const near = this.bins.filter((mark) => view.holds(view.x(mark.x), view.y(mark.y), 96));
    return merge(near, view.size).sort((a, b) => b.n - a.n);
  }

  /** Shown rows ordered by cell, made on first use after a filter or zoom: where each cell's rows start. */
  #index() {
    if (this.rowsByCell) return;
    const { mask, cell } = this;
    const starts = new Uint32Array(this.cells + 1);
    for (let row = 0; row < mask.length; row++) if (mask[row] && cell[row] >= 0) starts[cell[row] + 1]++;
    for (let at = 0; at < this.cells; at++) starts[at + 1] += starts[at];
    const next = starts.slice();
    this.rowsByCell = new Uint32Array(starts[this.cells]);
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] && cell[row] >= 0) this.rowsByCell[next[cell[row]]++] = row;
    }
    this.starts = starts;
  }

  /** Rows of a mark. */
  rowsOf(mark) {
    this.#index();
    const rows = [];
    for (const at of mark.cells) for (let i = this.starts[at]; i < this.starts[at + 1]; i++) rows.push(this.rowsByCell[i]);
    return rows;
  }

  /**
   * Name of the place that most of a mark's incidents name, of several such the one listed first, whatever
   * the view; of very many incidents a regular sample decides.
   */
  leadingPlace(mark) {
    this.#index();
    const { place, manifest } = this.dataset;
    const step = Math.ceil(mark.n / SAMPLE);
    const named = new Map();
    for (const at of mark.cells) {
      for (let i = this.starts[at]; i < this.starts[at + 1]; i += step) {
        const name = place[this.rowsByCell[i]];
        named.set(name, (named.get(name) ?? 0) + 1);
      }
    }
    const [leading] = [...named].sort((x, y) => y[1] - x[1] || x[0] - y[0])[0];
    return manifest.places[leading];
  }

  /** The mark among these that holds a row, or undefined. */
  holding(marks, row) {
    return marks.find((mark) => this.mask[row] && mark.cells.includes(this.cell[row]));
  }

  /** What a mark says of itself: rows, leading place, extent, and whether zooming tells its points apart. */
  describe(mark) {
    const rows = this.rowsOf(mark);
    const { lon, lat } = this.dataset;
    const [west, east] = extent(rows, lon);
    const [south, north] = extent(rows, lat);
    const size = 256 * 2 ** SEPARATING_ZOOM;
    const apart = Math.max(worldX(east) - worldX(west), worldY(south) - worldY(north)) * size;
    return {
      rows,
      place: this.leadingPlace(mark),
      bbox: [west, south, east, north],
      separates: apart > SEPARATING_PIXELS,
    };
  }
}

/** Least and largest degree of rows in a column of micro-degrees. */
function extent(rows, column) {
  let [low, high] = [Infinity, -Infinity];
  for (const row of rows) {
    if (column[row] < low) low = column[row];
    if (column[row] > high) high = column[row];
  }
  return [low / 1e6, high / 1e6];
}

function overlapOf(a, b, size) {
  const distance = Math.hypot(a.x - b.x, a.y - b.y) * size;
  return radiusOf(a.n) + radiusOf(b.n) - distance;
}

function join(a, b) {
  const n = a.n + b.n;
  const groups = a.groups.map((one, at) => one + b.groups[at]);
  return new Mark((a.x * a.n + b.x * b.n) / n, (a.y * a.n + b.y * b.n) / n, n, groups, [...a.cells, ...b.cells]);
}

/** The pair that overlaps most; marks are sorted by x, so that only near ones are compared. */
function worst(marks, size) {
  let found = null;
  let most = MOST_OVERLAP;
  for (let i = 0; i < marks.length; i++) {
    for (let j = i + 1; j < marks.length && (marks[j].x - marks[i].x) * size < 2 * LARGEST; j++) {
      const overlap = overlapOf(marks[i], marks[j], size);
      if (overlap > most) [most, found] = [overlap, [i, j]];
    }
  }
  return found;
}

/** Merge the pair that overlaps most, until none does by more than a few pixels. */
export function merge(marks, size) {
  const left = [...marks].sort((a, b) => a.x - b.x);
  for (let pair = worst(left, size); pair; pair = worst(left, size)) {
    const [i, j] = pair;
    const both = join(left[i], left[j]);
    left.splice(j, 1);
    left.splice(i, 1);
    const at = left.findIndex((mark) => mark.x > both.x);
    left.splice(at < 0 ? left.length : at, 0, both);
  }
  return left;
}

/** What is uncertain about one row: radius in pixels, whether the place or the date is only roughly known. */
export function uncertainty(dataset, row, zoom) {
  const metres = dataset.radius[row] * dataset.manifest.radius_step_m;
  return {
    metres,
    pixels: pixelsOf(metres, dataset.lat[row] / 1e6, zoom),
    isArea: locationOf(dataset.flags[row]) >= 2,
    isVagueDate: dateOf(dataset.flags[row]) > 0,
  };
}

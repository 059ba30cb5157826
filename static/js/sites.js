/** Crossings, posts and the like: which stand on a day, in what state, and where their symbols find room. */

import { worldX, worldY } from "./mercator.js";
import { drawSiteGround, drawSymbol } from "./site-symbols.js";
import { dayOf } from "./state.js";
import { label, say, spell } from "./words.js";

/** Half the width in pixels of each kind's symbol. */
const HALF = { crossing_point: 9, observation_post: 5, post: 5, base: 5, fence: 7, meeting_place: 6, unverified: 7 };
const MARGIN = 60;
// Below this zoom whatever is no crossing gives way to incidents; from it on it moves aside like them.
const POSTS_MOVE_FROM = 9.5;
const DISTANCES = [14, 20, 26, 33, 41, 50, 60];
const DIRECTIONS = 16;
const GAP = 2;

/** Kinds in the words of the reader. */
const STATES = ["open", "closed", "restricted", "differs"];

/** What a site is. */
export const kindWords = (kind) => say(HALF[kind] ? `kind_${kind}` : "kind_unverified");

/** "open on 15 October 2019"; without a day the state alone. */
export function stateWords(state, day) {
  const words = say(`state_${STATES.includes(state) ? state : "not_known"}`);
  return day === null || day === undefined ? words : say("state_on", { state: words, day: spell(day) });
}

/** State on a day from runs [[first day, last day, state], ...]; outside every run it is not known. */
export function stateOn(runs, day) {
  if (day === null || !runs) return "not_known";
  return runs.find(([first, last]) => first <= day && day <= last)?.[2] ?? "not_known";
}

/** Whether a site stood on a day, by its properties `from` and `to`; an empty end is open. */
export function standsOn({ from, to }, day) {
  if (day === null) return true;
  const [first, last] = [dayOf(from), dayOf(to)];
  return (first === null || first <= day) && (last === null || day <= last);
}

const boxAt = (x, y, half) => ({ x: x - half, y: y - half, w: 2 * half, h: 2 * half });

/** Marks and symbols are round or nearly so: their boxes stand for the circles in them. */
function overlaps(a, b) {
  const apart = Math.hypot(a.x + a.w / 2 - (b.x + b.w / 2), a.y + a.h / 2 - (b.y + b.h / 2));
  return apart < Math.max(a.w, a.h) / 2 + Math.max(b.w, b.h) / 2 + GAP;
}

/** Pixels around a point, nearest first; each ring begins on the side that faces away from `away`. */
function* spotsAround(x, y, away) {
  const start = away ? Math.atan2(y - (away.y + away.h / 2), x - (away.x + away.w / 2)) : -Math.PI / 4;
  for (const distance of DISTANCES) {
    for (let step = 0; step < DIRECTIONS; step++) {
      const side = step % 2 ? -1 : 1;
      const angle = start + (side * Math.ceil(step / 2) * 2 * Math.PI) / DIRECTIONS;
      yield [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
    }
  }
}

/**
 * Where a symbol of this half width stands: on its point, or on the nearest free pixel round it.
 * @returns {number[]|null} null where nothing near is free
 */
export function findRoom(x, y, half, taken) {
  const first = taken.find((box) => overlaps(boxAt(x, y, half), box));
  if (!first) return [x, y];
  for (const [left, top] of spotsAround(x, y, first)) {
    const box = boxAt(left, top, half);
    if (!taken.some((other) => overlaps(box, other))) return [left, top];
  }
  return null;
}

/** The sites of the checkpoints layer. */
export class Sites {
  /**
   * @param {object[]} features GeoJSON features; those without geometry get no symbol
   * @param {Record<string, Array>} runs by id: [[first day, last day, state], ...], days since 1970-01-01
   */
  constructor(features, runs) {
    this.features = new Map(features.map((feature) => [feature.properties.id, feature]));
    this.runs = runs;
    this.day = null;
    this.visible = true;
    const located = features.filter((feature) => feature.geometry?.type === "Point");
    // Crossings come first, so that they find the nearest room.
    located.sort((a, b) => this.#rank(a) - this.#rank(b));
    this.points = located.map((feature) => this.#pointOf(feature));
  }

  #rank(feature) {
    return feature.properties.kind === "crossing_point" ? 0 : 1;
  }

  #pointOf(feature) {
    const [lon, lat] = feature.geometry.coordinates;
    const { id, kind } = feature.properties;
    return { id, kind, feature, lat, wx: worldX(lon), wy: worldY(lat), half: HALF[kind] ?? HALF.unverified };
  }

  /** Show what stood on a day (since 1970-01-01) in its state then; null: everything, states not known. */
  setDay(day) {
    this.day = day;
    this.placed = null;
  }

  /** Show or hide all. */
  setVisible(isVisible) {
    this.visible = isVisible;
    this.placed = null;
  }

  /** The feature of an id. */
  at(id) {
    return this.features.get(id);
  }

  /** State of a crossing on the day that is shown. */
  stateOf(id) {
    return stateOn(this.runs[id], this.day);
  }

  /**
   * What is shown where: [{id, feature, kind, state, x, y, trueX, trueY, half, lat}]; `obstacles` are boxes
   * {x, y, w, h} in pixels that no symbol may cover. Kept for the same view until day or boxes change.
   */
  place(view, obstacles) {
    const isKept = this.placed && this.placedView === view && (!obstacles || obstacles === this.obstacles);
    if (isKept) return this.placed;
    Object.assign(this, { placedView: view, obstacles, placed: this.#settle(view, obstacles ?? []) });
    return this.placed;
  }

  #settle(view, obstacles) {
    if (!this.visible) return [];
    const taken = [...obstacles];
    const placed = [];
    for (const point of this.points) {
      const [trueX, trueY] = [view.x(point.wx), view.y(point.wy)];
      if (!view.holds(trueX, trueY, MARGIN) || !standsOn(point.feature.properties, this.day)) continue;
      const spot = this.#spot(point, view.zoom, [trueX, trueY], taken);
      if (!spot) continue;
      const [x, y] = spot;
      taken.push(boxAt(x, y, point.half));
      placed.push({ ...point, x, y, trueX, trueY, state: this.stateOf(point.id) });
    }
    return placed;
  }

  /** A crossing is never left out: where nothing is free it stands on its point. */
  #spot({ kind, half }, zoom, [x, y], taken) {
    const spot = findRoom(x, y, half, taken);
    if (kind === "crossing_point" || !spot) return spot ?? (kind === "crossing_point" ? [x, y] : null);
    const isMoved = spot[0] !== x || spot[1] !== y;
    return isMoved && zoom < POSTS_MOVE_FROM ? null : spot;
  }

  /** Draw all symbols, under them radii and leaders. */
  draw(ctx, view, theme, obstacles) {
    const sites = this.place(view, obstacles);
    for (const site of sites) drawSiteGround(ctx, view, theme, site);
    for (const site of sites) drawSymbol(ctx, theme, site);
  }

  /** Buttons of the symbols in view: [{id, x, y, label}]. */
  buttons(view) {
    const shown = this.place(view).filter(({ x, y }) => view.holds(x, y));
    return shown.map((site) => ({ id: site.id, x: site.x, y: site.y, label: this.#label(site) }));
  }

  /** "Ergneti, crossing point, closed on 31 October 2019" */
  #label({ feature, kind, state }) {
    const { name, location_kind: known } = feature.properties;
    const words = [label(name), kindWords(kind)];
    if (kind === "crossing_point") words.push(stateWords(state, this.day));
    if (known === "derived") words.push(say("described"));
    return words.join(", ");
  }
}

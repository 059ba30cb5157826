/**
 * The view in the address: filters in the query (the same words as list, API and exports), what is only
 * view (position, layers, open record, day) in the fragment, which never reaches the server.
 */

/** Names whose value is a list of codes: alternatives, joined by commas. */
export const LISTS = ["category", "group", "actor", "party", "publisher", "language", "status", "place", "area", "precision"];
const FLAGS = ["differs", "located"];
// The order of the vocabulary, so that the same choice always gives the same address.
const ORDER = ["bbox", "datetime", ...LISTS, ...FLAGS, "q"];
const DAY = 86400000;

/** Days since 1970-01-01 of an ISO date, or null when it is none. */
export function dayOf(iso) {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(iso ?? "") ? Date.parse(`${iso}T00:00:00Z`) : NaN;
  return Number.isNaN(time) ? null : Math.round(time / DAY);
}

/** ISO date of a number of days since 1970-01-01. */
export function isoOf(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The filters of a query string: lists as arrays of codes, `datetime` as [first, last] in days or null. */
export function readQuery(search) {
  const query = new URLSearchParams(search);
  const filters = {};
  for (const name of LISTS) {
    const values = splitList(query.getAll(name).join(","));
    if (values.length) filters[name] = values;
  }
  for (const name of FLAGS) if (query.get(name)) filters[name] = query.get(name) === "true";
  if (query.get("q")?.trim()) filters.q = query.get("q").trim();
  if (query.get("bbox")) filters.bbox = query.get("bbox").split(",").map(Number);
  const days = query.get("datetime");
  if (days) {
    const [first, last] = days.includes("/") ? days.split("/") : [days, days];
    filters.datetime = [dayOf(first), dayOf(last)];
  }
  return filters;
}

/** The canonical query string of filters, with its question mark; empty when nothing is chosen. */
export function writeQuery(filters) {
  const query = new URLSearchParams();
  for (const name of ORDER) {
    const text = asText(name, filters[name]);
    if (text) query.set(name, text);
  }
  // Slashes, commas and colons may stand in a query; spelled out they keep the address readable.
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

function asText(name, value) {
  if (value === undefined || value === null || value === "") return "";
  if (name === "datetime") {
    const [first, last] = value.map((day) => (day === null ? ".." : isoOf(day)));
    return first === last ? first : `${first}/${last}`;
  }
  if (Array.isArray(value)) return value.map((one) => String(one).replaceAll(",", "\\,")).join(",");
  return String(value);
}

function splitList(text) {
  const parts = text.split(/(?<!\\),/).map((part) => part.replaceAll("\\,", ",").trim());
  return [...new Set(parts.filter(Boolean))];
}

/** What the fragment says: {map: {zoom, lat, lng}, layers: [names], open: key, day: days}; absent parts are null. */
export function readFragment(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const numbers = (words.get("map") ?? "").split("/").map(Number);
  const placed = numbers.length === 3 && numbers.every(Number.isFinite);
  const key = Number(words.get("open"));
  return {
    map: placed ? { zoom: numbers[0], lat: numbers[1], lng: numbers[2] } : null,
    layers: words.has("layers") ? words.get("layers").split(",").filter(Boolean) : null,
    open: Number.isInteger(key) && key > 0 ? key : null,
    day: dayOf(words.get("day")),
  };
}

function writeFragment(view) {
  const words = [];
  if (view.map) words.push(`map=${round(view.map.zoom, 2)}/${round(view.map.lat, 5)}/${round(view.map.lng, 5)}`);
  if (view.layers) words.push(`layers=${view.layers.map(encodeURIComponent).join(",")}`);
  if (view.open) words.push(`open=${view.open}`);
  if (view.day !== null && view.day !== undefined) words.push(`day=${isoOf(view.day)}`);
  return words.length ? `#${words.join("&")}` : "";
}

function round(number, digits) {
  return String(Number(number.toFixed(digits)));
}

// While the brush moves: a browser takes milliseconds for each address, and refuses many in quick succession.
const PAUSE = 500;

/** Holds filters and view, keeps the address in step and tells listeners what changed. */
export class State extends EventTarget {
  constructor() {
    super();
    this.#read();
    window.addEventListener("popstate", () => {
      this.#forget();
      const before = { query: writeQuery(this.filters), open: this.view.open };
      this.#read();
      if (writeQuery(this.filters) !== before.query) this.#tell("filters", { back: true });
      this.#tell("view", { back: true, before });
    });
  }

  #read() {
    this.filters = readQuery(location.search);
    this.view = readFragment(location.hash);
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Change filters; a value of null or an empty list takes the filter out. `replace`: while dragging. */
  setFilters(changes, { replace = false } = {}) {
    if (!replace) this.#settle();
    const before = writeQuery(this.filters);
    for (const [name, value] of Object.entries(changes)) {
      const empty = value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
      if (empty) delete this.filters[name];
      else this.filters[name] = value;
    }
    const unchanged = writeQuery(this.filters) === before;
    if (unchanged && replace) return;
    if (replace) this.later ??= setTimeout(() => this.#write(true), PAUSE);
    else this.#write(unchanged);
    if (!unchanged) this.#tell("filters", { dragging: replace });
  }

  /** Take every filter out. */
  clear() {
    this.setFilters(Object.fromEntries(Object.keys(this.filters).map((name) => [name, null])));
  }

  /** Change what is only view; opening a record makes a step for Back, moving the map does not. */
  setView(changes, { push = false } = {}) {
    this.#settle();
    Object.assign(this.view, changes);
    this.#write(!push);
    this.#tell("view", { changes });
  }

  /** Give the address what the brush has come to, so that a new step begins after it. */
  #settle() {
    if (this.later) this.#write(true);
  }

  #forget() {
    clearTimeout(this.later);
    this.later = undefined;
  }

  #write(replace) {
    this.#forget();
    const address = location.pathname + writeQuery(this.filters) + writeFragment(this.view);
    if (address === location.pathname + location.search + location.hash) return;
    history[replace ? "replaceState" : "pushState"](null, "", address);
  }
}

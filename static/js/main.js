/** Puts the page together: address -> filters -> engine, form, timeline, list, panel. */

import { compile, count, histogram } from "./data.js";
import { engineFilters, FilterForm, serverQuery } from "./filters.js";
import { List } from "./list.js";
import { dayOf, State, writeQuery } from "./state.js";
import { Timeline } from "./timeline.js";
import { followLayers, keepLanguages, makeTools, notify } from "./tools.js";
import { say, sayCount, spell } from "./words.js";

const CLOSEST = 12.5;
const FRAME_SHARE = 3;
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const SMALL = window.matchMedia("(max-width: 899px)");
const app = document.getElementById("app");
const form = document.getElementById("filter-form");

/** The map once the engine has announced it. */
function theMap() {
  if (window.boundaryMap) return Promise.resolve(window.boundaryMap);
  return new Promise((resolve) => {
    document.addEventListener("boundarymap:ready", (event) => resolve(event.detail.map), { once: true });
  });
}

class Page {
  constructor() {
    this.state = new State();
    this.form = new FilterForm(this.state);
    this.timeline = new Timeline(this.state);
    this.list = new List(this.state, { rows: app.dataset.rows }, (key, link) => this.#openRecord(key, link));
    // A kept copy is opened without the server, which would have listed what the address asks for.
    this.list.shown = document.querySelector(".kept-note,[data-published]") ? "" : writeQuery(this.state.filters);
    // The page that was sent says the counts of what it lists.
    this.countedQuery = this.list.shown;
    this.keys = null;
    this.#wordsReady();
    this.form.follow();
    this.timeline.follow();
    makeTools();
    keepLanguages();
    this.#makeSheets();
    this.#makePlayer();
  }

  /** The player is fetched when it is first started, or at once to say that it heeds reduced motion. */
  #makePlayer() {
    const make = () => import("./play.js").then(({ Player }) => new Player(this.state, this.timeline));
    if (STILL.matches) make();
    else document.getElementById("play").addEventListener("click", () => make().then((player) => player.start()), { once: true });
  }

  /** Sheets are for small windows; a wide one fetches them when it is made small. */
  #makeSheets() {
    const make = () => SMALL.matches && (this.sheets ??= import("./sheets.js").then(({ makeSheets }) => makeSheets()));
    SMALL.addEventListener("change", make);
    make();
  }

  /** The record's panel, fetched when the first record is opened. */
  #panelReady() {
    this.panelAsked ??= import("./panel.js").then(({ makeRoom, Panel }) => {
      app.addEventListener("toggled", ({ detail }) => this.dataset && makeRoom(this.map, this.dataset, detail.key));
      const cardAddress = (key) => app.dataset.card.replace(/0$/, String(key));
      this.panel = new Panel(this.state, { found: () => this.found(), cardAddress });
      return this.panel;
    });
    return this.panelAsked;
  }

  async #openRecord(key, origin) {
    try {
      (await this.#panelReady()).open(key, origin);
    } catch {
      this.panelAsked = null;
      notify(say("not_opened"));
    }
  }

  /** The popup of places and sites, fetched when the first one is opened. */
  #popupReady() {
    this.popupAsked ??= import("./popup.js").then(
      ({ Popup }) => new Popup(this.state, app.dataset.place, document.getElementById("stage")),
    );
    return this.popupAsked;
  }

  async #openSite(detail) {
    (await this.#popupReady()).openSite({ ...detail, properties: detail.feature.properties });
  }

  /** Hang onto the map and its data. */
  async start() {
    this.map = await theMap();
    if (this.state.view.map) this.#showView();
    followLayers(this.state, this.map);
    await this.#askKeys(serverQuery(this.state.filters));
    // Filters stand before the data come; counting waits until the first marks are drawn.
    this.map.setFilters(engineFilters(this.state.filters, this.form.tree, this.keys));
    this.dataset = await this.map.dataset;
    await this.map.firstMarks;
    this.state.addEventListener("filters", (event) => this.#filtersChanged(event.detail));
    this.state.addEventListener("view", (event) => this.#viewChanged(event.detail));
    this.map.addEventListener("failed", (event) => notify(say("not_loaded", event.detail)));
    this.map.addEventListener("mark", (event) => this.#markOpened(event.detail));
    this.map.addEventListener("site", ({ detail }) => this.#openSite(detail));
    this.map.addEventListener("viewchange", () => this.#keepView());
    form.addEventListener("days", () => this.#daysTyped());
    await this.refresh();
    if (!this.state.view.map && this.#narrowsPlace()) this.fitFound();
    this.state.setView({});
    await this.dataset.complete;
    await this.refresh();
  }

  /** Keys of what was found, in the order of the list. */
  found() {
    if (!this.dataset) return [];
    if (!this.order) {
      const mask = compile(this.dataset, this.engine);
      const rows = [];
      for (let row = 0; row < mask.length; row += 1) if (mask[row]) rows.push(row);
      const { day, key } = this.dataset;
      this.order = rows.sort((a, b) => day[a] - day[b] || a - b).map((row) => key[row]);
    }
    return this.order;
  }

  /** Count and draw for the filters of the address. */
  async refresh({ dragging = false } = {}) {
    const query = serverQuery(this.state.filters);
    if (query !== this.serverQuery) await this.#askKeys(query);
    if (query !== serverQuery(this.state.filters)) return;
    this.order = null;
    this.engine = engineFilters(this.state.filters, this.form.tree, this.keys);
    this.map.setFilters(this.engine);
    this.#showDay();
    clearTimeout(this.counting);
    // Where counting takes what the brush needs of a frame, it waits until the brush rests.
    if (dragging && this.cost > FRAME_SHARE) this.counting = setTimeout(() => this.#count(dragging), 30 + 2 * this.cost);
    else this.#count(dragging);
  }

  #count(dragging) {
    const begin = performance.now();
    const counts = count(this.dataset, this.engine);
    this.cost = performance.now() - begin;
    this.#showCounts(counts);
    const rest = writeQuery({ ...this.state.filters, datetime: undefined });
    if (!dragging || rest !== this.drawn) this.#drawTimeline(counts.matched, rest);
    else this.timeline.found = counts.matched;
    this.panel?.showPosition();
  }

  #showCounts({ matched, located, facets }) {
    this.form.showCounts(facets);
    this.#sayQuery(matched, matched - located);
    this.list.follow(matched);
    for (const place of document.querySelectorAll(".found")) place.textContent = sayCount("show", matched);
    this.#countOnServer();
  }

  /** The server said the query when it sent the page; without filters there is nothing to say until one is chosen. */
  #sayQuery(matched, unplaced) {
    const tell = (words) => {
      words.show(matched, unplaced);
      words.showChips();
    };
    // At once when it can be: a chip that takes itself out hands the focus to its neighbour.
    if (this.words) tell(this.words);
    else this.#wordsReady()?.then(tell);
  }

  #wordsReady() {
    if (!this.wordsAsked && writeQuery(this.state.filters)) {
      this.wordsAsked = import("./query-words.js").then(({ QueryWords }) => {
        this.words = new QueryWords(this.state, form, Number(app.dataset.total));
        return this.words;
      });
    }
    return this.wordsAsked;
  }

  #drawTimeline(matched, rest) {
    this.drawn = rest;
    const [first, last] = this.timeline.extent;
    const bins = last - first + 1;
    const { all, shown } = histogram(this.dataset, this.engine, (day) => (day > last ? -1 : day - first), bins);
    const groups = this.dataset.codes.group.map((code, group) => [code, shown[group]]);
    this.timeline.show({ first, all, groups }, matched);
  }

  async #askKeys(query) {
    this.serverQuery = query;
    if (!query) {
      this.keys = null;
      return;
    }
    try {
      const answer = await fetch(app.dataset.keys + query);
      if (!answer.ok) throw new Error(String(answer.status));
      const keys = new Set(new Uint32Array(await answer.arrayBuffer()));
      if (query === this.serverQuery) this.keys = keys;
    } catch {
      this.serverQuery = null;
      notify(say("not_searched"));
    }
  }

  /** Counts of choices that the columns do not carry; asked once the reader pauses and looks at them. */
  #countOnServer() {
    clearTimeout(this.asking);
    this.asking = setTimeout(async () => {
      const query = writeQuery(this.state.filters);
      if (query === this.countedQuery) return;
      const answer = await fetch(app.dataset.facets + query).catch(() => null);
      if (!answer?.ok || query !== writeQuery(this.state.filters)) return;
      this.countedQuery = query;
      this.form.showCounts(await answer.json());
    }, 300);
  }

  #filtersChanged({ dragging, back }) {
    if (!dragging && this.state.view.day !== null && !back) this.state.setView({ day: null });
    const placed = JSON.stringify([this.state.filters.area, this.state.filters.place]);
    const moved = placed !== this.placed && this.#narrowsPlace() && !back;
    this.placed = placed;
    this.refresh({ dragging: dragging || this.timeline.dragging }).then(() => moved && this.fitFound());
  }

  #narrowsPlace() {
    const { area, place, bbox } = this.state.filters;
    return Boolean(area || place || bbox);
  }

  #viewChanged({ back, changes }) {
    if (this.state.view.open !== null && !this.panel) this.#panelReady().then((panel) => panel.follow());
    if (back) this.#showView();
    if (back || (changes && "day" in changes)) this.#showDay();
  }

  #showView() {
    const { map } = this.state.view;
    if (map) this.map.view = { lat: map.lat, lon: map.lng, zoom: map.zoom };
  }

  #keepView() {
    const { lat, lon, zoom } = this.map.view;
    this.state.setView({ map: { lat, lng: lon, zoom } });
  }

  #showDay() {
    const today = dayOf(new Date().toISOString().slice(0, 10));
    const day = this.state.view.day ?? this.state.filters.datetime?.[1] ?? today;
    if (day === this.day) return;
    this.day = day;
    this.map.setDay(day);
    document.getElementById("legend-day").textContent = spell(day, true);
  }

  #daysTyped() {
    const [first, last] = [form.elements.from.value, form.elements.to.value].map(dayOf);
    this.state.setFilters({ datetime: first === null && last === null ? null : [first, last] });
  }

  /** Show all that was found, as far as it has points. */
  fitFound() {
    const mask = compile(this.dataset, this.engine);
    const box = this.dataset.boxOf((row) => mask[row]);
    if (!box) return;
    const [west, south, east, north] = box;
    this.map.leaflet.fitBounds([[south, west], [north, east]], { maxZoom: CLOSEST, padding: [60, 60], animate: false });
  }

  #markOpened({ keys, point, origin, separates }) {
    if (keys.length === 1) this.#openRecord(keys[0], origin);
    else if (!separates) {
      const chosen = new Set(keys);
      const box = this.dataset.boxOf((row) => chosen.has(this.dataset.key[row]));
      this.#popupReady().then((popup) => popup.open({ box, point, origin }));
    }
  }
}

document.querySelector(".skip").addEventListener("click", (event) => {
  // The fragment holds the view; a jump by address would lose it.
  event.preventDefault();
  document.getElementById("list").focus();
});
const page = new Page();
page.start().catch((error) => {
  console.warn(error);
  // Stays: a map without marks does not mean that nothing happened.
  notify(say("no_data"), 1e9);
  // The server renders the same page for every address, so each choice asks it.
  page.state.addEventListener("filters", () => location.reload());
});

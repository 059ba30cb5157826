/** The map in a page of somebody else: filters and view come from the address, a record opens over the map. */

import { fetchFragment, isSuperseded, sayFailed } from "./fragments.js";
import { Popup } from "./popup.js";
import { State, writeQuery } from "./state.js";
import { say } from "./words.js";

const CLOSEST = 12;
const stage = document.getElementById("stage");
const whole = document.getElementById("whole");

/** The map once the engine has announced it. */
function theMap() {
  if (window.boundaryMap) return Promise.resolve(window.boundaryMap);
  return new Promise((resolve) => {
    document.addEventListener("boundarymap:ready", (event) => resolve(event.detail.map), { once: true });
  });
}

/** Keys of what the address asks for; null: everything. The server decides, so every filter means the same. */
async function findKeys(query) {
  if (!query) return null;
  const answer = await fetch(stage.dataset.keys + query);
  if (!answer.ok) throw new Error(String(answer.status));
  return new Set(new Uint32Array(await answer.arrayBuffer()));
}

/** The card of one record; Escape and the button close it and give the focus back. */
class Card {
  constructor() {
    this.panel = document.getElementById("card");
    this.body = document.getElementById("card-body");
    this.slot = {};
    document.getElementById("card-close").addEventListener("click", () => this.close());
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  async open(key, origin) {
    this.origin = origin;
    try {
      this.body.replaceChildren(...(await fetchFragment(this.slot, stage.dataset.card.replace(/0$/, String(key)))));
    } catch (error) {
      if (isSuperseded(error)) return;
      this.body.replaceChildren(sayFailed("record"));
    }
    this.panel.hidden = false;
    this.body.scrollTop = 0;
    this.panel.focus({ preventScroll: true });
  }

  close() {
    this.panel.hidden = true;
    if (this.origin?.isConnected) this.origin.focus();
  }
}

/** Records and sites answer to pointer and keyboard. */
function answerMarks(map, dataset, state) {
  const popup = new Popup(state, stage.dataset.place, stage);
  const card = new Card();
  map.addEventListener("mark", ({ detail }) => {
    const { keys, point, origin, separates } = detail;
    const chosen = new Set(keys);
    if (keys.length === 1) card.open(keys[0], origin);
    else if (!separates) popup.open({ box: dataset.boxOf((row) => chosen.has(dataset.key[row])), point, origin });
  });
  map.addEventListener("site", ({ detail }) => popup.openSite({ ...detail, properties: detail.feature.properties }));
}

/** The link to the whole map shows what stands here. */
function follow(map, state) {
  const keep = () => {
    const { lat, lon, zoom } = map.view;
    state.setView({ map: { lat, lng: lon, zoom } });
    whole.hash = location.hash;
  };
  map.addEventListener("viewchange", keep);
  keep();
}

async function start() {
  const state = new State();
  const map = await theMap();
  const asked = state.view.map;
  if (asked) map.view = { lat: asked.lat, lon: asked.lng, zoom: asked.zoom };
  const keys = await findKeys(writeQuery(state.filters));
  if (keys) map.setFilters({ status: state.filters.status, keys });
  const day = state.view.day ?? state.filters.datetime?.[1] ?? null;
  if (day !== null) map.setDay(day);
  const dataset = await (await map.dataset).complete;
  const box = keys && !asked && dataset.boxOf((row) => keys.has(dataset.key[row]));
  if (box) map.leaflet.fitBounds([[box[1], box[0]], [box[3], box[2]]], { maxZoom: CLOSEST, padding: [40, 40], animate: false });
  answerMarks(map, dataset, state);
  follow(map, state);
}

start().catch((error) => {
  console.warn("The map's data could not be loaded", error);
  document.getElementById("toast").textContent = say("not_loaded", { what: say("incidents") });
});

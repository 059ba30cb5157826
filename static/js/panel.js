/** The record's panel: the server's card for a mark, previous and next in what was found, focus in and back. */

import { fetchFragment, isSuperseded, sayFailed } from "./fragments.js";
import { dayOf, writeQuery } from "./state.js";
import { number, say, spell } from "./words.js";

export class Panel {
  /** `found()` gives the keys found, in the order of the list; `cardAddress(key)` where a card lives. */
  constructor(state, { found, cardAddress }) {
    this.state = state;
    this.found = found;
    this.cardAddress = cardAddress;
    this.panel = document.getElementById("record");
    this.body = document.getElementById("record-body");
    this.slot = {};
    this.key = null;
    document.getElementById("record-previous").addEventListener("click", () => this.#step(-1));
    document.getElementById("record-next").addEventListener("click", () => this.#step(1));
    document.getElementById("record-close").addEventListener("click", () => this.close());
    document.getElementById("record-day").addEventListener("click", () => state.setView({ day: this.day }));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    state.addEventListener("view", () => this.follow());
  }

  /** Open a record; `origin` is what gets the focus back when the panel closes. */
  open(key, origin = null) {
    if (origin) this.origin = origin;
    this.state.setView({ open: key }, { push: key !== this.state.view.open });
  }

  close() {
    this.state.setView({ open: null }, { push: true });
  }

  /** Bring the panel in step with the address. */
  follow() {
    const { open } = this.state.view;
    if (open === this.key) return;
    this.key = open;
    if (open === null) this.#hide();
    else this.#load(open);
  }

  #hide() {
    this.slot.controller?.abort();
    const hadFocus = this.panel.contains(document.activeElement);
    this.panel.hidden = true;
    document.getElementById("app").classList.remove("open");
    this.#changed();
    if (!hadFocus) return;
    const target = this.origin?.isConnected && this.origin.getClientRects().length ? this.origin : document.querySelector(".leaflet-container");
    target.focus();
  }

  async #load(key) {
    const wasHidden = this.panel.hidden;
    this.panel.hidden = false;
    document.getElementById("app").classList.add("open");
    this.body.setAttribute("aria-busy", "true");
    this.#changed();
    if (wasHidden) this.#bringIntoView();
    try {
      this.body.replaceChildren(...(await fetchFragment(this.slot, this.cardAddress(key) + writeQuery(this.state.filters))));
      this.body.scrollTop = 0;
      this.#readCard();
    } catch (error) {
      if (isSuperseded(error)) return;
      this.body.replaceChildren(sayFailed("record"));
    }
    this.body.removeAttribute("aria-busy");
    this.showPosition();
  }

  #bringIntoView() {
    // From the list below the map; on a phone the panel is fixed and always in view.
    const app = document.getElementById("app");
    if (getComputedStyle(this.panel).position !== "fixed" && app.getBoundingClientRect().top < 0) app.scrollIntoView();
    this.panel.focus({ preventScroll: true });
  }

  #readCard() {
    const card = this.body.querySelector("[data-href]");
    const open = document.getElementById("record-open");
    const onDay = document.getElementById("record-day");
    open.hidden = !card;
    this.day = dayOf(card?.dataset.first);
    onDay.hidden = this.day === null;
    if (card) open.href = card.dataset.href;
    if (this.day !== null) onDay.textContent = say("map_on", { day: spell(this.day, true) });
  }

  /** Say where the record stands among what was found. */
  showPosition() {
    if (this.key === null) return;
    const keys = this.found();
    const at = keys.indexOf(this.key);
    const text = at < 0 ? say("outside") : say("place_in_list", { number: number(at + 1), all: number(keys.length) });
    document.getElementById("record-position").textContent = text;
    document.getElementById("record-previous").disabled = at <= 0;
    document.getElementById("record-next").disabled = at < 0 || at === keys.length - 1;
  }

  #step(by) {
    const keys = this.found();
    const next = keys[keys.indexOf(this.key) + by];
    if (next === undefined) return;
    this.state.setView({ open: next });
    const used = document.getElementById(by < 0 ? "record-previous" : "record-next");
    requestAnimationFrame(() => used.disabled && document.getElementById("record-close").focus());
  }

  #changed() {
    this.panel.dispatchEvent(new CustomEvent("toggled", { bubbles: true, detail: { key: this.key } }));
  }
}

/** Mark the open record on the map (null: none), and bring its mark out from under the panel. */
export function makeRoom(map, dataset, key) {
  map.leaflet.invalidateSize({ animate: false });
  map.select(key);
  if (key === null) return;
  const row = dataset.rowOf(key);
  if (row < 0 || !dataset.isLocated(row)) return;
  const stage = document.getElementById("stage").getBoundingClientRect();
  const sheet = document.getElementById("record").getBoundingClientRect();
  // On a phone the record covers the lower part of the map; the mark is brought above it.
  const covered = Math.max(0, Math.min(stage.bottom - sheet.top, stage.height - 80));
  const below = sheet.left <= stage.left ? covered : 0;
  const point = [dataset.lat[row] / 1e6, dataset.lon[row] / 1e6];
  map.leaflet.panInside(point, { paddingTopLeft: [48, 48], paddingBottomRight: [48, 48 + below], animate: false });
}

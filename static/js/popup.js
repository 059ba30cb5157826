/** The list of a place: the incidents of a mark that no zoom would separate. */

import { fetchFragment, isSuperseded, sayFailed } from "./fragments.js";
import { siteCard } from "./site-card.js";
import { writeQuery } from "./state.js";

const GAP = 44;
const MARGIN = 12;
// The columns give whole micro-degrees; a box of exactly that width would hang on the last digit.
const SLACK = 0.000002;

export class Popup {
  constructor(state, address, stage) {
    this.state = state;
    this.address = address;
    this.stage = stage;
    this.panel = document.getElementById("pop");
    this.slot = {};
    this.panel.addEventListener("click", (event) => event.target.closest("[data-close]") && this.close());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    state.addEventListener("filters", () => this.close({ focus: false }));
  }

  /** Open beside `point` (pixels on the stage) with the incidents whose points lie in `box` (w, s, e, n). */
  async open({ box, point, origin }) {
    this.origin = origin;
    const [west, south, east, north] = box;
    const bbox = [west - SLACK, south - SLACK, east + SLACK, north + SLACK].map((degrees) => Number(degrees.toFixed(6)));
    try {
      this.panel.replaceChildren(...(await fetchFragment(this.slot, this.address + writeQuery({ ...this.state.filters, bbox }))));
    } catch (error) {
      if (isSuperseded(error)) return;
      this.panel.replaceChildren(sayFailed("The list of this place"));
    }
    this.#show(point);
  }

  /** Open what is known of a crossing point or post beside its mark. */
  openSite({ properties, state, day, origin }) {
    this.slot.controller?.abort();
    this.origin = origin;
    this.panel.replaceChildren(...siteCard(properties, state, day));
    const mark = origin.getBoundingClientRect();
    const stage = this.stage.getBoundingClientRect();
    this.#show({ x: mark.left + mark.width / 2 - stage.left, y: mark.top + mark.height / 2 - stage.top });
  }

  #show(point) {
    this.panel.hidden = false;
    this.#place(point);
    const heading = this.panel.querySelector("h2");
    if (heading) this.panel.setAttribute("aria-label", heading.textContent);
    (heading ?? this.panel).focus({ preventScroll: true });
  }

  #place({ x, y }) {
    const { clientWidth, clientHeight } = this.stage;
    const { offsetWidth: width, offsetHeight: height } = this.panel;
    const right = x + GAP + width + MARGIN <= clientWidth;
    const left = right ? x + GAP : Math.max(x - GAP - width, MARGIN);
    const top = Math.min(Math.max(y - height / 2, MARGIN), Math.max(clientHeight - height - MARGIN, MARGIN));
    this.panel.style.left = `${Math.round(Math.min(left, clientWidth - width - MARGIN))}px`;
    this.panel.style.top = `${Math.round(top)}px`;
  }

  close({ focus = true } = {}) {
    if (this.panel.hidden) return;
    this.slot.controller?.abort();
    this.panel.hidden = true;
    if (focus && this.origin?.isConnected) this.origin.focus();
  }
}

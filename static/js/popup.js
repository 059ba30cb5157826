/** The list of a place: the incidents of a mark that no zoom would separate. */

import { fetchFragment, isSuperseded, sayFailed } from "./fragments.js";
import { siteContent } from "./site-popup.js";
import { writeQuery } from "./state.js";

const GAP = 44;
const MARGIN = 12;
// Room for the tools that stand at the map's right and top edges.
const EDGE = 40;
const TOP = 72;
const SMALL = window.matchMedia("(max-width: 899px)");
// The columns give whole micro-degrees; a box of exactly that width would hang on the last digit.
const SLACK = 0.000002;

export class Popup {
  constructor(state, address, stage) {
    this.state = state;
    this.address = address;
    this.stage = stage;
    this.panel = document.getElementById("pop");
    this.leader = document.getElementById("leader");
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
      this.panel.replaceChildren(sayFailed("place_list"));
    }
    this.#show(point);
  }

  /** Open what is known of a crossing point or post beside its mark. */
  openSite({ properties, state, day, origin }) {
    this.slot.controller?.abort();
    this.origin = origin;
    this.panel.replaceChildren(siteContent({ properties }, { state, day }));
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

  /** Stand at the edge that is farther from the mark, so that its neighbours stay in view, on a leader. */
  #place({ x, y }) {
    const { clientWidth, clientHeight } = this.stage;
    const { offsetWidth: width, offsetHeight: height } = this.panel;
    const right = x + GAP + width + EDGE <= clientWidth || x < clientWidth / 2;
    const left = right ? Math.max(clientWidth - width - EDGE, MARGIN) : MARGIN + EDGE;
    const top = Math.min(Math.max(y - height / 2, TOP), Math.max(clientHeight - height - MARGIN, MARGIN));
    this.panel.style.left = `${Math.round(left)}px`;
    this.panel.style.top = `${Math.round(top)}px`;
    this.#lead(x, y, right ? left : left + width, Math.min(Math.max(y, top + 20), top + height - 20));
  }

  #lead(x, y, toX, toY) {
    const length = Math.hypot(toX - x, toY - y);
    this.leader.hidden = SMALL.matches || length < GAP;
    this.leader.style.left = `${x}px`;
    this.leader.style.top = `${y}px`;
    this.leader.style.width = `${length}px`;
    this.leader.style.transform = `rotate(${Math.atan2(toY - y, toX - x)}rad)`;
  }

  close({ focus = true } = {}) {
    if (this.panel.hidden) return;
    this.slot.controller?.abort();
    this.panel.hidden = true;
    this.leader.hidden = true;
    if (focus && this.origin?.isConnected) this.origin.focus();
  }
}

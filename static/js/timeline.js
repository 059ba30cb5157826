/** The timeline: bars, brush with two slider handles, date inputs, presets and the strip of the whole time. */

import { isoOf, dayOf } from "./state.js";
import { binKind, dayNumber, drawBars, drawStrip, svgElement } from "./timeline-draw.js";
import { partsOf, say, sayCount, spell } from "./words.js";

const SMALL = window.matchMedia("(max-width: 899px)");

export class Timeline {
  /** `counts` is {first, last, all, groups}: days, daily counts, and [group code, daily counts]; null until known. */
  constructor(state) {
    this.state = state;
    this.root = document.getElementById("time");
    this.hist = document.getElementById("hist");
    this.strip = document.getElementById("strip");
    this.inputs = { first: document.getElementById("from"), last: document.getElementById("to") };
    this.svg = svgElement("svg", { class: "bars", "aria-hidden": "true", preserveAspectRatio: "none" });
    this.handles = { first: this.#makeHandle("first"), last: this.#makeHandle("last") };
    this.hist.append(this.svg, this.handles.first, this.handles.last);
    this.coverage = document.getElementById("coverage").content.firstChild;
    this.counts = null;
    this.extent = [dayOf(this.inputs.first.min), dayOf(this.inputs.first.max)];
    this.windowDays = null;
    this.#listen();
    new ResizeObserver(() => this.draw()).observe(this.hist);
  }

  /** The chosen range in days; the whole extent when nothing is chosen. */
  get range() {
    const [first, last] = this.state.filters.datetime ?? [null, null];
    return [first ?? this.extent[0], last ?? this.extent[1]];
  }

  /** New counts to draw, and how many incidents the filters leave. */
  show(counts, found) {
    this.counts = counts;
    this.found = found;
    this.draw();
  }

  /** Bring window, handles, inputs and presets in step with the chosen range. */
  follow({ keepWindow = false } = {}) {
    if (!keepWindow) this.windowDays = this.#windowFor();
    const [first, last] = this.range;
    this.inputs.first.value = isoOf(first);
    this.inputs.last.value = isoOf(last);
    for (const preset of this.root.querySelectorAll(".preset")) {
      const on = dayOf(preset.dataset.from) === first && dayOf(preset.dataset.to) === last;
      if (on) preset.setAttribute("aria-current", "true");
      else preset.removeAttribute("aria-current");
    }
  }

  #windowFor() {
    if (!this.state.filters.datetime) return [...this.extent];
    const [first, last] = this.range;
    const known = this.windowDays;
    const length = last - first + 1;
    const fits = known && first >= known[0] && last <= known[1];
    if (fits && length >= (known[1] - known[0] + 1) * 0.08 && known[1] - known[0] < this.extent[1] - this.extent[0]) return known;
    const pad = Math.max(7, Math.floor(length * 0.35));
    return [Math.max(first - pad, this.extent[0]), Math.min(last + pad, this.extent[1])];
  }

  draw() {
    if (!this.counts || !this.windowDays) return;
    const width = this.hist.clientWidth;
    if (!width) return;
    const height = SMALL.matches ? 54 : 58;
    const { first: start, all, groups } = this.counts;
    const { windowDays, coverage } = this;
    const drawn = drawBars(this.svg, { windowDays, start, all, groups, width, height, coverage, named: !SMALL.matches });
    Object.assign(this, drawn, { width });
    drawStrip(this.strip, { extent: this.extent, windowDays, start, all });
    this.#placeBrush();
  }

  #placeBrush() {
    if (!this.scale) return;
    const [first, last] = this.range;
    const left = this.scale.x(Math.max(first, this.windowDays[0]));
    const right = this.scale.x(Math.min(last, this.windowDays[1]) + 1);
    const end = this.scale.x(this.windowDays[1] + 1);
    const start = this.scale.x(this.windowDays[0]);
    place(this.svg.querySelector(".win"), left, right);
    place(this.svg.querySelector('[data-side="before"]'), start, left);
    place(this.svg.querySelector('[data-side="after"]'), right, end);
    this.#placeHandle("first", left, first >= this.windowDays[0]);
    this.#placeHandle("last", right, last <= this.windowDays[1]);
  }

  #placeHandle(which, x, visible) {
    const handle = this.handles[which];
    const day = this.range[which === "first" ? 0 : 1];
    handle.hidden = !visible;
    handle.style.transform = `translateX(${x.toFixed(1)}px)`;
    handle.setAttribute("aria-valuemin", this.extent[0]);
    handle.setAttribute("aria-valuemax", this.extent[1]);
    handle.setAttribute("aria-valuenow", day);
    const said = say(which === "first" ? "from_day" : "until_day", { day: spell(day) });
    handle.setAttribute("aria-valuetext", `${said}, ${sayCount("incidents", this.found ?? 0)}`);
  }

  #makeHandle(which) {
    const handle = document.createElement("div");
    handle.className = "handle";
    handle.dataset.which = which;
    handle.tabIndex = 0;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", say(which === "first" ? "from" : "to"));
    return handle;
  }

  #listen() {
    for (const which of ["first", "last"]) {
      this.handles[which].addEventListener("keydown", (event) => this.#key(event, which));
      this.handles[which].addEventListener("pointerdown", (event) => this.#dragHandle(event, which));
      this.inputs[which].addEventListener("change", () => this.#typed());
    }
    this.svg.addEventListener("pointerdown", (event) => this.#dragBars(event));
    this.strip.addEventListener("pointerdown", (event) => this.#dragStrip(event));
    this.root.querySelector(".presets").addEventListener("click", (event) => {
      const preset = event.target.closest(".preset");
      if (!preset || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.windowDays = null;
      this.choose([dayOf(preset.dataset.from), dayOf(preset.dataset.to)]);
    });
    this.state.addEventListener("filters", (event) => this.follow({ keepWindow: event.detail.dragging || this.dragging }));
  }

  /** Make this the chosen range; the whole extent takes the filter out. */
  choose([first, last], { replace = false } = {}) {
    const [from, to] = this.extent;
    const days = [Math.max(Math.min(first, last), from), Math.min(Math.max(first, last), to)];
    const everything = days[0] <= from && days[1] >= to;
    this.state.setFilters({ datetime: everything ? null : days }, { replace });
    this.#placeBrush();
  }

  #typed() {
    const [first, last] = [dayOf(this.inputs.first.value), dayOf(this.inputs.last.value)];
    if (first === null || last === null || first > last) return this.follow({ keepWindow: true });
    return this.choose([first, last]);
  }

  #key(event, which) {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    const [first, last] = this.range;
    const now = which === "first" ? first : last;
    let day = null;
    if (step) day = this.#stepped(now, step * (event.shiftKey ? 10 : 1), which);
    else if (event.key === "Home") day = which === "first" ? this.windowDays[0] : first;
    else if (event.key === "End") day = which === "first" ? last : this.windowDays[1];
    if (day === null) return;
    event.preventDefault();
    const range = which === "first" ? [Math.min(day, last), last] : [first, Math.max(day, first)];
    this.dragging = true;
    this.choose(range);
    this.dragging = false;
  }

  #stepped(day, steps, which) {
    const kind = binKind(this.windowDays);
    if (kind === "day") return day + steps;
    if (kind === "week") return day + steps * 7;
    // A last day is the day before the first day of a month.
    const shift = which === "last" ? 1 : 0;
    const { year, month, date } = partsOf(day + shift);
    return dayNumber(year, month + steps + (date > 1 && steps < 0 ? 1 : 0), 1) - shift;
  }

  #binAt(clientX) {
    const x = clientX - this.hist.getBoundingClientRect().left;
    const day = Math.min(Math.max(this.scale.day(x), this.windowDays[0]), this.windowDays[1]);
    let bin = 0;
    while (bin + 2 < this.edges.length && this.edges[bin + 1] <= day) bin += 1;
    return [this.edges[bin], this.edges[bin + 1] - 1];
  }

  #dragHandle(event, which) {
    const [first, last] = this.range;
    this.#drag(event, (moved) => {
      const [from, to] = this.#binAt(moved.clientX);
      return which === "first" ? [Math.min(from, last), last] : [first, Math.max(to, first)];
    });
  }

  #dragBars(event) {
    if (!this.scale) return;
    const inside = event.target.classList.contains("win") && this.state.filters.datetime;
    const [first, last] = this.range;
    const origin = this.#binAt(event.clientX);
    this.#drag(event, (moved) => {
      const here = this.#binAt(moved.clientX);
      if (!inside) return [Math.min(origin[0], here[0]), Math.max(origin[1], here[1])];
      const [low, high] = this.windowDays;
      const shift = Math.min(Math.max(here[0] - origin[0], low - first), high - last);
      return [first + shift, last + shift];
    });
  }

  #drag(event, rangeAt) {
    if (event.button) return;
    const target = event.currentTarget;
    const startX = event.clientX;
    let started = false;
    target.setPointerCapture(event.pointerId);
    const move = (moved) => {
      // A click without movement chooses nothing.
      if (!started && Math.abs(moved.clientX - startX) < 3) return;
      this.dragging = true;
      this.choose(rangeAt(moved), { replace: started });
      started = true;
    };
    const end = () => {
      this.dragging = false;
      target.removeEventListener("pointermove", move);
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("lostpointercapture", end, { once: true });
  }

  #dragStrip(event) {
    const length = this.windowDays[1] - this.windowDays[0];
    const box = this.strip.getBoundingClientRect();
    const [low, high] = this.extent;
    const move = (moved) => {
      const middle = low + ((moved.clientX - box.left) / box.width) * (high - low);
      const first = Math.round(Math.min(Math.max(middle - length / 2, low), high - length));
      this.windowDays = [first, first + length];
      this.draw();
    };
    this.strip.setPointerCapture(event.pointerId);
    this.strip.addEventListener("pointermove", move);
    this.strip.addEventListener("lostpointercapture", () => this.strip.removeEventListener("pointermove", move), { once: true });
    move(event);
  }
}

function place(rect, from, to) {
  rect.setAttribute("x", from.toFixed(1));
  rect.setAttribute("width", Math.max(to - from, 0).toFixed(1));
}

/** Plays the chosen range: its end runs from its first day to its last, at the chosen speed. */

import { say } from "./words.js";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const SHORTEST = 33;

export class Player {
  constructor(state, timeline) {
    this.timeline = timeline;
    this.button = document.getElementById("play");
    this.speed = document.getElementById("speed");
    this.button.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
    this.speed.addEventListener("change", () => this.timer && this.#schedule());
    // Whatever the reader does with the filters takes over from the player.
    state.addEventListener("filters", () => !this.stepping && this.stop());
    STILL.addEventListener("change", () => this.#heed());
    this.#heed();
  }

  #heed() {
    this.button.disabled = STILL.matches;
    this.button.title = STILL.matches ? say("still") : "";
    if (STILL.matches) this.stop();
  }

  start() {
    const [first, last] = this.timeline.range;
    Object.assign(this, { first, last, day: first });
    this.button.setAttribute("aria-pressed", "true");
    this.button.setAttribute("aria-label", say("stop"));
    this.#schedule();
    this.#step(false);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.button.setAttribute("aria-pressed", "false");
    this.button.setAttribute("aria-label", say("play"));
  }

  #schedule() {
    clearInterval(this.timer);
    const pause = 1000 / Number(this.speed.value);
    this.stride = Math.max(1, Math.round(SHORTEST / pause));
    this.timer = setInterval(() => this.#step(true), Math.max(pause, SHORTEST));
  }

  #step(replace) {
    this.stepping = true;
    this.timeline.dragging = true;
    this.timeline.choose([this.first, Math.min(this.day, this.last)], { replace });
    this.timeline.dragging = false;
    this.stepping = false;
    if (this.day >= this.last) this.stop();
    this.day += this.stride;
  }
}

/**
 * At rest every visible mark is a real button over the canvas, for pointer, keyboard and screen
 * reader alike: one tab stop for all, arrows go to the nearest mark in that direction.
 */

const MOST = 250;
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class MarkButtons {
  /** @param {L.Map} map */
  constructor(map, { label, onOpen }) {
    this.map = map;
    this.onOpen = onOpen;
    this.pane = map.createPane("marks-buttons");
    this.box = document.createElement("div");
    this.box.className = "map-marks";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", label);
    this.pane.append(this.box);
    this.items = new Map();
    this.current = null;
    this.box.addEventListener("keydown", (event) => this.#onKey(event));
    this.box.addEventListener("click", (event) => this.#onClick(event));
    this.box.addEventListener("focusin", (event) => this.#setCurrent(event.target.closest("button")));
  }

  /**
   * Show these: {id, x, y, radius, label}, pixels from the map's corner. Buttons of ids that stay are
   * kept, so that the focus is not lost.
   */
  show(items) {
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const old = this.items;
    this.items = new Map();
    for (const item of items.slice(0, MOST)) {
      const button = old.get(item.id)?.button ?? this.#create(item.id);
      old.delete(item.id);
      const size = Math.max(24, 2 * item.radius);
      Object.assign(button.style, {
        width: `${size}px`,
        height: `${size}px`,
        transform: `translate(${corner.x + item.x - size / 2}px, ${corner.y + item.y - size / 2}px)`,
      });
      if (button.ariaLabel !== item.label) button.ariaLabel = item.label;
      this.items.set(item.id, { ...item, button });
    }
    this.#dropOld(old);
    this.box.append(...[...this.items.values()].map((item) => item.button).filter((button) => !button.isConnected));
    this.#setCurrent(this.items.get(this.current)?.button ?? this.items.values().next().value?.button ?? null);
  }

  #dropOld(old) {
    const lost = [...old.values()].some(({ button }) => button === document.activeElement);
    for (const { button } of old.values()) button.remove();
    // The focused mark is gone: the map itself takes the focus, so that the keyboard is not thrown to the top.
    if (lost) this.map.getContainer().focus({ preventScroll: true });
  }

  #create(id) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "map-mark";
    button.tabIndex = -1;
    button.dataset.id = id;
    return button;
  }

  #setCurrent(button) {
    if (!button) return;
    this.items.get(this.current)?.button.setAttribute("tabindex", "-1");
    this.current = button.dataset.id;
    button.tabIndex = 0;
  }

  #onClick(event) {
    const button = event.target.closest("button");
    // The end of a drag is a click too; it was not meant for the mark.
    if (!button || (event.detail > 0 && this.map.dragging?.moved())) return;
    this.onOpen(button.dataset.id, button);
  }

  #onKey(event) {
    const direction = DIRECTIONS[event.key];
    const from = this.items.get(event.target.closest("button")?.dataset.id);
    if (!direction || !from) return;
    event.preventDefault();
    event.stopPropagation();
    const next = this.#nearest(from, direction);
    next?.button.focus({ preventScroll: true });
  }

  #nearest(from, [dx, dy]) {
    let best = null;
    let least = Infinity;
    for (const item of this.items.values()) {
      const along = (item.x - from.x) * dx + (item.y - from.y) * dy;
      const aside = Math.abs((item.x - from.x) * dy) + Math.abs((item.y - from.y) * dx);
      if (item.id !== from.id && along > 0 && along + 2 * aside < least) [least, best] = [along + 2 * aside, item];
    }
    return best;
  }
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { clipped, drawPlaces, Room } from "../../static/js/labels.js";

const VIEW = { width: 400, height: 300 };

test("a stretch that crosses the view is cut at the margin", () => {
  const { start, end, length } = clipped([-100, 150], [500, 150], VIEW, 20);
  assert.deepEqual([start, end], [[20, 150], [380, 150]]);
  assert.ok(Math.abs(length - 360) < 1e-9);
});

test("a stretch within the view stays whole", () => {
  assert.equal(clipped([50, 50], [50, 250], VIEW, 20).length, 200);
});

test("a stretch that passes the view by is left out", () => {
  assert.equal(clipped([-100, 150], [-50, 150], VIEW), null);
  assert.equal(clipped([10, -50], [10, 350], VIEW), null);
  assert.equal(clipped([-300, 100], [100, -300], VIEW), null);
});

test("room is taken wholly or not at all", () => {
  const box = (x) => ({ x, y: 0, w: 10, h: 10 });
  const room = new Room([box(50)]);
  assert.equal(room.takeAll([box(0), box(45)]), false);
  assert.equal(room.takeAll([box(0), box(20)]), true);
  assert.equal(room.take(box(5)), false);
});

/** A canvas that keeps what is written on it, each letter half as wide as it is high. */
class Paper {
  written = [];
  save() {}
  restore() {}
  beginPath() {}
  arc() {}
  fill() {}
  stroke() {}
  strokeText() {}
  get #size() {
    return Number(/([0-9.]+)px/.exec(this.font)[1]);
  }
  measureText(text) {
    return { width: (text.length * this.#size) / 2 };
  }
  fillText(text, x, y) {
    const { width: w } = this.measureText(text);
    if (text) this.written.push({ text, x: this.textAlign === "right" ? x - w : x, y: y - this.#size / 2, w, h: this.#size });
  }
}

function written(...places) {
  const paper = new Paper();
  const view = { zoom: 12, point: (point) => point, holds: () => true };
  drawPlaces(paper, view, { sans: "x" }, places, new Room([]), new Set());
  return paper.written;
}

const LONG = { kind: "village", point: [100, 100], name: "Long", name_en: "Long", name_ka: "g".repeat(20), name_os: "o".repeat(20) };
const SHORT = { kind: "village", point: [200, 114], name: "Short", name_en: "Short" };

test("a name keeps clear of another's second line", () => {
  assert.deepEqual(written(LONG).map((each) => each.text), ["Long", `${LONG.name_ka} · ${LONG.name_os}`]);
  const boxes = written(LONG, SHORT);
  for (const one of boxes) for (const other of boxes) if (one !== other) assert.ok(new Room([one]).take(other), `${one.text}, ${other.text}`);
});

test("a name whose second line has no room stands alone", () => {
  const left = { ...SHORT, point: [0, 118], name: "Left" };
  assert.deepEqual(written(left, SHORT, { ...LONG, point: [100, 104] }).map((each) => each.text), ["Left", "Short", "Long"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { clipped, Room } from "../../static/js/labels.js";

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

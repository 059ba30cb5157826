import assert from "node:assert/strict";
import test from "node:test";
import { pixelsOf, View, worldSize, worldX, worldY } from "../../static/js/mercator.js";

const close = (got, wanted, within = 1e-9) => assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);

test("the world runs from 0 to 1 on both axes and y grows to the south", () => {
  assert.deepEqual([worldX(-180), worldX(0), worldX(180)], [0, 0.5, 1]);
  close(worldY(0), 0.5);
  close(worldY(85.0511287798066), 0);
  close(worldY(-85.0511287798066), 1);
});

test("the town of Tskhinvali falls on the tile that the tile scheme gives it", () => {
  const tiles = 2 ** 10;
  assert.equal(Math.floor(worldX(43.97) * tiles), 637);
  assert.equal(Math.floor(worldY(42.225) * tiles), 379);
});

test("every zoom doubles the pixels of the world", () => {
  assert.equal(worldSize(0), 256);
  close(worldSize(9.5), worldSize(8.5) * 2, 1e-6);
});

test("a length in metres takes more pixels further from the equator", () => {
  close(pixelsOf(40075016.686, 0, 0), 256);
  close(pixelsOf(1000, 60, 10) / pixelsOf(1000, 0, 10), 2);
});

test("a length agrees with the way between two points on the same parallel", () => {
  const [lat, zoom] = [42.15, 12];
  const metres = (Math.cos((lat * Math.PI) / 180) * 40075016.686) / 360;
  close(pixelsOf(metres, lat, zoom), (worldX(44) - worldX(43)) * worldSize(zoom), 1e-6);
});

test("a view puts its centre in the middle and tells what it holds", () => {
  const view = new View({
    getSize: () => ({ x: 400, y: 300 }),
    getZoom: () => 9,
    getCenter: () => ({ lat: 42.2, lng: 44 }),
    project: ({ lat, lng }, zoom) => ({ x: worldX(lng) * worldSize(zoom), y: worldY(lat) * worldSize(zoom) }),
  });
  const [x, y] = view.point([44, 42.2]);
  close(x, 200, 1e-6);
  close(y, 150, 1e-6);
  assert.ok(view.point([44, 42.3])[1] < y);
  assert.equal(view.holds(-5, 10), false);
  assert.equal(view.holds(-5, 10, 5), true);
});

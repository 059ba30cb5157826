import assert from "node:assert/strict";
import test from "node:test";
import { positionWords, webAddress } from "../../static/js/site-popup.js";
import { findRoom, Sites, standsOn, stateOn, stateWords } from "../../static/js/sites.js";
import { dayOf } from "../../static/js/state.js";
import "./words.mjs";

const RUNS = [[100, 199, "open"], [200, 205, "closed"], [206, 300, "differs"]];

function site(id, kind = "crossing_point", more = {}) {
  return { type: "Feature", geometry: { type: "Point", coordinates: [0, 0] }, properties: { id, name: id, kind, from: "", to: "", ...more } };
}

/** A view of 200 x 200 pixels whose middle is 0, 0. */
function viewAt(zoom) {
  const size = 256 * 2 ** zoom;
  return {
    zoom,
    x: (world) => (world - 0.5) * size + 100,
    y: (world) => (world - 0.5) * size + 100,
    holds: (x, y, margin = 0) => Math.min(x, y) >= -margin && Math.max(x, y) <= 200 + margin,
  };
}

const around = (x, y, radius) => ({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius });
const centreOf = (box) => [box.x + box.w / 2, box.y + box.h / 2];

test("the state of a day is that of the run which holds it, both ends included", () => {
  assert.deepEqual([199, 200, 205, 206].map((day) => stateOn(RUNS, day)), ["open", "closed", "closed", "differs"]);
});

test("outside every run, without runs and without a day the state is not known", () => {
  assert.deepEqual([stateOn(RUNS, 99), stateOn(RUNS, 301), stateOn(undefined, 150), stateOn(RUNS, null)], Array(4).fill("not_known"));
});

test("a site stands from its first day to its last, both included", () => {
  const days = { from: "2019-08-24", to: "2020-01-31" };
  const stands = ["2019-08-23", "2019-08-24", "2020-01-31", "2020-02-01"].map((iso) => standsOn(days, dayOf(iso)));
  assert.deepEqual(stands, [false, true, true, false]);
  assert.equal(standsOn({ from: "", to: "" }, 0), true);
});

test("state and day are said in words", () => {
  assert.equal(stateWords("open", dayOf("2019-10-15")), "open on 15 October 2019");
  assert.equal(stateWords("differs", null), "sources differ");
  assert.equal(stateWords("something else", null), "state not known");
});

test("a symbol with room stays on its point", () => {
  assert.deepEqual(findRoom(50, 50, 9, [around(100, 100, 20)]), [50, 50]);
});

test("a symbol under a mark moves to free room beside it", () => {
  const mark = around(100, 100, 20);
  const [x, y] = findRoom(105, 100, 9, [mark]);
  const apart = Math.hypot(x - centreOf(mark)[0], y - centreOf(mark)[1]);
  assert.ok(apart >= 29 && apart < 60, `${apart} px from the mark`);
  assert.ok(x > 105, "it moves away from the mark, not across it");
});

test("where nothing near is free there is no room", () => {
  assert.equal(findRoom(100, 100, 9, [around(100, 100, 300)]), null);
});

test("a crossing point is shown even where nothing near is free", () => {
  const sites = new Sites([site("a")], {});
  const [placed] = sites.place(viewAt(9), [around(100, 100, 300)]);
  assert.deepEqual([placed.x, placed.y], [100, 100]);
});

test("a post under a mark hides on the overview and moves aside from zoom 9.5", () => {
  const sites = new Sites([site("p", "post")], {});
  const marks = [around(100, 100, 20)];
  assert.deepEqual(sites.place(viewAt(9.4), marks), []);
  const [placed] = sites.place(viewAt(9.5), marks);
  assert.ok(Math.hypot(placed.x - 100, placed.y - 100) > 20);
  assert.deepEqual([placed.trueX, placed.trueY], [100, 100]);
});

test("crossing points find their place before posts, whatever their order", () => {
  const sites = new Sites([site("p", "post"), site("c")], {});
  const placed = sites.place(viewAt(12), []);
  assert.deepEqual(placed.map((each) => each.id), ["c", "p"]);
  assert.deepEqual([placed[0].x, placed[0].y], [100, 100]);
  assert.ok(Math.hypot(placed[1].x - 100, placed[1].y - 100) >= 14);
});

test("the day decides what is shown and in which state", () => {
  const sites = new Sites([site("a"), site("b", "post", { from: "1970-07-20" })], { a: RUNS });
  sites.setDay(150);
  assert.deepEqual(sites.place(viewAt(12)).map(({ id, state }) => [id, state]), [["a", "open"]]);
  sites.setDay(202);
  assert.deepEqual(sites.place(viewAt(12)).map(({ id, state }) => [id, state]), [["a", "closed"], ["b", "not_known"]]);
});

test("a site without geometry has no symbol and can still be asked for", () => {
  const lost = { ...site("lost", "post"), geometry: null };
  const sites = new Sites([lost], {});
  assert.deepEqual(sites.place(viewAt(12)), []);
  assert.equal(sites.at("lost"), lost);
});

test("nothing is shown or pressed while the layer is off", () => {
  const sites = new Sites([site("a")], {});
  const view = viewAt(12);
  assert.equal(sites.buttons(view).length, 1);
  sites.setVisible(false);
  assert.deepEqual(sites.buttons(view), []);
});

test("buttons stand where the symbols were drawn and say name, kind and state", () => {
  const sites = new Sites([site("Ergneti")], { Ergneti: RUNS });
  sites.setDay(200);
  const view = viewAt(12);
  const [placed] = sites.place(view, [around(100, 100, 20)]);
  const [button] = sites.buttons(view);
  assert.deepEqual([button.x, button.y], [placed.x, placed.y]);
  assert.equal(button.label, "Ergneti, Crossing point, closed on 20 July 1970");
});

test("a position says how it was obtained and how far it may be off", () => {
  assert.equal(positionWords({ location_kind: "derived", precision_m: 800 }), "Placed by a description; within 800 m");
  assert.equal(positionWords({ location_kind: "village", precision_m: 1500 }), "The centre of the village, for want of a point of the site itself; within 1.5 km");
  assert.equal(positionWords({ location_kind: "unlocated", precision_m: 800 }), "No position was found; it is not on the map");
});

test("only addresses of the web become links", () => {
  for (const address of ["javascript:alert(1)", "data:text/html,x", "not an address", "", "ftp://a.org/"]) {
    assert.equal(webAddress(address), null, address);
  }
  assert.equal(webAddress("https://eumm.eu/en/?a=1").host, "eumm.eu");
});

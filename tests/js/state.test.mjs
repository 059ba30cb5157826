import assert from "node:assert/strict";
import test from "node:test";
import { dayOf, isoOf, readFragment, readQuery, writeQuery } from "../../static/js/state.js";

test("days and dates are each other's inverse", () => {
  assert.equal(dayOf("1970-01-01"), 0);
  for (const iso of ["2008-08-26", "2016-02-29", "2019-10-15"]) assert.equal(isoOf(dayOf(iso)), iso);
});

test("what is no date has no day", () => {
  for (const text of ["", null, undefined, "2019", "2019-10", "2019-13-01", "15.10.2019"]) assert.equal(dayOf(text), null);
});

test("an address that is read and written again stays what it is", () => {
  const query = "?datetime=2019-08-24/2019-10-31&category=detention,fence&status=disputed&differs=true&q=drone";
  assert.equal(writeQuery(readQuery(query)), query);
});

test("open ends of the dates are null", () => {
  assert.deepEqual(readQuery("?datetime=../2019-10-31").datetime, [null, dayOf("2019-10-31")]);
  assert.equal(writeQuery({ datetime: [dayOf("2019-08-24"), null] }), "?datetime=2019-08-24/..");
});

test("one day is written once", () => {
  assert.equal(writeQuery(readQuery("?datetime=2019-08-24/2019-08-24")), "?datetime=2019-08-24");
});

test("the same choice gives the same address in whatever order it was made", () => {
  assert.equal(writeQuery({ q: "a", status: ["disputed"] }), writeQuery({ status: ["disputed"], q: "a" }));
});

test("a comma in a value survives", () => {
  const filters = { place: ["Didi, Khurvaleti", "Kirbali"] };
  assert.deepEqual(readQuery(writeQuery(filters)).place, filters.place);
});

test("values that stand twice and empty ones are left out", () => {
  assert.deepEqual(readQuery("?status=disputed,,disputed&category="), { status: ["disputed"] });
});

test("the fragment gives position, layers, record and day; what makes no sense is null", () => {
  const view = readFragment("#map=12.5/42.15/43.7&layers=line,band&open=17&day=2019-10-15");
  assert.deepEqual(view, { map: { zoom: 12.5, lat: 42.15, lng: 43.7 }, layers: ["line", "band"], open: 17, day: dayOf("2019-10-15") });
  assert.deepEqual(readFragment("#map=a/b&open=-3&day=soon"), { map: null, layers: null, open: null, day: null });
});

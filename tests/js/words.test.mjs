import assert from "node:assert/strict";
import test from "node:test";
import { dayOf } from "../../static/js/state.js";
import { either, label, length, number, sayCount, setWords, spell, spellRange } from "../../static/js/words.js";
import { readFileSync } from "node:fs";
import "./words.mjs";

const ENGLISH = JSON.parse(readFileSync(new URL("../../words.json", import.meta.url), "utf8"));
const days = (...isos) => isos.map(dayOf);

test("numbers have their thousands apart", () => {
  assert.deepEqual([7, 999, 1000, 1234567, 2.5].map(number), ["7", "999", "1,000", "1,234,567", "2.5"]);
});

test("a day and a range say what they share once", () => {
  assert.equal(spell(dayOf("2019-08-24")), "24 August 2019");
  assert.equal(spell(dayOf("2019-09-01"), true), "1 Sep 2019");
  assert.equal(spellRange(days("2019-08-24", "2019-08-24")), "24 August 2019");
  assert.equal(spellRange(days("2019-08-25", "2019-08-27")), "25–27 August 2019");
  assert.equal(spellRange(days("2019-08-24", "2019-10-31")), "24 August – 31 October 2019");
  assert.equal(spellRange(days("2018-08-24", "2019-10-31"), true), "24 Aug 2018 – 31 Oct 2019");
  assert.equal(spellRange([dayOf("2019-08-24"), null]), "from 24 August 2019");
  assert.equal(spellRange([null, dayOf("2019-08-24")]), "until 24 August 2019");
});

test("lengths, alternatives and labels read as the server writes them", () => {
  assert.deepEqual([length(240), length(2500), length(25000)], ["240 m", "2.5 km", "25 km"]);
  assert.equal(either(["a", "b", "c"]), "a or b or c");
  assert.equal(label("Detention"), "Detention");
});

test("a count takes the form that its language asks for", () => {
  assert.deepEqual([1, 2].map((count) => sayCount("incidents", count)), ["1 incident", "2 incidents"]);
  setWords({ ...ENGLISH, language: "ru", group: "\u00a0", counts: { incidents: ["%(count)s one", "%(count)s few", "%(count)s many"] } });
  const said = [1, 3, 5, 11, 21, 1002].map((count) => sayCount("incidents", count));
  assert.deepEqual(said, ["1 one", "3 few", "5 many", "11 many", "21 one", "1\u00a0002 few"]);
  setWords(ENGLISH);
});

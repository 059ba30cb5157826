/** The words that the server sends with an English page; tests/unit/test_javascript.py puts them beside the tests. */

import { readFileSync } from "node:fs";
import { setWords } from "../../static/js/words.js";

setWords(JSON.parse(readFileSync(new URL("../../words.json", import.meta.url), "utf8")));

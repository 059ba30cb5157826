/** After a correction the next error takes the focus; a chosen file goes at once. Nothing here is needed. */

import { sendWhenChosen } from "./edit-files.js";

for (const form of document.querySelectorAll("[data-file-form]")) sendWhenChosen(form);

// The address names the place of the error that was mended: the next one stands there now. Going to a place
// takes the focus away from what had it, so this waits until the browser has gone there.
function focusNext() {
  const name = location.hash.slice(1);
  if (!/^[ew][0-9]+$/.test(name)) return;
  const rows = document.querySelectorAll(`.errs .err[id^="${name[0]}"]`);
  const next = document.getElementById(name) ?? rows[rows.length - 1];
  (next?.querySelector("button, summary") ?? document.getElementById("headline")).focus();
}

addEventListener("load", () => setTimeout(focusNext));

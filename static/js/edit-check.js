/** After a correction the next error takes the focus; a chosen file goes at once. Nothing here is needed. */

import { sendWhenChosen } from "./edit-files.js";

for (const form of document.querySelectorAll("[data-file-form]")) sendWhenChosen(form);

// The address names the place of the error that was mended: the next one stands there now.
const name = location.hash.slice(1);
if (/^e\d+$/.test(name)) {
  const rows = document.querySelectorAll(".errs .err[id]");
  const next = document.getElementById(name) ?? rows[rows.length - 1];
  (next?.querySelector("button, summary") ?? document.getElementById("headline")).focus();
}

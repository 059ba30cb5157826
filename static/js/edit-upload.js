/** Uploading by choosing or dropping a file, and a word on what was pasted; the forms work without any of it. */

import { sendWhenChosen } from "./edit-files.js";

for (const form of document.querySelectorAll("[data-file-form]")) sendWhenChosen(form);

const SEPARATORS = [["\t", "tabs"], [";", "semicolons"], [",", "commas"]];
const pasted = document.getElementById("pasted");
const hint = document.querySelector("[data-paste-hint]");

function count(number, word) {
  return number === 1 ? `1 ${word}` : `${number.toLocaleString("en")} ${word}s`;
}

function describePasted() {
  const lines = pasted.value.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return;
  const [sign, name] = SEPARATORS.find(([each]) => lines[0].includes(each)) ?? SEPARATORS[0];
  const columns = lines[0].split(sign).length;
  hint.textContent = `${count(lines.length, "line")}, ${count(columns, "column")}, separated by ${name}.`;
}

if (pasted && hint) {
  pasted.addEventListener("input", describePasted);
  // What was typed before this script came, or is shown again.
  describePasted();
}

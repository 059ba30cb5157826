/** Uploading by dropping a file, and a word on what was pasted; the form works without any of it. */

for (const form of document.querySelectorAll("[data-file-form]")) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  input.addEventListener("change", () => {
    if (input.files.length > 0) form.requestSubmit();
  });
  if (drop) acceptDrops(drop, input);
}

function acceptDrops(drop, input) {
  for (const part of drop.querySelectorAll("[data-js-only]")) part.hidden = false;
  for (const part of drop.querySelectorAll("[data-no-js]")) part.hidden = true;
  const over = (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  };
  drop.addEventListener("dragenter", over);
  drop.addEventListener("dragover", over);
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
}

const SEPARATORS = [["\t", "tabs"], [";", "semicolons"], [",", "commas"]];
const pasted = document.getElementById("pasted");
const hint = document.querySelector("[data-paste-hint]");

function describePasted() {
  const lines = pasted.value.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return;
  const [sign, name] = SEPARATORS.find(([each]) => lines[0].includes(each)) ?? ["\t", "tabs"];
  const columns = lines[0].split(sign).length;
  const rows = lines.length === 1 ? "1 line" : `${lines.length.toLocaleString("en")} lines`;
  hint.textContent = `${rows}, ${columns === 1 ? "1 column" : `${columns} columns`}, separated by ${name}.`;
}

if (pasted && hint) pasted.addEventListener("input", describePasted);

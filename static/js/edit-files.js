/** A form with one file: sent as soon as a file is chosen or dropped; without this it has a button of its own. */

/** Make the form send itself; a part of it marked `data-drop` takes dropped files. */
export function sendWhenChosen(form) {
  const input = form.querySelector("input[type=file]");
  // Chosen before this came, or put back by the browser: then the button stays, and nothing is sent unasked.
  if (input.files.length > 0) return;
  for (const part of form.querySelectorAll("[data-js-only]")) part.hidden = false;
  for (const part of form.querySelectorAll("[data-no-js]")) part.hidden = true;
  input.classList.add("vh");
  const tooLarge = form.querySelector("[data-most-bytes]");
  input.addEventListener("change", () => {
    if (input.files.length === 0) return;
    // The server takes no byte of it, and so could answer in no words of ours.
    tooLarge.hidden = input.files[0].size <= Number(tooLarge.dataset.mostBytes);
    if (tooLarge.hidden) form.requestSubmit();
    else input.value = "";
  });
  const drop = form.querySelector("[data-drop]");
  if (drop) takeDrops(drop, input);
}

function takeDrops(drop, input) {
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

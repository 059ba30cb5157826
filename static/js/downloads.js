// Copying on the downloads page: checksums become buttons, recipes and citations get one.
// Without a clipboard (plain http on another host) nothing is added.

const SHOWN_MS = 1600;
// What the buttons say, in the language of the page.
const words = document.getElementById("dl-words").dataset;

function button(label, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      made.textContent = words.copiedText;
    } catch {
      made.textContent = words.notCopied;
    }
    setTimeout(() => { made.textContent = label; }, SHOWN_MS);
  });
  return made;
}

function copyChecksum(code) {
  const made = button(code.textContent, code.dataset.copy);
  made.setAttribute("aria-label", `${words.copySum} ${code.textContent}`);
  code.replaceChildren(made);
}

function copyText(element) {
  const box = document.createElement("div");
  box.className = "dl-copied";
  element.replaceWith(box);
  const made = button(words.copyText, element.textContent);
  made.setAttribute("aria-label", words.copyOne.replace("%(name)s", element.getAttribute("aria-label") ?? words.citation));
  box.append(element, made);
}

if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach(copyChecksum);
  document.querySelectorAll("[data-copied]").forEach(copyText);
  document.querySelectorAll("[data-scripted]").forEach((each) => { each.hidden = false; });
}

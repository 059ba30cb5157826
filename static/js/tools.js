/** The tools that stand on the map: copy the link, download, choose layers. */

import { say } from "./words.js";

const SAID_FOR = 2500;

let timer = null;

/** Say something short on the map, for so many milliseconds. */
export function notify(text, time = SAID_FOR) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => toast.replaceChildren(), time);
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    notify(say("copied"));
  } catch {
    // Without leave to write to the clipboard the address bar still holds the link.
    notify(say("not_copied"));
  }
}

/** Menus close on Escape and on a click elsewhere. */
function makeMenus() {
  const menus = [...document.querySelectorAll("details.menu")];
  const closeOthers = (kept) => menus.forEach((menu) => menu !== kept && (menu.open = false));
  document.addEventListener("click", (event) => closeOthers(event.target.closest("details.menu")));
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  for (const button of document.querySelectorAll("[data-layers]")) {
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      const layers = document.getElementById("layers");
      layers.open = true;
      layers.querySelector("summary").focus();
    });
  }
}

/** The same page in another language keeps filters and view, which may be newer than what the server knows. */
export function keepLanguages() {
  const follow = ({ target }) => {
    const link = target.closest?.("a[hreflang]");
    if (link) [link.search, link.hash] = [location.search, location.hash];
  };
  for (const kind of ["pointerdown", "click", "focusin"]) document.addEventListener(kind, follow, true);
}

/** The frame that shows what stands here: its address takes query and view of this page. */
function followEmbedding() {
  const code = document.getElementById("embed-code");
  document.getElementById("embed").addEventListener("toggle", () => {
    const address = new URL(code.dataset.address, location.href);
    address.search = location.search;
    address.hash = location.hash;
    code.value = code.defaultValue.replace(/src="[^"]*"/, () => `src="${address.href.replaceAll('"', "%22")}"`);
    code.select();
  });
}

/** Make the tools work before the map stands. */
export function makeTools() {
  followEmbedding();
  document.getElementById("copy-link").addEventListener("click", copyLink);
  makeMenus();
}

/** Hang the layer control onto the map; the address names the layers only when the reader changed them. */
export function followLayers(state, map) {
  const boxes = [...document.querySelectorAll('input[name="layer"]')];
  const usual = boxes.filter((box) => box.defaultChecked).map((box) => box.value).join();
  const show = () => {
    const wanted = state.view.layers;
    for (const box of boxes) {
      const on = wanted ? wanted.includes(box.value) : box.defaultChecked;
      if (box.checked !== on || wanted) map.showLayer(box.value, on);
      box.checked = on;
    }
  };
  document.getElementById("layer-list").addEventListener("change", (event) => {
    map.showLayer(event.target.value, event.target.checked);
    const shown = boxes.filter((box) => box.checked).map((box) => box.value);
    state.setView({ layers: shown.join() === usual ? null : shown });
  });
  state.addEventListener("view", (event) => event.detail.back && show());
  show();
}

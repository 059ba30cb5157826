/** The list under the map, kept in step with the filters; its links open the record's panel. */

import { fetchFragment, isSuperseded, sayFailed } from "./fragments.js";
import { writeQuery } from "./state.js";
import { sayCount } from "./words.js";

const PAUSE = 150;

export class List {
  /** `open(key, link)` shows a record; `addresses.rows` is where the fragment lives. */
  constructor(state, addresses, open) {
    this.state = state;
    this.addresses = addresses;
    this.rows = document.getElementById("rows");
    this.count = document.getElementById("list-count");
    this.slot = {};
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-key]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(Number(link.dataset.key), link);
    });
    this.rows.addEventListener("click", (event) => this.#more(event));
  }

  /** Show how many there are and load the first of them, once the reader pauses. */
  follow(found) {
    this.count.textContent = sayCount("incidents", found);
    for (const link of document.querySelectorAll("[data-query]")) {
      const address = new URL(link.href);
      address.search = writeQuery(this.state.filters);
      link.href = address.href;
    }
    const query = writeQuery(this.state.filters);
    if (query === this.shown) return;
    this.shown = query;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), PAUSE);
  }

  async #load() {
    try {
      this.rows.replaceChildren(...(await fetchFragment(this.slot, this.addresses.rows + writeQuery(this.state.filters))));
    } catch (error) {
      if (!isSuperseded(error)) this.rows.replaceChildren(sayFailed("list"));
    }
  }

  async #more(event) {
    const link = event.target.closest("[data-more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const query = writeQuery(this.state.filters);
    const address = `${this.addresses.rows}${query || "?"}${query ? "&" : ""}offset=${link.dataset.more}`;
    try {
      const nodes = await fetchFragment(this.slot, address);
      const list = this.rows.querySelector("ol");
      const first = list.children.length;
      const added = nodes.find((node) => node.nodeName === "OL");
      list.append(...added.children);
      link.closest(".more-rows").replaceWith(...nodes.filter((node) => node.nodeType === Node.ELEMENT_NODE && node !== added));
      list.children[first]?.querySelector("a").focus();
    } catch (error) {
      if (!isSuperseded(error)) link.closest(".more-rows").replaceChildren(sayFailed("rest"));
    }
  }
}

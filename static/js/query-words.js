/** The query in words: the sentence, the removable chips, how many filters are in use. */

import { LISTS, writeQuery } from "./state.js";
import { either, number, say, sayCount, spellRange } from "./words.js";

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export class QueryWords {
  constructor(state, form, total) {
    this.state = state;
    this.form = form;
    this.total = total;
    this.site = document.title.split(" · ").at(-1);
    this.heading = document.querySelector("#query h1");
    this.chips = document.getElementById("chips");
    this.chips.addEventListener("click", (event) => this.#clicked(event));
    for (const link of document.querySelectorAll("[data-clear]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        state.clear();
      });
    }
  }

  /** The reader's word for a code: what stands beside its box in the form. */
  label(name, value) {
    const box = this.form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
    return box?.closest("label").querySelector(".t").textContent ?? value;
  }

  #phrase(name, short) {
    const value = this.state.filters[name];
    if (name === "datetime") return spellRange(value, short);
    if (name === "q") return `“${value}”`;
    if (name === "bbox") return say("bbox");
    return say(`${name}_${value}`);
  }

  #parts() {
    const { filters } = this.state;
    const areas = (filters.area ?? []).map((code) => this.label("area", code));
    const said = ["bbox", ...LISTS, "differs", "located", "q"].filter((name) => name !== "area" && filters[name] !== undefined)
      .map((name) => (Array.isArray(filters[name]) && name !== "bbox" ? either(filters[name].map((code) => this.label(name, code))) : this.#phrase(name, false)));
    return [
      areas.length ? say("in_areas", { areas: either(areas) }) : "",
      said.join(", "),
      filters.datetime ? this.#phrase("datetime", false) : "",
    ].filter(Boolean);
  }

  /** Say how many were found; `unplaced` of them have no point. */
  show(found, unplaced) {
    const parts = this.#parts();
    const lead = make("span", "count", sayCount("found", this.total, { found: number(found), all: number(this.total) }));
    const spans = parts.flatMap((part, index) => [" ", make("span", "p", index < parts.length - 1 ? `${part},` : part)]);
    this.heading.replaceChildren(lead, ...spans, ...this.#brief(parts));
    document.title = `${parts.join(", ") || say("everything")} (${number(found)}) · ${this.site}`;
    this.#showUnplaced(unplaced);
  }

  /** One line for a phone: the days, or the first words, and how much more there is. */
  #brief(parts) {
    if (!parts.length) return [];
    const { datetime } = this.state.filters;
    const more = this.#used() - 1;
    const words = datetime ? this.#phrase("datetime", true) : parts[0];
    return [" ", make("span", "brief", more > 0 ? say("and_more", { words, count: number(more) }) : words)];
  }

  /** How many choices are in force. */
  #used() {
    return Object.entries(this.state.filters).reduce((sum, [name, value]) => sum + (LISTS.includes(name) ? value.length : 1), 0);
  }

  #showUnplaced(unplaced) {
    const note = document.getElementById("unplaced");
    note.hidden = !unplaced || this.state.filters.located === false;
    note.querySelector(".said").textContent = sayCount("unplaced", unplaced);
    const address = new URL(note.querySelector("a").href);
    address.search = writeQuery({ ...this.state.filters, located: false });
    note.querySelector("a").href = address.href;
  }

  /** Show the choices in force, each of which removes itself. */
  showChips() {
    const { filters } = this.state;
    const items = [];
    for (const name of ["datetime", "area", "bbox", ...LISTS.filter((each) => each !== "area"), "differs", "located", "q"]) {
      const value = filters[name];
      if (value === undefined) continue;
      const isList = LISTS.includes(name);
      for (const one of isList ? value : [null]) items.push(this.#chip(name, one, isList ? this.label(name, one) : this.#phrase(name, true)));
    }
    const clear = make("a", "plain", say("clear"));
    clear.href = location.pathname;
    clear.dataset.clearAll = "";
    const shown = items.length ? [...items, make("li")] : [];
    shown.at(-1)?.append(clear);
    this.chips.replaceChildren(...shown);
    for (const place of document.querySelectorAll(".filters-in-use")) place.textContent = items.length || "";
  }

  #chip(name, value, label) {
    const link = make("a", "chip", label);
    link.href = location.pathname + writeQuery(this.#without(name, value));
    link.dataset.name = name;
    if (value !== null) link.dataset.value = value;
    link.setAttribute("aria-label", say("remove", { filter: label }));
    const cross = make("span", "x");
    cross.setAttribute("aria-hidden", "true");
    link.append(cross);
    const item = make("li");
    item.append(link);
    return item;
  }

  #without(name, value) {
    const rest = value === null ? null : this.state.filters[name].filter((code) => code !== value);
    return { ...this.state.filters, [name]: rest?.length ? rest : undefined };
  }

  #clicked(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const at = [...this.chips.querySelectorAll("a")].indexOf(link);
    if ("clearAll" in link.dataset) this.state.clear();
    else this.state.setFilters({ [link.dataset.name]: this.#without(link.dataset.name, link.dataset.value ?? null)[link.dataset.name] });
    // The chip is gone; its neighbour, or the search, takes the focus.
    (this.chips.querySelectorAll("a")[at] ?? this.chips.querySelector("a") ?? this.form.elements.q).focus();
  }
}

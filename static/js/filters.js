/** The filter form: choices, the tree of categories, counts; and what the engine needs to know of the filters. */

import { LISTS, writeQuery } from "./state.js";
import { number } from "./words.js";

const FLAGS = ["differs"];
const TYPING_PAUSE = 350;
/** Names that the columns do not carry: the server answers which incidents they leave. */
const SERVER_SIDE = ["actor", "publisher", "language", "q"];

/** Filters as the engine takes them: groups and categories become categories alone, the server's answer a set of keys. */
export function engineFilters(filters, tree, keys) {
  const kinds = tree.chosen(filters);
  const { datetime, status, party, place, area, precision, differs, located, bbox } = filters;
  // A group and a category of another group leave nothing; an empty list would mean that nothing is chosen.
  const category = kinds && (kinds.size ? [...kinds] : [""]);
  return { datetime, category, status, party, place, area, precision, differs, located, bbox, keys };
}

/** The part of the filters that only the server can answer, as a query; empty when there is none. */
export function serverQuery(filters) {
  return writeQuery(Object.fromEntries(SERVER_SIDE.map((name) => [name, filters[name]])));
}

/** Which categories stand in which group, read from the form. */
export class Tree {
  constructor(form) {
    this.groups = new Map();
    for (const box of form.querySelectorAll('input[name="category"]')) {
      const codes = this.groups.get(box.dataset.group) ?? [];
      this.groups.set(box.dataset.group, [...codes, box.value]);
    }
  }

  /** The categories that the filters leave, or null when they leave all. */
  chosen({ group, category }) {
    if (!group && !category) return null;
    const inGroups = new Set((group ?? [...this.groups.keys()]).flatMap((code) => this.groups.get(code) ?? []));
    return category ? new Set(category.filter((code) => inGroups.has(code))) : inGroups;
  }

  /** The shortest filters that say these categories: groups when whole groups are meant. */
  filtersFor(kinds) {
    const whole = [...this.groups].filter(([, codes]) => codes.every((code) => kinds.has(code)));
    const covered = new Set(whole.flatMap(([, codes]) => codes));
    const exact = [...kinds].every((code) => covered.has(code));
    return exact ? { group: whole.map(([code]) => code), category: null } : { group: null, category: [...kinds] };
  }
}

export class FilterForm {
  constructor(state) {
    this.state = state;
    this.form = document.getElementById("filter-form");
    // Without this script a value travels as part of a comma list, its own commas marked; here it is one code.
    for (const box of this.form.querySelectorAll('input[type="checkbox"]')) box.value = box.value.replaceAll("\\,", ",");
    this.tree = new Tree(this.form);
    this.search = this.form.elements.q;
    this.form.addEventListener("change", (event) => this.#changed(event.target));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#searchNow(false);
    });
    this.search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.#searchNow(true), TYPING_PAUSE);
    });
    for (const button of this.form.querySelectorAll("[data-expand]")) {
      button.addEventListener("click", () => this.#expand(button));
    }
    // The brush changes no choice of the form.
    state.addEventListener("filters", ({ detail }) => detail.dragging || this.follow());
  }

  #expand(button) {
    const facet = button.closest("fieldset");
    const open = facet.classList.toggle(button.dataset.expand);
    button.setAttribute("aria-expanded", String(open));
    if (button.dataset.less) [button.textContent, button.dataset.less] = [button.dataset.less, button.textContent];
  }

  #searchNow(typing) {
    clearTimeout(this.typing);
    const words = this.search.value.trim();
    // One step for Back for a whole search, however many letters it took.
    const replace = typing && Boolean(this.state.filters.q);
    if (words !== (this.state.filters.q ?? "")) this.state.setFilters({ q: words }, { replace });
  }

  #changed(box) {
    const { name } = box;
    if (name === "q") return this.#searchNow(false);
    if (name === "from" || name === "to") return this.form.dispatchEvent(new CustomEvent("days"));
    if (name === "group" || name === "category") return this.#treeChanged(box);
    const values = [...this.form.querySelectorAll(`input[name="${name}"]:checked`)].map((each) => each.value);
    if (FLAGS.includes(name)) return this.state.setFilters({ [name]: values.length === 1 ? values[0] === "true" : null });
    return this.state.setFilters({ [name]: values });
  }

  #treeChanged(box) {
    const kinds = this.tree.chosen(this.state.filters) ?? new Set();
    const codes = box.name === "group" ? this.tree.groups.get(box.value) : [box.value];
    for (const code of codes) {
      if (box.checked) kinds.add(code);
      else kinds.delete(code);
    }
    this.state.setFilters(kinds.size ? this.tree.filtersFor(kinds) : { group: null, category: null });
  }

  /** Bring the form in step with the filters. */
  follow() {
    const { filters } = this.state;
    const kinds = this.tree.chosen(filters);
    for (const box of this.form.querySelectorAll('input[type="checkbox"]')) {
      if (box.name === "group") this.#showGroup(box, kinds);
      else if (box.name === "category") box.checked = Boolean(kinds?.has(box.value));
      else if (FLAGS.includes(box.name)) box.checked = String(filters[box.name]) === box.value;
      else if (LISTS.includes(box.name)) box.checked = Boolean(filters[box.name]?.includes(box.value));
      box.closest("li").classList.toggle("on", box.checked);
    }
    if (document.activeElement !== this.search) this.search.value = filters.q ?? "";
  }

  #showGroup(box, kinds) {
    const codes = this.tree.groups.get(box.value) ?? [];
    const on = codes.filter((code) => kinds?.has(code)).length;
    box.checked = on > 0 && on === codes.length;
    box.indeterminate = on > 0 && on < codes.length;
  }

  /** Show the counts: {name: {code: number}}; a choice that would leave nothing is pale and cannot be taken. */
  showCounts(facets) {
    for (const box of this.form.querySelectorAll('input[type="checkbox"]')) {
      const counts = facets[box.name];
      if (!counts) continue;
      const count = counts[box.value] ?? 0;
      const row = box.closest("li");
      const [said, text] = [row.querySelector(".n"), number(count)];
      // Written again, even the same would be laid out again, and at first the page says it already.
      if (said.textContent !== text) said.textContent = text;
      const idle = count === 0 && !box.checked && !box.indeterminate;
      row.classList.toggle("zero", idle);
      // The box that has the focus keeps it: a disabled one would lose it.
      box.disabled = idle && box !== document.activeElement;
    }
  }
}

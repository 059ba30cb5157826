/** The list on a published site: filters in its address are answered here, in the page that lists everything. */

import { count } from "./data.js";
import { listWords } from "./published-words.js";
import { taken } from "./published-blocks.js";
import { openSearch } from "./published-search.js";
import { dayOf, readQuery, writeQuery } from "./state.js";
import { number, say, sayCount } from "./words.js";

const PAGE = 25;
const DATES = ["from", "to"];
const VIEW = ["sortby", "limit", "offset"];
const form = document.querySelector("form.filters");
const results = document.querySelector(".list-results");

/** The address as the form or a link made it, in the words of the vocabulary. */
function readAddress() {
  const query = new URLSearchParams(location.search);
  const filters = readQuery(location.search);
  const [first, last] = DATES.map((name) => dayOf(query.get(name)));
  if (first !== null || last !== null) filters.datetime = [first, last];
  const view = Object.fromEntries(VIEW.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
  return { filters, view };
}

/** The address of the list with these filters, from whatever page of it this is. */
function addressOf(filters, view = {}) {
  const given = new URLSearchParams(Object.entries(view).filter(([, value]) => value && value !== "0"));
  const query = writeQuery(filters);
  const rest = String(given);
  return form.action.split("?")[0] + (rest ? `${query || "?"}${query ? "&" : ""}${rest}` : query);
}

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function link(text, href, className) {
  const made = make("a", text, className);
  made.href = href;
  return made;
}

class ListPage {
  constructor(search, { filters, view }) {
    this.search = search;
    this.filters = filters;
    this.view = view;
    this.size = Math.min(Number(view.limit) || PAGE, 100);
    this.offset = Number(view.offset) || 0;
  }

  async show() {
    const found = await this.search.find(this.filters);
    this.ordered = await this.search.inOrder(found, this.view.sortby);
    const all = (await this.search.find({})).length;
    const words = listWords(form, this.filters);
    const said = words.sentence();
    const lead = make("b", sayCount("found", all, { found: number(found.length), all: number(all) }));
    document.querySelector(".list-top .q").replaceChildren(lead, ...(said ? [`: ${said}`] : []));
    document.title = `${sayCount("incidents", found.length)}${said ? `: ${said}` : ""} · ${document.title.split(" · ").at(-1)}`;
    document.querySelector(".list-top .chips").replaceChildren(...words.chips().map((chip) => this.#chip(chip)));
    this.#followLinks();
    await this.#followForm(words);
    await this.#showResults();
  }

  #chip({ label, without }) {
    const chip = link("", addressOf(without, { sortby: this.view.sortby }));
    const cross = make("span", "×");
    cross.setAttribute("aria-hidden", "true");
    chip.append(make("span", `${say("remove_filter")} `, "vh"), label, " ", cross);
    return chip;
  }

  /** Links that keep the other filters; a file of everything is not what was found, so it is not offered here. */
  #followLinks() {
    const [map, files] = document.querySelectorAll(".list-top .acts > *");
    map.search = writeQuery(this.filters);
    if (files) files.hidden = writeQuery(this.filters) !== "";
    for (const range of form.querySelectorAll(".pre a")) {
      const { datetime } = readQuery(new URL(range.href).search);
      const on = writeQuery({ datetime }) === writeQuery({ datetime: this.filters.datetime });
      range.href = addressOf({ ...this.filters, datetime }, { sortby: this.view.sortby });
      if (on) range.setAttribute("aria-current", "true");
      else range.removeAttribute("aria-current");
    }
  }

  async #followForm(words) {
    const { datetime, q, bbox } = this.filters;
    form.elements.q.value = q ?? "";
    const iso = writeQuery({ datetime: datetime && datetime.map((day) => day) }).split("=")[1] ?? "";
    const [first, last = first] = iso.split("/");
    form.elements.from.value = first === ".." ? "" : first;
    form.elements.to.value = last === ".." ? "" : last;
    const { facets } = count(this.search.dataset, { ...this.filters, keys: await this.search.keysFor(this.filters) });
    const counts = { ...facets, ...(await this.search.facets(this.filters)) };
    for (const box of form.querySelectorAll('input[type="checkbox"]')) {
      const value = box.value.replaceAll("\\,", ",");
      const each = counts[box.name]?.[value] ?? 0;
      const row = box.closest("label");
      box.checked = words.isChosen(box.name, value);
      if (box.checked) row.closest("details")?.setAttribute("open", "");
      row.querySelector(".n").textContent = number(each);
      row.classList.toggle("zero", !each);
    }
    const kept = { bbox: bbox?.join(","), sortby: this.view.sortby, limit: this.view.limit };
    for (const [name, value] of Object.entries(kept)) if (value) this.#keep(name, value);
  }

  #keep(name, value) {
    const field = make("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }

  async #showResults() {
    const shown = this.ordered.slice(this.offset, this.offset + this.size);
    if (!shown.length) {
      const none = make("div", undefined, "nothing");
      none.append(make("p", say("none"), "nothing-lead"), make("p", say("not_nothing")));
      results.replaceChildren(none);
      return;
    }
    const { table: addresses } = this.search.files;
    const bodies = await taken(shown, addresses, this.search.index.block, bodiesOf);
    const table = results.querySelector("table");
    for (const body of table.querySelectorAll("tbody")) body.remove();
    table.append(...joined(bodies, this.#byDate));
    table.querySelector("caption").textContent = sayCount("incidents", this.ordered.length);
    results.querySelector(".sort").replaceChildren(...this.#sorting());
    results.querySelector("nav.pag").replaceChildren(...this.#paging(shown.length, results.querySelector("nav.pag ol")));
  }

  get #byDate() {
    return ["date", undefined].includes(this.view.sortby?.split(",")[0].replace("-", ""));
  }

  #sorting() {
    const newest = this.view.sortby?.startsWith("-date");
    const other = link(say(newest ? "to_oldest" : "to_newest"), addressOf(this.filters, { sortby: newest ? "" : "-date" }), "s");
    return [make("p", this.#byDate ? say(newest ? "newest" : "oldest") : "", "s soft"), other];
  }

  /** The words for before and after stand in the page already. */
  #paging(shown, list) {
    const texts = [...list.children].map((item) => item.textContent);
    const total = this.ordered.length;
    const at = (offset, text, rel) => {
      const item = make("li");
      const there = offset >= 0 && offset < total && (offset !== this.offset);
      item.append(there ? link(text, addressOf(this.filters, { ...this.view, offset: String(offset) })) : make("span", text, "soft"));
      if (there) item.firstChild.rel = rel;
      return item;
    };
    const pages = make("ol");
    const back = this.offset ? Math.max(this.offset - this.size, 0) : -1;
    pages.append(at(back, texts[0], "prev"), at(this.offset + this.size, texts.at(-1), "next"));
    const range = { first: number(this.offset + 1), last: number(this.offset + shown), all: number(total) };
    return [make("p", say("range", range), "s soft"), pages];
  }
}

/** For each incident of a block the heading of its month, if any, and the body of its row. */
function bodiesOf(block) {
  const found = [];
  let month = null;
  for (const body of block.querySelectorAll("tbody")) {
    if (body.querySelector("tr.mo")) month = body;
    else {
      found.push({ month, body });
      month = null;
    }
  }
  return found;
}

/** Rows of one month under one heading, of one day beside one date. */
function joined(bodies, byDate) {
  const shown = [];
  let heading = "";
  let day = null;
  for (const { month, body } of bodies) {
    const label = month?.textContent ?? "";
    if (byDate && label && label !== heading) shown.push(month.cloneNode(true));
    const row = body.querySelector("tr").cloneNode(true);
    const date = row.querySelector("th.d");
    if (byDate && day && label === heading && day.cell.textContent === date.textContent) {
      date.remove();
      row.className = "";
      day.cell.rowSpan += 1;
      day.body.append(row);
    } else {
      const own = make("tbody");
      own.append(row);
      shown.push(own);
      day = { cell: date, body: own };
    }
    heading = label;
  }
  return shown;
}

const asked = readAddress();
if (location.search) {
  // Nothing that was not asked for is shown meanwhile.
  results.hidden = true;
  history.replaceState(null, "", addressOf(asked.filters, asked.view) + location.hash);
  openSearch().then((search) => new ListPage(search, asked).show()).catch((error) => {
    console.warn("The list could not be filtered; it shows everything", error);
  }).finally(() => (results.hidden = false));
}

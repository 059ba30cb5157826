/** What a server answers the map's scripts, put together from the files of a published site. */

import { parse, taken } from "./published-blocks.js";
import { file, inLanguage, inSite, openSearch } from "./published-search.js";
import { readQuery } from "./state.js";
import { number, say, sayCount } from "./words.js";

const ROWS = 25;
const MOST_ROWS = 100;

const html = (nodes) => new Response(nodes.map((node) => node.outerHTML).join("\n"), { headers: { "Content-Type": "text/html" } });

/** What an address asks for: its filters, and the words that say which part of what they find. */
function asked({ search }) {
  const words = new URLSearchParams(search);
  const limit = Math.min(Number(words.get("limit")) || ROWS, MOST_ROWS);
  return { filters: readQuery(search), offset: Number(words.get("offset")) || 0, limit, sortby: words.get("sortby") };
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Link to the list where the rows go on. */
function moreRows(search, end, left) {
  const link = element("a", "plain", say("more", { count: number(left) }));
  const query = new URLSearchParams(search);
  query.set("offset", String(end));
  link.href = `${inLanguage("incidents/")}?${query}`;
  link.dataset.more = String(end);
  const paragraph = element("p", "more-rows");
  paragraph.append(link);
  return paragraph;
}

async function listed(address) {
  const search = await openSearch();
  const { filters, offset, limit, sortby } = asked(address);
  const found = await search.inOrder(await search.find(filters), sortby);
  const shown = found.slice(offset, offset + limit);
  const rows = await taken(shown, search.files.rows, search.index.block, (block) => [...block.querySelectorAll("ol.rows > li")]);
  const list = element("ol", "rows");
  list.append(...rows.map((row) => row.cloneNode(true)));
  if (!rows.length) {
    const none = element("li", "empty");
    none.append(element("p", "", say("nothing_here")));
    list.append(none);
  }
  const end = offset + shown.length;
  const nodes = end < found.length ? [list, moreRows(address.search, end, found.length - end)] : [list];
  return { search, found, shown, nodes };
}

async function keys(address) {
  const search = await openSearch();
  const found = await search.find(asked(address).filters);
  return new Response(Uint32Array.from(found, (each) => search.keys[each]).buffer);
}

async function rows(address) {
  return html((await listed(address)).nodes);
}

async function facets(address) {
  const search = await openSearch();
  return new Response(JSON.stringify(await search.facets(asked(address).filters)), { headers: { "Content-Type": "application/json" } });
}

async function place(address) {
  const { search, found, shown, nodes } = await listed(address);
  const { bbox } = asked(address).filters;
  const total = (await search.find({ bbox })).length;
  const texts = await file(search.files.places);
  const page = parse(texts[await search.placeOf(shown)] ?? texts[""], inSite(search.files.places));
  page.querySelector(".scroll").replaceChildren(...nodes);
  page.querySelector("footer .num").textContent = sayCount("here", total, { found: number(found.length), all: number(total) });
  return html([...page.body.children]);
}

/** The card out of its page. */
async function card(address) {
  const key = address.pathname.split("/").at(-1);
  const place = inLanguage(`incidents/key/${key}/`);
  const answer = await fetch(place);
  if (!answer.ok) return answer;
  return html([parse(await answer.text(), place).querySelector("article.card")]);
}

export const answers = { keys, rows, facets, place, card };

/** Say on an element how many incidents the page's own address finds. */
export async function sayFound(element) {
  const search = await openSearch();
  element.textContent = sayCount("incidents", (await search.find(asked(location).filters)).length);
}

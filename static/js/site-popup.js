/**
 * What a crossing, a post or a layer says of itself. The texts were written by people: every one of
 * them becomes text of an element, and only web addresses become links.
 */

import { kindWords, stateWords } from "./sites.js";
import { asWritten, label, length, say } from "./words.js";

const CROSS = "M1.5 1.5l10 10m0-10l-10 10";
const METHODS = ["stated", "village", "derived"];

/** An element with class and content; strings in it become text. */
function make(tag, className = "", ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** How the position was obtained and how precise it is, in one line. */
export function positionWords({ location_kind: known, precision_m: metres }) {
  const method = say(METHODS.includes(known) ? `position_${known}` : "position_unlocated");
  return metres && METHODS.includes(known) ? say("position_within", { position: method, distance: length(metres) }) : method;
}

/** The address as a URL when it is one of the web, else null. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** A link out of the page, or the words alone where the address is not one of the web. */
function link(address, words) {
  const url = webAddress(address);
  if (!url) return document.createTextNode(words);
  const anchor = make("a", "", words);
  Object.assign(anchor, { href: url.href, target: "_blank", rel: "noopener noreferrer" });
  return anchor;
}

function closeButton() {
  const button = make("button", "close");
  button.type = "button";
  button.dataset.close = "";
  button.setAttribute("aria-label", say("close"));
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 13 13");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", CROSS);
  picture.append(path);
  button.append(picture);
  return button;
}

/** Rows of a term and what is said of it; a row without content is left out. */
function facts(rows) {
  const list = make("dl");
  for (const [term, ...content] of rows) {
    const said = content.filter(Boolean);
    if (said.length) list.append(make("dt", "", term), make("dd", "", ...said));
  }
  return list;
}

/** Host of each source as its link; one line for each. */
function sourceList(addresses = []) {
  if (!addresses.length) return null;
  const items = addresses.map((address) => {
    const host = webAddress(address)?.host.replace(/^www\./, "");
    return make("li", "", link(address, host ?? address));
  });
  return make("ul", "site-sources", ...items);
}

/** The state of a crossing in words, with the class that colours them. */
function stateLine(state, day) {
  return make("p", `site-state ${state === "not_known" ? "not-known" : state}`, stateWords(state, day));
}

function heading(properties, { state, day }) {
  const title = make("h2", "", label(properties.name));
  title.tabIndex = -1;
  const header = make("header", "", title, make("p", "adm", kindWords(properties.kind)));
  if (properties.kind === "crossing_point") header.append(stateLine(state ?? "not_known", day));
  header.append(closeButton());
  return header;
}

/**
 * Content of the popup of a site.
 * @param {object} feature GeoJSON feature of the checkpoints layer
 * @param {{state: string, day: number|null}} shown state on the day shown (since 1970-01-01)
 * @returns {HTMLElement}
 */
export function siteContent(feature, { state, day }) {
  const { properties } = feature;
  const written = (text) => text && asWritten(make("span", "", text));
  const operators = properties.operated_by?.split(";").map((name) => label(name.trim())).join("; ");
  const rows = [
    [say("operated_by"), operators && say("as_reported", { text: operators })],
    [say("position"), positionWords(properties)],
    [say("opened"), written(properties.opened_text)],
    [say("closed"), written(properties.closed_text)],
    [say("note"), written(properties.note)],
    [say("sources"), sourceList(properties.sources)],
    [say("licence"), properties.licence],
    [say("credit"), properties.credit],
  ];
  const body = make("div", "scroll", facts(rows));
  body.tabIndex = 0;
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", say("about", { name: label(properties.name) }));
  return make("div", "site-card", heading(properties, { state, day }), body);
}

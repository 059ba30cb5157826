/** What is known of a crossing point or post, built from the layer's feature with text nodes alone. */

import { spell } from "./timeline-draw.js";

const KINDS = {
  crossing_point: "Crossing point", observation_post: "Observation post", post: "Post", base: "Base",
  fence: "Fence", meeting_place: "Meeting place", unverified: "Not verified",
};
const STATES = { open: "open", closed: "closed", restricted: "restricted", differs: "sources differ", not_known: "not known" };

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function radius(metres) {
  return metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}

function links(sources) {
  const safe = (sources ?? []).filter((source) => /^https?:\/\//i.test(source));
  return safe.map((source) => {
    const link = make("a", "", source.replace(/^https?:\/\/(www\.)?/i, ""));
    link.href = source;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return make("li", "", link);
  });
}

/** Nodes for the popup: name, kind, state on a day (since 1970-01-01), how the position is known, sources. */
export function siteCard(properties, state, day) {
  const close = make("button", "close");
  close.type = "button";
  close.dataset.close = "";
  close.setAttribute("aria-label", "Close");
  const heading = make("h2", "", properties.name ?? "Site");
  heading.tabIndex = -1;
  const header = make("header", "", heading, make("p", "forms", KINDS[properties.kind] ?? properties.kind ?? ""), close);
  const facts = make("div", "scroll site");
  facts.tabIndex = 0;
  facts.setAttribute("role", "region");
  facts.setAttribute("aria-label", "What is known");
  if (properties.kind === "crossing_point" && day !== null) facts.append(make("p", "", make("b", "", STATES[state] ?? STATES.not_known), ` on ${spell(day)}`));
  const derived = properties.location_kind === "derived" ? "Placed by description" : "Position as stated";
  facts.append(make("p", "", properties.precision_m ? `${derived}, within ${radius(properties.precision_m)}` : derived));
  if (properties.note) facts.append(make("p", "soft", properties.note));
  const sources = links(properties.sources);
  if (sources.length) facts.append(make("h3", "", "Sources"), make("ul", "", ...sources));
  return [header, facts];
}

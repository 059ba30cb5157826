/**
 * On a published site there is no server: what the map's scripts ask of one is answered here, from files.
 * It stands before `fetch`, so that the scripts are the same on either; it loads before they ask.
 */

const root = new URL("../../../", import.meta.url);
const ASKED = /^(?:[a-z]{2}\/)?(?:map\/(keys|rows|place|facets)|incidents\/key\/\d+)$/;
const fromFiles = window.fetch.bind(window);

window.fetch = async (asked, options) => {
  const address = new URL(asked.url ?? asked, document.baseURI);
  const inSite = address.href.startsWith(root.href) ? address.pathname.slice(root.pathname.length) : "";
  const [found, name = "card"] = ASKED.exec(inSite) ?? [];
  if (found === undefined) return fromFiles(asked, options);
  const { answers } = await import("./published-answers.js");
  const answer = await answers[name](address);
  options?.signal?.throwIfAborted();
  return answer;
};

// The page was rendered for no filters at all; the list has to be asked for those of the address.
document.documentElement.dataset.published = "";
if (location.search) document.getElementById("rows")?.replaceChildren();

// So was the frame for other sites: it says how many there are, and leads to what it shows.
const whole = document.getElementById("whole");
if (whole && location.search) {
  whole.search = location.search;
  import("./published-answers.js").then(({ sayFound }) => sayFound(document.querySelector(".em-bar b")));
}

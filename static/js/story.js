/** Makes a story follow its reader: the step near the top third is current; its map, strip and address follow. */

const story = document.getElementById("story");
const side = document.getElementById("side");
const place = document.getElementById("side-map");
const said = document.getElementById("said");
const [previous, next] = ["previous", "next"].map((id) => document.getElementById(id));
const steps = [...document.querySelectorAll(".step")];
const links = [...document.querySelectorAll(".st-toc a")];
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
let current = -1;

/** The last step that begins above the top third of the window; the last of all at the very end. */
function stepInView() {
  const line = window.innerHeight / 3 + (side.getBoundingClientRect().top <= 0 ? side.offsetHeight * (side.offsetWidth > story.offsetWidth - 1) : 0);
  const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
  if (atEnd && window.scrollY > 0) return steps.length - 1;
  return Math.max(0, steps.findLastIndex((step) => step.getBoundingClientRect().top <= line));
}

function show(position, { speaks = false } = {}) {
  if (position === current) return;
  current = position;
  const step = steps[position];
  for (const [at, each] of steps.entries()) {
    each.classList.toggle("now", at === position);
    if (at === position) links[at].setAttribute("aria-current", "step");
    else links[at].removeAttribute("aria-current");
  }
  for (const bar of story.querySelectorAll(".bar")) bar.classList.toggle("now", bar.dataset.steps.split(" ").includes(step.dataset.step));
  place.replaceChildren(step.querySelector(".st-fig").cloneNode(true));
  previous.setAttribute("aria-disabled", String(position === 0));
  next.setAttribute("aria-disabled", String(position === steps.length - 1));
  if (speaks) said.textContent = step.dataset.said;
  if (position > 0 || location.hash) history.replaceState(history.state, "", `#${step.id}`);
}

/** Go to a step as its link would, with its heading focused, so that reading goes on there. */
function go(position) {
  if (position < 0 || position >= steps.length) return;
  steps[position].scrollIntoView({ behavior: STILL.matches ? "auto" : "smooth", block: "start" });
  steps[position].querySelector("h2").focus({ preventScroll: true });
  held = position;
  show(position, { speaks: true });
}

// While the window moves to a step that was asked for, the steps on the way are not shown.
let held = null;
let asked = null;
function follow() {
  asked ??= requestAnimationFrame(() => {
    asked = null;
    if (held === null) show(stepInView());
  });
}

story.classList.add("guided");
side.hidden = false;
previous.addEventListener("click", () => go(current - 1));
next.addEventListener("click", () => go(current + 1));
for (const [at, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go(at);
  });
  link.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || !links[to]) return;
    event.preventDefault();
    links[to].focus();
  });
}
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  window.addEventListener(kind, (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(".st-go, .st-toc")) held = null;
  }, { passive: true });
}
window.addEventListener("scroll", follow, { passive: true });
window.addEventListener("resize", follow);
window.addEventListener("hashchange", () => go(steps.findIndex((step) => `#${step.id}` === location.hash)));
const first = steps.findIndex((step) => `#${step.id}` === location.hash);
if (first >= 0) go(first);
else show(stepInView());

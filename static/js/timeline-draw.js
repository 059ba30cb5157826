/** Drawing of the timeline: which bins, where they stand, and the SVG of bars and axis. Days count from 1970-01-01. */

import { monthName, number, partsOf, say, spell } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const DAY = 86400000;
const LEFT = 14;
const RIGHT = 34;

/** The element with these attributes set. */
function dressed(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** An SVG element with attributes and, at will, text. */
export function svgElement(name, attributes = {}, text = "") {
  const element = dressed(document.createElementNS(SVG, name), attributes);
  element.textContent = text;
  return element;
}

/** Day number of a calendar date; months and days beyond their range carry over. */
export function dayNumber(year, month, date) {
  return Math.round(Date.UTC(year, month, date) / DAY);
}

/** "day" below 120 days shown, "week" below two years, else "month". */
export function binKind([first, last]) {
  const days = last - first + 1;
  return days < 120 ? "day" : days < 731 ? "week" : "month";
}

/** First days of the bins that cover a window, and the day after its last bin. */
function binEdges(windowDays) {
  const [first, last] = windowDays;
  const edges = [];
  const kind = binKind(windowDays);
  let day = first;
  while (day <= last) {
    edges.push(day);
    const { year, month, weekday } = partsOf(day);
    if (kind === "day") day += 1;
    else if (kind === "week") day += 7 - ((weekday + 6) % 7);
    else day = dayNumber(year, month + 1, 1);
  }
  edges.push(last + 1);
  return edges;
}

/** Sum of daily counts (from day `start`) in each bin. */
export function binned(counts, start, edges) {
  const sums = new Uint32Array(edges.length - 1);
  for (let bin = 0; bin < sums.length; bin += 1) {
    const from = Math.max(edges[bin] - start, 0);
    const to = Math.min(edges[bin + 1] - start, counts.length);
    for (let day = from; day < to; day += 1) sums[bin] += counts[day];
  }
  return sums;
}

/** Where days stand on a drawing that is `width` pixels wide. */
function scaleFor([first, last], width) {
  const perDay = Math.max(width - LEFT - RIGHT, 1) / (last + 1 - first);
  return {
    x: (day) => LEFT + (day - first) * perDay,
    day: (x) => first + (x - LEFT) / perDay,
    perDay,
  };
}

function rectangle(x, y, width, height) {
  return `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
}

function niceTop(most) {
  const steps = [2, 5, 10, 20, 50];
  let unit = 1;
  for (;;) {
    for (const step of steps) if (most <= step * unit) return step * unit;
    unit *= 10;
  }
}

/** Paths of the bars: `faint` for all, one per group for what the filters leave, and the outline. */
function barPaths({ edges, all, groups, scale, height }) {
  const top = Math.max(1, ...all);
  const unit = (height - 8) / top;
  const totals = new Uint32Array(all.length);
  const paths = { faint: "", groups: groups.map(() => ""), outline: "", top, unit, totals };
  for (let bin = 0; bin < all.length; bin += 1) {
    if (!all[bin]) continue;
    const x = scale.x(edges[bin]);
    const gap = (edges[bin + 1] - edges[bin]) * scale.perDay > 4 ? 1 : 0;
    const width = Math.max((edges[bin + 1] - edges[bin]) * scale.perDay - gap, 1);
    paths.faint += rectangle(x, height - all[bin] * unit, width, all[bin] * unit);
    let base = height;
    groups.forEach((counts, index) => {
      if (!counts[bin]) return;
      base -= counts[bin] * unit;
      totals[bin] += counts[bin];
      paths.groups[index] += rectangle(x, base, width, counts[bin] * unit);
      if (width > 3) paths.outline += rectangle(x, base, width, counts[bin] * unit);
    });
  }
  return paths;
}

function gridLines(paths, width, height) {
  const nice = niceTop(paths.top);
  const values = [nice, nice / 2].filter((value) => value <= paths.top && Number.isInteger(value));
  return values.flatMap((value) => {
    const y = height - value * paths.unit;
    return [
      svgElement("path", { class: "grid", d: `M${LEFT} ${y.toFixed(1)}H${width - RIGHT + 6}` }),
      svgElement("text", { class: "scale", x: width - 4, y: (y + 3.5).toFixed(1) }, number(value)),
    ];
  });
}

function axisStep(windowDays, scale) {
  const month = 30.4 * scale.perDay;
  const named = (form) => (year, at, first) => monthName(at, form) + (first || at === 0 ? ` ${year}` : "");
  if (month >= 95) return { months: 1, label: named("alone") };
  if (month >= 12) return { months: month >= 26 ? 1 : 3, label: named("short") };
  const years = Math.max(1, Math.ceil(34 / (month * 12)));
  return { months: 12 * years, label: (year) => String(year) };
}

function axis(windowDays, scale, width, height) {
  const [first, last] = windowDays;
  const { months, label } = axisStep(windowDays, scale);
  const start = partsOf(first);
  const elements = [svgElement("path", { class: "axis", d: `M${LEFT} ${height}H${width - RIGHT}` })];
  let ticks = "";
  let free = -1;
  for (let month = 0; ; month += 1) {
    const day = dayNumber(start.year, month, 1);
    if (day > last) break;
    if (month % months || day + 31 <= first) continue;
    const at = Math.max(day, first);
    const x = scale.x(at);
    const text = label(start.year + Math.floor(month / 12), month % 12, free < 0);
    const needed = text.length * 6.6 + 8;
    if (x < free || x + needed > width) continue;
    // A first month that has nearly passed gives its place to the next one.
    if (at > day && (day + 30 - at) * scale.perDay < needed && months === 1) continue;
    free = x + needed;
    ticks += `M${x.toFixed(1)} ${height}v14`;
    elements.push(svgElement("text", { class: "label", x: (x + 4).toFixed(1), y: height + 13 }, text));
  }
  elements.push(svgElement("path", { class: "tick", d: ticks }));
  return elements;
}

function peak(paths, edges, scale, kind, width) {
  const most = Math.max(...paths.totals);
  if (most < 2) return [];
  const bin = paths.totals.indexOf(most);
  const { year, month, date } = partsOf(edges[bin]);
  const values = { count: number(most), day: date, month: monthName(month, kind === "month" ? "alone" : "long"), year, date: spell(edges[bin]) };
  const text = say(`peak_${kind}`, values);
  const right = scale.x(edges[bin + 1]) + 5;
  const fits = right + text.length * 6.4 < width - RIGHT;
  const x = fits ? right : scale.x(edges[bin]) - 5;
  return [svgElement("text", { class: "peak", x: x.toFixed(1), y: 12, "text-anchor": fits ? "start" : "end" }, text)];
}

/** Draw bars, axis and, under it, `coverage` (an SVG by days) into `svg`; `height` is that of the bars in pixels. Groups are [code, daily counts]. */
export function drawBars(svg, { windowDays, start, all, groups, width, height, coverage, named }) {
  const edges = binEdges(windowDays);
  const scale = scaleFor(windowDays, width);
  const paths = barPaths({
    edges, scale, height,
    all: binned(all, start, edges),
    groups: groups.map(([, counts]) => binned(counts, start, edges)),
  });
  const bars = groups.map(([code], index) => svgElement("path", { class: `bar g-${code}`, d: paths.groups[index] }));
  const veils = ["before", "after"].map((side) => svgElement("rect", { class: "veil", "data-side": side, y: 0, height, x: 0, width: 0 }));
  svg.setAttribute("viewBox", `0 0 ${width} ${height + 16}`);
  svg.replaceChildren(
    ...gridLines(paths, width, height),
    svgElement("rect", { class: "win", y: 0, height, x: 0, width: 0 }),
    svgElement("path", { class: "faint", d: paths.faint }),
    ...bars,
    svgElement("path", { class: "edge", d: paths.outline }),
    ...veils,
    ...axis(windowDays, scale, width, height),
    dressed(coverage, { x: LEFT, y: height, width: width - LEFT - RIGHT, viewBox: `${windowDays[0]} 0 ${edges.at(-1) - windowDays[0]} 16` }),
    ...(named ? peak(paths, edges, scale, binKind(windowDays), width) : []),
  );
  return { edges, scale };
}

/** Draw the strip of all months with a frame round the part that is shown. */
export function drawStrip(svg, { extent, windowDays, start, all }) {
  const [width, height] = [260, 24];
  const [first, last] = extent;
  const perDay = width / (last + 1 - first);
  const edges = [];
  const { year, month } = partsOf(first);
  for (let step = 0, day = first; day <= last; step += 1, day = dayNumber(year, month + step, 1)) edges.push(day);
  edges.push(last + 1);
  const sums = binned(all, start, edges);
  const most = Math.sqrt(Math.max(1, ...sums));
  let bars = "";
  sums.forEach((count, bin) => {
    const tall = (Math.sqrt(count) / most) * 20;
    if (count) bars += rectangle((edges[bin] - first) * perDay, height - 1 - tall, Math.max((edges[bin + 1] - edges[bin]) * perDay - 0.2, 0.8), tall);
  });
  const x = (windowDays[0] - first) * perDay;
  const frame = { class: "cw", x: Math.max(x, 0.6), y: 0.6, width: Math.max((windowDays[1] + 1 - windowDays[0]) * perDay - 1.2, 3), height: height - 1.2 };
  svg.replaceChildren(svgElement("path", { class: "cb", d: bars }), svgElement("rect", frame));
}

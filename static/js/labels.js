/** Names on the map: placed by importance, never over a mark or each other; what finds no room is left out. */

import { placeName, say } from "./words.js";

const PAD = 3;

const overlaps = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Keeps the room that is taken. */
export class Room {
  constructor(taken) {
    this.taken = [...taken];
  }

  /** Take a box when it is free. */
  take(box) {
    if (this.taken.some((other) => overlaps(box, other))) return false;
    this.taken.push(box);
    return true;
  }

  /** Take all of the boxes when every one is free. */
  takeAll(boxes) {
    if (boxes.some((box) => this.taken.some((other) => overlaps(box, other)))) return false;
    this.taken.push(...boxes);
    return true;
  }
}

function halo(ctx, theme, text, x, y, color) {
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.2;
  ctx.strokeStyle = theme.halo;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
}

/** The second line of a name: Georgian and Ossetian form together, or none where only one is known. */
function otherForms({ name, name_en: english, name_ka: georgian, name_os: ossetian }) {
  return georgian && ossetian ? `${name === georgian ? english : georgian} · ${ossetian}` : "";
}

/** Places by importance: towns first, then villages; what was placed by description has no name on the map. */
export function labelPlaces(features) {
  const rank = { town: 0, village: 1 };
  return features
    .filter((each) => each.geometry && each.properties.kind in rank)
    .sort((a, b) => rank[a.properties.kind] - rank[b.properties.kind])
    .map(({ geometry, properties }) => ({ point: geometry.coordinates, ...properties, name: placeName(properties) }));
}

function styleOf(place, zoom) {
  const close = zoom >= 11;
  const isTown = place.kind === "town";
  return { size: close ? (isTown ? 14.5 : 13.5) : isTown ? 13 : 12, weight: isTown ? 600 : 400, isTown, close };
}

/** Draw the names of places. `skip` has the names that marks already carry. */
export function drawPlaces(ctx, view, theme, places, room, skip) {
  ctx.save();
  ctx.textBaseline = "middle";
  for (const place of places) {
    const [x, y] = view.point(place.point);
    const style = styleOf(place, view.zoom);
    if (!view.holds(x, y) || (!style.isTown && view.zoom < 10.5) || (style.isTown && view.zoom < 7.5)) continue;
    if (skip.has(place.name_en)) continue;
    drawPlace(ctx, theme, place, style, room, [x, y]);
  }
  ctx.restore();
}

function drawPlace(ctx, theme, place, style, room, [x, y]) {
  const small = `11px ${theme.sans}`;
  const usual = `${style.weight} ${style.size}px ${theme.sans}`;
  const widthOf = (font, text) => ((ctx.font = font), ctx.measureText(text).width);
  // Where two lines have no room on either side, the name alone may have it.
  for (const second of new Set([style.close ? otherForms(place) : "", ""])) {
    const width = Math.max(widthOf(small, second), widthOf(usual, place.name));
    const height = style.size + (second ? 14 : 0);
    for (const [dx, align] of [[8, "left"], [-8, "right"]]) {
      const left = align === "left" ? x + dx : x + dx - width;
      if (!room.take({ x: left - PAD, y: y - style.size / 2 - PAD, w: width + 2 * PAD, h: height + 2 * PAD })) continue;
      ctx.textAlign = align;
      halo(ctx, theme, place.name, x + dx, y, theme["map-ink"]);
      ctx.font = small;
      halo(ctx, theme, second, x + dx, y + style.size, theme["ink-soft"]);
      drawDot(ctx, theme, x, y, style.isTown);
      return;
    }
  }
  // On the overview a dot without its name would be taken for something else.
  if (style.close) drawDot(ctx, theme, x, y, style.isTown);
}

function drawDot(ctx, theme, x, y, isTown) {
  ctx.beginPath();
  ctx.arc(x, y, isTown ? 3 : 1.8, 0, 2 * Math.PI);
  ctx.fillStyle = isTown ? theme.halo : theme["map-ink"];
  ctx.strokeStyle = isTown ? theme["map-ink"] : theme.halo;
  ctx.lineWidth = isTown ? 1.6 : 1;
  ctx.fill();
  ctx.stroke();
}

/** The part of a stretch that lies in view, a margin off its edges, with its length; null when none does. */
export function clipped([x1, y1], [x2, y2], { width, height }, margin = 28) {
  let [from, to] = [0, 1];
  for (const [at, by, size] of [[x1, x2 - x1, width], [y1, y2 - y1, height]]) {
    if (by === 0) {
      if (at < margin || at > size - margin) return null;
      continue;
    }
    const ends = [(margin - at) / by, (size - margin - at) / by];
    from = Math.max(from, Math.min(...ends));
    to = Math.min(to, Math.max(...ends));
  }
  if (from >= to) return null;
  const point = (share) => [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
  return { start: point(from), end: point(to), length: (to - from) * Math.hypot(x2 - x1, y2 - y1) };
}

/** Name of the line along its straightest stretch in view, else beside its longest one. */
export function drawLineName(ctx, view, theme, points, room) {
  const runs = points
    .slice(1)
    .map((end, at) => clipped(points[at], end, view))
    .filter(Boolean)
    .sort((a, b) => b.length - a.length);
  if (!runs.length) return;
  ctx.save();
  ctx.font = `italic 600 12px ${theme.serif}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  const along = runs.slice(0, 4).some((run) => [say("line_name"), say("line_short")].some((name) => nameAlong(ctx, theme, run, name, room)));
  if (!along) runs.slice(0, 12).some((run) => nameBeside(ctx, theme, run, room, view));
  ctx.restore();
}

function nameAlong(ctx, theme, { start, end, length }, name, room) {
  const width = ctx.measureText(name).width;
  if (length < width + 16) return false;
  let angle = Math.atan2(end[1] - start[1], end[0] - start[0]);
  if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const slack = (length - width - 16) / length / 2;
  // In the middle of the stretch, else nearer to one of its ends.
  for (const share of [0.5, 0.5 - slack, 0.5 + slack]) {
    const [x, y] = [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])];
    // Boxes along the text, because one box round a slanting text would take room that it leaves free.
    const boxes = Array.from({ length: Math.ceil(width / 16) + 1 }, (_, at) => {
      const along = at * 16 - width / 2;
      return { x: x + along * cos + 12 * sin - 9, y: y + along * sin - 12 * cos - 9, w: 18, h: 18 };
    });
    if (!room.takeAll(boxes)) continue;
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    halo(ctx, theme, name, 0, -9, theme.line);
    ctx.restore();
    return true;
  }
  return false;
}

function nameBeside(ctx, theme, { start, end }, room, view) {
  const [first, second] = [say("line_first"), say("line_second")];
  const width = Math.max(ctx.measureText(first).width, ctx.measureText(second).width);
  const [x, y] = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
  for (const side of [1, -1]) {
    const left = side > 0 ? x + 26 : x - 26 - width;
    const box = { x: left - PAD, y: y - 16, w: width + 2 * PAD, h: 34 };
    if (!view.holds(box.x, box.y) || !view.holds(box.x + box.w, box.y + box.h) || !room.take(box)) continue;
    ctx.textAlign = side > 0 ? "left" : "right";
    halo(ctx, theme, first, x + side * 26, y - 2, theme.line);
    halo(ctx, theme, second, x + side * 26, y + 13, theme.line);
    return true;
  }
  return false;
}

/** Numbers of the graticule and names of the areas asked for: small, and only where there is room. */
export function drawSmall(ctx, theme, labels, room) {
  ctx.save();
  ctx.font = `11px ${theme.sans}`;
  ctx.textBaseline = "alphabetic";
  for (const { text, x, y, align } of labels) {
    const width = ctx.measureText(text).width;
    const left = align === "center" ? x - width / 2 : align === "right" ? x - width : x;
    if (!room.take({ x: left - 2, y: y - 11, w: width + 4, h: 14 })) continue;
    ctx.textAlign = align;
    halo(ctx, theme, text, x, y, theme["ink-soft"]);
  }
  ctx.restore();
}

/** How crossings and posts look: the shape says what it is and in which state, colour only helps. */

import { pixelsOf } from "./mercator.js";

const DIAMOND = 9;
const SQUARE = 5;
const LARGEST_RADIUS = 150;
const HALO = 3;

/** Strokes inside the diamond, as pairs of points. */
const BARS = [[-3.4, -1.7, 3.4, -1.7], [-3.4, 1.7, 3.4, 1.7]];
const INSIDE = {
  open: BARS,
  restricted: [],
  closed: [[-2.8, -2.8, 2.8, 2.8], [2.8, -2.8, -2.8, 2.8]],
  differs: [...BARS, [-2, 4, 2, -4]],
  not_known: [],
};
const COLORS = { open: "open", restricted: "restricted", closed: "closed", differs: "differs", not_known: "not-known" };

function diamond(ctx, half) {
  ctx.beginPath();
  ctx.moveTo(0, -half);
  ctx.lineTo(half, 0);
  ctx.lineTo(0, half);
  ctx.lineTo(-half, 0);
  ctx.closePath();
}

function ring(ctx, radius) {
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
}

function strokes(ctx, segments) {
  ctx.beginPath();
  for (const [fromX, fromY, toX, toY] of segments) {
    ctx.moveTo(fromX, fromY);
    ctx.lineTo(toX, toY);
  }
  ctx.stroke();
}

function questionMark(ctx, theme, color, size) {
  ctx.font = `700 ${size}px ${theme.sans}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = color;
  ctx.fillText("?", 0, 0.5);
}

/** A pen for what follows: colour, width and dash in pixels. */
function pen(ctx, color, width, dash = []) {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
}

/** The diamond of a crossing point: two bars, half, cross, struck equals, or dashed with "?". */
function crossingPoint(ctx, theme, { state }) {
  const color = theme[COLORS[state] ?? "not-known"];
  diamond(ctx, DIAMOND);
  pen(ctx, theme.halo, 2 * HALO);
  ctx.stroke();
  ctx.fillStyle = state === "closed" ? color : theme.panel;
  ctx.fill();
  pen(ctx, color, 1.6, state === "not_known" ? [2.5, 2] : []);
  ctx.stroke();
  if (state === "restricted") leftHalf(ctx, color);
  if (state === "not_known") questionMark(ctx, theme, color, 11);
  pen(ctx, state === "closed" ? theme.halo : color, 1.8);
  strokes(ctx, INSIDE[state] ?? []);
}

function leftHalf(ctx, color) {
  ctx.beginPath();
  ctx.moveTo(0, -DIAMOND);
  ctx.lineTo(-DIAMOND, 0);
  ctx.lineTo(0, DIAMOND);
  ctx.closePath();
  ctx.fillStyle = color;
  ctx.fill();
}

/** The square of a post or base; hollow when it was placed by description. */
function square(ctx, theme, { feature }) {
  const isDerived = feature.properties.location_kind === "derived";
  const ink = theme["map-ink"];
  ctx.beginPath();
  ctx.rect(-SQUARE, -SQUARE, 2 * SQUARE, 2 * SQUARE);
  pen(ctx, theme.halo, HALO + 1.4);
  ctx.stroke();
  ctx.fillStyle = isDerived ? theme.panel : ink;
  ctx.fill();
  pen(ctx, ink, 1.4);
  ctx.stroke();
}

/** The short double stroke of a fence. */
function fence(ctx, theme) {
  const rails = [[-7, -2.2, 7, -2.2], [-7, 2.2, 7, 2.2]];
  ctx.lineCap = "round";
  pen(ctx, theme.halo, 5.4);
  strokes(ctx, rails);
  pen(ctx, theme["map-ink"], 1.7);
  strokes(ctx, rails);
}

/** The small ring of a meeting place. */
function meetingPlace(ctx, theme) {
  ring(ctx, 5);
  pen(ctx, theme.halo, 6);
  ctx.stroke();
  ctx.fillStyle = theme.panel;
  ctx.fill();
  pen(ctx, theme["map-ink"], 1.8);
  ctx.stroke();
}

/** The dotted ring of a report that nobody confirmed. */
function unverified(ctx, theme) {
  ring(ctx, 7);
  pen(ctx, theme.halo, 5);
  ctx.stroke();
  ctx.fillStyle = theme.panel;
  ctx.fill();
  pen(ctx, theme["map-ink"], 1.3, [1.3, 2.3]);
  ctx.stroke();
  questionMark(ctx, theme, theme["map-ink"], 10);
}

const SYMBOLS = {
  crossing_point: crossingPoint,
  observation_post: square,
  post: square,
  base: square,
  fence,
  meeting_place: meetingPlace,
  unverified,
};

/** True circle within which a place lies that was derived from a description. */
function radius(ctx, view, theme, { feature, lat, half, trueX, trueY }) {
  const { location_kind: known, precision_m: metres } = feature.properties;
  if (known !== "derived" || !metres) return;
  const pixels = pixelsOf(metres, lat, view.zoom);
  if (pixels < half + 2 || pixels > LARGEST_RADIUS) return;
  ctx.beginPath();
  ctx.arc(trueX, trueY, pixels, 0, 2 * Math.PI);
  pen(ctx, theme["map-ink"], 0.9, [2, 2.6]);
  ctx.globalAlpha = 0.7;
  ctx.stroke();
}

/** Thin line from the true point to a symbol that had to move aside. */
function leader(ctx, theme, { x, y, trueX, trueY }) {
  if (x === trueX && y === trueY) return;
  for (const [color, width] of [[theme.halo, 3], [theme["map-ink"], 1]]) {
    pen(ctx, color, width);
    strokes(ctx, [[trueX, trueY, x, y]]);
  }
}

/** Draw what lies under the symbols of `Sites.place`: the radius of one, and the leader to it. */
export function drawSiteGround(ctx, view, theme, site) {
  ctx.save();
  radius(ctx, view, theme, site);
  ctx.globalAlpha = 1;
  leader(ctx, theme, site);
  ctx.restore();
}

/** Draw the symbol of one of `Sites.place`. */
export function drawSymbol(ctx, theme, site) {
  ctx.save();
  ctx.translate(site.x, site.y);
  ctx.lineJoin = "round";
  (SYMBOLS[site.kind] ?? unverified)(ctx, theme, site);
  ctx.restore();
}

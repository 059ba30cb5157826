/** How marks look: donuts with their number, discs with their letter, radii in true metres. */

import { DISC, radiusOf, uncertainty } from "./marks.js";
import { inkOn } from "./theme.js";
import { length, number, say } from "./words.js";

const RING = 6.5;
const GAP = 1;
const LARGEST_AT_REST = 100;

function circle(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

/** Draws marks with one theme and the manifest's groups. */
export class MarkPainter {
  constructor(ctx, view, theme, dataset) {
    Object.assign(this, { ctx, view, theme, dataset, groups: dataset.manifest.groups });
  }

  /** A mark at a pixel; for a single incident its row tells letter and uncertainty. */
  draw(mark, x, y, row) {
    if (mark.n === 1) this.#disc(x, y, row);
    else this.#donut(mark, x, y);
  }

  #disc(x, y, row) {
    const { ctx, theme, dataset, view } = this;
    const group = this.groups[dataset.groupOf[dataset.category[row]]];
    const { isArea, isVagueDate } = uncertainty(dataset, row, view.zoom);
    circle(ctx, x, y, DISC + 1.5);
    ctx.fillStyle = theme.halo;
    ctx.fill();
    circle(ctx, x, y, DISC - 0.5);
    ctx.fillStyle = group.color;
    ctx.fill();
    ctx.strokeStyle = theme["mark-edge"];
    ctx.lineWidth = 1;
    ctx.stroke();
    if (isArea) this.#dashedRing(x, y, DISC + 3.5);
    ctx.font = `700 13px ${theme.sans}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = inkOn(group.color, theme);
    ctx.fillText(group.letter, x, y + 0.5);
    if (isVagueDate) this.#vagueDate(x, y);
  }

  /** A date known to the month or the year alone: a tilde at the rim. */
  #vagueDate(x, y) {
    const { ctx, theme } = this;
    circle(ctx, x + DISC - 1, y - DISC + 1, 6);
    ctx.fillStyle = theme.panel;
    ctx.fill();
    ctx.strokeStyle = theme["map-ink"];
    ctx.lineWidth = 0.8;
    ctx.stroke();
    ctx.font = `700 11px ${theme.sans}`;
    ctx.fillStyle = theme["map-ink"];
    ctx.fillText("~", x + DISC - 1, y - DISC + 1.5);
  }

  #donut(mark, x, y) {
    const { ctx, theme } = this;
    const radius = radiusOf(mark.n);
    circle(ctx, x, y, radius + 1.5);
    ctx.fillStyle = theme.halo;
    ctx.fill();
    let from = -Math.PI / 2;
    const present = this.groups.map((group, at) => [group, mark.groups[at]]).filter(([, n]) => n);
    const gap = present.length > 1 ? GAP / radius : 0;
    for (const [group, n] of present) {
      const to = from + (2 * Math.PI * n) / mark.n;
      ctx.beginPath();
      ctx.arc(x, y, radius - RING / 2, from + gap / 2, Math.max(to - gap / 2, from + gap));
      ctx.strokeStyle = group.color;
      ctx.lineWidth = RING;
      ctx.stroke();
      from = to;
    }
    circle(ctx, x, y, radius - RING);
    ctx.fillStyle = theme.panel;
    ctx.fill();
    circle(ctx, x, y, radius);
    ctx.strokeStyle = theme.isDark ? "rgb(255 255 255 / .5)" : "rgb(0 0 0 / .5)";
    ctx.lineWidth = 0.8;
    ctx.stroke();
    this.#number(mark.n, x, y);
  }

  #number(n, x, y) {
    const { ctx, theme } = this;
    const text = n < 10000 ? String(n) : `${Math.round(n / 1000)}k`;
    ctx.font = `700 ${text.length > 3 ? 11 : 13}px ${theme.sans}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, x, y + 0.5);
  }

  #dashedRing(x, y, radius) {
    const { ctx, theme } = this;
    circle(ctx, x, y, radius);
    ctx.setLineDash([2, 2.6]);
    ctx.strokeStyle = theme["map-ink"];
    ctx.lineWidth = 1.1;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** The radius within which a single incident lies, from the zoom at which it exceeds the mark. */
  radius(x, y, row, isSelected) {
    const { ctx, theme } = this;
    const { pixels } = uncertainty(this.dataset, row, this.view.zoom);
    if (pixels <= DISC + 4 || (!isSelected && pixels > LARGEST_AT_REST)) return;
    circle(ctx, x, y, pixels);
    ctx.fillStyle = isSelected ? theme.focus : theme["map-ink"];
    ctx.globalAlpha = isSelected ? 0.06 : 0.025;
    ctx.fill();
    ctx.globalAlpha = isSelected ? 0.9 : 0.45;
    ctx.strokeStyle = isSelected ? theme.focus : theme["map-ink"];
    ctx.lineWidth = isSelected ? 1.4 : 0.8;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  /** Both precisions of a place's incidents as circles that say how many each holds. */
  precisions(x, y, rows) {
    const { ctx, theme, dataset, view } = this;
    const sizes = new Map();
    for (const row of rows) {
      const { metres, pixels } = uncertainty(dataset, row, view.zoom);
      sizes.set(metres, { pixels, n: (sizes.get(metres)?.n ?? 0) + 1 });
    }
    for (const [metres, { pixels, n }] of sizes) {
      if (pixels <= 36 || pixels > view.width) continue;
      circle(ctx, x, y, pixels);
      ctx.fillStyle = theme.focus;
      ctx.globalAlpha = 0.05;
      ctx.fill();
      ctx.globalAlpha = 0.9;
      ctx.strokeStyle = theme.focus;
      ctx.lineWidth = 1.3;
      ctx.stroke();
      ctx.globalAlpha = 1;
      this.#onCircle(x, y, pixels, say("known_to", { count: number(n), distance: length(metres) }));
    }
  }

  #onCircle(x, y, radius, text) {
    const { ctx, theme } = this;
    ctx.font = `600 11px ${theme.sans}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.halo;
    ctx.fillStyle = theme.focus;
    ctx.strokeText(text, x, y - radius - 4);
    ctx.fillText(text, x, y - radius - 4);
  }

  /** The open record: a focus ring on its mark and, inside a donut, its own disc on the rim towards the true point. */
  selection(mark, x, y, row) {
    const { ctx, theme, view } = this;
    const radius = radiusOf(mark.n);
    circle(ctx, x, y, radius + 3.5);
    ctx.strokeStyle = theme.focus;
    ctx.lineWidth = 3;
    ctx.stroke();
    if (mark.n === 1) return;
    const dx = view.x(mark.trueX) - x;
    const dy = view.y(mark.trueY) - y;
    const distance = Math.hypot(dx, dy);
    const angle = distance > 4 ? Math.atan2(dy, dx) : -Math.PI / 4;
    this.#disc(x + radius * Math.cos(angle), y + radius * Math.sin(angle), row);
  }
}

/** Name of a mark's leading place, under it where there is room. */
export function drawMarkName(ctx, theme, name, x, y, radius, room) {
  ctx.font = `400 12px ${theme.sans}`;
  const width = ctx.measureText(name).width;
  const spots = [
    [x, y + radius + 15, "center"],
    [x + radius + 7, y + 4, "left"],
    [x - radius - 7, y + 4, "right"],
    [x, y - radius - 8, "center"],
  ];
  for (const [left, base, align] of spots) {
    const from = align === "center" ? left - width / 2 : align === "right" ? left - width : left;
    if (!room.take({ x: from - 2, y: base - 11, w: width + 4, h: 15 })) continue;
    ctx.textAlign = align;
    ctx.textBaseline = "alphabetic";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3.2;
    ctx.strokeStyle = theme.halo;
    ctx.strokeText(name, left, base);
    ctx.fillStyle = theme["map-ink"];
    ctx.fillText(name, left, base);
    return;
  }
}

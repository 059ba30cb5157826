/**
 * The ground: water, land, relief, administrative lines, rivers, and the graticule. Shapes are kept
 * as paths in world units around an origin and drawn by one transform, so that moving costs little.
 */

import { worldX, worldY } from "./mercator.js";
import { say } from "./words.js";

// Paths are kept in pixels of this zoom around the origin: fine enough for single precision at zoom 16.
const UNIT = 256 * 2 ** 8;
const RELIEF_BELOW = 11;
const PROVINCES = "admin_1_states_provinces_lines";

/** Turns GeoJSON geometries into one path around an origin given in 0..1. */
export class PathMaker {
  constructor([lon, lat]) {
    this.x0 = worldX(lon);
    this.y0 = worldY(lat);
  }

  /** One path over the geometries. */
  path(geometries) {
    const path = new Path2D();
    for (const geometry of geometries) if (geometry) this.#add(path, geometry);
    return path;
  }

  #add(path, { type, coordinates }) {
    if (type === "LineString") this.#line(path, coordinates, false);
    else if (type === "MultiLineString") for (const line of coordinates) this.#line(path, line, false);
    else if (type === "Polygon") for (const ring of coordinates) this.#line(path, ring, true);
    else if (type === "MultiPolygon") for (const polygon of coordinates) this.#add(path, { type: "Polygon", coordinates: polygon });
  }

  #line(path, points, isClosed) {
    points.forEach(([lon, lat], position) => {
      const x = (worldX(lon) - this.x0) * UNIT;
      const y = (worldY(lat) - this.y0) * UNIT;
      if (position) path.lineTo(x, y);
      else path.moveTo(x, y);
    });
    if (isClosed) path.closePath();
  }

  /** Draw in path units; `draw` gets the number of path units in one pixel. */
  within(ctx, view, draw) {
    const scale = view.size / UNIT;
    ctx.save();
    ctx.transform(scale, 0, 0, scale, view.x(this.x0), view.y(this.y0));
    draw(1 / scale);
    ctx.restore();
  }
}

/** Stroke a path kept by a PathMaker; width and dashes in pixels. */
export function strokePath(ctx, maker, view, path, { color, width, dash = [], alpha = 1 }) {
  maker.within(ctx, view, (pixel) => {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = color;
    ctx.lineWidth = width * pixel;
    ctx.lineJoin = "round";
    ctx.setLineDash(dash.map((length) => length * pixel));
    ctx.stroke(path);
  });
}

/** Fill a path kept by a PathMaker. */
export function fillPath(ctx, maker, view, path, color) {
  maker.within(ctx, view, () => {
    ctx.fillStyle = color;
    ctx.fill(path, "evenodd");
  });
}

/** The basemap; give it files as they come. */
export class Basemap {
  constructor(maker) {
    this.maker = maker;
    this.paths = {};
    this.relief = null;
  }

  /** Take in the features of a basemap layer by its role. */
  add(role, features) {
    const of = (name) => features.filter((each) => each.properties.layer === name).map((each) => each.geometry);
    if (role === "basemap_land") this.paths.land = this.maker.path(features.map((each) => each.geometry));
    if (role === "basemap_rivers") this.paths.rivers = this.maker.path(features.map((each) => each.geometry));
    if (role === "basemap_lines") {
      this.paths.farLand = this.maker.path(of("land"));
      this.paths.lakes = this.maker.path(of("lakes"));
      this.paths.provinces = this.maker.path(of(PROVINCES));
      this.paths.countries = this.maker.path(of("admin_0_boundary_lines_land"));
    }
  }

  /** Take in the relief: an image whose rows are Web Mercator. */
  addRelief(image, [west, south, east, north]) {
    this.relief = { image, box: [worldX(west), worldY(north), worldX(east), worldY(south)] };
  }

  draw(ctx, view, theme) {
    const { paths, maker } = this;
    ctx.fillStyle = Object.keys(paths).length ? theme["map-water"] : theme["map-land"];
    ctx.fillRect(0, 0, view.width, view.height);
    if (paths.farLand) fillPath(ctx, maker, view, paths.farLand, theme["map-land"]);
    if (paths.land) fillPath(ctx, maker, view, paths.land, theme["map-land"]);
    if (paths.lakes) fillPath(ctx, maker, view, paths.lakes, theme["map-water"]);
    if (this.relief && view.zoom < RELIEF_BELOW) this.#drawRelief(ctx, view, theme);
    this.open?.(ctx, view, theme);
    drawGraticule(ctx, view, theme);
    const line = (path, style) => path && strokePath(ctx, maker, view, path, { color: theme.adm, ...style });
    line(paths.provinces, { width: 0.8, dash: [4, 3], alpha: 0.75 });
    line(paths.countries, { width: 1.2, dash: [9, 3, 2, 3] });
    const far = view.zoom >= RELIEF_BELOW;
    line(paths.rivers, { color: theme.river, width: far ? 5 : 1.1, alpha: far ? 0.22 : 0.85 });
  }

  /** The relief made brighter by that factor, once: as a filter on every picture it took most of the time. */
  #lifted(factor) {
    const { image } = this.relief;
    if (!this.relief.lifted) {
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const ctx = canvas.getContext("2d");
      ctx.drawImage(image, 0, 0);
      // Added to itself in part: the same as `filter: brightness()`, which not every browser has on a canvas.
      ctx.globalCompositeOperation = "lighter";
      ctx.globalAlpha = Math.min(1, factor - 1);
      ctx.drawImage(image, 0, 0);
      this.relief.lifted = canvas;
    }
    return this.relief.lifted;
  }

  #drawRelief(ctx, view, theme) {
    const [x1, y1, x2, y2] = this.relief.box;
    ctx.save();
    ctx.globalAlpha = Number(theme.relief) || 0.4;
    ctx.globalCompositeOperation = theme.isDark ? "soft-light" : "multiply";
    // Lifted in the light scheme, so that plains stay paper.
    const image = theme.isDark ? this.relief.image : this.#lifted(Number(theme["relief-lift"]) || 1.3);
    ctx.drawImage(image, view.x(x1), view.y(y1), view.x(x2) - view.x(x1), view.y(y2) - view.y(y1));
    ctx.restore();
  }
}

/** Step of the graticule in minutes of arc: every 5' from zoom 11, else as much as keeps the lines apart. */
function stepOf(zoom) {
  if (zoom >= RELIEF_BELOW) return 5;
  return zoom >= 8 ? 15 : zoom >= 7 ? 30 : 60;
}

const spell = (minutes, positive, negative) => {
  const size = Math.abs(minutes);
  return `${Math.floor(size / 60)}°${String(size % 60).padStart(2, "0")}′ ${minutes < 0 ? negative : positive}`;
};

const lonOf = (view, x) => ((x + view.left) / view.size) * 360 - 180;
const latOf = (view, y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + view.top)) / view.size))) * 180) / Math.PI;

/** Whole steps of minutes between two degrees. */
function steps(from, to, minutes) {
  const found = [];
  for (let at = Math.ceil((from * 60) / minutes) * minutes; at <= to * 60; at += minutes) found.push(at);
  return found;
}

function drawGraticule(ctx, view, theme) {
  const step = stepOf(view.zoom);
  const lons = [lonOf(view, 0), lonOf(view, view.width)];
  const lats = [latOf(view, view.height), latOf(view, 0)];
  ctx.save();
  ctx.strokeStyle = theme.adm;
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = 0.8;
  ctx.setLineDash([1, 4]);
  ctx.beginPath();
  for (const at of steps(...lons, step)) {
    const x = Math.round(view.x(worldX(at / 60))) + 0.5;
    ctx.moveTo(x, 0);
    ctx.lineTo(x, view.height);
  }
  for (const at of steps(...lats, step)) {
    const y = Math.round(view.y(worldY(at / 60))) + 0.5;
    ctx.moveTo(0, y);
    ctx.lineTo(view.width, y);
  }
  ctx.stroke();
  ctx.restore();
}

/** The sheet's edge: ticks every minute from zoom 11, and the graticule's numbers. Drawn over the layers. */
export function drawNeatline(ctx, view, theme) {
  const lons = [lonOf(view, 0), lonOf(view, view.width)];
  const lats = [latOf(view, view.height), latOf(view, 0)];
  const ticks = view.zoom >= RELIEF_BELOW ? 1 : stepOf(view.zoom);
  ctx.save();
  ctx.strokeStyle = theme["map-ink"];
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = 0.8;
  ctx.beginPath();
  for (const at of steps(...lons, ticks)) {
    const x = view.x(worldX(at / 60));
    for (const [a, b] of [[0, 6], [view.height - 6, view.height]]) ctx.moveTo(x, a), ctx.lineTo(x, b);
  }
  for (const at of steps(...lats, ticks)) {
    const y = view.y(worldY(at / 60));
    for (const [a, b] of [[0, 6], [view.width - 6, view.width]]) ctx.moveTo(a, y), ctx.lineTo(b, y);
  }
  ctx.stroke();
  ctx.restore();
}

/** Numbers of the graticule, as labels to be placed: text, pixel, alignment. */
export function graticuleLabels(view) {
  const step = stepOf(view.zoom);
  const lons = steps(lonOf(view, 0), lonOf(view, view.width), step);
  const lats = steps(latOf(view, view.height), latOf(view, 0), step);
  return [
    ...lons.map((at) => ({ text: spell(at, say("east"), say("west")), x: view.x(worldX(at / 60)), y: 14, align: "center" })),
    ...lats.map((at) => ({ text: spell(at, say("north"), say("south")), x: view.width - 10, y: view.y(worldY(at / 60)) - 5, align: "right" })),
  ];
}

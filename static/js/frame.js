/** One frame of the map: ground, names and marks on two canvases, in the order of the printed sheet. */

import { drawNeatline, graticuleLabels } from "./basemap.js";
import { drawLineName, drawPlaces, drawSmall, Room } from "./labels.js";
import { drawMarkName, MarkPainter } from "./mark-drawing.js";
import { radiusOf } from "./marks.js";
import { View } from "./mercator.js";
import { say } from "./words.js";

/** A canvas in a pane of the map that always covers the map's element. */
export class Sheet {
  constructor(map, pane, zIndex) {
    this.map = map;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "map-canvas";
    this.canvas.setAttribute("aria-hidden", "true");
    map.createPane(pane).style.zIndex = zIndex;
    map.getPane(pane).append(this.canvas);
    this.ctx = this.canvas.getContext("2d");
  }

  /** Fit size and place to what is in view, and clear. */
  begin(view) {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
      Object.assign(this.canvas.style, { width: `${view.width}px`, height: `${view.height}px` });
    }
    L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.clearRect(0, 0, view.width, view.height);
    return this.ctx;
  }
}

const boxOf = (x, y, radius) => ({ x: x - radius - 2, y: y - radius - 2, w: 2 * radius + 4, h: 2 * radius + 4 });

/** What is drawn where in the frame that stands. */
export class Frame {
  constructor(engine) {
    this.engine = engine;
    this.view = new View(engine.leaflet);
    this.marks = engine.marks?.inView(this.view) ?? [];
    for (const mark of this.marks) this.#settle(mark);
  }

  /** Pixel of a mark, and the row of a single one. */
  #settle(mark) {
    const { marks } = this.engine;
    mark.px = this.view.x(mark.x);
    mark.py = this.view.y(mark.y);
    mark.radius = radiusOf(mark.n);
    if (mark.n === 1) mark.row = marks.rowsOf(mark)[0];
  }

  draw() {
    const { engine, view } = this;
    const { theme } = engine;
    if (engine.groundStale) this.#drawGround();
    const ctx = engine.markSheet.begin(view);
    const obstacles = this.marks.map((mark) => boxOf(mark.px, mark.py, mark.radius));
    const painter = engine.dataset_ ? new MarkPainter(ctx, view, theme, engine.dataset_) : null;
    if (painter) this.#drawRadii(painter);
    this.#drawNames(ctx, obstacles);
    engine.sites?.draw(ctx, view, theme, obstacles);
    if (painter) this.#drawMarks(painter);
    drawNeatline(ctx, view, theme);
  }

  drawMarksAlone() {
    const { engine, view } = this;
    this.#drawMarks(new MarkPainter(engine.markSheet.begin(view), view, engine.theme, engine.dataset_));
  }

  #drawGround() {
    const { engine, view } = this;
    const ctx = engine.groundSheet.begin(view);
    engine.basemap.draw(ctx, view, engine.theme);
    engine.ground.draw(ctx, view, engine.theme);
    engine.groundStale = false;
  }

  #drawNames(ctx, obstacles) {
    const { engine, view } = this;
    const { theme } = engine;
    // Crossings take their room before names do, so that no name runs into a symbol.
    const sites = engine.sites?.place(view, obstacles).map((site) => boxOf(site.x, site.y, site.half)) ?? [];
    const room = new Room([...obstacles, ...sites]);
    const named = this.#nameMarks(ctx, room);
    drawLineName(ctx, view, theme, engine.ground.linePixels(view), room);
    if (engine.namesVisible) drawPlaces(ctx, view, theme, engine.places, room, named);
    drawSmall(ctx, theme, [...graticuleLabels(view), ...this.#areaNames()], room);
  }

  #nameMarks(ctx, room) {
    const { engine, view } = this;
    const named = new Set();
    const { places } = engine.dataset_?.manifest ?? {};
    for (const mark of this.marks.slice(0, 60)) {
      mark.place ??= mark.n === 1 ? places[engine.dataset_.place[mark.row]] : engine.marks.leadingPlace(mark);
      if (!engine.namesVisible || named.has(mark.place)) continue;
      named.add(mark.place);
      drawMarkName(ctx, engine.theme, engine.nameOf(mark.place), mark.px, mark.py, mark.radius, room);
    }
    return view.zoom < 7 ? new Set() : named;
  }

  #areaNames() {
    return this.engine.ground.chosenAreas.map(({ name, geometry }) => {
      const points = geometry.coordinates[0].map((point) => this.view.point(point));
      const [x, y] = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[1]))];
      return { text: say("area_filter", { name }), x: x + 4, y: y + 14, align: "left" };
    });
  }

  #drawRadii(painter) {
    const { engine, view } = this;
    for (const mark of this.marks) if (mark.n === 1) painter.radius(mark.px, mark.py, mark.row, false);
    const row = engine.selectedRow;
    if (row >= 0) painter.radius(view.x(engine.marks.wx[row]), view.y(engine.marks.wy[row]), row, true);
    const opened = this.marks.find((mark) => engine.openedMark && mark.cells.includes(engine.openedMark.cells[0]));
    if (opened) painter.precisions(opened.px, opened.py, engine.describeMark(opened).rows);
  }

  #drawMarks(painter) {
    const { engine } = this;
    for (const mark of [...this.marks].reverse()) painter.draw(mark, mark.px, mark.py, mark.row);
    const row = engine.selectedRow;
    const holding = row >= 0 && engine.marks.holding(this.marks, row);
    if (!holding) return;
    Object.assign(holding, { trueX: engine.marks.wx[row], trueY: engine.marks.wy[row] });
    painter.selection(holding, holding.px, holding.py, row);
  }
}

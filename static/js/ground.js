/** Lines and areas of the reference layers, over the basemap and under everything that has a name. */

import { fillPath, strokePath } from "./basemap.js";
import { label } from "./words.js";

/** How each role is drawn; widths and dashes in pixels. The line is the only strong stroke of the map. */
const STYLES = {
  band: { fill: "band", stroke: { color: "line", width: 0.8, alpha: 0.35 } },
  alternative: { stroke: { color: "ink-faint", width: 1.4, dash: [1.5, 3.5] } },
  segments: { stroke: { color: "line", width: 1.2, alpha: 0.8 } },
  areas: { stroke: { color: "ink-faint", width: 1, dash: [1.5, 3] } },
  line: { stroke: { color: "line", width: 2.5, dash: [8, 5] } },
};
const ORDER = ["band", "areas", "alternative", "segments", "line"];

/** The reference layers that are drawn as shapes. */
export class Ground {
  constructor(maker) {
    this.maker = maker;
    /** @type {Map<string, {role: string, visible: boolean, features: object[], path: Path2D}>} */
    this.layers = new Map();
    /** Areas that a filter asks for; they are outlined even when their layer is off. */
    this.chosenAreas = [];
  }

  /** Whether a role is drawn by this class. */
  static draws(role) {
    return role in STYLES;
  }

  add(name, role, visible, features) {
    const path = this.maker.path(features.map((each) => each.geometry));
    this.layers.set(name, { role, visible, features, path });
  }

  show(name, visible) {
    if (this.layers.has(name)) this.layers.get(name).visible = visible;
  }

  /** Outline these areas, by id; tells whether that changes what is drawn. */
  chooseAreas(ids) {
    const before = this.chosenAreas.map((area) => area.id).join();
    const areas = [...this.layers.values()].filter((layer) => layer.role === "areas");
    this.chosenAreas = areas
      .flatMap((layer) => layer.features)
      .filter((feature) => ids.includes(feature.properties.id))
      .map(({ properties: { id, name }, geometry }) => ({ id, name: label(name), geometry, path: this.maker.path([geometry]) }));
    return this.chosenAreas.map((area) => area.id).join() !== before;
  }

  draw(ctx, view, theme) {
    for (const role of ORDER) {
      for (const layer of this.layers.values()) {
        if (layer.role === role && layer.visible) this.#drawLayer(ctx, view, theme, layer);
      }
    }
    for (const area of this.chosenAreas) {
      strokePath(ctx, this.maker, view, area.path, { color: theme["ink-soft"], width: 1, dash: [1.5, 3] });
    }
  }

  #drawLayer(ctx, view, theme, { role, path }) {
    const { fill, stroke } = STYLES[role];
    if (fill) fillPath(ctx, this.maker, view, path, theme[fill]);
    strokePath(ctx, this.maker, view, path, { ...stroke, color: theme[stroke.color] });
  }

  /** Pixels of the points of the line, for its label; empty when it is off. */
  linePixels(view) {
    const line = [...this.layers.values()].find((layer) => layer.role === "line" && layer.visible);
    const geometry = line?.features[0]?.geometry;
    return geometry?.type === "LineString" ? geometry.coordinates.map((point) => view.point(point)) : [];
  }
}

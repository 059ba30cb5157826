/** The operator's raster tiles, below all that is drawn; where they lie, the ground leaves out what it fills. */

import { readConfig } from "./layer-files.js";
import { worldX, worldY } from "./mercator.js";

const DIMMED = "brightness(0.7)";

function addTiles(engine, { url, minZoom, maxZoom, bounds, referrer }) {
  const { leaflet, basemap } = engine;
  const [west, south, east, north] = bounds ?? [-180, -85, 180, 85];
  const pane = leaflet.createPane("tiles");
  pane.style.zIndex = 150;
  const layer = L.tileLayer(url, {
    pane: "tiles",
    minZoom,
    maxNativeZoom: maxZoom,
    maxZoom: leaflet.getMaxZoom(),
    bounds: [[south, west], [north, east]],
    referrerPolicy: referrer,
  });
  let isThere = false;
  // Until one has come (and without a network, none does) the ground stays whole.
  layer.once("tileload", () => {
    isThere = true;
    engine.redraw();
  });
  basemap.open = (ctx, view, theme) => {
    pane.style.filter = theme.isDark ? DIMMED : "";
    if (!isThere || !leaflet.hasLayer(layer) || Math.round(view.zoom) < minZoom) return;
    const [x, y] = [view.x(worldX(west)), view.y(worldY(north))];
    ctx.clearRect(x, y, view.x(worldX(east)) - x, view.y(worldY(south)) - y);
  };
  layer.addTo(leaflet);
  document.getElementById("tiles-shown")?.addEventListener("change", ({ target }) => {
    if (target.checked) layer.addTo(leaflet);
    else layer.remove();
    engine.redraw();
  });
}

/** After the first marks, like every other layer. */
async function begin(engine) {
  await engine.dataset.then(() => engine.firstMarks, () => null);
  addTiles(engine, readConfig().tiles);
}

if (window.boundaryMap) begin(window.boundaryMap);
else document.addEventListener("boundarymap:ready", ({ detail }) => begin(detail.map), { once: true });

/**
 * The engine: hangs basemap, layers and incidents onto the Leaflet map that the folium script made.
 * The page drives it by `setFilters`, `setDay`, `select`; it answers with events and never touches the address.
 */

import { Basemap, PathMaker } from "./basemap.js";
import { compile, loadDataset } from "./data.js";
import { Frame, Sheet } from "./frame.js";
import { Ground } from "./ground.js";
import { LayerFiles, readConfig } from "./layer-files.js";
import { MarkButtons } from "./mark-buttons.js";
import { Marks } from "./marks.js";
import { onThemeChange, readTheme } from "./theme.js";
import { label, length, number, say, sayCount } from "./words.js";

const REST_MS = 120;
const CLOSEST = 14;

export class BoundaryMap extends EventTarget {
  /** @param {L.Map} leaflet */
  constructor(leaflet, { bounds }) {
    super();
    const [west, south, east, north] = bounds;
    this.leaflet = leaflet;
    this.theme = readTheme();
    const maker = new PathMaker([(west + east) / 2, (south + north) / 2]);
    this.basemap = new Basemap(maker);
    this.ground = new Ground(maker);
    this.groundSheet = new Sheet(leaflet, "ground", 200);
    this.markSheet = new Sheet(leaflet, "marks", 450);
    this.buttons = new MarkButtons(leaflet, { label: say("marks"), onOpen: (id, origin) => this.#open(id, origin) });
    this.places = [];
    this.namesVisible = true;
    this.selectedKey = null;
    this.filters = {};
    this.day = null;
    this.firstMarks = new Promise((resolve) => (this.marksDrawn = resolve));
    // Below, the names under the marks and the line of credits need room.
    leaflet.fitBounds([[south, west], [north, east]], { paddingTopLeft: [24, 24], paddingBottomRight: [24, 48], animate: false });
    leaflet.setMaxBounds([[south - 4, west - 6], [north + 4, east + 6]]);
    this.#addScale();
    this.#listen();
  }

  /** Leaflet's own controls speak English. */
  #addScale() {
    const scale = L.control.scale({ imperial: false, maxWidth: 90, position: "bottomleft" });
    scale._updateMetric = (most) => {
      const metres = scale._getRoundNum(most);
      scale._updateScale(scale._mScale, length(metres), metres / most);
    };
    scale.addTo(this.leaflet);
    for (const way of ["in", "out"]) {
      const button = this.leaflet.getContainer().querySelector(`.leaflet-control-zoom-${way}`);
      if (button) button.title = button.ariaLabel = say(`zoom_${way}`);
    }
  }

  #listen() {
    this.leaflet.on("move zoom viewreset resize", () => this.redraw());
    this.leaflet.on("moveend zoomend resize", () => {
      this.#rest();
      this.#tell("viewchange", this.view);
    });
    // The stage grows and shrinks with panels and sheets, and at first with the style sheets themselves.
    new ResizeObserver(() => this.leaflet.invalidateSize({ pan: false, animate: false })).observe(this.leaflet.getContainer());
    onThemeChange(() => {
      this.theme = readTheme();
      this.redraw();
    });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Say on the console of the page's maker that a part is missing; the rest of the map goes on. */
  report(what, error) {
    console.warn(what, error);
    this.#tell("failed", { what });
  }

  /** Load the reference layers that the page's configuration names. */
  addReferenceLayers() {
    this.files = new LayerFiles(this, readConfig());
    this.files.load();
  }

  /** Load the incidents; `dataset` is settled when the newest chunk is there. */
  addIncidents(manifestUrl, chunkUrl) {
    this.dataset = loadDataset({ manifestUrl, chunkUrl, onChunk: () => this.#extend() }).then((dataset) => {
      this.dataset_ = dataset;
      this.marks = new Marks(dataset);
      this.setFilters(this.filters);
      return dataset;
    });
    this.dataset.catch((error) => this.report(say("the_incidents"), error));
  }

  /** Tell the page that the map stands. */
  announce() {
    window.boundaryMap = this;
    document.dispatchEvent(new CustomEvent("boundarymap:ready", { detail: { map: this } }));
  }

  #extend() {
    // A chunk from a cache can be there before the marks are; they begin with every row that is loaded.
    if (!this.marks) return;
    this.marks.extend();
    this.setFilters(this.filters);
  }

  /** Show what these filters find. */
  setFilters(filters) {
    this.filters = filters;
    this.openedMark = null;
    const onGround = this.ground.chooseAreas(filters.area ?? []);
    if (onGround) this.redraw();
    if (!this.marks) return;
    performance.mark("refilter-start");
    this.marks.filter(compile(this.dataset_, filters));
    performance.measure("refilter", "refilter-start");
    this.redrawMarks();
  }

  /** Show the states of the crossings on a day (since 1970-01-01). */
  setDay(day) {
    this.day = day;
    this.sites?.setDay(day);
    this.redrawMarks();
  }

  /** Take in the crossings and posts. */
  addSites(sites, visible) {
    this.sites = sites;
    sites.setVisible(visible);
    sites.setDay(this.day ?? Math.floor(Date.now() / 86400000));
  }

  /** Mark the open record; null: none. */
  select(key) {
    this.selectedKey = key;
    this.redrawMarks();
  }

  get selectedRow() {
    return this.selectedKey === null || !this.dataset_ ? -1 : this.dataset_.rowOf(this.selectedKey);
  }

  /** Show or hide a reference layer by name. */
  showLayer(name, visible) {
    return this.files.show(name, visible);
  }

  layersChanged() {
    this.ground.chooseAreas(this.filters.area ?? []);
    this.redraw();
    this.#tell("layerchange", {});
  }

  get view() {
    const { lat, lng } = this.leaflet.getCenter();
    return { lat, lon: lng, zoom: this.leaflet.getZoom() };
  }

  set view({ lat, lon, zoom }) {
    this.leaflet.setView([lat, lon], zoom, { animate: false });
  }

  /** Draw everything before the next picture, once however often it is asked. */
  redraw() {
    this.groundStale = true;
    this.redrawMarks();
  }

  /** Draw marks and names alone: while a range is dragged the ground stays, and it costs the most. */
  redrawMarks() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.frame = new Frame(this);
      if (this.marks && !this.hasMarks) this.#drawFirstMarks();
      else this.frame.draw();
      this.#rest();
      this.#tell("drawn", {});
    });
  }

  /** The marks alone; ground and names cost more and follow in the next picture. */
  #drawFirstMarks() {
    this.hasMarks = true;
    this.frame.drawMarksAlone();
    this.redraw();
    performance.measure("first-marks", { start: 0, end: performance.now() });
    // Whoever waited counts and lays out the page; the next picture comes first.
    requestAnimationFrame(() => setTimeout(this.marksDrawn));
  }

  /** When nothing moves, put real buttons over what is drawn. */
  #rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.frame && this.buttons.show(this.#items()), REST_MS);
  }

  #items() {
    const { marks, view } = this.frame;
    const shown = marks.filter((mark) => view.holds(mark.px, mark.py));
    const items = shown.map((mark) => ({
      id: `m${mark.cells[0]}`,
      x: mark.px,
      y: mark.py,
      radius: mark.radius,
      label: this.#labelOf(mark),
      mark,
    }));
    const sites = this.sites?.buttons(view) ?? [];
    this.atRest = new Map(items.map((item) => [item.id, item.mark]));
    return [...items, ...sites.map((site) => ({ ...site, id: `s${site.id}`, radius: 9 }))];
  }

  /** "27 incidents, 21 detentions, near Khurvaleti" */
  #labelOf(mark) {
    const { manifest, category } = this.dataset_;
    const place = mark.place ?? this.marks.leadingPlace(mark);
    if (mark.n === 1) return say("one_mark", { category: label(manifest.categories[category[mark.row]].label), place: this.nameOf(place) });
    const most = mark.groups.indexOf(Math.max(...mark.groups));
    const values = { most: number(mark.groups[most]), group: label(manifest.groups[most].label), place: this.nameOf(place) };
    return sayCount("mark", mark.n, values);
  }

  /** The reader's name of a place that the columns name in English. */
  nameOf(place) {
    return this.places.find((each) => each.name_en === place)?.name ?? place;
  }

  /** What a mark says of itself; kept until filters, zoom or rows change. */
  describeMark(mark) {
    mark.said ??= this.marks.describe(mark);
    return mark.said;
  }

  #open(id, origin) {
    if (id.startsWith("s")) {
      this.#tell("site", { feature: this.sites.at(id.slice(1)), state: this.sites.stateOf?.(id.slice(1)), day: this.day, origin });
      return;
    }
    const mark = this.atRest.get(id);
    // Filters may have taken away what the button was put on.
    if (!this.marks.rowsOf(mark).length) return;
    const { rows, place, bbox, separates } = this.describeMark(mark);
    const apart = separates && this.leaflet.getZoom() < CLOSEST;
    this.openedMark = mark.n > 1 && !apart ? mark : null;
    if (apart) this.#zoomTo(bbox);
    this.redrawMarks();
    this.#tell("mark", {
      keys: rows.map((row) => this.dataset_.key[row]),
      place,
      point: { x: mark.px, y: mark.py },
      origin,
      separates: apart,
    });
  }

  #zoomTo([west, south, east, north]) {
    const before = this.leaflet.getZoom();
    this.leaflet.fitBounds([[south, west], [north, east]], { padding: [80, 80], maxZoom: CLOSEST, animate: false });
    // A wide cluster may fit already; one step nearer tells more apart than none.
    if (this.leaflet.getZoom() <= before) {
      this.leaflet.setView([(south + north) / 2, (west + east) / 2], before + 1, { animate: false });
    }
  }
}

/** Put the engine on a Leaflet map; the folium script calls this. */
export function createBoundaryMap(leaflet, options) {
  return new BoundaryMap(leaflet, options);
}

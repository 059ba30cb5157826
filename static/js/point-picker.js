/**
 * A point picked on a small map: click, drag the cross, or move it by the arrow keys. It only fills in the
 * fields for latitude and longitude; without this script they are typed.
 */

import { Basemap, drawNeatline, PathMaker } from "./basemap.js";
import { fold } from "./folding.js";
import { Sheet } from "./frame.js";
import { Ground } from "./ground.js";
import { drawPlaces, labelPlaces, Room } from "./labels.js";
import { pixelsOf, View } from "./mercator.js";
import { onThemeChange, readTheme } from "./theme.js";

const STEP_PX = 4;
const SHIFT_STEPS = 10;
const NEAR_ZOOM = 11.5;
const DECIMALS = 5;
const ROLES = new Set(["basemap_land", "basemap_lines", "basemap_rivers", "places"]);
const RADII = { exact: 50, village: 1500, area: 5000, region: 25000 };
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class PointPicker {
  constructor(figure) {
    this.figure = figure;
    this.config = JSON.parse(figure.dataset.config);
    this.fields = { lat: document.getElementById("f-latitude"), lng: document.getElementById("f-longitude") };
    this.precision = document.getElementById("f-location_precision");
    this.cross = document.getElementById("picker-cross");
    this.said = document.getElementById("picker-said");
    figure.hidden = false;
    this.map = L.map("picker-map", { attributionControl: false, zoomAnimation: false, zoomSnap: 0.25, minZoom: 6, maxZoom: 16, keyboard: false });
    this.#begin();
    this.theme = readTheme();
    this.sheet = new Sheet(this.map, "ground", 200);
    this.radius = Object.assign(document.createElement("div"), { className: "picker-radius" });
    this.map.getContainer().append(this.radius, this.cross);
    this.places = [];
    this.named = new Map();
    this.place = document.getElementById("f-place");
    this.#listen();
    this.#load();
    this.draw();
  }

  /** Show the point of the fields, else that of the named place, else the whole line. */
  #begin() {
    const { longitude, latitude, bounds } = this.figure.dataset;
    this.derived = longitude ? L.latLng(Number(latitude), Number(longitude)) : null;
    const [west, south, east, north] = bounds.split(" ").map(Number);
    const maker = new PathMaker([(west + east) / 2, (south + north) / 2]);
    this.basemap = new Basemap(maker);
    this.ground = new Ground(maker);
    const first = this.point;
    if (first) this.map.setView(first, NEAR_ZOOM);
    else this.map.fitBounds([[south, west], [north, east]]);
  }

  /** The point typed or picked; null where none can be read. */
  get typed() {
    const [lat, lng] = [this.fields.lat.value.trim(), this.fields.lng.value.trim()];
    const isPoint = lat && lng && Math.abs(Number(lat)) <= 90 && Math.abs(Number(lng)) <= 180;
    return isPoint ? L.latLng(Number(lat), Number(lng)) : null;
  }

  get point() {
    const blank = !this.fields.lat.value.trim() && !this.fields.lng.value.trim();
    return this.typed ?? (blank ? this.derived : null);
  }

  set point({ lat, lng }) {
    this.fields.lat.value = lat.toFixed(DECIMALS);
    this.fields.lng.value = lng.toFixed(DECIMALS);
    this.draw();
  }

  #listen() {
    this.map.on("click", (event) => this.#pick(event.latlng));
    this.map.on("move zoom viewreset resize", () => this.draw());
    for (const field of [...Object.values(this.fields), this.precision]) field.addEventListener("input", () => this.#follow());
    this.place.addEventListener("change", () => this.#goTo());
    this.cross.addEventListener("keydown", (event) => this.#key(event));
    this.cross.addEventListener("pointerdown", (event) => this.#drag(event));
    L.DomEvent.disableClickPropagation(this.cross);
    onThemeChange(() => {
      this.theme = readTheme();
      this.draw();
    });
    new ResizeObserver(() => this.map.invalidateSize({ pan: false })).observe(this.map.getContainer());
  }

  #pick(latlng) {
    this.point = latlng;
    this.#say();
  }

  #say() {
    this.said.textContent = `Point at ${this.fields.lat.value}, ${this.fields.lng.value}.`;
  }

  /** Keep a typed point in view. */
  #follow() {
    const { typed } = this;
    if (typed && !this.map.getBounds().contains(typed)) this.map.setView(typed, Math.max(this.map.getZoom(), 9));
    this.draw();
  }

  /** Show the place that was typed, where its name is known: the cross is moved from there. */
  #goTo() {
    this.derived = this.named.get(fold(this.place.value)) ?? null;
    if (this.derived && !this.typed) this.map.setView(this.derived, NEAR_ZOOM, { animate: false });
    this.said.textContent = this.derived ? "The map shows the named place." : "";
    this.draw();
  }

  /** Places by their names; a name that two of them have stands for none. */
  #name(features) {
    for (const { geometry, properties } of features) {
      const { name_en: english, name_ka: georgian, name_ru: russian, name_os: ossetian, aliases = [] } = properties;
      const point = geometry && L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
      for (const name of new Set([english, georgian, russian, ossetian, ...aliases].filter(Boolean).map(fold))) {
        this.named.set(name, this.named.has(name) ? null : point);
      }
    }
    if (!this.point) this.#goTo();
  }

  #key(event) {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const far = STEP_PX * (event.shiftKey ? SHIFT_STEPS : 1);
    const from = this.map.latLngToContainerPoint(this.point ?? this.map.getCenter());
    this.point = this.map.containerPointToLatLng(from.add([move[0] * far, move[1] * far]));
    if (!this.map.getBounds().pad(-0.1).contains(this.point)) this.map.panTo(this.point, { animate: false });
    this.#say();
  }

  #drag(event) {
    event.preventDefault();
    this.cross.focus();
    this.cross.setPointerCapture(event.pointerId);
    const move = (at) => (this.point = this.map.mouseEventToLatLng(at));
    this.cross.addEventListener("pointermove", move);
    this.cross.addEventListener("pointerup", () => {
      this.cross.removeEventListener("pointermove", move);
      this.#say();
    }, { once: true });
  }

  #load() {
    for (const layer of this.config.layers) {
      if (ROLES.has(layer.role) || (Ground.draws(layer.role) && layer.visible)) this.#fetch(layer);
    }
  }

  async #fetch(layer) {
    try {
      const { features } = await (await fetch(layer.url)).json();
      if (Ground.draws(layer.role)) this.ground.add(layer.name, layer.role, true, features);
      else if (layer.role === "places") {
        this.places = labelPlaces(features);
        this.#name(features);
      }
      else this.basemap.add(layer.role, features);
      this.draw();
    } catch (error) {
      console.warn(`${layer.title} could not be loaded`, error);
    }
  }

  /** Draw everything before the next picture, once however often it is asked. */
  draw() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.#frame();
    });
  }

  #frame() {
    const view = new View(this.map);
    const ctx = this.sheet.begin(view);
    this.basemap.draw(ctx, view, this.theme);
    this.ground.draw(ctx, view, this.theme);
    drawPlaces(ctx, view, this.theme, this.places, new Room([this.#placeCross(view)]), new Set());
    drawNeatline(ctx, view, this.theme);
  }

  /** The cross at the point, or in the middle while there is none; gives the room that it takes. */
  #placeCross(view) {
    const { point } = this;
    const { x, y } = this.map.latLngToContainerPoint(point ?? this.map.getCenter());
    Object.assign(this.cross.style, { left: `${x}px`, top: `${y}px` });
    this.cross.classList.toggle("is-derived", !this.typed);
    this.cross.setAttribute("aria-label", this.#told());
    const size = point ? 2 * pixelsOf(RADII[this.precision.value] ?? 0, point.lat, view.zoom) : 0;
    Object.assign(this.radius.style, { left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` });
    this.radius.hidden = !size;
    return { x: x - 12, y: y - 12, w: 24, h: 24 };
  }

  #told() {
    const { typed, derived } = this;
    if (typed) return `Point at ${typed.lat.toFixed(DECIMALS)}, ${typed.lng.toFixed(DECIMALS)}`;
    return derived ? "Point of the named place; move it to state another" : "No point yet; move the cross to state one";
  }
}

const figure = document.getElementById("picker");
if (figure) window.pointPicker = new PointPicker(figure);

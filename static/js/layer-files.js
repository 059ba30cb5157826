/** Fetches the files of the reference layers and gives each to the part that draws it. */

import { Ground } from "./ground.js";
import { labelPlaces } from "./labels.js";
import { label } from "./words.js";

/** What the page tells of the layers; texts in it were written by people and only ever become text. */
export function readConfig() {
  return JSON.parse(document.getElementById("map-config").dataset.config);
}

async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** Where each role goes. All wait for the first marks (or for their failure), because reading them takes as long. */
export class LayerFiles {
  constructor(engine, config) {
    this.engine = engine;
    this.config = config;
    this.visible = new Map(config.layers.map((layer) => [layer.name, layer.visible]));
  }

  /** Load everything that is drawn at first; a layer that is off waits until it is asked for. */
  async load() {
    await this.engine.dataset.then(() => this.engine.firstMarks, () => null);
    for (const layer of this.config.layers) {
      if (layer.role === "relief") this.#loadRelief(layer);
      else if (this.visible.get(layer.name) || layer.role === "areas") this.#load(layer);
    }
  }

  /** Show or hide a layer by name. */
  async show(name, visible) {
    const layer = this.config.layers.find((each) => each.name === name);
    if (!layer) return;
    this.visible.set(name, visible);
    await this.#load(layer);
    this.engine.ground.show(name, visible);
    if (layer.role === "checkpoints") this.engine.sites?.setVisible(visible);
    if (layer.role === "places") this.engine.namesVisible = visible;
    this.engine.redraw();
  }

  #load(layer) {
    layer.loaded ??= this.#fetch(layer).catch((error) => this.engine.report(label(layer.title), error));
    return layer.loaded;
  }

  async #fetch(layer) {
    const { engine } = this;
    if (layer.role === "relief") return;
    if (layer.role === "checkpoints") {
      await this.#fetchSites(layer);
    } else {
      const { features } = await fetchJson(layer.url);
      if (Ground.draws(layer.role)) engine.ground.add(layer.name, layer.role, this.visible.get(layer.name), features);
      else if (layer.role === "places") engine.places = labelPlaces(features);
      else engine.basemap.add(layer.role, features);
    }
    engine.layersChanged();
  }

  async #fetchSites(layer) {
    const [{ Sites }, { features }, runs] = await Promise.all([
      import("./sites.js"),
      fetchJson(layer.url),
      fetchJson(this.config.crossings),
    ]);
    this.engine.addSites(new Sites(features, runs), this.visible.get(layer.name));
  }

  async #loadRelief(layer) {
    if (!layer.visible || !layer.bounds) return;
    try {
      // A bitmap: an image would be unpacked anew, between two pictures, when it is drawn.
      const image = await createImageBitmap(await (await fetch(layer.url)).blob());
      this.engine.basemap.addRelief(image, layer.bounds);
      this.engine.redraw();
    } catch (error) {
      this.engine.report(label(layer.title), error);
    }
  }
}

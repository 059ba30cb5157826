/** Web Mercator in plain numbers: the whole world is 0..1 on both axes; y grows to the south. */

export const TILE = 256;
const EARTH_M = 40075016.686;

/** Position 0..1 of a longitude in degrees. */
export const worldX = (lon) => (lon + 180) / 360;

/** Position 0..1 of a latitude in degrees. */
export function worldY(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/** Pixels of the whole world at a zoom, which may be a fraction. */
export const worldSize = (zoom) => TILE * 2 ** zoom;

/** Pixels that a length in metres takes at a latitude and zoom. */
export function pixelsOf(metres, lat, zoom) {
  return (metres / (EARTH_M * Math.cos((lat * Math.PI) / 180))) * worldSize(zoom);
}

/** What is in view: maps positions 0..1 to pixels from the upper left corner of the map's element. */
export class View {
  /** @param {L.Map} map */
  constructor(map) {
    const { x, y } = map.getSize();
    this.width = x;
    this.height = y;
    this.zoom = map.getZoom();
    this.size = worldSize(this.zoom);
    const corner = map.project(map.getCenter(), this.zoom);
    this.left = corner.x - x / 2;
    this.top = corner.y - y / 2;
    this.lat = map.getCenter().lat;
  }

  /** Pixel column of a position 0..1. */
  x(world) {
    return world * this.size - this.left;
  }

  /** Pixel row of a position 0..1. */
  y(world) {
    return world * this.size - this.top;
  }

  /** Pixel of a longitude and latitude. */
  point([lon, lat]) {
    return [this.x(worldX(lon)), this.y(worldY(lat))];
  }

  /** Whether a pixel lies in view, with a margin in pixels. */
  holds(x, y, margin = 0) {
    return x >= -margin && y >= -margin && x <= this.width + margin && y <= this.height + margin;
  }
}

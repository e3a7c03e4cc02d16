/**
 * What a page says to a map, and what the city says about its base map. The data classes of `souto/foundation/ui/maps.py` are the same
 * things on the server. Degrees are WGS 84, always `{lat, lng}` here; only GeoJSON has them the other way round.
 */
import type { FeatureCollection } from "geojson";

export interface Point {
  lat: number;
  lng: number;
}

export interface Bounds {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** What a shape means, as a colour of the design tokens. */
export type Tone = "key" | "error" | "success" | "warning" | "muted";
export type Shape = "pin" | "circle" | "square" | "diamond" | "triangle";

export interface MarkerOptions extends Point {
  /** Said by screen readers and shown beside the shape. */
  label?: string;
  shape?: Shape;
  /** One or two characters in the shape. */
  letter?: string;
  tone?: Tone;
  /** What it stands for: shown again under the same key, it moves. */
  key?: string;
  /** Where a press leads; makes the marker a link. */
  url?: string;
  draggable?: boolean;
}

export interface LineOptions {
  /** `[lat, lng]` pairs. */
  points: [number, number][];
  tone?: Tone;
  label?: string;
  dashed?: boolean;
}

export interface PolygonOptions {
  /** The outline as `[lat, lng]` pairs. */
  points: [number, number][];
  tone?: Tone;
  label?: string;
}

/** `MapContent.as_json()` of the server. */
export interface MapContent {
  markers: MarkerOptions[];
  lines: LineOptions[];
  polygons: PolygonOptions[];
  fit: boolean;
  max_zoom: number;
}

export type Texts = Record<string, string>;

/** `BaseMap.as_json()` of the server. */
export interface BaseMap {
  kind: "raster" | "style" | "sketch";
  source: string;
  bounds: Bounds;
  /** Where a map begins; the middle of the bounds where a city names none. */
  center: Point | null;
  min_zoom: number;
  max_zoom: number;
  tile_zoom: number;
  attribution: Texts;
  attribution_url: string;
  sketch: FeatureCollection;
}

export interface MapOptions {
  base: BaseMap;
  /** Where `map-worker.js` lies: a worker of our own origin, which the content security policy wants. */
  worker: string;
  /** `ja`, `ja-easy` or `en`: the language of the labels. */
  language: string;
  /** The accessible name. */
  label: string;
  /** Id of a text that says how the keys work. */
  describedBy?: string;
  /** False: a picture of the place, which nothing moves. */
  interactive?: boolean;
  /** What the map shows at first; the city when left out. */
  bounds?: Bounds;
}

/** The browser draws no WebGL 2, or the base map did not come. The page goes on without the map. */
export class MapUnavailableError extends Error {}

/** Within the box or on its edge. */
export function holds(box: Bounds, { lat, lng }: Point): boolean {
  return lat >= box.south && lat <= box.north && lng >= box.west && lng <= box.east;
}

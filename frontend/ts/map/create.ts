import type { FeatureCollection } from "geojson";
import { GeoJSONSource, type LayerSpecification, Map as LibreMap, Marker, setWorkerUrl } from "maplibre-gl";
import {
  type Bounds, holds, type LineOptions, type MapContent, type MapOptions, MapUnavailableError, type MarkerOptions, type Point, type PolygonOptions,
} from "./api";
import { styleOf } from "./base";
import { token, toneColour } from "./colours";
import { listenToKeys } from "./keyboard";
import { MarkerLabels } from "./labels";
import { markerElement } from "./markers";

/** Layers without the source that `setData` gives them. */
export type DataLayer = LayerSpecification extends infer L ? (L extends { source: string } ? Omit<L, "source"> : never) : never;

/** A marker on the map. */
export interface PlacedMarker {
  readonly element: HTMLElement;
  move(to: Point): void;
  remove(): void;
}

const GAP = 48;

/** A map on a page. Everything that it can do without knowing MapLibre; `libre` is there for what is missing. */
export class CityMap {
  readonly libre: LibreMap;
  private readonly view: HTMLElement;
  private readonly labels: MarkerLabels;
  private readonly takers: ((point: Point) => void)[] = [];
  private readonly shown = new Map<string, { placed: PlacedMarker; look: string }>();

  constructor(libre: LibreMap, view: HTMLElement, interactive: boolean) {
    this.libre = libre;
    this.view = view;
    this.labels = new MarkerLabels(libre);
    if (!interactive) return;
    const take = (point: Point): void => {
      for (const taker of this.takers) taker(point);
    };
    libre.on("click", (event) => take({ lat: event.lngLat.lat, lng: event.lngLat.lng }));
    listenToKeys(libre, view, view.parentElement ?? view, take);
    // The wheel belongs to the page until somebody is at work in the map.
    view.addEventListener("focusin", () => libre.scrollZoom.enable());
    view.addEventListener("focusout", () => libre.scrollZoom.disable());
  }

  /** `taker` hears of each place that is tapped, or taken with Enter under the cross. */
  onTake(taker: (point: Point) => void): void {
    this.takers.push(taker);
  }

  addMarker(options: MarkerOptions, dropped?: (point: Point) => void): PlacedMarker {
    const element = markerElement(options);
    const anchor = (options.shape ?? "pin") === "pin" ? "bottom" : "center";
    const marker = new Marker({ element, anchor, draggable: options.draggable ?? false });
    marker.setLngLat([options.lng, options.lat]).addTo(this.libre);
    marker.on("dragend", () => {
      const { lat, lng } = marker.getLngLat();
      dropped?.({ lat, lng });
    });
    this.labels.add(marker);
    return {
      element,
      move: (to) => {
        marker.setLngLat([to.lng, to.lat]);
        this.labels.changed();
      },
      remove: () => {
        marker.remove();
        this.labels.drop(marker);
      },
    };
  }

  /** Lines under this name; those that had it before go. */
  setLines(name: string, lines: LineOptions[]): void {
    const features = lines.map((line) => ({
      type: "Feature" as const,
      properties: { colour: toneColour(line.tone), dashed: line.dashed ?? false },
      geometry: { type: "LineString" as const, coordinates: line.points.map(([lat, lng]) => [lng, lat]) },
    }));
    const style = { layout: { "line-cap": "round", "line-join": "round" } } as const;
    this.setData(name, { type: "FeatureCollection", features }, [
      { id: `${name}-edge`, type: "line", ...style, paint: { "line-color": token("--app-paper"), "line-width": 7 } },
      { id: name, type: "line", ...style, filter: ["!", ["get", "dashed"]], paint: { "line-color": ["get", "colour"], "line-width": 4 } },
      {
        id: `${name}-dashed`, type: "line", filter: ["get", "dashed"],
        paint: { "line-color": ["get", "colour"], "line-width": 4, "line-dasharray": [2, 1.5] },
      },
    ]);
  }

  /** Areas under this name, half transparent with a firm edge; those that had it before go. */
  setPolygons(name: string, polygons: PolygonOptions[]): void {
    const features = polygons.map(({ points, tone }) => ({
      type: "Feature" as const,
      properties: { colour: toneColour(tone) },
      geometry: { type: "Polygon" as const, coordinates: [closed(points)] },
    }));
    this.setData(name, { type: "FeatureCollection", features }, [
      { id: name, type: "fill", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.18 } },
      { id: `${name}-edge`, type: "line", paint: { "line-color": ["get", "colour"], "line-width": 2 } },
    ]);
  }

  /** Greys what lies outside a box, where nothing can be chosen. */
  shadeOutside(box: Bounds): void {
    const [edge, around] = [5, (b: Bounds) => [[b.west, b.south], [b.east, b.south], [b.east, b.north], [b.west, b.north], [b.west, b.south]]];
    const world = { south: box.south - edge, west: box.west - edge, north: box.north + edge, east: box.east + edge };
    const geometry = { type: "Polygon" as const, coordinates: [around(world), around(box).reverse()] };
    this.setData("outside-box", { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] }, [
      { id: "outside-box", type: "fill", paint: { "fill-color": token("--app-ink-support"), "fill-opacity": 0.25 } },
    ]);
  }

  /** GeoJSON under this name with the layers that draw it, beneath the labels of the base map. */
  setData(name: string, data: FeatureCollection, layers: DataLayer[]): void {
    const known = this.libre.getSource(name);
    if (known instanceof GeoJSONSource) {
      void known.setData(data);
      return;
    }
    this.libre.addSource(name, { type: "geojson", data });
    const labels = this.libre.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
    for (const layer of layers) this.libre.addLayer({ ...layer, source: name } as LayerSpecification, labels);
  }

  /** The markers that the server says there are: those of a known key that look the same move, the others come and go. */
  setMarkers(markers: MarkerOptions[]): void {
    const before = new Map(this.shown);
    this.shown.clear();
    for (const [number, options] of markers.entries()) {
      const key = options.key || `#${number}`;
      const look = JSON.stringify({ ...options, lat: 0, lng: 0 });
      const known = before.get(key);
      if (known?.look === look) {
        known.placed.move(options);
        before.delete(key);
        this.shown.set(key, known);
      } else {
        this.shown.set(key, { placed: this.addMarker(options), look });
      }
    }
    for (const { placed } of before.values()) placed.remove();
  }

  /** Markers by their key that are elsewhere now, as `[lat, lng]`. A place worked out (no circle) stays: what it says would no longer be true. */
  moveMarkers(places: Record<string, [number, number]>): void {
    for (const [key, [lat, lng]] of Object.entries(places)) {
      const known = this.shown.get(key);
      if (known && (JSON.parse(known.look) as MarkerOptions).shape === "circle") known.placed.move({ lat, lng });
    }
  }

  /** What the server says shall lie on the map. */
  show(content: MapContent): void {
    if (content.polygons.length) this.setPolygons("areas", content.polygons);
    if (content.lines.length) this.setLines("lines", content.lines);
    this.setMarkers(content.markers);
    if (!content.fit) return;
    const drawn = [...content.lines, ...content.polygons].flatMap((shape) => shape.points.map(([lat, lng]) => ({ lat, lng })));
    this.fit([...content.markers, ...drawn], content.max_zoom);
  }

  /** Shows all these points, no nearer than `maxZoom`. */
  fit(points: Point[], maxZoom = 15): void {
    if (points.length === 0) return;
    const lats = points.map((point) => point.lat);
    const lngs = points.map((point) => point.lng);
    this.libre.fitBounds(
      [[Math.min(...lngs), Math.min(...lats)], [Math.max(...lngs), Math.max(...lats)]],
      { padding: GAP, maxZoom, animate: false },
    );
  }

  /** Moves so that the point is in view, near enough to see where it is. */
  lookAt(point: Point, zoom: number): void {
    this.libre.jumpTo({ center: [point.lng, point.lat], zoom: Math.max(this.libre.getZoom(), zoom) });
  }

  zoomBy(steps: number): void {
    this.libre.zoomTo(this.libre.getZoom() + steps);
  }

  remove(): void {
    this.libre.remove();
    this.view.replaceChildren();
  }
}

function closed(points: [number, number][]): [number, number][] {
  const ring = points.map(([lat, lng]): [number, number] => [lng, lat]);
  const [first, last] = [ring[0], ring.at(-1)];
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) ring.push(first);
  return ring;
}

function drawsMaps(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

const pairs = (box: Bounds): [[number, number], [number, number]] => [[box.west, box.south], [box.east, box.north]];

/**
 * Draws the city's map into `view` and answers when layers and markers can be laid on it. Rejects with `MapUnavailableError` where the browser draws no
 * WebGL 2 or the base map cannot be had; `view` is then as it was.
 */
export async function createMap(view: HTMLElement, options: MapOptions): Promise<CityMap> {
  if (!drawsMaps()) throw new MapUnavailableError("no WebGL 2");
  const { base, interactive = true } = options;
  setWorkerUrl(options.worker);
  const around = (edge: number): Bounds => ({
    south: base.bounds.south - edge, west: base.bounds.west - edge, north: base.bounds.north + edge, east: base.bounds.east + edge,
  });
  let libre: LibreMap;
  try {
    libre = new LibreMap({
      container: view,
      style: await styleOf(base, options.language),
      bounds: pairs(options.bounds ?? base.bounds),
      fitBoundsOptions: { padding: 8 },
      maxBounds: pairs(around(0.15)),
      minZoom: base.min_zoom,
      maxZoom: base.max_zoom,
      interactive,
      keyboard: false,
      scrollZoom: interactive,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      fadeDuration: 0,
      renderWorldCopies: false,
    });
  } catch (error) {
    throw new MapUnavailableError(String(error));
  }
  libre.scrollZoom.disable();
  libre.touchZoomRotate.disableRotation();
  name(view, libre.getCanvas(), options);
  await new Promise<void>((done, failed) => {
    libre.once("style.load", () => done());
    // Without a style there is no map. A tile that fails later leaves a hole, and the next one may come.
    libre.on("error", ({ error }) => failed(new MapUnavailableError(error.message)));
  }).catch((error: unknown) => {
    libre.remove();
    view.replaceChildren();
    throw error;
  });
  if (interactive) fill(libre, options);
  return new CityMap(libre, view, interactive);
}

/** Begins with a view that the city fills: what lies at its ends is a move away, and the middle can be read. */
function fill(libre: LibreMap, { base, bounds: shown = base.bounds }: MapOptions): void {
  const low = libre.project([shown.west, shown.south]);
  const high = libre.project([shown.east, shown.north]);
  const { clientWidth: width, clientHeight: height } = libre.getContainer();
  const larger = Math.max(width / Math.abs(high.x - low.x), height / Math.abs(high.y - low.y));
  const { center } = base;
  const at = center && holds(shown, center) ? { center: [center.lng, center.lat] as [number, number] } : {};
  libre.jumpTo({ ...at, zoom: libre.getZoom() + Math.min(1, Math.max(0, Math.log2(larger))) });
}

/** The view carries name, role and focus; the canvas inside it is only how it looks. */
function name(view: HTMLElement, canvas: HTMLCanvasElement, options: MapOptions): void {
  const interactive = options.interactive ?? true;
  canvas.removeAttribute("aria-label");
  canvas.removeAttribute("role");
  canvas.setAttribute("aria-hidden", "true");
  canvas.tabIndex = -1;
  view.setAttribute("role", interactive ? "application" : "img");
  view.setAttribute("aria-label", options.label);
  if (!interactive) return;
  view.tabIndex = 0;
  if (options.describedBy) view.setAttribute("aria-describedby", options.describedBy);
}

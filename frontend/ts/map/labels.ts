import type { Feature, FeatureCollection } from "geojson";
import { GeoJSONSource, type Map as LibreMap, type Marker } from "maplibre-gl";
import { FONT } from "./colours";

const KEPT_CLEAR = "kept-clear";
/** Any full-width letter: MapLibre draws it without a glyph file, as a square of the text's size. */
const SQUARE = "国";

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A drop is narrower than its square, and words may touch its edge. */
function within({ left, top, right, bottom }: Box, part = 0.25): Box {
  const [x, y] = [(right - left) * part, (bottom - top) * part];
  return { left: left + x, top: top + y, right: right - x, bottom: bottom - y };
}

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const holds = (a: Box, b: Box): boolean => a.left <= b.left && b.right <= a.right && a.top <= b.top && b.bottom <= a.bottom;

/** Puts the words of a marker where there is room, rather whole than cut off by the frame; nowhere, and they wait to be asked for. */
function settle(marker: HTMLElement, label: HTMLElement, frame: Box, others: Box[]): Box | undefined {
  for (const { above, cut } of [{ above: false, cut: false }, { above: true, cut: false }, { above: false, cut: true }]) {
    marker.classList.toggle("s-map-marker--above", above);
    const box = label.getBoundingClientRect();
    if ((!cut && !holds(frame, box)) || others.some((other) => meet(box, other))) continue;
    marker.classList.remove("s-map-marker--quiet");
    return box;
  }
  marker.classList.add("s-map-marker--quiet");
  return undefined;
}

/**
 * Words of markers that would lie on one another, or on another's shape: those of the marker that was placed first are read, and words
 * for which there is no room show when their marker is pointed at or has the focus. Names of the base map give way to all that is read.
 */
export class MarkerLabels {
  private readonly markers = new Set<Marker>();
  private asked = 0;

  constructor(private readonly libre: LibreMap) {
    libre.on("moveend", () => this.changed());
    libre.on("resize", () => this.changed());
    libre.once("remove", () => cancelAnimationFrame(this.asked));
  }

  add(marker: Marker): void {
    this.markers.add(marker);
    this.changed();
  }

  drop(marker: Marker): void {
    this.markers.delete(marker);
    this.changed();
  }

  /** A marker, or what it is seen from, has moved. */
  changed(): void {
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => this.arrange());
  }

  private arrange(): void {
    const shapes = new Map<Marker, Box>();
    for (const marker of this.markers) {
      const shape = marker.getElement().querySelector("svg");
      if (shape) shapes.set(marker, within(shape.getBoundingClientRect()));
    }
    const view = this.libre.getContainer();
    const frame = view.getBoundingClientRect();
    // Words beneath the map's own buttons are not read either.
    const read: Box[] = [...(view.parentElement?.querySelectorAll(".s-map__zoom") ?? [])].map((buttons) => buttons.getBoundingClientRect());
    const features: Feature[] = [];
    for (const [marker, shape] of shapes) {
      features.push(this.taken(marker, shape, SQUARE, shape.bottom - shape.top));
      const label = marker.getElement().querySelector<HTMLElement>(".s-map-marker__label");
      if (!label) continue;
      const others = [...read, ...[...shapes].filter(([other]) => other !== marker).map(([, box]) => box)];
      const box = settle(marker.getElement(), label, frame, others);
      if (!box) continue;
      read.push(box);
      features.push(this.taken(marker, box, label.textContent ?? "", parseFloat(getComputedStyle(label).fontSize)));
    }
    this.keepClear({ type: "FeatureCollection", features });
  }

  /** The room of a box on the screen as letters of `size` pixels, which stand so far from the marker's place. */
  private taken(marker: Marker, box: Box, words: string, size: number): Feature {
    const place = marker.getLngLat();
    const [view, at] = [this.libre.getContainer().getBoundingClientRect(), this.libre.project(place)];
    const offset = [((box.left + box.right) / 2 - view.left - at.x) / size, ((box.top + box.bottom) / 2 - view.top - at.y) / size];
    return { type: "Feature", properties: { words, size, offset }, geometry: { type: "Point", coordinates: place.toArray() } };
  }

  /** Letters that nobody sees take the room of markers, so that MapLibre moves or leaves out the names beneath them. */
  private keepClear(data: FeatureCollection): void {
    const known = this.libre.getSource(KEPT_CLEAR);
    if (known instanceof GeoJSONSource) {
      void known.setData(data);
      return;
    }
    const { glyphs, layers } = this.libre.getStyle();
    // Tiles have no names that could give way; a style with glyph files of its own need not have our letters.
    if (glyphs || !layers.some((layer) => layer.type === "symbol")) return;
    this.libre.addSource(KEPT_CLEAR, { type: "geojson", data });
    this.libre.addLayer({
      id: KEPT_CLEAR,
      type: "symbol",
      source: KEPT_CLEAR,
      layout: {
        "text-field": ["get", "words"],
        "text-font": [FONT],
        "text-size": ["get", "size"],
        "text-offset": ["array", "number", 2, ["get", "offset"]],
        "text-max-width": 20,
        "text-padding": 0,
        "text-allow-overlap": true,
      },
      paint: { "text-opacity": 0 },
    });
  }
}

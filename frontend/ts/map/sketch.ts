import type { Feature, FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { FONT, sketchColours } from "./colours";

/** MapLibre takes the weight from the first name, and the letters from the first family that there is. */
const BOLD = ["Bold", FONT];

type Filter = NonNullable<Extract<LayerSpecification, { type: "line" }>["filter"]>;
type Grow = ["interpolate", ["linear"], ["zoom"], ...number[]];

/** A number that grows with the zoom: pairs of zoom and value. */
const grow = (...stops: number[]): Grow => ["interpolate", ["linear"], ["zoom"], ...stops];
const of = (...kinds: string[]): Filter => ["in", ["get", "kind"], ["literal", kinds]];

/** Each feature with the one name that is shown, so that no other language reaches the worker. */
function named(sketch: FeatureCollection, language: string): FeatureCollection {
  const key = { "ja-easy": "name_easy", en: "name_en" }[language];
  const features = sketch.features.map((feature): Feature => {
    const about = feature.properties ?? {};
    const name = String((key && about[key]) || about["name"] || "");
    return { ...feature, properties: { kind: about["kind"], rank: about["rank"] ?? 5, name } };
  });
  return { type: "FeatureCollection", features };
}

/** Asks the browser for the parts of the web font that the labels need: a canvas does not wait for them by itself. */
export async function loadFont(words: string): Promise<void> {
  const letters = [...new Set(words)].join("");
  if (!letters) return;
  const wanted = ["400", "700"].map((weight) => document.fonts.load(`${weight} 24px "${FONT}"`, letters));
  await Promise.allSettled(wanted);
}

/** The words of a sketch in one language. */
export function wordsOf(sketch: FeatureCollection, language: string): string {
  return named(sketch, language).features.map((feature) => String(feature.properties?.["name"])).join("");
}

/**
 * A style over the city's sketch (略図). Features say what they are by `kind`: city, hill, river, rail, road, motorway, station, landmark,
 * peak, district, line_label. There is no glyph file: MapLibre draws every letter from the page's own font.
 */
export function sketchStyle(sketch: FeatureCollection, language: string): StyleSpecification {
  const c = sketchColours();
  const bordered = sketch.features.some((feature) => feature.properties?.["kind"] === "city");
  const halo = { "text-halo-color": c.paper, "text-halo-width": 2, "text-halo-blur": 0.5 };
  const line = (id: string, kind: string, paint: Record<string, unknown>): LayerSpecification =>
    ({
      id, type: "line", source: "sketch", filter: of(kind), paint,
      layout: { "line-cap": "round", "line-join": "round" },
    }) as LayerSpecification;
  return {
    version: 8,
    sources: { sketch: { type: "geojson", data: named(sketch, language) } },
    layers: [
      // A city that ships its border has an outside; another is land to the edge.
      { id: "ground", type: "background", paint: { "background-color": bordered ? c.outside : c.land } },
      { id: "city", type: "fill", source: "sketch", filter: of("city"), paint: { "fill-color": c.land } },
      { id: "hill", type: "fill", source: "sketch", filter: of("hill"), paint: { "fill-color": c.hill } },
      line("border", "city", { "line-color": c.border, "line-width": 1.5, "line-dasharray": [3, 2.5] }),
      line("river", "river", { "line-color": c.water, "line-width": grow(9, 1.5, 12, 4, 15, 10) }),
      line("road-edge", "road", { "line-color": c.roadEdge, "line-width": grow(9, 1.6, 12, 4, 15, 10) }),
      line("road", "road", { "line-color": c.road, "line-width": grow(9, 0.8, 12, 2.6, 15, 8) }),
      line("motorway", "motorway", { "line-color": c.motorway, "line-width": grow(9, 1.5, 12, 4, 15, 9) }),
      line("rail", "rail", { "line-color": c.rail, "line-width": grow(9, 1.6, 12, 3, 15, 5) }),
      line("rail-gaps", "rail", {
        "line-color": c.paper, "line-width": grow(9, 0.6, 12, 1.6, 15, 3), "line-dasharray": [5, 5],
      }),
      {
        id: "station", type: "circle", source: "sketch", filter: of("station"),
        paint: {
          "circle-radius": grow(9, 2, 12, 4.5, 15, 7), "circle-color": c.paper,
          "circle-stroke-color": c.rail, "circle-stroke-width": 2,
        },
      },
      {
        id: "landmark", type: "circle", source: "sketch", filter: of("landmark", "peak"), minzoom: 10,
        paint: {
          "circle-radius": grow(9, 2, 14, 5), "circle-color": c.inkSupport,
          "circle-stroke-color": c.paper, "circle-stroke-width": 1.5,
        },
      },
      {
        id: "line-label", type: "symbol", source: "sketch", filter: of("river", "road", "motorway", "rail"), minzoom: 11.5,
        layout: {
          "symbol-placement": "line", "symbol-spacing": 420, "text-field": ["get", "name"], "text-font": [FONT],
          "text-size": 13, "text-letter-spacing": 0.06, "text-max-angle": 35,
        },
        paint: {
          ...halo,
          "text-color": ["match", ["get", "kind"], "river", c.inkWater, c.inkSupport],
        },
      },
      {
        id: "district", type: "symbol", source: "sketch", filter: of("district"), maxzoom: 14.5,
        layout: {
          "text-field": ["get", "name"], "text-font": [FONT], "text-size": grow(10, 13, 13, 16),
          "text-letter-spacing": 0.15, "text-padding": 8, "symbol-sort-key": ["get", "rank"],
        },
        paint: { ...halo, "text-color": c.inkHill },
      },
      {
        id: "place", type: "symbol", source: "sketch", filter: of("landmark", "peak"), minzoom: 10.8,
        layout: {
          "text-field": ["get", "name"], "text-font": [FONT], "text-size": 14, "text-anchor": "top", "text-offset": [0, 0.5],
          "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.6, "text-justify": "auto",
          "symbol-sort-key": ["get", "rank"],
        },
        paint: { ...halo, "text-color": c.ink },
      },
      {
        id: "station-label", type: "symbol", source: "sketch", filter: of("station"),
        layout: {
          "text-field": ["get", "name"], "text-font": BOLD, "text-size": grow(9, 13, 13, 15),
          "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.7, "text-justify": "auto",
          "text-padding": 4, "symbol-sort-key": ["get", "rank"],
        },
        paint: { ...halo, "text-color": c.ink },
      },
    ],
  };
}

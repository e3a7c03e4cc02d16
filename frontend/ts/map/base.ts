import type { StyleSpecification } from "maplibre-gl";
import { type BaseMap, MapUnavailableError } from "./api";
import { loadFont, sketchStyle, wordsOf } from "./sketch";

const loaded = new Map<string, Promise<BaseMap>>();

/** The base map of the city from its address, asked for once. */
export function loadBase(url: string): Promise<BaseMap> {
  const known = loaded.get(url);
  if (known) return known;
  const asked = fetch(url).then(
    (answer) => {
      if (!answer.ok) throw new MapUnavailableError(`the base map answered ${answer.status}`);
      return answer.json() as Promise<BaseMap>;
    },
    (error: unknown) => {
      throw new MapUnavailableError(String(error));
    },
  );
  loaded.set(url, asked);
  // A failed answer is not kept: the next map asks again.
  asked.catch(() => loaded.delete(url));
  return asked;
}

/** The MapLibre style of a base map, its letters at hand. */
export async function styleOf(base: BaseMap, language: string): Promise<StyleSpecification | string> {
  if (base.kind === "style") return new URL(base.source, location.href).href;
  if (base.kind === "sketch") {
    await loadFont(wordsOf(base.sketch, language));
    return sketchStyle(base.sketch, language);
  }
  const tiles = new URL(location.origin).href.replace(/\/$/, "") + base.source;
  return {
    version: 8,
    sources: { base: { type: "raster", tiles: [tiles], tileSize: 256, maxzoom: base.tile_zoom } },
    layers: [{ id: "base", type: "raster", source: "base" }],
  };
}

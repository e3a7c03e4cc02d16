import { type BaseMap, type Bounds, MapUnavailableError } from "./api";
import { loadBase } from "./base";
import { CityMap, createMap } from "./create";

const open = new Map<HTMLElement, CityMap>();

/** What the `{% map %}` tag wrote, taken apart. */
export interface MapElement {
  root: HTMLElement;
  map: CityMap;
  base: BaseMap;
}

/**
 * Opens the map of a `{% map %}` element. `data-map-state` of it goes from `loading` to `open` or `absent`; `data-map-drawn` comes when
 * everything in view has been drawn.
 */
export async function openMap(root: HTMLElement, bounds?: Bounds): Promise<MapElement> {
  const view = root.querySelector<HTMLElement>("[data-map-view]");
  if (!view) throw new MapUnavailableError("no view");
  const about = root.dataset;
  try {
    const base = await loadBase(about["mapBase"] ?? "");
    const map = await createMap(view, {
      base,
      worker: new URL(about["mapWorker"] ?? "", location.href).href,
      language: about["mapLanguage"] ?? "ja",
      label: about["mapLabel"] ?? "",
      interactive: about["mapStill"] === undefined,
      ...(root.id ? { describedBy: `${root.id}-keys` } : {}),
      ...(bounds ? { bounds } : {}),
    });
    open.set(root, map);
    about["mapState"] = "open";
    map.libre.once("idle", () => void root.setAttribute("data-map-drawn", ""));
    for (const button of root.querySelectorAll<HTMLElement>("[data-map-zoom]")) {
      button.addEventListener("click", () => map.zoomBy(button.dataset["mapZoom"] === "in" ? 1 : -1));
    }
    return { root, map, base };
  } catch (error) {
    about["mapState"] = "absent";
    throw error;
  }
}

/** The open map of an element; none before it is open. */
export function mapOf(root: HTMLElement): CityMap | undefined {
  return open.get(root);
}

/** Frees the graphics of maps that htmx has taken off the page. */
export function closeLostMaps(): void {
  for (const [root, map] of open) {
    if (root.isConnected) continue;
    map.remove();
    open.delete(root);
  }
}

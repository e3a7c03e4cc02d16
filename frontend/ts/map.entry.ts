// Maps on pages: the place of a form (`data-map="point"`), what a page shows (`data-map="show"`), and the maps of desks. `maps.ts` loads this where it is needed.
import { onContent } from "./dom";
import type { MapContent } from "./map/api";
import { MapUnavailableError } from "./map/api";
import { startArea } from "./map/area";
import { startCoverage } from "./map/coverage";
import { closeLostMaps, mapOf, openMap } from "./map/elements";
import { startPoint } from "./map/point";

const SKETCH_ZOOM = 12.8;

async function startShow(root: HTMLElement): Promise<void> {
  const { map, base } = await openMap(root);
  const content = JSON.parse(root.dataset["mapContent"] ?? "{}") as MapContent;
  // A sketch has little to show of what is near: it is looked at from further away.
  map.show(base.kind === "sketch" ? { ...content, max_zoom: Math.min(content.max_zoom, SKETCH_ZOOM) } : content);
}

/** What else a map is there for than to show what the page lays on it. */
const STARTS: Record<string, (root: HTMLElement) => Promise<void>> = { point: startPoint, coverage: startCoverage, area: startArea };

/** `[data-map-follow="ID"]` in a live part: the markers of the map beside it, which stays as it is. `[data-map-moved="ID"]`: only where some of them are now. */
function follow(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-map-follow]")) {
    const map = document.getElementById(element.dataset["mapFollow"] ?? "");
    if (map) mapOf(map)?.setMarkers((JSON.parse(element.dataset["mapContent"] ?? "{}") as MapContent).markers);
  }
  for (const element of root.querySelectorAll<HTMLElement>("[data-map-moved]")) {
    const map = document.getElementById(element.dataset["mapMoved"] ?? "");
    const places = JSON.parse(element.dataset["mapPlaces"] ?? "{}") as Record<string, [number, number]>;
    if (map) mapOf(map)?.moveMarkers(places);
  }
}

onContent((root) => {
  closeLostMaps();
  follow(root);
  for (const element of root.querySelectorAll<HTMLElement>("[data-map]")) {
    if (element.dataset["mapState"]) continue;
    element.dataset["mapState"] = "loading";
    const started = (STARTS[element.dataset["map"] ?? ""] ?? startShow)(element);
    // The page goes on without this map and says so; anything else is a defect and shall be seen.
    started.catch((error: unknown) => {
      if (!(error instanceof MapUnavailableError)) throw error;
    });
  }
});

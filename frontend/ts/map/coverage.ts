import type { FeatureCollection } from "geojson";
import { type Point } from "./api";
import { token } from "./colours";
import type { CityMap } from "./create";
import { openMap } from "./elements";

interface Found {
  cells: FeatureCollection;
  stops: FeatureCollection;
}

/** How near a press must be to a stop that it takes away, in pixels. */
const NEAR = 24;

/** The map of gaps: squares coloured by reach, and places that a press writes into the form, which works without the map. */
export async function startCoverage(root: HTMLElement): Promise<void> {
  const page = root.closest<HTMLElement>("[data-coverage]");
  const form = page?.querySelector("form");
  if (!page || !form) return;
  const { map } = await openMap(root);
  let stops: FeatureCollection["features"] = [];

  const draw = async (): Promise<void> => {
    const url = page.querySelector<HTMLElement>("[data-cells]")?.dataset["cells"];
    if (!url) return;
    const answer = await fetch(url);
    if (!answer.ok) return;
    const found = (await answer.json()) as Found;
    stops = found.stops.features;
    drawCells(map, found.cells);
    drawStops(map, found.stops);
    root.setAttribute("data-coverage-drawn", "");
  };

  map.onTake((point) => {
    const what = page.querySelector<HTMLSelectElement>("[data-tap]")?.value ?? "added";
    const line = what === "removed" ? nearest(map, stops, point) : `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
    const field = form.elements.namedItem(what);
    if (!line || !(field instanceof HTMLTextAreaElement)) return;
    field.value = field.value.trim() ? `${field.value.trim()}\n${line}` : line;
    field.closest("details")?.setAttribute("open", "");
    form.requestSubmit();
  });
  document.addEventListener("htmx:afterSwap", () => void draw());
  await draw();
}

function nearest(map: CityMap, stops: FeatureCollection["features"], point: Point): string {
  const at = map.libre.project([point.lng, point.lat]);
  let [best, name] = [NEAR, ""];
  for (const stop of stops) {
    if (stop.geometry.type !== "Point") continue;
    const [lng = 0, lat = 0] = stop.geometry.coordinates;
    const there = map.libre.project([lng, lat]);
    const away = Math.hypot(there.x - at.x, there.y - at.y);
    if (away < best) [best, name] = [away, String(stop.properties?.["name"] ?? "")];
  }
  return name;
}

/** The side of a pattern's tile in CSS pixels; it is drawn twice as fine. */
const TILE = 8;

/** A tile of ink on nothing: slanted lines, or dots. The legend has the same (`.s-coverage__mark`), so that no state is told by its colour alone. */
function pattern(kind: "lines" | "dots"): ImageData | undefined {
  const side = 2 * TILE;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  if (!pen) return undefined;
  pen.strokeStyle = pen.fillStyle = token("--app-ink-strong");
  pen.lineWidth = 2.5;
  if (kind === "lines") {
    for (const from of [-side, 0, side]) {
      pen.moveTo(from - 2, side + 2);
      pen.lineTo(from + side + 2, -2);
    }
    pen.stroke();
  } else {
    for (const [x, y] of [[4, 4], [12, 12]] as const) {
      pen.moveTo(x + 2.4, y);
      pen.arc(x, y, 2.4, 0, 2 * Math.PI);
    }
    pen.fill();
  }
  return pen.getImageData(0, 0, side, side);
}

function drawCells(map: CityMap, cells: FeatureCollection): void {
  for (const [name, kind] of [["coverage-thin", "lines"], ["coverage-none", "dots"]] as const) {
    const image = map.libre.hasImage(name) ? undefined : pattern(kind);
    if (image) map.libre.addImage(name, image, { pixelRatio: 2 });
  }
  map.setData("coverage", cells, [
    {
      id: "coverage", type: "fill",
      paint: {
        "fill-color": ["match", ["get", "state"], "covered", token("--map-covered"), "thin_service", token("--map-thin"), token("--map-none")],
        "fill-opacity": ["interpolate", ["linear"], ["get", "people"], 0, 0.25, 250, 0.75],
      },
    },
    {
      id: "coverage-pattern", type: "fill", filter: ["!=", ["get", "state"], "covered"],
      paint: {
        "fill-pattern": ["match", ["get", "state"], "thin_service", "coverage-thin", "coverage-none"],
        "fill-opacity": ["interpolate", ["linear"], ["get", "people"], 0, 0.2, 250, 0.6],
      },
    },
    {
      id: "coverage-gain", type: "line", filter: [">=", ["get", "gain"], 1],
      paint: { "line-color": token("--app-ink-strong"), "line-width": 2.5 },
    },
  ]);
}

function drawStops(map: CityMap, stops: FeatureCollection): void {
  map.setData("coverage-stops", stops, [
    {
      id: "coverage-stops", type: "circle",
      paint: {
        "circle-radius": ["case", ["==", ["get", "change"], "added"], 7, ["==", ["get", "kind"], "station"], 5, 3],
        "circle-color": ["match", ["get", "change"], "added", token("--app-key"), "removed", token("--app-paper"), token("--app-ink")],
        "circle-stroke-color": ["match", ["get", "change"], "removed", token("--app-error"), token("--app-paper")],
        "circle-stroke-width": ["match", ["get", "change"], "removed", 3, 1.5],
      },
    },
  ]);
}

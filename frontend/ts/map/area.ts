import { type Point } from "./api";
import type { PlacedMarker } from "./create";
import { openMap } from "./elements";

/** The map of a service's zone and stops: a press writes a place into the form, which works without the map. */
export async function startArea(root: HTMLElement): Promise<void> {
  const form = root.closest<HTMLFormElement>("[data-area]");
  const zone = form?.elements.namedItem("zone");
  if (!form || !(zone instanceof HTMLTextAreaElement)) return;
  const { map } = await openMap(root);
  let placed: PlacedMarker[] = [];

  const ring = (): [number, number][] =>
    zone.value.split("\n").map((line) => line.split(/[,\s、]+/).map(Number)).flatMap(([lat, lng]): [number, number][] =>
      lat && lng ? [[lat, lng]] : []);

  const draw = (): Point[] => {
    const points = ring();
    map.setPolygons("zone", points.length > 2 ? [{ points }] : []);
    map.setLines("zone-line", points.length === 2 ? [{ points }] : []);
    for (const marker of placed) marker.remove();
    placed = points.map(([lat, lng], n) => map.addMarker({ lat, lng, label: String(n + 1), shape: "square", tone: "muted" }));
    const stops = [...form.querySelectorAll<HTMLElement>("[data-row-fields]")].flatMap((row) => {
      const [lat, lng] = ["lat", "lon"].map((name) => Number(row.querySelector<HTMLInputElement>(`[name$="-${name}"]`)?.value));
      const label = row.querySelector<HTMLInputElement>('[name$="-name_ja"]')?.value ?? "";
      return lat && lng ? [{ lat, lng, label, shape: "circle" as const }] : [];
    });
    placed.push(...stops.map((stop) => map.addMarker(stop)));
    return [...points.map(([lat, lng]) => ({ lat, lng })), ...stops];
  };

  map.onTake((point) => {
    const what = form.querySelector<HTMLSelectElement>("[data-tap]")?.value;
    const [lat, lng] = [point.lat.toFixed(5), point.lng.toFixed(5)];
    if (what === "stop") {
      const rows = [...form.querySelectorAll<HTMLElement>("[data-row-fields]")];
      const next = rows.find((row) => !row.querySelector<HTMLInputElement>('[name$="-lat"]')?.value) ?? rows.at(-1);
      for (const [name, value] of [["lat", lat], ["lon", lng]]) {
        const field = next?.querySelector<HTMLInputElement>(`[name$="-${name}"]`);
        if (field) field.value = value ?? "";
      }
    } else {
      zone.value = `${zone.value.trim()}\n${lat}, ${lng}`.trim();
    }
    draw();
  });
  form.querySelector("[data-undo]")?.addEventListener("click", () => {
    zone.value = zone.value.trim().split("\n").slice(0, -1).join("\n");
    draw();
  });
  form.addEventListener("change", () => void draw());
  map.fit(draw());
}

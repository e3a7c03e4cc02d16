import { announce } from "./dom";

/**
 * `[data-map-point]`: a place in a form. `[data-locate]` asks the browser where the person is and writes degrees into `[data-lat]` and
 * `[data-lng]`; the choice of a `[data-landmark]` takes them out again, so that the last thing done is what counts.
 * Without a script the landmark and the two fields do the same.
 */
export function startLocation(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-locate]") : null;
    const place = button?.closest<HTMLElement>("[data-map-point]");
    if (button && place) locate(button, place);
  });
  document.addEventListener("change", (event) => {
    const chosen = event.target;
    if (!(chosen instanceof HTMLSelectElement) || !chosen.matches("[data-landmark]") || !chosen.value) return;
    const place = chosen.closest<HTMLElement>("[data-map-point]");
    if (place) write(place, "", "");
  });
}

function locate(button: HTMLElement, place: HTMLElement): void {
  const say = (words: string | undefined): void => {
    const state = place.querySelector("[data-locate-state]");
    if (state) state.textContent = words ?? "";
    else announce(words ?? "");
  };
  const failed = (): void => say(button.dataset["locateFailed"]);
  if (!("geolocation" in navigator)) {
    failed();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      if (!inside(place, coords.latitude, coords.longitude)) {
        say(button.dataset["locateOutside"]);
        return;
      }
      write(place, coords.latitude.toFixed(6), coords.longitude.toFixed(6));
      const landmark = place.querySelector<HTMLSelectElement>("[data-landmark]");
      if (landmark) landmark.value = "";
      say(button.dataset["locateDone"]);
    },
    failed,
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
  );
}

/** True within the box of the place, where it has one. */
function inside(place: HTMLElement, lat: number, lng: number): boolean {
  const edge = (name: string): number => Number(place.dataset[name]);
  if (place.dataset["south"] === undefined) return true;
  return lat >= edge("south") && lat <= edge("north") && lng >= edge("west") && lng <= edge("east");
}

function write(place: HTMLElement, lat: string, lng: string): void {
  const changed: HTMLInputElement[] = [];
  for (const [selector, value] of [["[data-lat]", lat], ["[data-lng]", lng]] as const) {
    const field = place.querySelector<HTMLInputElement>(selector);
    if (!field || field.value === value) continue;
    field.value = value;
    changed.push(field);
  }
  // Autosave and the map hear of it as of typing, once both hold the new place.
  for (const field of changed) field.dispatchEvent(new Event("input", { bubbles: true }));
  const details = place.querySelector<HTMLInputElement>("[data-lat]")?.closest("details");
  if (details && lat) details.open = true;
}

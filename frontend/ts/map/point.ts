import { type Bounds, holds, type Point } from "./api";
import type { PlacedMarker } from "./create";
import { openMap } from "./elements";
import { type Known, near, type NearWords } from "./near";

/** What the field of a place says to its map (`data-place` of `[data-map-point]`). */
interface Place {
  box: Bounds | null;
  landmarks: Known[];
  words: NearWords;
}

/** How near a chosen place is looked at: streets on tiles; on a sketch, what is around it. */
const NEAR_ZOOM = { raster: 16, style: 16, sketch: 13.5 };

/** The map of a field: what is tapped goes into the field, and what the field says moves the marker. The field itself works without a map. */
export async function startPoint(root: HTMLElement): Promise<void> {
  const found = root.closest<HTMLElement>("[data-map-point]");
  if (!found) return;
  const field = new PointField(found);
  const { map, base } = await openMap(root, field.box);
  let marker: PlacedMarker | null = null;

  const place = (point: Point): void => {
    if (marker) marker.move(point);
    else {
      marker = map.addMarker({ ...point, draggable: true, tone: "error" }, take);
      marker.element.setAttribute("aria-hidden", "true");
    }
  };
  const take = (point: Point): void => {
    if (field.take(point)) place(point);
    else if (marker && field.point) marker.move(field.point);
  };
  const follow = (): void => {
    const point = field.point;
    if (!point) {
      marker?.remove();
      marker = null;
      return;
    }
    place(point);
    map.lookAt(point, NEAR_ZOOM[base.kind]);
  };

  if (field.box) map.shadeOutside(field.box);
  if (field.point) follow();
  map.onTake(take);
  field.onChange(follow);
}

/** The controls of a place in a form. */
class PointField {
  private readonly place: Place;
  private readonly lat: HTMLInputElement | null;
  private readonly lng: HTMLInputElement | null;
  private readonly landmark: HTMLSelectElement | null;
  private writing = false;

  constructor(private readonly element: HTMLElement) {
    this.place = JSON.parse(element.dataset["place"] ?? "{}") as Place;
    this.lat = element.querySelector("[data-lat]");
    this.lng = element.querySelector("[data-lng]");
    this.landmark = element.querySelector("[data-landmark]");
  }

  get box(): Bounds | undefined {
    return this.place.box ?? undefined;
  }

  /** The place that the field holds: its degrees, else its landmark. */
  get point(): Point | null {
    const [lat, lng] = [this.lat?.value.trim() ?? "", this.lng?.value.trim() ?? ""];
    if (lat && lng) {
      const typed = { lat: Number(lat), lng: Number(lng) };
      const readable = Math.abs(typed.lat) <= 90 && Math.abs(typed.lng) <= 180;
      return readable && (!this.box || holds(this.box, typed)) ? typed : null;
    }
    const code = this.landmark?.value;
    return this.place.landmarks.find((known) => known.code === code) ?? null;
  }

  /** Writes a place into the field and says which; false, and says so, where the field takes none there. */
  take(point: Point): boolean {
    if (this.box && !holds(this.box, point)) {
      this.say("outside");
      return false;
    }
    this.writing = true;
    if (this.lat) this.lat.value = point.lat.toFixed(6);
    if (this.lng) this.lng.value = point.lng.toFixed(6);
    if (this.landmark) this.landmark.value = "";
    // Autosave and whatever else watches the form hear of it as of typing.
    for (const control of [this.lat, this.lng, this.landmark]) control?.dispatchEvent(new Event("input", { bubbles: true }));
    this.writing = false;
    this.say("chosen", near(point, this.place.landmarks, this.place.words) || `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`);
    return true;
  }

  /** `changed` hears when somebody types degrees, chooses a landmark, or lets the device say where it is. */
  onChange(changed: () => void): void {
    const heard = (event: Event): void => {
      if (this.writing || ![this.lat, this.lng, this.landmark].some((control) => control === event.target)) return;
      changed();
      const { point } = this;
      if (point) this.say("chosen", near(point, this.place.landmarks, this.place.words));
      else this.say("none");
    };
    this.element.addEventListener("input", heard);
    this.element.addEventListener("change", heard);
  }

  /** Shows the words for a state (`data-place-state` with `data-chosen`, `data-outside`); screen readers hear them. */
  private say(state: "chosen" | "outside" | "none", place = ""): void {
    const line = this.element.querySelector<HTMLElement>("[data-place-state]");
    if (!line) return;
    line.textContent = (line.dataset[state] ?? "").replace("{place}", place);
    line.classList.toggle("s-place--refused", state === "outside");
  }
}

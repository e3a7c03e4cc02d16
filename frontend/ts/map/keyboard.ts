import type { Map as LibreMap } from "maplibre-gl";
import type { Point } from "./api";

const STEP = 40;
const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/**
 * Keys while `view` has the focus: arrows move the map under the cross in its middle (with Shift, in small steps), + and - zoom, Enter or
 * Space take the place under the cross. The cross shows (`data-map-keys` on `frame`) while the keyboard is what is used.
 */
export function listenToKeys(map: LibreMap, view: HTMLElement, frame: HTMLElement, take: (point: Point) => void): void {
  const show = (used: boolean): void => void frame.toggleAttribute("data-map-keys", used);
  view.addEventListener("focus", () => show(view.matches(":focus-visible")));
  view.addEventListener("blur", () => show(false));
  view.addEventListener("pointerdown", () => show(false));
  view.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== view) return;
    const move = MOVES[event.key];
    if (move) {
      const share = event.shiftKey ? 0.2 : 1;
      // At once: a step is short, and what the cross points at must be what the next key takes.
      map.panBy([move[0] * share, move[1] * share], { animate: false });
    } else if (event.key === "+" || event.key === ";") {
      map.zoomTo(map.getZoom() + 1, { animate: false });
    } else if (event.key === "-") {
      map.zoomTo(map.getZoom() - 1, { animate: false });
    } else if (event.key === "Enter" || event.key === " ") {
      const { lat, lng } = map.getCenter();
      take({ lat, lng });
    } else {
      return;
    }
    show(true);
    event.preventDefault();
  });
}

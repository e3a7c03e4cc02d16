import { onContent } from "./dom";

/**
 * `[data-map]`: loads the bundle of maps (`map.entry.ts`, large) and its styles, on pages that have a map only, also when htmx brings the
 * first one. The addresses stand on the element, because they carry the hash of their file.
 */
export function startMaps(): void {
  onContent((root) => {
    const element = root.querySelector<HTMLElement>("[data-map]");
    if (element && !document.querySelector("[data-map-bundle]")) load(element);
  });
}

function load(element: HTMLElement): void {
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = element.dataset["mapStyles"] ?? "";
  styles.dataset["mapBundle"] = "";
  const script = document.createElement("script");
  script.src = element.dataset["mapScript"] ?? "";
  // The next map that htmx brings asks again; those of this page say that there is none.
  const failed = (): void => {
    script.remove();
    styles.remove();
    for (const map of document.querySelectorAll<HTMLElement>("[data-map]")) map.dataset["mapState"] = "absent";
  };
  styles.addEventListener("error", failed);
  script.addEventListener("error", failed);
  styles.addEventListener("load", () => document.head.append(script));
  document.head.append(styles);
}

import { onContent, within } from "./dom";

/** The summary takes the focus when a page comes back with problems; its links go to the first control in question. */
export function startErrorSummary(): void {
  onContent((root) => root.querySelector<HTMLElement>("[data-error-summary]")?.focus());
  document.addEventListener("click", (event) => {
    const link = within<HTMLAnchorElement>(event, "[data-error-summary] a[href^='#']");
    if (!link) return;
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const control = place?.matches("input,select,textarea,button")
      ? place
      : place?.querySelector<HTMLElement>("input:not([type=hidden]),select,textarea,button");
    if (!control) return;
    event.preventDefault();
    (control.closest(".s-field") ?? control).scrollIntoView();
    control.focus({ preventScroll: true });
  });
}

/** The closest ancestor-or-self of an event's target that matches `selector`. */
export function within<E extends Element = HTMLElement>(event: Event, selector: string): E | null {
  return event.target instanceof Element ? event.target.closest<E>(selector) : null;
}

/** The token that the server wants back with every unsafe request. */
export function csrfToken(): string {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? (JSON.parse(headers) as Record<string, string>)["X-CSRFToken"] ?? "" : "";
}

/** Lets screen readers hear `words` without moving anything. */
export function announce(words: string): void {
  const region = document.getElementById("s-live");
  if (region) region.textContent = words;
}

/** `action` for `root` now and for every part that htmx puts in later. */
export function onContent(action: (root: ParentNode) => void): void {
  const first = (): void => action(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", first, { once: true });
  else first();
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target instanceof Element) action(event.target);
  });
}

/** Runs `action` once things have been quiet for `milliseconds`. */
export function afterQuiet(milliseconds: number, action: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(action, milliseconds);
  };
}

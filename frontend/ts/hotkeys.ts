/**
 * `[data-hotkeys]`: while the focus is inside and nothing is being typed, a single key presses the `[data-hotkey]` that carries it. Only inside, so
 * that single keys surprise nobody (WCAG 2.1.4). `[data-focus]` on the frame of a control, and `autofocus` on anything, is where the keyboard begins.
 */
export function startHotkeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    if (event.target.isContentEditable || event.target.matches("textarea,select,input")) return;
    const keys = event.target.closest<HTMLElement>("[data-hotkeys]");
    const wanted = [...(keys?.querySelectorAll<HTMLElement>("[data-hotkey]") ?? [])].find(
      (element) => element.dataset["hotkey"] === event.key,
    );
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
  const first = (): void => {
    const control = document.querySelector<HTMLInputElement>("[data-focus] input");
    control?.focus();
    control?.select();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", first, { once: true });
  else first();
}

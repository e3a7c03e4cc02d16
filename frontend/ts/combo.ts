import { announce } from "./dom";

/**
 * `[data-combo]`: an input with a list that htmx fills while something is typed. Arrows move in the list, Tab and Enter take the option, Escape
 * closes it; the focus stays in the input (ARIA combobox). What is typed without choosing is read by the server.
 */
export function startCombos(): void {
  document.addEventListener("htmx:afterSwap", (event) => {
    const combo = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-combo]") : null;
    if (!combo) return;
    const { input, options } = parts(combo);
    if (document.activeElement !== input) return;
    open(combo, options.length > 0);
    choose(combo, options[0]);
    if (options.length > 0) announce(options.map((option) => option.dataset["value"]).join("、"));
  });
  document.addEventListener("keydown", (event) => {
    const combo = comboOf(event);
    if (!combo || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { input, list, options } = parts(combo);
    if (list.hidden || event.target !== input) return;
    const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose(combo, options[Math.min(here + 1, options.length - 1)]);
    else if (event.key === "ArrowUp") choose(combo, options[Math.max(here - 1, 0)]);
    else if (event.key === "Escape") open(combo, false);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(combo, options[here]);
    else return;
    if (event.key !== "Tab") event.preventDefault();
  });
  // The list is pressed, not the input left.
  document.addEventListener("mousedown", (event) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-combo] [role=option]") : null;
    const combo = option?.closest<HTMLElement>("[data-combo]");
    if (!option || !combo) return;
    event.preventDefault();
    take(combo, option);
  });
  document.addEventListener("focusout", (event) => {
    const combo = comboOf(event);
    if (combo) open(combo, false);
  });
}

function comboOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>("[data-combo]") : null;
}

function parts(combo: HTMLElement): { input: HTMLInputElement; list: HTMLElement; options: HTMLElement[] } {
  const input = combo.querySelector<HTMLInputElement>("[role=combobox]") as HTMLInputElement;
  const list = combo.querySelector<HTMLElement>("[role=listbox]") as HTMLElement;
  return { input, list, options: [...list.querySelectorAll<HTMLElement>("[role=option]")] };
}

function open(combo: HTMLElement, wanted: boolean): void {
  const { input, list } = parts(combo);
  list.hidden = !wanted;
  input.setAttribute("aria-expanded", String(wanted));
  if (!wanted) input.removeAttribute("aria-activedescendant");
}

function choose(combo: HTMLElement, wanted: HTMLElement | undefined): void {
  const { input, options } = parts(combo);
  for (const option of options) option.setAttribute("aria-selected", String(option === wanted));
  if (!wanted) return;
  input.setAttribute("aria-activedescendant", wanted.id);
  wanted.scrollIntoView({ block: "nearest" });
}

function take(combo: HTMLElement, option: HTMLElement | undefined): void {
  const { input } = parts(combo);
  if (option) input.value = option.dataset["value"] ?? input.value;
  open(combo, false);
}

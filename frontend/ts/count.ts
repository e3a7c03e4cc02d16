import { afterQuiet, announce, onContent } from "./dom";

/** `<textarea data-count="500">` with a following `.s-count` whose `data-left` and `data-over` hold "あと%s文字" and "%s文字多いです". */
export function startCounts(): void {
  onContent((root) => {
    for (const area of root.querySelectorAll<HTMLTextAreaElement>("textarea[data-count]")) watch(area);
  });
}

function watch(area: HTMLTextAreaElement): void {
  const shown = area.parentElement?.querySelector<HTMLElement>(".s-count");
  if (!shown) return;
  const say = afterQuiet(1000, () => announce(shown.textContent ?? ""));
  const count = (): void => {
    // Characters as a reader counts them: one for 𠮷, though JavaScript counts two.
    const left = Number(area.dataset["count"]) - [...area.value].length;
    shown.textContent = ((left < 0 ? shown.dataset["over"] : shown.dataset["left"]) ?? "%s").replace("%s", String(Math.abs(left)));
    shown.classList.toggle("s-count--over", left < 0);
  };
  area.addEventListener("input", () => {
    count();
    say();
  });
  count();
}

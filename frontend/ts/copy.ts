import { announce, within } from "./dom";

/** `<button class="s-only-script" data-copy="text" data-copied="コピーしました">`. */
export function startCopy(): void {
  document.addEventListener("click", (event) => {
    const button = within<HTMLButtonElement>(event, "[data-copy]");
    if (!button) return;
    void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
      const words = button.dataset["copied"];
      if (!words) return;
      button.textContent = words;
      announce(words);
    });
  });
}

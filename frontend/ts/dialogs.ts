import { within } from "./dom";

/** `<button data-dialog="ID">` opens the modal `<dialog id="ID">`; inside, `data-close` closes it. Focus returns by itself. */
export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const opener = within(event, "[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset["dialog"] ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector<HTMLElement>("h2[tabindex]")?.focus();
      return;
    }
    const closer = within(event, "[data-close]");
    if (closer) closer.closest("dialog")?.close();
  });
}

import { afterQuiet, csrfToken, onContent } from "./dom";

const QUIET_MS = 1500;

/**
 * `<form data-autosave="URL">`: what is typed is sent to URL when typing pauses, without files. The answer is a short
 * HTML or text ("自動保存 14:03") for the element `[data-autosave-state]` of the form or the page.
 */
export function startAutosave(): void {
  onContent((root) => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-autosave]")) watch(form);
  });
}

function watch(form: HTMLFormElement): void {
  if (form.dataset["watched"] !== undefined) return;
  form.dataset["watched"] = "";
  let unsaved = false;
  const save = async (): Promise<void> => {
    if (!unsaved || !form.isConnected || form.dataset["sent"] !== undefined) return;
    unsaved = false;
    try {
      const answer = await fetch(form.dataset["autosave"] ?? "", {
        method: "POST",
        body: typed(form),
        headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      show(form, await answer.text());
    } catch {
      unsaved = true;
      show(form, form.dataset["autosaveFailed"] ?? document.body.dataset["failed"] ?? "");
    }
  };
  const later = afterQuiet(QUIET_MS, () => void save());
  form.addEventListener("input", () => {
    unsaved = true;
    later();
  });
  form.addEventListener("change", later);
  window.addEventListener("online", () => void save());
}

/** The form's fields without its files: those travel one by one, see upload.ts. */
function typed(form: HTMLFormElement): FormData {
  const data = new FormData();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
  return data;
}

function show(form: HTMLFormElement, words: string): void {
  const state = form.querySelector("[data-autosave-state]") ?? document.querySelector("[data-autosave-state]");
  if (state && words) state.textContent = new DOMParser().parseFromString(words, "text/html").body.textContent?.trim() ?? "";
}

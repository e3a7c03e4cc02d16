/** How long a second tap on the same form is taken for the same wish. */
const SAME_WISH_MS = 8000;

/**
 * A second submission of a form that is on its way is ignored. The button is never disabled, so it keeps its place in the Tab
 * order; that a thing happens once is the server's business, this only spares the person a puzzling second answer.
 */
export function startSubmitOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset["sent"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "";
    window.setTimeout(() => delete form.dataset["sent"], SAME_WISH_MS);
  });
  document.addEventListener("htmx:afterRequest", () => forget());
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // The browser kept the page as it was before it was sent: ask the server where things stand now.
    if (document.querySelector("form[data-sent]")) window.location.reload();
    forget();
  });
}

function forget(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
}

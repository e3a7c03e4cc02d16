/**
 * Lists of staff pages: `data-keys` on the table or list, `data-row` on each row. While the focus is inside, j and k move to the next and
 * previous row's link and Enter opens it. Only with the focus inside, so that single keys surprise nobody (WCAG 2.1.4).
 */
export function startLists(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
    if (!step || !(event.target instanceof HTMLElement) || isTyping(event.target)) return;
    const list = event.target.closest("[data-keys]");
    if (!list) return;
    const rows = [...list.querySelectorAll<HTMLElement>("[data-row]")];
    const here = rows.findIndex((row) => row.contains(event.target as Node));
    const row = rows[here < 0 ? 0 : here + step];
    const link = row?.querySelector<HTMLAnchorElement>("a[href]");
    if (!row || !link) return;
    event.preventDefault();
    for (const other of rows) delete other.dataset["here"];
    row.dataset["here"] = "";
    link.focus();
  });
}

function isTyping(target: HTMLElement): boolean {
  return target.isContentEditable || target.matches("textarea,select,input:not([type=checkbox],[type=radio])");
}

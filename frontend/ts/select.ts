/** Lists whose rows can be chosen: `data-select` on the table; its `data-select-all` box chooses every row of the page, and shows "some". */
export function startSelect(): void {
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.type !== "checkbox") return;
    const list = event.target.closest("[data-select]");
    if (!list) return;
    const all = list.querySelector<HTMLInputElement>("[data-select-all]");
    const rows = [...list.querySelectorAll<HTMLInputElement>("tbody [type=checkbox]")];
    if (event.target === all) for (const row of rows) row.checked = all.checked;
    if (!all) return;
    const chosen = rows.filter((row) => row.checked).length;
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  });
}

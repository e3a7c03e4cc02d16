/** In a date of three fields, the arrow keys at a field's end move to its neighbour. */
export function startDates(): void {
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || event.isComposing) return;
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const group = step && field.closest(".s-date");
    if (!group || field.selectionStart !== field.selectionEnd) return;
    if (field.selectionStart !== (step > 0 ? field.value.length : 0)) return;
    const fields = [...group.querySelectorAll<HTMLInputElement>("input")];
    const next = fields[fields.indexOf(field) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  });
}

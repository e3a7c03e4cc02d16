/** The phone's menu is a native disclosure; Escape and a tap beside it close it. */
export function startMenus(): void {
  const open = (): HTMLDetailsElement | null => document.querySelector<HTMLDetailsElement>(".s-menu[open]");
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" ? open() : null;
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    const menu = open();
    if (menu && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
}

import { announce } from "./dom";

/**
 * The viewer of attachments: `data-viewer` on the section, `data-viewer-do` on its buttons. Turns and enlarges the picture in its stage; keys
 * work while the focus is inside (WCAG 2.1.4). Without it the picture stands as it is, and its file opens on a page of its own.
 */
const STEPS = [0.5, 0.75, 1, 1.5, 2, 3, 4];

interface View {
  turn: number;
  step: number;
}

const views = new WeakMap<HTMLElement, View>();

export function startViewer(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-viewer-do]") : null;
    const viewer = button?.closest<HTMLElement>("[data-viewer]");
    if (button && viewer) act(viewer, button.dataset["viewerDo"] ?? "");
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    const viewer = event.target.closest<HTMLElement>("[data-viewer]");
    if (!viewer) return;
    const deed = { r: "right", l: "left", "+": "larger", ";": "larger", "-": "smaller", "0": "fit" }[event.key];
    const way = { n: "[data-viewer-next]", p: "[data-viewer-previous]" }[event.key];
    if (deed) act(viewer, deed);
    else if (way) viewer.querySelector<HTMLElement>(way)?.click();
    else return;
    event.preventDefault();
  });
  // After leafing, the focus stays in the viewer and the new page is named.
  document.addEventListener("htmx:afterSettle", () => {
    const stage = document.querySelector<HTMLElement>("[data-viewer-stage]");
    if (!stage || (document.activeElement !== document.body && document.activeElement !== null)) return;
    stage.focus();
    announce(stage.getAttribute("aria-label") ?? "");
  });
}

function act(viewer: HTMLElement, deed: string): void {
  const view = views.get(viewer) ?? { turn: 0, step: STEPS.indexOf(1) };
  views.set(viewer, view);
  if (deed === "left") view.turn = (view.turn + 270) % 360;
  else if (deed === "right") view.turn = (view.turn + 90) % 360;
  else if (deed === "larger") view.step = Math.min(view.step + 1, STEPS.length - 1);
  else if (deed === "smaller") view.step = Math.max(view.step - 1, 0);
  else view.step = STEPS.indexOf(1);
  show(viewer, view);
}

function show(viewer: HTMLElement, view: View): void {
  const stage = viewer.querySelector<HTMLElement>("[data-viewer-stage]");
  const sheet = viewer.querySelector<HTMLElement>("[data-viewer-sheet]");
  const picture = viewer.querySelector<HTMLImageElement>("[data-viewer-picture]");
  if (!stage || !sheet || !picture) return;
  if (!picture.naturalWidth) {
    picture.addEventListener("load", () => show(viewer, view), { once: true });
    return;
  }
  const lying = view.turn % 180 !== 0;
  const width = stage.clientWidth * (STEPS[view.step] ?? 1);
  const ratio = picture.naturalHeight / picture.naturalWidth;
  // The sheet takes the place that the turned picture needs; the picture lies in its middle.
  const height = lying ? width / ratio : width * ratio;
  sheet.style.width = `${width}px`;
  sheet.style.height = `${height}px`;
  picture.style.position = "absolute";
  picture.style.maxWidth = "none";
  picture.style.width = `${lying ? height : width}px`;
  picture.style.insetBlockStart = "50%";
  picture.style.insetInlineStart = "50%";
  picture.style.transform = `translate(-50%, -50%) rotate(${view.turn}deg)`;
}

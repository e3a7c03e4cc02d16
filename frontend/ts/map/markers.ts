import type { MarkerOptions, Shape, Tone } from "./api";

const SVG = "http://www.w3.org/2000/svg";
/** Outlines in a box of 32 by 40; the point of a pin and the middle of the others stand on the place. */
const OUTLINES: Record<Shape, string> = {
  pin: "M16 39C11 30 3 24 3 15a13 13 0 0 1 26 0c0 9-8 15-13 24z",
  circle: "M16 7a13 13 0 1 1 0 26 13 13 0 0 1 0-26z",
  square: "M4 8h24v24H4z",
  diamond: "M16 4l16 16-16 16L0 20z",
  triangle: "M16 6l15 27H1z",
};
const MIDDLES: Record<Shape, number> = { pin: 15, circle: 20, square: 20, diamond: 20, triangle: 25 };

/** The element of a marker: a shape with its letter, and its words beside it. A link where it leads somewhere. */
export function markerElement(options: MarkerOptions): HTMLElement {
  const { shape = "pin", tone = "key", letter = "", label = "", url } = options;
  const element = url ? document.createElement("a") : document.createElement("div");
  if (element instanceof HTMLAnchorElement && url) element.href = url;
  element.className = `s-map-marker s-map-marker--${shape}`;
  element.append(drawing(shape, tone, letter));
  if (label) {
    const words = document.createElement("span");
    words.className = "s-map-marker__label";
    words.textContent = label;
    element.append(words);
  }
  return element;
}

function drawing(shape: Shape, tone: Tone, letter: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 40");
  svg.setAttribute("class", `s-map-marker__shape s-map-marker__shape--${tone}`);
  svg.setAttribute("aria-hidden", "true");
  const outline = document.createElementNS(SVG, "path");
  outline.setAttribute("d", OUTLINES[shape]);
  svg.append(outline);
  if (letter) {
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("x", "16");
    text.setAttribute("y", String(MIDDLES[shape] + 5));
    text.setAttribute("text-anchor", "middle");
    text.textContent = letter;
    svg.append(text);
  } else if (shape === "pin") {
    const hole = document.createElementNS(SVG, "circle");
    hole.setAttribute("cx", "16");
    hole.setAttribute("cy", "15");
    hole.setAttribute("r", "4.5");
    svg.append(hole);
  }
  return svg;
}

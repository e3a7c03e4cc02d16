import type { Tone } from "./api";

/** A custom property of the styles, so that maps and pages share their colours (`frontend/css/tokens.css`). */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const TONES: Record<Tone, string> = {
  key: "--app-key",
  error: "--app-error",
  success: "--app-success",
  warning: "--app-emergency",
  muted: "--app-ink-support",
};

export function toneColour(tone: Tone = "key"): string {
  return token(TONES[tone]);
}

/** The colours of the sketch. */
export function sketchColours() {
  return {
    outside: token("--map-outside"),
    land: token("--map-land"),
    hill: token("--map-hill"),
    water: token("--map-water"),
    border: token("--map-border"),
    road: token("--map-road"),
    roadEdge: token("--map-road-edge"),
    motorway: token("--map-motorway"),
    rail: token("--map-rail"),
    paper: token("--app-paper"),
    ink: token("--app-ink"),
    inkWater: token("--map-ink-water"),
    inkHill: token("--map-ink-hill"),
    inkSupport: token("--app-ink-support"),
  };
}

/** The family that pages are set in; the map draws its labels from the same files. */
export const FONT = "Noto Sans JP Variable";

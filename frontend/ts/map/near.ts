import type { Point } from "./api";

/** A place that people know. */
export interface Known extends Point {
  code: string;
  label: string;
}

/** How a place is told from a known one: `{place}`, `{way}`, `{distance}`; the eight `ways` begin in the north and go clockwise. */
export interface NearWords {
  at: string;
  of: string;
  ways: string[];
}

const RADIUS_M = 6_371_008.8;
const AT_M = 50;

/** East and north of `from`, in metres (flat: good to a few parts in a thousand over a city). */
function offset(from: Point, to: Point): [number, number] {
  const radian = Math.PI / 180;
  const east = (to.lng - from.lng) * radian * Math.cos(from.lat * radian) * RADIUS_M;
  return [east, (to.lat - from.lat) * radian * RADIUS_M];
}

/** 「JR八王子駅から北東へ約200m」, as `near` of the field says it on the server; "" where no place is known. */
export function near(point: Point, places: Known[], words: NearWords): string {
  let best: [number, Known, number] | null = null;
  for (const place of places) {
    const [east, north] = offset(place, point);
    const metres = Math.hypot(east, north);
    if (best && best[0] <= metres) continue;
    best = [metres, place, Math.round(Math.atan2(east, north) / (Math.PI / 4))];
  }
  if (!best) return "";
  const [metres, place, eighth] = best;
  if (metres < AT_M) return words.at.replace("{place}", place.label);
  const way = words.ways[(eighth + 8) % 8] ?? "";
  return words.of.replace("{place}", place.label).replace("{way}", way).replace("{distance}", round(metres));
}

function round(metres: number): string {
  const rounded = Math.round(metres / 10) * 10;
  return rounded < 1000 ? `${rounded}m` : `${(metres / 1000).toFixed(1)}km`;
}

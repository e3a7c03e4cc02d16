// What the server hands out and what the tablet keeps. Mirrors `transit/staff/drive_words.py` and `drive_api.py`.

export type Kind =
  | "began" | "arrived" | "boarded" | "alighted" | "no_show"
  | "break_began" | "break_ended" | "broke_down" | "ended"
  | "fare";

export interface Call {
  key: string;
  kind: "pickup" | "dropoff" | "break";
  booking: string;
  done: boolean;
  how: "" | "boarded" | "alighted" | "no_show";
  arrived: boolean;
}

export interface Stop {
  key: string;
  kind: "stop" | "break";
  name: string;
  kana: string;
  time: string;
  /** Milliseconds since 1970 by the server's clock. */
  at: number;
  window: string;
  late: boolean;
  minutes: number | null;
  geo: string;
  maps: string;
  calls: Call[];
}

export interface Rider {
  name: string;
  party: string;
  chairs: string;
  fare: string;
  /** The fare in yen, and whether the driver has to take it: `due`, `paid` (online), `taken`, or empty where the ride costs nothing. */
  amount: number;
  pay: "" | "due" | "paid" | "taken";
  phone: string;
  origin: string;
  goal: string;
  state: string;
}

export interface Sheet {
  slug: string;
  vehicle: string;
  name: string;
  day: string;
  now: number;
  doing: string;
  driver: string;
  mine: boolean;
  trouble: boolean;
  rest_since: number | null;
  rest_minutes: number | null;
  stops: Stop[];
  riders: Record<string, Rider>;
  aboard: string[];
  absent: string[];
}

/** A sheet as it was kept: `skew` is what to add to the tablet's clock to have the server's, milliseconds. */
export interface Kept {
  key: string;
  sheet: Sheet;
  tag: string;
  skew: number;
  /** When it came, by the tablet's clock. */
  got: number;
  /** Who was signed in. */
  staff: string;
}

/**
 * A report in the outbox. `waiting`: to be delivered from `ready` on (until then a tap can be taken back); `refused`: the server cannot
 * take it in, a person decides; `dropped`: given up, to be told to the dispatchers. A row is deleted only when the server has it.
 */
export interface Row {
  id: string;
  /** Counts the taps of this tablet: rows are delivered in this order. */
  number: number;
  slug: string;
  vehicle: string;
  day: string;
  kind: Kind;
  booking: string | null;
  /** Yen, of a fare. */
  amount: number | null;
  /** The tablet's clock, ISO. */
  at: string;
  ready: number;
  state: "waiting" | "refused" | "dropped";
  reason: string;
  words: string;
  /** For the person at the tablet. */
  label: string;
}

export interface Result {
  id: string;
  stored: boolean;
  reason?: string;
  words?: string;
}

export type Words = Record<string, string>;

/** `"あと%(number)s分"` with its parts filled in. */
export function fill(words: string, parts: Record<string, string | number> = {}): string {
  return words.replace(/%\((\w+)\)s/g, (_, name: string) => String(parts[name] ?? ""));
}

// The day as it stands on this tablet: the last sheet with everything on it that waits in the outbox. Pure, so that it is the same after a reload.
import type { Call, Row, Sheet, Stop } from "./types";

export interface View {
  sheet: Sheet;
  current: Stop | null;
  later: Stop[];
  /** Whether the vehicle is known to stand at the current stop. */
  there: boolean;
}

/** Every stop with calls that are still to come; riders who did not come need no drop-off. */
function open(stop: Stop): boolean {
  return stop.calls.some((call) => !call.done);
}

function each(sheet: Sheet, booking: string, act: (call: Call) => void): void {
  for (const stop of sheet.stops) for (const call of stop.calls) if (call.booking === booking) act(call);
}

function board(sheet: Sheet, booking: string): void {
  each(sheet, booking, (call) => {
    if (call.kind === "pickup") Object.assign(call, { done: true, how: "boarded" });
  });
  sheet.absent = sheet.absent.filter((id) => id !== booking);
  if (!sheet.aboard.includes(booking)) sheet.aboard.push(booking);
}

function alight(sheet: Sheet, booking: string): void {
  each(sheet, booking, (call) => {
    Object.assign(call, { done: true, how: call.kind === "pickup" ? "boarded" : "alighted" });
  });
  sheet.aboard = sheet.aboard.filter((id) => id !== booking);
}

function miss(sheet: Sheet, booking: string): void {
  for (const stop of sheet.stops) {
    stop.calls = stop.calls.filter((call) => call.booking !== booking || call.kind !== "dropoff");
  }
  each(sheet, booking, (call) => Object.assign(call, { done: true, how: "no_show" }));
  sheet.stops = sheet.stops.filter((stop) => stop.calls.length > 0);
  sheet.aboard = sheet.aboard.filter((id) => id !== booking);
  if (!sheet.absent.includes(booking)) sheet.absent.push(booking);
}

function rest(sheet: Sheet, began: number): void {
  const stop = sheet.stops.find((one) => one.kind === "break" && open(one));
  for (const call of stop?.calls ?? []) call.done = true;
  Object.assign(sheet, { doing: "resting", rest_since: began, rest_minutes: stop?.minutes ?? null });
}

function put(sheet: Sheet, row: Row, skew: number): void {
  const booking = row.booking ?? "";
  switch (row.kind) {
    case "began":
      Object.assign(sheet, { mine: true, doing: "ready" });
      break;
    case "ended":
      Object.assign(sheet, { mine: false, driver: "", doing: "done" });
      break;
    case "arrived": {
      const call = sheet.stops.flatMap((stop) => stop.calls).find((one) => one.booking === booking && !one.done);
      if (call) call.arrived = true;
      break;
    }
    case "boarded":
      board(sheet, booking);
      break;
    case "alighted":
      alight(sheet, booking);
      break;
    case "no_show":
      miss(sheet, booking);
      break;
    case "fare": {
      const rider = sheet.riders[booking];
      if (rider) rider.pay = "taken";
      break;
    }
    case "break_began":
      rest(sheet, Date.parse(row.at) + skew);
      break;
    case "break_ended":
      Object.assign(sheet, { doing: "ready", rest_since: null, rest_minutes: null });
      break;
    case "broke_down":
      sheet.trouble = true;
      break;
  }
}

/** The sheet with the taps that the server does not have yet; refused and dropped ones do not count. */
export function view(from: Sheet, rows: Row[], skew: number): View {
  const sheet = structuredClone(from);
  for (const row of rows) {
    if (row.state !== "waiting" || row.slug !== sheet.slug || row.vehicle !== sheet.vehicle || row.day !== sheet.day) continue;
    put(sheet, row, skew);
  }
  const current = sheet.stops.find(open) ?? null;
  return {
    sheet,
    current,
    later: sheet.stops.filter((stop) => stop !== current && open(stop)),
    there: current?.calls.some((call) => call.arrived || (call.done && call.booking !== "")) ?? false,
  };
}

/** Names of riders who are new among what is to come, and of those who are gone, between two views. Times alone are no news. */
export function news(before: View | null, after: View): { added: string[]; gone: string[]; moved: boolean; calls: Set<string> } {
  const found = { added: [] as string[], gone: [] as string[], moved: false, calls: new Set<string>() };
  if (!before || before.sheet.day !== after.sheet.day || before.sheet.vehicle !== after.sheet.vehicle) return found;
  const coming = (one: View): Map<string, string> =>
    new Map(one.sheet.stops.flatMap((stop) => stop.calls.filter((c) => !c.done && c.booking).map((c) => [c.key, stop.name])));
  const old = coming(before);
  const fresh = coming(after);
  const told = new Set(after.sheet.stops.flatMap((stop) => stop.calls.filter((call) => call.done).map((call) => call.key)));
  const name = (one: View, key: string): string => {
    const call = one.sheet.stops.flatMap((stop) => stop.calls).find((c) => c.key === key);
    return one.sheet.riders[call?.booking ?? ""]?.name ?? "";
  };
  for (const [key, stop] of fresh) {
    if (!old.has(key)) {
      found.calls.add(key);
      if (key.endsWith("-pickup") || !fresh.has(key.replace(/-dropoff$/, "-pickup"))) found.added.push(name(after, key));
    } else if (old.get(key) !== stop) {
      found.calls.add(key);
      found.moved = true;
    }
  }
  for (const key of old.keys()) if (!fresh.has(key) && !told.has(key)) found.gone.push(name(before, key));
  const both = (from: Map<string, string>, other: Map<string, string>): string =>
    [...from.keys()].filter((key) => other.has(key)).join();
  found.moved ||= both(old, fresh) !== both(fresh, old);
  found.added = [...new Set(found.added)].filter(Boolean);
  found.gone = [...new Set(found.gone)].filter(Boolean);
  return found;
}

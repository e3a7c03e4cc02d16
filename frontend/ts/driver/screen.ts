// The driver's page from a view of the day. The markup is the server's (`transit/drive/vehicle.html`), also for what is new: its templates.
import { list, part, show, template, write } from "./dom";
import type { Call, Row, Sheet, Stop, Words } from "./types";
import { fill } from "./types";
import type { View } from "./view";

export class Screen {
  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
  ) {}

  say(name: string, parts: Record<string, string | number> = {}): string {
    return fill(this.words[name] ?? "", parts);
  }

  /** Everything that depends on the plan. `changed`: calls to mark as new. */
  draw(view: View, rows: Row[], skew: number, changed: Set<string>): void {
    const { sheet, current } = view;
    const now = Date.now() + skew;
    write(this.root, "vehicle", sheet.name);
    this.begin(sheet);
    this.next(view, changed);
    this.countdown(view, now);
    const later = this.root.querySelector<HTMLElement>("[data-later]");
    if (later) {
      const stops = new Map(view.later.map((stop) => [stop.key, stop]));
      list(later, [...stops.keys()], () => template(this.root, "later"), (element, key) => {
        this.later(element, stops.get(key) as Stop, sheet, changed);
      });
    }
    show(part(this.root, "later-none"), view.later.length === 0);
    this.mends("aboard", sheet.aboard, sheet);
    this.mends("absent", sheet.absent, sheet);
    show(part(this.root, "aboard-none"), sheet.aboard.length === 0);
    show(part(this.root, "absent-box"), sheet.absent.length > 0);
    show(part(this.root, "none"), !current && sheet.doing !== "resting" && !sheet.trouble);
    show(part(this.root, "broken"), sheet.trouble);
    show(part(this.root, "controls"), sheet.mine);
    show(part(this.root, "break-now"), sheet.doing !== "resting");
    show(part(this.root, "break-down"), !sheet.trouble);
    this.refused(rows);
  }

  private begin(sheet: Sheet): void {
    const section = part(this.root, "begin");
    show(section, !sheet.mine);
    if (!section) return;
    const title = part(section, "begin-title");
    const words = sheet.driver ? this.say("driven_by", { name: sheet.driver }) : this.say("driven_by_nobody");
    if (title && title.textContent !== words) title.textContent = words;
    show(part(section, "begin-free"), !sheet.driver);
    show(part(section, "begin-taken"), Boolean(sheet.driver));
  }

  private next(view: View, changed: Set<string>): void {
    const { sheet, current } = view;
    const section = part(this.root, "next");
    show(section, current !== null && sheet.doing !== "resting" && !sheet.trouble);
    show(part(this.root, "rest"), sheet.doing === "resting");
    if (!section || !current) return;
    const stop = part(section, "stop");
    const pause = part(section, "break");
    show(stop, current.kind === "stop");
    show(pause, current.kind === "break");
    if (pause && current.kind === "break") {
      write(pause, "rest", this.say("rest", { number: current.minutes ?? "" }));
      write(pause, "rest-time", current.time);
    }
    if (!stop || current.kind !== "stop") return;
    write(stop.parentElement as HTMLElement, "kana", current.kana);
    for (const name of ["name", "time", "window"] as const) {
      const element = stop.querySelector<HTMLElement>(`:scope > p > [data-f="${name}"], :scope > [data-f="${name}"]`);
      if (element && element.textContent !== current[name]) element.textContent = current[name];
    }
    show(part(stop, "late"), current.late);
    show(part(stop, "arrive"), !view.there);
    show(part(stop, "arrived"), view.there);
    part<HTMLAnchorElement>(stop, "geo")?.setAttribute("href", current.geo);
    const maps = part<HTMLAnchorElement>(stop, "maps");
    show(maps, current.maps !== "");
    if (current.maps) maps?.setAttribute("href", current.maps);
    this.people(part(stop, "people"), current, sheet, changed);
  }

  private people(box: HTMLElement | null, stop: Stop, sheet: Sheet, changed: Set<string>): void {
    if (!box) return;
    const calls = new Map(stop.calls.filter((call) => call.booking).map((call) => [call.key, call]));
    list(box, [...calls.keys()], () => template(this.root, "person"), (element, key) => {
      this.person(element, calls.get(key) as Call, sheet, changed);
    });
  }

  private person(element: HTMLElement, call: Call, sheet: Sheet, changed: Set<string>): void {
    const rider = sheet.riders[call.booking];
    element.dataset["done"] = call.done ? "yes" : "no";
    for (const name of ["name", "party", "chairs", "goal", "fare", "phone"] as const) write(element, name, rider?.[name] ?? "");
    show(element.querySelector<HTMLElement>("[data-f=chairs]"), Boolean(rider?.chairs));
    const phone = part(element, "phone");
    show(phone, Boolean(rider?.phone));
    phone?.querySelector("a")?.setAttribute("href", `tel:${rider?.phone ?? ""}`);
    for (const one of element.querySelectorAll<HTMLElement>("[data-on]")) show(one, call.kind === "pickup");
    for (const one of element.querySelectorAll<HTMLElement>("[data-off]")) show(one, call.kind === "dropoff");
    for (const field of element.querySelectorAll<HTMLInputElement>("input[name=booking]")) field.value = call.booking;
    show(part(element, "do"), !call.done);
    this.pay(element, call.how !== "no_show" ? (rider?.pay ?? "") : "");
    const how = part(element, "how");
    show(how, call.done);
    if (how) how.dataset["how"] = call.how;
    write(element, "how", call.how ? this.say(`did_${call.how}`) : "");
    show(part(element, "changed"), changed.has(call.key) && !call.done);
  }

  /** The button of a fare that is to be taken, or that it is paid. */
  private pay(element: HTMLElement, pay: string): void {
    show(part(element, "pay-due"), pay === "due");
    show(part(element, "pay-done"), pay === "taken" || pay === "paid");
  }

  private later(element: HTMLElement, stop: Stop, sheet: Sheet, changed: Set<string>): void {
    const summary = element.querySelector("summary") as HTMLElement;
    write(summary, "time", stop.time);
    write(summary, "title", stop.kind === "break" ? this.say("rest", { number: stop.minutes ?? "" }) : stop.name);
    const open = stop.calls.filter((call) => !call.done);
    const count = (kind: string): number => open.filter((call) => call.kind === kind).length;
    const counted = ([["people_on", count("pickup")], ["people_off", count("dropoff")]] as const)
      .filter(([, number]) => number > 0)
      .map(([name, number]) => this.say(name, { number }));
    write(summary, "count", counted.join("  "));
    show(part(summary, "changed"), open.some((call) => changed.has(call.key)));
    write(element, "window", stop.window);
    this.people(part(element, "people"), stop, sheet, changed);
  }

  private mends(name: "aboard" | "absent", keys: string[], sheet: Sheet): void {
    const box = part(this.root, name);
    if (!box) return;
    list(box, keys, () => template(this.root, name), (element, key) => {
      write(element, "name", sheet.riders[key]?.name ?? "");
      write(element, "party", sheet.riders[key]?.party ?? "");
      write(element, "fare", sheet.riders[key]?.fare ?? "");
      if (name === "aboard") this.pay(element, sheet.riders[key]?.pay ?? "");
      for (const field of element.querySelectorAll<HTMLInputElement>("input[name=booking]")) field.value = key;
    });
  }

  private refused(rows: Row[]): void {
    const kept = new Map(rows.filter((row) => row.state === "refused").map((row) => [row.id, row]));
    show(part(this.root, "refused-box"), kept.size > 0);
    const box = part(this.root, "refused");
    if (!box) return;
    list(box, [...kept.keys()], () => template(this.root, "refused"), (element, key) => {
      const row = kept.get(key) as Row;
      write(element, "what", `${row.label} ${new Date(row.at).toLocaleTimeString("ja-JP", { hour: "numeric", minute: "2-digit" })}`);
      write(element, "why", row.words);
    });
  }

  /** What is counted down: minutes to the stop, minutes of the break. */
  countdown(view: View, now: number): void {
    const left = part(this.root, "left");
    if (left && view.current?.kind === "stop") {
      const minutes = Math.round((view.current.at - now) / 60_000);
      const words = minutes > 0 ? this.say("in_minutes", { number: minutes }) : minutes < -1 ? this.say("minutes_late", { number: -minutes }) : this.say("now");
      if (left.textContent !== words) left.textContent = words;
    }
    const rest = part(this.root, "rest-left");
    const { rest_since: since, rest_minutes: long } = view.sheet;
    if (rest && since !== null) {
      const gone = Math.max(0, Math.floor((now - since) / 60_000));
      const words =
        long === null
          ? this.say("rest_open", { number: gone })
          : gone < long
            ? this.say("rest_left", { number: long - gone })
            : this.say("rest_over", { number: gone - long });
      if (rest.textContent !== words) rest.textContent = words;
    }
  }
}

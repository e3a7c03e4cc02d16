// The driver's tablet: goes on from what it keeps, online or not; every tap is in the outbox before anything else happens.
import { announce } from "./dom";
import { part, show } from "./driver/dom";
import { Screen } from "./driver/screen";
import * as store from "./driver/store";
import type { Setup } from "./driver/sync";
import { Sync, keyOf } from "./driver/sync";
import type { Kept, Kind, Row, Words } from "./driver/types";
import { fill } from "./driver/types";
import type { View } from "./driver/view";
import { news, view } from "./driver/view";

/** How long a tap can be taken back for certain; after that, until it is sent. */
const UNDO_MS = 12_000;
/** Taps right after something else has come under the finger are not meant for it. */
const GUARD_MS = 450;

class Tablet {
  private readonly words: Words;
  private readonly screen: Screen;
  private readonly sync: Sync;
  private readonly setup: Setup;
  private kept: Kept | null = null;
  private rows: Row[] = [];
  /** Taps that this tablet could not store: kept as long as the page is open. */
  private unstored: Row[] = [];
  private shown: View | null = null;
  private marked = new Set<string>();
  private fingers = 0;
  private quiet = 0;
  private watch: number | null = null;
  private last: string[] = [];

  constructor(private readonly root: HTMLElement) {
    const data = root.dataset;
    this.words = JSON.parse(data["words"] ?? "{}") as Words;
    this.screen = new Screen(root, this.words);
    const [slug = null, vehicle = null] = this.named();
    this.setup = { base: data["base"] ?? "", cookie: data["cookie"] ?? "", staff: data["staff"] ?? "", slug, vehicle };
    this.sync = new Sync(this.setup, (delivered) => this.reload(delivered));
  }

  /** Service and vehicle of this page: the shell learns them from its address. */
  private named(): string[] {
    const { slug, vehicle, base } = this.root.dataset;
    if (slug && vehicle) return [slug, vehicle];
    const rest = location.pathname.slice((base ?? "").length).split("/").filter(Boolean);
    return rest.length === 2 ? rest : [];
  }

  async start(): Promise<void> {
    this.root.addEventListener("submit", (event) => this.submitted(event));
    this.root.addEventListener("click", (event) => this.guard(event), true);
    this.root.addEventListener("click", (event) => this.clicked(event));
    for (const [name, by] of [["pointerdown", 1], ["pointerup", -1], ["pointercancel", -1]] as const) {
      window.addEventListener(name, () => {
        this.fingers = Math.max(0, this.fingers + by);
        if (by < 0) window.setTimeout(() => void this.reload(0), 300);
      });
    }
    window.setInterval(() => this.tick(), 5000);
    await this.tidy();
    await this.reload(0);
    this.root.dataset["ready"] = "";
    this.sync.kick();
    void this.install();
  }

  /** Lists of days that are over go, once nothing of them waits. */
  private async tidy(): Promise<void> {
    const [kept, rows] = await Promise.all([store.sheets(), store.rows()]).catch(() => [[], []] as [Kept[], Row[]]);
    const today = (one: Kept): string => new Date(Date.now() + one.skew + 9 * 3_600_000).toISOString().slice(0, 10);
    const old = kept.filter((one) => one.sheet.day < today(one) && !rows.some((row) => keyOf(row.slug, row.vehicle) === one.key));
    if (old.length) await store.forgetSheets(old.map((one) => one.key)).catch(() => undefined);
  }

  private async install(): Promise<void> {
    if (!("serviceWorker" in navigator)) return;
    const { worker = "", base = "" } = this.root.dataset;
    try {
      await navigator.serviceWorker.register(worker, { scope: base });
      const ready = await navigator.serviceWorker.ready;
      await document.fonts.ready;
      const found = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
      const own = [...document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>("link[href], script[src]")].map(
        (element) => new URL("href" in element ? element.href : element.src, location.href),
      );
      const assets = [...found, ...own].filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
      ready.active?.postMessage({ keep: [...new Set(assets.map((url) => url.href))] });
    } catch {
      // Without a service worker the page works as long as it stays open; the outbox does not need one.
    }
  }

  /** Reads what is stored and shows it; while a finger is down the page stands still. */
  private async reload(delivered: number): Promise<void> {
    if (delivered) announce(this.say("back", { number: delivered }));
    if (this.fingers > 0) return;
    try {
      this.rows = [...(await store.rows()), ...this.unstored];
      const key = this.setup.slug && this.setup.vehicle ? keyOf(this.setup.slug, this.setup.vehicle) : "";
      this.kept = (await store.sheets()).find((one) => one.key === key) ?? null;
    } catch {
      this.rows = [...this.unstored];
    }
    this.draw(true);
  }

  private draw(fromOutside: boolean): void {
    this.state();
    if (this.setup.slug === null) return this.chosen();
    const empty = part(this.root, "empty");
    show(empty, !this.kept && !this.root.dataset["slug"]);
    if (!this.kept) {
      if (empty) empty.textContent = this.say("no_sheet");
      return;
    }
    const made = view(this.kept.sheet, this.rows, this.kept.skew);
    if (fromOutside) this.tell(made);
    if (this.shown?.current?.key !== made.current?.key && this.shown) this.hold();
    this.shown = made;
    this.screen.draw(made, this.rows, this.kept.skew, this.marked);
    this.located(made);
  }

  /** What is new on the list, in words, until somebody has seen it. */
  private tell(made: View): void {
    const found = news(this.shown, made);
    if (!found.added.length && !found.gone.length && !found.moved) return;
    for (const key of found.calls) this.marked.add(key);
    const words = [
      found.added.length ? this.say("added", { names: found.added.join("、") }) : "",
      found.gone.length ? this.say("gone", { names: found.gone.join("、") }) : "",
    ].filter(Boolean);
    const box = part(this.root, "news");
    show(box, true);
    const title = box && part(box, "news-title");
    const body = box && part(box, "news-words");
    if (title) title.textContent = this.say("changed");
    if (body) body.textContent = words.join("　");
    announce([this.say("changed"), ...words].join(" "));
    this.hold();
  }

  private hold(): void {
    this.quiet = performance.now() + GUARD_MS;
    this.root.dataset["hold"] = "";
    window.setTimeout(() => {
      if (performance.now() >= this.quiet - 5) delete this.root.dataset["hold"];
    }, GUARD_MS);
  }

  private guard(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest("form[data-report] button") : null;
    if (!button || (event as MouseEvent).detail === 0 || performance.now() >= this.quiet) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private state(): void {
    const waiting = this.rows.filter((row) => row.state !== "refused").length;
    const box = part(this.root, "state");
    const line = this.unstored.length ? "trouble" : this.sync.line;
    const words = waiting ? this.say("unsent", { number: waiting }) : this.say("sent");
    if (box) {
      box.hidden = this.setup.slug === null && waiting === 0;
      if (box.textContent !== words) box.textContent = words;
      box.dataset["line"] = line;
      box.dataset["waiting"] = String(waiting);
    }
    const note = part(this.root, "offline");
    show(note, line !== "ok");
    if (note) {
      const said = part(note, "offline-words");
      const why = this.unstored.length ? this.say("no_store") : line === "ok" ? "" : this.say(line);
      if (said && said.textContent !== why) said.textContent = why;
      const link = part<HTMLAnchorElement>(note, "sign-in-link");
      show(link, line === "signed_out");
      link?.setAttribute("href", `${this.root.dataset["signIn"] ?? ""}?next=${encodeURIComponent(location.pathname)}`);
    }
    this.undoable();
  }

  private undoable(): void {
    const rows = this.rows.filter((row) => this.last.includes(row.id) && row.state === "waiting");
    const words = part(this.root, "undo-words");
    show(part(this.root, "undo"), rows.length > 0);
    show(part(this.root, "undo-bar"), rows.length > 0);
    const label = rows[0]?.label ?? "";
    if (words && words.textContent !== label) words.textContent = label;
  }

  private submitted(event: Event): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["report"] === undefined) return;
    event.preventDefault();
    const kind = form.dataset["report"] as Kind;
    const given = new FormData(form).getAll("booking").map(String).filter(Boolean);
    void this.tapped(kind, kind === "arrived" ? this.here() : given);
  }

  /** Whose arrival is told: everybody who is still to get on or off at the current stop. */
  private here(): string[] {
    return [...new Set(this.shown?.current?.calls.filter((call) => !call.done && call.booking).map((call) => call.booking) ?? [])];
  }

  private async tapped(kind: Kind, bookings: string[]): Promise<void> {
    if (!this.kept) return;
    const { sheet } = this.kept;
    const now = Date.now();
    const name = bookings.length === 1 && kind !== "arrived" ? (sheet.riders[bookings[0] ?? ""]?.name ?? "") : "";
    const first = Math.max(0, ...this.rows.map((row) => row.number)) + 1;
    const targets: (string | null)[] = bookings.length ? bookings : [null];
    const fresh = targets.map((booking, n): Row => ({
      id: crypto.randomUUID(),
      number: first + n,
      slug: sheet.slug,
      vehicle: sheet.vehicle,
      day: sheet.day,
      kind,
      booking,
      amount: kind === "fare" ? (sheet.riders[booking ?? ""]?.amount ?? 0) : null,
      at: new Date(now).toISOString(),
      ready: kind === "began" ? now : now + UNDO_MS,
      state: "waiting",
      reason: "",
      words: "",
      label: [this.say(`did_${kind}`), name].filter(Boolean).join("："),
    }));
    // A tap that can no longer be taken back need not wait.
    const done = this.rows.filter((row) => row.state === "waiting" && this.last.includes(row.id)).map((row) => ({ ...row, ready: now }));
    try {
      await store.put([...done, ...fresh]);
    } catch {
      this.unstored.push(...fresh);
    }
    this.last = kind === "began" ? [] : fresh.map((row) => row.id);
    this.rows = [...this.rows.filter((row) => !done.some((one) => one.id === row.id)), ...done, ...fresh].sort((a, b) => a.number - b.number);
    announce(fresh[0]?.label ?? "");
    this.draw(false);
    this.hold();
    this.sync.kick();
  }

  private clicked(event: Event): void {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-undo]")) void this.undo();
    if (target?.closest("[data-news-seen]")) {
      this.marked.clear();
      show(part(this.root, "news"), false);
      this.draw(false);
    }
    const row = this.rows.find((one) => one.id === target?.closest<HTMLElement>("[data-key]")?.dataset["key"]);
    if (row && target?.closest("[data-again]")) void this.decide({ ...row, state: "waiting", ready: Date.now() });
    if (row && target?.closest("[data-drop]")) void this.decide({ ...row, state: "dropped" });
  }

  private async undo(): Promise<void> {
    // Under the same lock as deliveries: what is on its way can no longer be taken back.
    const take = async (): Promise<void> => {
      const there = (await store.rows()).filter((row) => this.last.includes(row.id) && row.state === "waiting");
      await store.remove(there.map((row) => row.id));
    };
    await ("locks" in navigator ? navigator.locks.request("souto-drive", take) : take());
    this.unstored = this.unstored.filter((row) => !this.last.includes(row.id));
    this.last = [];
    this.shown = null;
    await this.reload(0);
    this.hold();
  }

  private async decide(row: Row): Promise<void> {
    await store.put([row]);
    if (row.state === "dropped") announce(this.say("dropped"));
    await this.reload(0);
    this.sync.kick();
  }

  private tick(): void {
    if (this.shown && this.kept) this.screen.countdown(this.shown, Date.now() + this.kept.skew);
  }

  /** Where the vehicle is, while its driver is at work: only the last place is kept, and a break is nobody's business. */
  private located(made: View): void {
    const wanted = made.sheet.mine && made.sheet.doing !== "resting" && made.sheet.doing !== "done";
    if (!("geolocation" in navigator)) return;
    if (!wanted && this.watch !== null) {
      navigator.geolocation.clearWatch(this.watch);
      this.watch = null;
      this.sync.place = null;
    } else if (wanted && this.watch === null) {
      this.watch = navigator.geolocation.watchPosition(
        ({ coords }) => {
          this.sync.place = { lat: coords.latitude, lon: coords.longitude, at: new Date().toISOString() };
        },
        () => undefined,
        { enableHighAccuracy: true, maximumAge: 10_000 },
      );
    }
  }

  /** On the page where a vehicle is chosen, without a network: the vehicles that this tablet keeps. */
  private chosen(): void {
    const box = part(this.root, "kept");
    if (!box) return;
    void store.sheets().then((kept) => {
      box.replaceChildren(
        ...kept.map((one) => {
          const link = document.createElement("a");
          link.href = `${this.setup.base}${one.key}/`;
          link.textContent = one.sheet.name;
          const item = document.createElement("li");
          item.append(link);
          return item;
        }),
      );
    });
    show(box, this.sync.line === "offline");
  }

  private say(name: string, parts: Record<string, string | number> = {}): string {
    return fill(this.words[name] ?? "", parts);
  }
}

const root = document.querySelector<HTMLElement>("[data-drive], [data-drive-choose]");
if (root) void new Tablet(root).start();

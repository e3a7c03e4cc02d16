// Between the outbox and the server: delivers what waits until the server has it, and fetches the day's list. Gives up never, waits longer each time.
import { Hearing } from "./hearing";
import * as store from "./store";
import type { Kept, Result, Row, Sheet } from "./types";

export type Line = "ok" | "offline" | "signed_out" | "refused" | "trouble";

export interface Place {
  lat: number;
  lon: number;
  at: string;
}

export interface Setup {
  base: string;
  cookie: string;
  staff: string;
  /** The vehicle that this page shows; null on the page where one is chosen. */
  slug: string | null;
  vehicle: string | null;
}

interface Answer {
  status: number;
  body: { results?: Result[]; sheet?: Sheet; tag?: string };
  tag: string;
  started: number;
}

const POLL_MS = 15_000;
const TIMEOUT_MS = 20_000;
const POSITION_MS = 15_000;
const LONGEST_MS = 60_000;
const BATCH = 100;

export const keyOf = (slug: string, vehicle: string): string => `${slug}/${vehicle}`;

/** Where a report of a vehicle goes to, one group for each vehicle and day. */
function groups(rows: Row[]): Row[][] {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.slug}/${row.vehicle}/${row.day}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / BATCH) }, (_, n) => group.slice(n * BATCH, (n + 1) * BATCH)),
  );
}

export class Sync {
  line: Line = "ok";
  /** The last position, kept nowhere else. */
  place: Place | null = null;
  private placed = 0;
  private failures = 0;
  private timer = 0;
  private running = false;
  private again = false;
  private readonly hearing: Hearing | null;

  constructor(
    private readonly setup: Setup,
    private readonly changed: (delivered: number) => Promise<void>,
  ) {
    const { slug, vehicle, base } = setup;
    this.hearing = slug === null || vehicle === null ? null : new Hearing(`${base}${slug}/${vehicle}/live/`, () => this.kick());
    window.addEventListener("online", () => this.kick());
    window.addEventListener("offline", () => {
      this.line = "offline";
      void this.changed(0);
    });
    document.addEventListener("visibilitychange", () => this.kick());
  }

  /** Try now, or right after the try that is under way. */
  kick(): void {
    this.again = this.running;
    if (!this.running) this.plan(0);
  }

  /** Try again in so many milliseconds at the latest. */
  plan(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(), milliseconds);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    let delivered = 0;
    let next = POLL_MS;
    try {
      delivered = await this.locked();
      this.failures = 0;
    } catch (error) {
      this.line = error instanceof Refusal ? error.line : "offline";
      this.failures += 1;
      const longest = Math.min(LONGEST_MS, 1000 * 2 ** Math.min(this.failures, 6));
      next = longest * (0.5 + Math.random() / 2);
    }
    this.running = false;
    if (this.line === "ok") this.hearing?.open();
    else this.hearing?.close();
    await this.changed(delivered);
    const soonest = Math.min(...(await this.rows()).filter((row) => row.state === "waiting").map((row) => row.ready));
    if (this.failures === 0 && Number.isFinite(soonest)) next = Math.min(next, Math.max(0, soonest - Date.now()) + 50);
    this.plan(this.again ? 0 : next);
    this.again = false;
  }

  private async rows(): Promise<Row[]> {
    return store.rows().catch(() => []);
  }

  /** One tab of this tablet at a time talks to the server; the others read what it has stored. */
  private async locked(): Promise<number> {
    if (!("locks" in navigator)) return this.turn();
    return navigator.locks.request("souto-drive", { ifAvailable: true }, (lock) => (lock ? this.turn() : 0));
  }

  private async turn(): Promise<number> {
    const rows = await store.rows();
    const now = Date.now();
    let delivered = 0;
    let fresh = false;
    let trouble = false;
    for (const group of groups(rows.filter((row) => row.state === "dropped"))) {
      const answer = await this.post("dismissals", group, { reports: group.map(written) });
      if (answer.status < 300) await store.remove(group.map((row) => row.id));
      else await store.put(group.map((row) => ({ ...row, state: "refused" as const })));
    }
    for (const group of groups(rows.filter((row) => row.state === "waiting" && row.ready <= now))) {
      const here = this.shows(group[0]);
      const answer = await this.post("deliveries", group, { reports: group.map(written), ...(here ? this.seen(now) : {}) });
      const results = answer.body.results ?? group.map((row) => ({ id: row.id, stored: false, reason: "unreadable" }));
      const kept = here ? this.kept(answer) : null;
      await store.settle(group, results, kept);
      delivered += results.filter((result) => result.stored).length;
      trouble ||= answer.status >= 400;
      fresh ||= kept !== null;
    }
    if (!fresh) await this.refresh(now);
    this.line = trouble ? "trouble" : "ok";
    return delivered;
  }

  private shows(row: Row | undefined): boolean {
    return row?.slug === this.setup.slug && row?.vehicle === this.setup.vehicle;
  }

  /** The day's list; together with the position where there is one to tell. */
  private async refresh(now: number): Promise<void> {
    const { slug, vehicle, base } = this.setup;
    if (slug === null || vehicle === null) return;
    const key = keyOf(slug, vehicle);
    const old = (await store.sheets()).find((kept) => kept.key === key);
    const seen = this.seen(now);
    if (old && seen.seen) {
      const answer = await this.ask(`${base}${slug}/${vehicle}/deliveries/`, { day: old.sheet.day, reports: [], ...seen });
      const kept = this.kept(answer);
      if (kept) return store.keep(kept);
    }
    const answer = await this.ask(`${base}${slug}/${vehicle}/plan.json`, null, old?.tag ?? "");
    const sheet = answer.status === 200 ? (answer.body as unknown as Sheet) : null;
    if (sheet) await store.keep(this.made(key, sheet, answer.tag, answer.started));
    else if (answer.status === 304 && old) await store.keep({ ...old, got: Date.now() });
    else throw new Refusal("trouble");
  }

  private seen(now: number): { seen?: Place } {
    if (!this.place || now - this.placed < POSITION_MS) return {};
    this.placed = now;
    return { seen: this.place };
  }

  private kept(answer: Answer): Kept | null {
    const { sheet, tag } = answer.body;
    return sheet ? this.made(keyOf(sheet.slug, sheet.vehicle), sheet, tag ?? "", answer.started) : null;
  }

  private made(key: string, sheet: Sheet, tag: string, started: number): Kept {
    const got = Date.now();
    return { key, sheet, tag, skew: sheet.now - (started + got) / 2, got, staff: this.setup.staff };
  }

  private post(what: string, group: Row[], body: object): Promise<Answer> {
    const first = group[0] as Row;
    return this.ask(`${this.setup.base}${first.slug}/${first.vehicle}/${what}/`, { day: first.day, ...body });
  }

  private async ask(url: string, body: object | null, tag = ""): Promise<Answer> {
    const started = Date.now();
    const headers: Record<string, string> = { Accept: "application/json" };
    if (tag) headers["If-None-Match"] = tag;
    if (body) headers["Content-Type"] = "application/json";
    if (body) headers["X-CSRFToken"] = this.token();
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      headers,
      body: body ? JSON.stringify({ ...body, sent_at: new Date().toISOString() }) : null,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401) throw new Refusal("signed_out");
    if (response.status === 403) throw new Refusal(await this.why());
    if (response.status >= 500) throw new Refusal("trouble");
    const json = response.headers.get("content-type")?.includes("json") && response.status !== 304;
    const read = json ? ((await response.json()) as Answer["body"]) : {};
    return { status: response.status, body: read, tag: response.headers.get("etag") ?? "", started };
  }

  /** A token that has gone (somebody signed in again) comes back with any answer; whoever may not drive hears it again. */
  private async why(): Promise<Line> {
    const { slug, vehicle, base } = this.setup;
    const asked = slug === null ? base : `${base}${slug}/${vehicle}/plan.json`;
    const response = await fetch(asked, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.status === 403 ? "refused" : response.status === 401 ? "signed_out" : "trouble";
  }

  private token(): string {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${this.setup.cookie}=`));
    return found?.slice(this.setup.cookie.length + 1) ?? "";
  }
}

class Refusal extends Error {
  constructor(readonly line: Line) {
    super(line);
  }
}

function written(row: Row): object {
  const { id, kind, at, booking, amount } = row;
  return { id, kind, at, booking, amount: amount ?? undefined, reason: row.reason || undefined };
}

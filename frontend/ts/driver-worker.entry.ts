// Service worker of the driver's pages: opens them where there is no network. It keeps the page without anybody's data, and its styles, scripts
// and fonts; what belongs to people stays in IndexedDB, and reports are none of its business.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Told extends Waiting {
  readonly data: { keep?: string[]; shell?: string };
}

interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", act: (event: Waiting) => void): void;
  addEventListener(type: "fetch", act: (event: Asked) => void): void;
  addEventListener(type: "message", act: (event: Told) => void): void;
}

const worker = self as unknown as Worker;
const CACHE = "souto-drive-1";
const PATIENCE_MS = 6000;

const shellUrl = (): string => new URL("shell/", worker.registration.scope).href;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

/** Keeps the shell and its parts; parts of older versions go once the new ones are all there. */
async function keep(urls: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const wanted = new Set([shellUrl(), ...urls]);
  for (const url of wanted) {
    const isShell = url === shellUrl();
    if (!isShell && (await cache.match(url))) continue;
    const answer = await fetch(url, { credentials: "same-origin", cache: isShell ? "no-store" : "default" });
    if (!answer.ok || answer.redirected) {
      if (isShell) continue; // signed out meanwhile: the old shell stays
      throw new Error(`${answer.status} ${url}`);
    }
    await cache.put(url, answer);
  }
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

worker.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).catch(() => undefined));
});

/** The page from the network; the shell where that fails, takes too long or is broken. */
async function page(request: Request): Promise<Response> {
  const shell = await caches.match(shellUrl());
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const asked = fetch(request).catch(() => null);
  const answer = await (shell ? Promise.race([asked, late]) : asked);
  if (answer && (answer.status < 500 || !shell)) return answer;
  return shell ?? Response.error();
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.href.startsWith(worker.registration.scope)) event.respondWith(page(request));
  } else if (["style", "script", "font", "image"].includes(request.destination)) {
    event.respondWith(asset(request));
  }
});

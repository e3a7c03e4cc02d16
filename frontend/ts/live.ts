import { onContent } from "./dom";
import { isSignedOut } from "./htmx";
import { atMost } from "./seldom";

/** Seconds after which a page looks again by itself: time passes also where nothing happens, and a stream may be missing. */
const EVERY = 20;
/** Seconds until a stream that was refused is asked for again. */
const AGAIN = 60;
/** Seconds between two events of a name of its own: what happens meanwhile is one. */
const PAUSE = 3;

/**
 * `[data-live="ADDRESS"]`: gets the event `live` whenever what it shows may have changed, and every 20 seconds; htmx then brings the part anew
 * (`hx-trigger="live"`). The address is a stream (SSE) that says "look again" and nothing else. Hidden pages hear nothing: a browser has few
 * connections to give away. Back in view they look at once. Where the session has ended nothing is asked any more.
 *
 * `data-live-also="NAME"`: what the stream tells by this name becomes an event of this name, at once, then every three seconds at most; it is for what is
 * small and changes often.
 */
export function startLive(): void {
  onContent((root) => {
    for (const element of root.querySelectorAll<HTMLElement>("[data-live]")) {
      if (!followed.has(element)) follow(element);
    }
  });
}

const followed = new WeakSet<HTMLElement>();

function follow(element: HTMLElement): void {
  followed.add(element);
  let stream: EventSource | null = null;
  let waiting = 0;
  const look = (): void => {
    if (element.isConnected) element.dispatchEvent(new CustomEvent("live"));
    else stop();
  };
  const also = element.dataset["liveAlso"];
  const seldom = atMost(PAUSE, () => also && element.isConnected && element.dispatchEvent(new CustomEvent(also)));
  const shut = (): void => {
    window.clearTimeout(waiting);
    stream?.close();
    stream = null;
  };
  const open = (): void => {
    shut();
    if (document.hidden) return;
    const asked = new EventSource(element.dataset["live"] ?? "");
    stream = asked;
    asked.addEventListener("message", look);
    if (also) asked.addEventListener(also, seldom);
    asked.addEventListener("error", () => {
      // A stream that ends is asked for again by the browser; one that was refused is not.
      if (asked.readyState === EventSource.CLOSED && stream === asked) waiting = window.setTimeout(open, AGAIN * 1000);
    });
  };
  const timer = window.setInterval(() => {
    if (!document.hidden) look();
  }, EVERY * 1000);
  const stop = (): void => {
    shut();
    window.clearInterval(timer);
    document.removeEventListener("visibilitychange", open);
    window.removeEventListener("pagehide", shut);
    window.removeEventListener("pageshow", open);
  };
  element.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target === element && isSignedOut(event)) stop();
  });
  document.addEventListener("visibilitychange", open);
  window.addEventListener("pagehide", shut);
  window.addEventListener("pageshow", open);
  if (document.readyState === "complete") open(); // else `pageshow` is still to come
}

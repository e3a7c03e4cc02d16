import { Idiomorph } from "idiomorph";
import htmx from "htmx.org";
import { announce } from "./dom";

/** `hx-ext="morph" hx-swap="morph"`: the children become those of the answer, and what is the same stays: focus, scrolling, open details. */
function startMorph(): void {
  htmx.defineExtension("morph", {
    isInlineSwap: () => false,
    handleSwap: (style, target, fragment) => {
      if (style !== "morph" || !(target instanceof Element)) return false;
      // What the reader has opened stays open.
      const callbacks = { beforeAttributeUpdated: (name: string) => name !== "open" };
      return Idiomorph.morph(target, [...fragment.childNodes], { morphStyle: "innerHTML", restoreFocus: true, callbacks }) as Node[];
    },
  });
}

/** What htmx says of an answer before it puts it in. */
type AnswerEvent = CustomEvent<{ xhr: XMLHttpRequest; isError: boolean; shouldSwap: boolean; requestConfig: { elt: Element } }>;

/** Whether htmx's event `htmx:beforeSwap` is about the answer of a server to which nobody is signed in any more. */
export function isSignedOut(event: Event): boolean {
  return (event as AnswerEvent).detail.xhr.status === 401;
}

/** Puts the server's words before what asked, once; what is shown, or was typed, stays. */
function signInAgain({ detail }: AnswerEvent): void {
  detail.isError = false;
  detail.shouldSwap = false;
  if (document.getElementById("sign-in-again")) return;
  detail.requestConfig.elt.insertAdjacentHTML("beforebegin", detail.xhr.responseText);
  document.getElementById("sign-in-again")?.scrollIntoView({ block: "nearest" });
}

/** htmx within our content security policy: nothing evaluated, nothing styled inline, no page kept in the browser's storage. */
export function startHtmx(): void {
  startMorph();
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.selfRequestsOnly = true;
  htmx.config.historyCacheSize = 0;
  htmx.config.refreshOnHistoryMiss = true;
  htmx.config.scrollBehavior = "instant";
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    // A form with something to correct comes back as 422 with its messages.
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ];
  const failed = (): void => announce(document.body.dataset["failed"] ?? "");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isSignedOut(event)) signInAgain(event as AnswerEvent);
  });
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
}

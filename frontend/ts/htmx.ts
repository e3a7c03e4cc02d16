import htmx from "htmx.org";
import { announce } from "./dom";

/** htmx within our content security policy: nothing evaluated, nothing styled inline, no page kept in the browser's storage. */
export function startHtmx(): void {
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
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
}

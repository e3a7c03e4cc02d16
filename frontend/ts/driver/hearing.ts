// The day's live stream (SSE): what changes is asked for at once while there is a network. Without one nothing is different: the tablet asks now and then, and keeps what it has.
import { atMost } from "../seldom";

/** Seconds until a stream is asked for again: one that ended, and one that was refused. */
const ENDED = 15;
const REFUSED = 60;
/** Seconds between two questions that the stream leads to. */
const PAUSE = 2;

export class Hearing {
  private stream: EventSource | null = null;
  private notBefore = 0;
  private readonly heard: () => void;

  constructor(
    private readonly address: string,
    heard: () => void,
  ) {
    this.heard = atMost(PAUSE, heard);
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("offline", () => this.close());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.close();
    });
  }

  /** Listens from now on; called whenever the server has answered well. */
  open(): void {
    if (this.stream || document.hidden || Date.now() < this.notBefore) return;
    const asked = new EventSource(this.address);
    this.stream = asked;
    asked.addEventListener("message", this.heard);
    asked.addEventListener("error", () => {
      this.notBefore = Date.now() + 1000 * (asked.readyState === EventSource.CLOSED ? REFUSED : ENDED);
      this.close();
    });
  }

  /** Hears nothing any more: no network, or nobody looks. */
  close(): void {
    this.stream?.close();
    this.stream = null;
  }
}

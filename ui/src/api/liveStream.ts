/** Where the connection to a live stream stands. */
export type Connection = "connecting" | "live" | "reconnecting" | "signedOut" | "over";

/** What is used of an `EventSource`. */
export interface Source {
  readonly readyState: number;
  addEventListener(name: string, listener: (event: { data?: string }) => void): void;
  close(): void;
}

/** How the server answers a plain read, asked when a stream is refused without saying why. */
export type Answer = "there" | "gone" | "signedOut" | "away";

interface Wiring<T> {
  open: () => Source;
  /** Why the stream was refused; an `EventSource` does not tell the status. */
  ask: () => Promise<Answer>;
  onSnapshot: (snapshot: T) => void;
  onConnection: (connection: Connection) => void;
}

const CLOSED = 2; // EventSource.CLOSED: refused, and not tried again by itself
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** How long to wait before the nth try in a row: doubled each time, up to a quarter minute. */
export function waitMs(tries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
}

/**
 * Whole snapshots as they come; opened again whenever it breaks, until the server says that it is
 * over. A browser mends a cut connection itself, but not one that was refused.
 */
export class LiveStream<T> {
  #source: Source | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #isOver = false;

  constructor(private readonly wiring: Wiring<T>) {}

  open(): void {
    if (this.#source || this.#isOver) return;
    this.close();
    this.wiring.onConnection(this.#tries > 0 ? "reconnecting" : "connecting");
    const source = this.wiring.open();
    this.#source = source;
    source.addEventListener("progress", (event) => {
      if (this.#source !== source) return;
      this.#tries = 0;
      this.wiring.onConnection("live");
      this.wiring.onSnapshot(JSON.parse(event.data ?? "null") as T);
    });
    source.addEventListener("end", () => this.#end());
    source.addEventListener("error", () => this.#mend(source));
  }

  /** Leave it, for good or until `open`; nothing is told after that. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined; // an answer that is still on its way finds that nobody waits
    this.#source?.close();
    this.#source = undefined;
  }

  #end(): void {
    this.close();
    this.#isOver = true;
    this.wiring.onConnection("over");
  }

  #mend(source: Source): void {
    if (this.#source !== source) return;
    this.#tries += 1;
    this.wiring.onConnection("reconnecting");
    if (source.readyState !== CLOSED) return;
    this.close();
    this.#timer = setTimeout(() => void this.#again(), waitMs(this.#tries - 1));
  }

  async #again(): Promise<void> {
    const timer = this.#timer;
    const answer = await this.wiring.ask();
    if (this.#timer !== timer || this.#source) return; // left or opened meanwhile
    if (answer === "gone") return this.#end();
    if (answer === "there") return this.open();
    this.#tries += 1;
    this.wiring.onConnection(answer === "signedOut" ? "signedOut" : "reconnecting");
    this.#timer = setTimeout(() => void this.#again(), waitMs(this.#tries - 1));
  }
}

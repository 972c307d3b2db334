import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveStream, waitMs, type Answer, type Connection, type Source } from "./liveStream";

/** An EventSource in a test's hand. */
class FakeSource implements Source {
  readyState = 0;
  listeners = new Map<string, (event: { data?: string }) => void>();

  addEventListener(name: string, listener: (event: { data?: string }) => void) {
    this.listeners.set(name, listener);
  }

  close() {
    this.readyState = 2;
  }

  tell(name: string, data?: unknown) {
    this.listeners.get(name)?.({ data: JSON.stringify(data) });
  }

  refuse() {
    this.readyState = 2;
    this.tell("error");
  }
}

function watched(answers: Answer[] = []) {
  const sources: FakeSource[] = [];
  const seen: number[] = [];
  const told: Connection[] = [];
  const stream = new LiveStream<number>({
    open: () => {
      sources.push(new FakeSource());
      return sources.at(-1)!;
    },
    ask: () => Promise.resolve(answers.shift() ?? "there"),
    onSnapshot: (snapshot) => seen.push(snapshot),
    onConnection: (connection) => told.push(connection),
  });
  stream.open();
  return { stream, sources, seen, told, open: () => sources.filter((s) => s.readyState !== 2) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("snapshots are told as they come", () => {
  const { sources, seen, told } = watched();
  sources[0]!.tell("progress", 1);
  sources[0]!.tell("progress", 2);
  expect(seen).toEqual([1, 2]);
  expect(told.at(-1)).toBe("live");
});

test("a cut connection is left to the browser, which opens it again", () => {
  const { sources, told } = watched();
  sources[0]!.tell("error");
  expect(told.at(-1)).toBe("reconnecting");
  sources[0]!.tell("progress", 1);
  expect(sources).toHaveLength(1);
  expect(told.at(-1)).toBe("live");
});

test("a refused stream is opened again after a while", async () => {
  const { sources, told } = watched();
  sources[0]!.refuse();
  await vi.advanceTimersByTimeAsync(waitMs(0));
  expect(sources).toHaveLength(2);
  sources[1]!.tell("progress", 1);
  expect(told.at(-1)).toBe("live");
});

test("a login that is over is told, and the stream goes on after a new one", async () => {
  const { sources, told } = watched(["signedOut", "there"]);
  sources[0]!.refuse();
  await vi.advanceTimersByTimeAsync(waitMs(0));
  expect(told.at(-1)).toBe("signedOut");
  await vi.advanceTimersByTimeAsync(waitMs(1));
  sources[1]!.tell("progress", 1);
  expect(told.at(-1)).toBe("live");
});

test("a server that is away is asked less and less often", async () => {
  const { sources } = watched(["away", "away", "there"]);
  sources[0]!.refuse();
  await vi.advanceTimersByTimeAsync(waitMs(0) + waitMs(1) + waitMs(2) - 1);
  expect(sources).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(sources).toHaveLength(2);
  expect(waitMs(50)).toBe(15_000);
});

test("the end closes the stream for good", async () => {
  const { stream, sources, told } = watched();
  sources[0]!.tell("end");
  stream.open();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sources).toHaveLength(1);
  expect(sources[0]!.readyState).toBe(2);
  expect(told.at(-1)).toBe("over");
});

test("what is out of sight is not asked for again", async () => {
  const { sources, told } = watched(["gone"]);
  sources[0]!.refuse();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sources).toHaveLength(1);
  expect(told.at(-1)).toBe("over");
});

test("whoever leaves leaves no connection and no timer behind", async () => {
  const { stream, sources, open, told } = watched(["away"]);
  sources[0]!.refuse();
  stream.close();
  const before = told.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open()).toHaveLength(0);
  expect(told).toHaveLength(before);
});

test("whoever leaves while the server is asked is not connected again", async () => {
  const { stream, sources, open } = watched();
  sources[0]!.refuse();
  vi.advanceTimersByTime(waitMs(0));
  stream.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open()).toHaveLength(0);
});

test("a closed stream can be opened again, and opening twice opens one", () => {
  const { stream, open } = watched();
  stream.open();
  stream.close();
  stream.open();
  expect(open()).toHaveLength(1);
});

import { expect, test } from "vitest";
import { Problem } from "~/api/problem";
import { answerOf, collect, eachOf, outcomeOf, summaryOf, type Failed } from "./retry";

const failed = (id: string, over: Partial<Failed> = {}): Failed => ({
  id,
  round: 1,
  state: "failed",
  kind: "ports",
  occupier_id: "o1",
  site_id: "s1",
  ...over,
});

const PAGES: Record<string, { items: Failed[]; next_cursor: string | null }> = {
  first: { items: [failed("a"), failed("b")], next_cursor: "second" },
  second: { items: [failed("b"), failed("c")], next_cursor: null },
};
const load = async (cursor = "first") => PAGES[cursor]!;

test("every page is walked, and a task that two pages show counts once", async () => {
  const counts: number[] = [];
  const found = await collect(load, (count) => counts.push(count), new AbortController().signal);
  expect(found.map((task) => task.id)).toEqual(["a", "b", "c"]);
  expect(counts).toEqual([2, 3]);
});

test("collecting ends when it is stopped", async () => {
  const stop = new AbortController();
  const found = await collect(load, () => stop.abort(), stop.signal);
  expect(found).toHaveLength(2);
});

test("the confirmation counts occupiers, sites and kinds", () => {
  const tasks = [
    failed("a"),
    failed("b", { kind: "users", site_id: "s2" }),
    failed("c", { kind: "users", occupier_id: "o2", site_id: null }),
  ];
  expect(summaryOf(tasks)).toEqual({
    occupiers: 2,
    sites: 2,
    kinds: [
      ["users", 2],
      ["ports", 1],
    ],
  });
});

test("a few are sent at a time, and each once", async () => {
  let now = 0;
  let most = 0;
  const sent: number[] = [];
  await eachOf(
    Array.from({ length: 20 }, (_, index) => index),
    4,
    async (item) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      sent.push(item);
      now--;
    },
    new AbortController().signal,
  );
  expect(sent.toSorted((one, other) => one - other)).toEqual([...Array(20).keys()]);
  expect(most).toBe(4);
});

test("nothing more is sent once it is stopped", async () => {
  const stop = new AbortController();
  const sent: number[] = [];
  const send = async (item: number) => {
    sent.push(item);
    if (sent.length === 3) stop.abort();
  };
  await eachOf([1, 2, 3, 4, 5], 1, send, stop.signal);
  expect(sent).toEqual([1, 2, 3]);
});

test("refusals are grouped by what the server says, and what was not sent is told", () => {
  const moved = answerOf(new Problem(409, "task-moved-on", "It moved on.", undefined));
  const busy = answerOf(new Problem(409, "decision-pending", "Another is pending.", undefined));
  const lost = answerOf(new Problem(0, "offline", "", undefined));
  expect(outcomeOf(7, [{ is: "retried" }, moved, busy, moved, lost])).toEqual({
    retried: 1,
    refused: [
      ["It moved on.", 2],
      ["Another is pending.", 1],
    ],
    unanswered: 1,
    left: 2,
  });
});

test("a server in trouble has not answered", () => {
  expect(answerOf(new Problem(503, "about:blank", "Away.", undefined)).is).toBe("unanswered");
});

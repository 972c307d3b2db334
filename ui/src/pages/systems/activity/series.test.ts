import { expect, test } from "vitest";
import { failuresOf, stretches, totals } from "./series";

const hour = {
  since: "2026-11-22T10:00:00Z",
  until: "2026-11-22T10:03:00Z",
  bucket_s: 60,
};
const buckets: Parameters<typeof stretches>[1] = [
  { at: "2026-11-22T10:01:00+00:00", completed: 3, failures: { transient: 1 } },
  { at: "2026-11-22T10:02:00Z", completed: 0, failures: { timed_out: 4, transient: 2 } },
];

test("stretches in which nothing ended are filled in, in order", () => {
  const all = stretches(hour, buckets);
  expect(all.map((one) => [one.completed, one.failed])).toEqual([
    [0, 0],
    [3, 1],
    [0, 6],
  ]);
  expect(all[0]?.at).toBe("2026-11-22T10:00:00.000Z");
});

test("the totals name the rate, the worst stretch and the commonest failure", () => {
  const told = totals(stretches(hour, buckets));
  expect(told).toMatchObject({ completed: 3, failed: 7, rate: 0.7, mostly: "timed_out" });
  expect(told.peak?.failed).toBe(6);
});

test("a quiet hour has a rate of nought and no worst stretch", () => {
  const told = totals(stretches(hour, []));
  expect(told).toEqual({
    completed: 0,
    failed: 0,
    rate: 0,
    mostly: undefined,
    peak: undefined,
  });
});

test("kinds of failure are counted over all stretches, the commonest first", () => {
  expect(failuresOf(stretches(hour, buckets))).toEqual([
    ["timed_out", 4],
    ["transient", 3],
  ]);
});

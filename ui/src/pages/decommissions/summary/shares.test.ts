import { expect, test } from "vitest";
import { shares } from "./shares";

const counts = {
  total: 10,
  completed: 4,
  failed: 1,
  cancelled: 0,
  queued: 1,
  running: 2,
  retrying: 2,
  stuck: 1,
};

test("every task is counted once, a stuck one as stuck", () => {
  const found = shares(counts);
  expect(found.reduce((sum, share) => sum + share.count, 0)).toBe(10);
  expect(found).toContainEqual({ standing: "stuck", count: 1 });
});

test("more stuck tasks than retried ones are taken from the running ones", () => {
  const found = shares({ ...counts, running: 2, retrying: 0, stuck: 2, queued: 3 });
  expect(found.reduce((sum, share) => sum + share.count, 0)).toBe(10);
  expect(found.some((share) => share.standing === "running")).toBe(false);
});

test("what there is none of is not told", () => {
  expect(shares({ ...counts, failed: 0 }).some((share) => share.standing === "failed")).toBe(false);
});

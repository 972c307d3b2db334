import { expect, test } from "vitest";
import { meanwhile } from "./meanwhile";

const seen = {
  due_at: "2026-12-10T18:00:00Z",
  time_zone: "Europe/London",
  state: "waiting",
  version: 1,
} as const;

test("nothing is told of a schedule that nobody changed", () => {
  expect(meanwhile(seen, { ...seen })).toEqual([]);
});

test("a schedule that was moved is told with its old and its new moment", () => {
  const [told, ...more] = meanwhile(seen, { ...seen, due_at: "2026-12-12T08:30:00Z", version: 2 });
  expect(more).toEqual([]);
  expect(told).toContain("10");
  expect(told).toContain("12");
});

test("another zone is told even when the moment is the same", () => {
  const [told] = meanwhile(seen, { ...seen, time_zone: "Asia/Tokyo", version: 2 });
  expect(told).toContain("Asia/Tokyo");
});

test("a schedule that was cancelled is told by its state", () => {
  const [told] = meanwhile(seen, { ...seen, state: "cancelled", version: 2 });
  expect(told).toContain("Cancelled");
});

test("one that is as it was, but by another's hand, is told too", () => {
  expect(meanwhile(seen, { ...seen, version: 3 })).toHaveLength(1);
});

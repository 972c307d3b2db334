import { expect, test } from "vitest";
import { isCaseable, reasonOf } from "./rowText";

const failed = {
  state: "failed",
  phase: "ended",
  stuck_at: null,
  stuck_because: null,
  waiting_reason: "human",
  last_error_kind: "timed_out",
} as const;

test("a failed task tells of its failure, not that it waits for a person", () => {
  expect(reasonOf(failed)).toBe("It did not answer in time");
});

test("a stuck task tells why", () => {
  const stuck = { ...failed, state: "pending", stuck_at: "now", stuck_because: "hung" } as const;
  expect(reasonOf(stuck)).toBe("Hangs");
});

test("a completed task needs no reason, whatever went wrong before", () => {
  expect(reasonOf({ ...failed, state: "completed" })).toBeUndefined();
});

test("there is nothing to report about a task that is over", () => {
  expect(isCaseable({ state: "pending" })).toBe(true);
  expect(isCaseable({ state: "completed" })).toBe(false);
});

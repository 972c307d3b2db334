import { expect, test } from "vitest";
import { whatHappened } from "./whatHappened";

const task = {
  state: "pending",
  stuck_at: "2026-11-22T10:00:00Z",
  stuck_because: "hung",
  last_error_kind: null,
} as const;

test("a stuck task says why it counts as stuck", () => {
  expect(whatHappened(task)).toBe("Hangs");
});

test("a stuck task that also failed says both", () => {
  expect(whatHappened({ ...task, stuck_because: "retrying", last_error_kind: "rejected" })).toBe(
    "Keeps failing: It refused",
  );
});

test("a failed task does not say that it hangs", () => {
  expect(whatHappened({ ...task, state: "failed", last_error_kind: "conflict" })).toBe(
    "It says that something else is in the way",
  );
});

import { expect, test } from "vitest";
import { taskStanding } from "./taskStanding";

const running = {
  state: "pending",
  phase: "running",
  stuck_at: null,
  waiting_reason: null,
} as const;

test("a task that is being tried runs", () => {
  expect(taskStanding(running)).toBe("running");
});

test("a stuck task is told as stuck even while it is retried", () => {
  expect(taskStanding({ ...running, phase: "retrying", stuck_at: "2026-11-22T10:00:00Z" })).toBe(
    "stuck",
  );
});

test("a failed task is failed, not stuck", () => {
  expect(taskStanding({ ...running, state: "failed", stuck_at: "2026-11-22T10:00:00Z" })).toBe(
    "failed",
  );
});

test("a waived task is not told as done", () => {
  expect(taskStanding({ ...running, state: "completed", waived_by: "somebody" })).toBe("waived");
});

test("a task that is held waits", () => {
  expect(taskStanding({ ...running, waiting_reason: "held" })).toBe("waiting");
});

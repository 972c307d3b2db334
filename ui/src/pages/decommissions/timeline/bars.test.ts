import { expect, test } from "vitest";
import { horizon, partsOf, type BarTask } from "./bars";

const BEGAN = Date.parse("2026-11-22T10:00:00Z");
const NOW = BEGAN + 100_000;

function task(more: Partial<BarTask>): BarTask {
  return {
    id: "1",
    kind: "ports",
    site_name: "Canal Yard",
    state: "pending",
    phase: "running",
    started_at: new Date(BEGAN + 10_000).toISOString(),
    finished_at: null,
    active_s: 0,
    waiting_s: 0,
    stuck_at: null,
    waiting_reason: null,
    ...more,
  };
}

test("a running task is split by its active share, after the wait for its turn", () => {
  expect(partsOf(task({ active_s: 60 }), BEGAN, NOW)).toEqual([
    { kind: "outside", from: BEGAN, to: BEGAN + 10_000 },
    { kind: "active", from: BEGAN + 10_000, to: BEGAN + 70_000 },
    { kind: "waiting", from: BEGAN + 70_000, to: NOW },
  ]);
});

test("clocks that run ahead of the bar never leave it", () => {
  const parts = partsOf(task({ active_s: 1_000 }), BEGAN, NOW);
  expect(parts.at(-1)).toEqual({ kind: "active", from: BEGAN + 10_000, to: NOW });
});

test("a task that has not started waits until now, unless it is over", () => {
  const parts = partsOf(task({ started_at: null }), BEGAN, NOW);
  expect(parts).toEqual([{ kind: "outside", from: BEGAN, to: NOW }]);
  expect(partsOf(task({ started_at: null, state: "cancelled" }), BEGAN, NOW)).toEqual([]);
});

test("a failed task waits for a person after its end", () => {
  const finished_at = new Date(BEGAN + 20_000).toISOString();
  const parts = partsOf(task({ state: "failed", finished_at, active_s: 10 }), BEGAN, NOW);
  expect(parts.at(-1)).toEqual({ kind: "outside", from: BEGAN + 20_000, to: NOW });
  expect(parts.map((part) => part.kind)).toEqual(["outside", "active", "outside"]);
});

test("a task that took no time still has a place", () => {
  const started_at = new Date(BEGAN).toISOString();
  const done = task({ state: "completed", started_at, finished_at: started_at });
  expect(partsOf(done, BEGAN, NOW)).toEqual([{ kind: "active", from: BEGAN, to: BEGAN }]);
});

test("what is over ends with its end, what waits for people with its last task", () => {
  const end = new Date(BEGAN + 5_000).toISOString();
  expect(horizon({ finished_at: end }, [], true, NOW)).toBe(BEGAN + 5_000);
  expect(horizon({ finished_at: null }, [null, end], false, NOW)).toBe(BEGAN + 5_000);
  expect(horizon({ finished_at: null }, [null, end], true, NOW)).toBe(NOW);
});

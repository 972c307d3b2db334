import { expect, test } from "vitest";
import { ceiling, scaleOf } from "./scale";

const stretch = (completed: number, failed: number) => ({
  at: "2026-11-22T10:00:00Z",
  completed,
  failed,
  failures: {},
});

test("the top of a chart is a round number that nothing exceeds", () => {
  expect([0, 1, 2, 3, 7, 10, 11, 60, 101, 999].map(ceiling)).toEqual([
    1, 1, 2, 5, 10, 10, 20, 100, 200, 1000,
  ]);
});

test("without failures the line is at the bottom", () => {
  const scale = scaleOf([stretch(7, 0)], 100);
  expect(scale).toMatchObject({ line: 100, above: 10, below: 0 });
  expect(scale.length(7)).toBeCloseTo(70);
});

test("completed and failed have the same scale, so that their bars can be compared", () => {
  const scale = scaleOf([stretch(10, 0), stretch(0, 10)], 100);
  expect(scale.line).toBe(50);
  expect(scale.length(5)).toBe(25);
});

test("one failure among a thousand stays visible, and none draws nothing", () => {
  const scale = scaleOf([stretch(1000, 1)], 80);
  expect(scale.length(1)).toBe(2);
  expect(scale.length(0)).toBe(0);
});

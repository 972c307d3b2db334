import { expect, test } from "vitest";
import { clockScale } from "./clockScale";

test("all three marks stand within the bar, in their order", () => {
  const { active, usual, threshold, isBeyond } = clockScale(100, 300, 600);
  expect(active).toBeLessThan(usual);
  expect(usual).toBeLessThan(threshold);
  expect(threshold).toBeLessThan(100);
  expect(isBeyond).toBe(false);
});

test("an active time beyond the threshold still fits", () => {
  const scale = clockScale(2_000, 300, 600);
  expect(scale.active).toBeLessThan(100);
  expect(scale.isBeyond).toBe(true);
});

test("a task of no length has a bar", () => {
  expect(clockScale(0, 0, 0)).toEqual({ active: 0, usual: 0, threshold: 0, isBeyond: false });
});

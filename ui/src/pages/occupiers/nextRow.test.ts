import { expect, test } from "vitest";
import { nextRow } from "./nextRow";

test("arrows go one row and stop at both ends", () => {
  expect(nextRow("ArrowDown", 3, 10)).toBe(4);
  expect(nextRow("ArrowDown", 9, 10)).toBe(9);
  expect(nextRow("ArrowUp", 0, 10)).toBe(0);
});

test("Home and End go to the ends of what is loaded", () => {
  expect(nextRow("Home", 7, 10)).toBe(0);
  expect(nextRow("End", 2, 10)).toBe(9);
});

test("other keys lead nowhere", () => {
  expect(nextRow("Enter", 2, 10)).toBeUndefined();
});

import { expect, test } from "vitest";
import { moved } from "./keys";

const size = { rows: 30, columns: 9 };
const press = (key: string, isControl = false) =>
  moved({ row: 5, column: 3 }, { key, isControl }, size);

test("arrows move by one", () => {
  expect(press("ArrowUp")).toEqual({ row: 4, column: 3 });
  expect(press("ArrowRight")).toEqual({ row: 5, column: 4 });
});

test("nothing moves beyond the edge", () => {
  expect(moved({ row: 0, column: 0 }, { key: "ArrowLeft", isControl: false }, size)).toEqual({
    row: 0,
    column: 0,
  });
  expect(press("PageDown")).toEqual({ row: 15, column: 3 });
  expect(press("PageUp")).toEqual({ row: 0, column: 3 });
});

test("Home and End go along the row, with Control to the corners", () => {
  expect(press("Home")).toEqual({ row: 5, column: 0 });
  expect(press("End", true)).toEqual({ row: 29, column: 8 });
});

test("other keys are left alone", () => {
  expect(press("a")).toBeUndefined();
});

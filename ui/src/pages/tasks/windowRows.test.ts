import { expect, test } from "vitest";
import { pushOf, slotsOf } from "./windowRows";

const at = (index: number) => ({ index, start: index * 50, end: index * 50 + 50 });

test("rows that are not drawn leave their height", () => {
  expect(slotsOf([at(4), at(5)], 1000)).toEqual([
    { gap: 200, before: 4 },
    { row: 4 },
    { row: 5 },
    { gap: 700, before: -1 },
  ]);
});

test("a row with the focus is drawn though it is far from the others", () => {
  expect(slotsOf([at(0), at(7)], 400)).toEqual([{ row: 0 }, { gap: 300, before: 7 }, { row: 7 }]);
});

test("new rows on top push down the one that was looked at", () => {
  expect(pushOf(["new", "newer", "a", "b"], { id: "b", index: 1 })).toBe(2);
});

test("when the row that was looked at is gone nothing moves", () => {
  expect(pushOf(["a"], { id: "b", index: 1 })).toBe(0);
});

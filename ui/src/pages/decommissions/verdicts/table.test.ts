import { expect, test } from "vitest";
import { present, tabled } from "./table";

const rows = [
  { kind: "vlan", verdict: "unknown", count: 2 },
  { kind: "vlan", verdict: "removed", count: 3 },
  { kind: "subnet", verdict: "removed", count: 1 },
] as const;

test("counts stand by kind and verdict with their sums", () => {
  expect(tabled(rows, (row) => row.kind)).toEqual([
    { key: "vlan", counts: { unknown: 2, removed: 3 }, total: 5 },
    { key: "subnet", counts: { removed: 1 }, total: 1 },
  ]);
});

test("only verdicts that occur have a column, what is gone first", () => {
  expect(present(rows)).toEqual(["removed", "unknown"]);
});

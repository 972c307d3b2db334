import { expect, test } from "vitest";
import { extentOf, place, stepOf, ticksOf } from "./scale";

const at = (iso: string) => Date.parse(iso);
const utc = () => 0;

test("the extent has room behind its last moment, and never no length", () => {
  expect(extentOf([])).toBeUndefined();
  expect(extentOf([2_000_000, 1_000_000])).toEqual({ from: 1_000_000, to: 2_030_000 });
  const { from, to } = extentOf([1_000])!;
  expect(to - from).toBeGreaterThanOrEqual(5_000);
});

test("moments stand in proportion, and at the edge when they are outside", () => {
  const extent = { from: 1_000, to: 3_000 };
  expect(place(2_000, extent, 100)).toBe(50);
  expect(place(0, extent, 100)).toBe(0);
  expect(place(9_000, extent, 100)).toBe(100);
});

test("steps are round and leave no more ticks than there is room for", () => {
  expect(stepOf({ from: 0, to: 60_000 }, 10)).toBe(10_000);
  expect(stepOf({ from: 0, to: 3_600_000 }, 10)).toBe(600_000);
  expect(stepOf({ from: 0, to: 3 * 86_400_000 }, 10)).toBe(12 * 3_600_000);
});

test("ticks stand at round times", () => {
  const extent = { from: at("2026-11-22T10:20:46Z"), to: at("2026-11-22T11:03:00Z") };
  const ticks = ticksOf(extent, 10, utc);
  expect(ticks[0]).toEqual({ at: at("2026-11-22T10:25:00Z"), isDay: false });
  expect(ticks).toHaveLength(8);
});

test("days begin at midnight of the reader's zone", () => {
  const kathmandu = () => 345;
  const extent = { from: at("2026-11-20T20:00:00Z"), to: at("2026-11-23T20:00:00Z") };
  const days = ticksOf(extent, 4, kathmandu).filter((tick) => tick.isDay);
  expect(days.map((tick) => new Date(tick.at).toISOString())).toEqual([
    "2026-11-21T18:15:00.000Z",
    "2026-11-22T18:15:00.000Z",
    "2026-11-23T18:15:00.000Z",
  ]);
});

test("ticks keep to midnight when the clocks change in between", () => {
  const change = at("2026-10-25T01:00:00Z");
  const london = (moment: number) => (moment < change ? 60 : 0);
  const extent = { from: at("2026-10-24T12:00:00Z"), to: at("2026-10-26T12:00:00Z") };
  expect(ticksOf(extent, 2, london).map((tick) => new Date(tick.at).toISOString())).toEqual([
    "2026-10-24T23:00:00.000Z",
    "2026-10-26T00:00:00.000Z",
  ]);
});

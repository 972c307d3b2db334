import { expect, test } from "vitest";
import { byDay, byMonth, monthAway, weeksOf } from "./days";

const tokyo = { due_at: "2026-12-10T20:00:00Z", local_due_at: "2026-12-11T05:00:00+09:00" };
const losAngeles = { due_at: "2026-12-11T06:00:00Z", local_due_at: "2026-12-10T22:00:00-08:00" };
const london = { due_at: "2026-12-10T18:00:00Z", local_due_at: "2026-12-10T18:00:00Z" };

test("a schedule stands under the day of its own zone, also when a later moment has an earlier day", () => {
  expect(byDay([london, tokyo, losAngeles])).toEqual([
    { day: "2026-12-10", items: [london, losAngeles] },
    { day: "2026-12-11", items: [tokyo] },
  ]);
});

test("months count what is due in them, across years and in order", () => {
  const later = { due_at: "2027-01-02T00:00:00Z", local_due_at: "2027-01-02T00:00:00Z" };
  expect(byMonth(byDay([later, tokyo, london]))).toEqual([
    { month: "2026-12", count: 2 },
    { month: "2027-01", count: 1 },
  ]);
});

test("a month is drawn in whole weeks from Monday on", () => {
  const weeks = weeksOf("2026-12");
  expect(weeks).toHaveLength(5);
  expect(weeks[0]).toEqual([null, ...[1, 2, 3, 4, 5, 6].map((day) => `2026-12-0${day}`)]);
  expect(weeks.at(-1)?.slice(0, 4)).toEqual([
    "2026-12-28",
    "2026-12-29",
    "2026-12-30",
    "2026-12-31",
  ]);
});

test("a short February that begins on a Monday is exactly four weeks", () => {
  expect(weeksOf("2027-02")).toHaveLength(4);
  expect(weeksOf("2028-02").flat().filter(Boolean)).toHaveLength(29);
});

test("going months on and back passes the turn of the year", () => {
  expect(monthAway("2026-12", 1)).toBe("2027-01");
  expect(monthAway("2027-01", -1)).toBe("2026-12");
});

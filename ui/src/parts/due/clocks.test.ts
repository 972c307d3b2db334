import { expect, test } from "vitest";
import { isSameClock, localOf, momentsOf, otherZones } from "./clocks";

test("a date and time in a zone is one moment on most days", () => {
  expect(momentsOf("2026-12-10T18:00", "Asia/Tokyo")).toEqual([
    { at: "2026-12-10T09:00:00.000Z", written: "2026-12-10T18:00+09:00", offset: "+09:00" },
  ]);
});

test("west of Greenwich the offset is written with its minus", () => {
  expect(momentsOf("2026-12-10T18:00", "America/St_Johns")).toEqual([
    { at: "2026-12-10T21:30:00.000Z", written: "2026-12-10T18:00-03:30", offset: "-03:30" },
  ]);
});

test("summer time counts on the day itself", () => {
  expect(momentsOf("2027-07-01T18:00", "Europe/London")[0]?.at).toBe("2027-07-01T17:00:00.000Z");
});

test("zones of quarter hours are right", () => {
  expect(momentsOf("2026-12-01T12:00", "Asia/Kathmandu")[0]?.offset).toBe("+05:45");
});

test("a time that the clocks jump over is no moment", () => {
  expect(momentsOf("2027-03-28T01:30", "Europe/London")).toEqual([]);
});

test("a time that the clocks show twice is two moments, the earlier one first", () => {
  expect(momentsOf("2027-10-31T01:30", "Europe/London").map((each) => each.written)).toEqual([
    "2027-10-31T01:30+01:00",
    "2027-10-31T01:30+00:00",
  ]);
});

test("half an hour can be jumped over, and shown twice, as well", () => {
  expect(momentsOf("2027-04-04T01:45", "Australia/Lord_Howe")).toHaveLength(2);
  expect(momentsOf("2027-10-03T02:15", "Australia/Lord_Howe")).toEqual([]);
  expect(momentsOf("2027-10-03T02:30", "Australia/Lord_Howe")).toHaveLength(1);
});

test("what is not a date yet is no moment", () => {
  expect(momentsOf("T18:00", "Europe/London")).toEqual([]);
  expect(momentsOf("2026-12-10T", "Europe/London")).toEqual([]);
});

test("a moment is told as the clocks of its zone show it, over midnight too", () => {
  expect(localOf("2026-12-10T20:00:00Z", "Asia/Tokyo")).toBe("2026-12-11T05:00");
  expect(localOf("2026-07-10T20:00:00Z", "Europe/London")).toBe("2026-07-10T21:00");
});

test("zones with the same clocks at a moment are not told twice", () => {
  expect(isSameClock("2026-12-10T18:00:00Z", "Europe/London", "UTC")).toBe(true);
  expect(isSameClock("2026-07-10T18:00:00Z", "Europe/London", "UTC")).toBe(false);
});

test("the other zones are all but the named ones, each once", () => {
  const found = otherZones(["Asia/Tokyo"]);
  expect(found).not.toContain("Asia/Tokyo");
  expect(found).toContain("Europe/London");
  expect(new Set(found).size).toBe(found.length);
});

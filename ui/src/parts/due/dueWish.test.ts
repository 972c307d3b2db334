import { expect, test } from "vitest";
import { dueWish, isInGap, momentOfWish, momentsOfWish } from "./dueWish";

test("a wish begins with what the clocks of its zone show", () => {
  expect(dueWish("2026-12-10T20:00:00Z", "Asia/Tokyo")).toEqual({
    date: "2026-12-11",
    time: "05:00",
    timeZone: "Asia/Tokyo",
    isSecond: false,
  });
});

test("a wish without a time is no moment, and in no gap", () => {
  const wish = { ...dueWish(undefined, "Europe/London"), date: "2027-03-28" };
  expect(momentOfWish(wish)).toBeUndefined();
  expect(isInGap(wish)).toBe(false);
});

test("a time that clocks jump over is in a gap", () => {
  const wish = { date: "2027-03-28", time: "01:30", timeZone: "Europe/London", isSecond: false };
  expect(isInGap(wish)).toBe(true);
  expect(isInGap({ ...wish, timeZone: "Asia/Tokyo" })).toBe(false);
});

test("a time that clocks show twice can be told as the second one", () => {
  const wish = { date: "2027-10-31", time: "01:30", timeZone: "Europe/London", isSecond: false };
  expect(momentsOfWish(wish)).toHaveLength(2);
  expect(momentOfWish(wish)?.at).toBe("2027-10-31T00:30:00.000Z");
  expect(momentOfWish({ ...wish, isSecond: true })?.at).toBe("2027-10-31T01:30:00.000Z");
});

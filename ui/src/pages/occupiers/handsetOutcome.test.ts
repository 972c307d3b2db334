import { expect, test } from "vitest";
import { outcomeOf } from "./handsetOutcome";

test("a handset that is logged out is told as that", () => {
  expect(outcomeOf({ login_id: "l", ended: 1, failure: null }).message).toContain("logged out");
});

test("a look that found nothing new says so", () => {
  expect(outcomeOf({ login_id: null, ended: 0, failure: null }).message).toContain("nothing");
  expect(outcomeOf({ login_id: null, ended: 2, failure: null }).message).toContain("2");
});

test("a failure tells why and stays until it is closed", () => {
  const told = outcomeOf({ login_id: "l", ended: 0, failure: "timed_out" });
  expect(told.message).toContain("did not answer in time");
  expect(told).toMatchObject({ color: "red", autoClose: false });
});

import { expect, test } from "vitest";
import { closureStanding } from "./closureStanding";

test("what waits and what runs is not settled", () => {
  const counts = { waiting: 4, started: 3, decommissioned: 2, refused: 1, failed: 1 };
  expect(closureStanding(counts, false)).toEqual({ all: 11, settled: 4, verdict: "open" });
});

test("a closure ended well only when everybody is decommissioned", () => {
  expect(closureStanding({ decommissioned: 5 }, true).verdict).toBe("well");
  expect(closureStanding({ decommissioned: 5, refused: 1 }, true).verdict).toBe("partly");
  expect(closureStanding({ decommissioned: 5, failed: 1 }, true).verdict).toBe("partly");
});

test("a closure of a site where nobody lives says so", () => {
  expect(closureStanding({}, true)).toEqual({ all: 0, settled: 0, verdict: "nobody" });
});

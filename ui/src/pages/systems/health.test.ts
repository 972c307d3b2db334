import { expect, test } from "vitest";
import { healthOf } from "./health";

const well = { breaker: "closed", tasks_failing: 0, holds: [] } as const;

test("a system of which nothing is known is well", () => {
  expect(healthOf(well)).toBe("well");
});

test("a system is failing as soon as a task keeps failing", () => {
  expect(healthOf({ ...well, tasks_failing: 1 })).toBe("failing");
});

test("a system that a person holds is held, whatever fails there", () => {
  expect(healthOf({ ...well, tasks_failing: 9, holds: [{}] })).toBe("held");
});

test("an open breaker is told before a hold by hand at another site", () => {
  expect(healthOf({ ...well, breaker: "open", holds: [{}, {}] })).toBe("open");
  expect(healthOf({ ...well, breaker: "half_open", holds: [{}] })).toBe("half_open");
});

import { expect, test } from "vitest";
import { canHoldFailed, rangeOf, taskQuery } from "./taskFilters";

const asked = (query: string) => new URLSearchParams(query);
const NOW = new Date(2026, 10, 22, 15, 30);

test("without a filter the tasks of the last seven days are asked for", () => {
  expect(rangeOf(asked(""))).toBe("7d");
  expect(taskQuery(asked(""), NOW)).toEqual({
    created_from: new Date(2026, 10, 15).toISOString(),
  });
});

test("the tasks of one decommission are asked for however old they are", () => {
  expect(rangeOf(asked("decommission_id=d"))).toBe("all");
  expect(taskQuery(asked("decommission_id=d"), NOW)).toEqual({ decommission_id: "d" });
});

test("the last day of a range counts as a whole", () => {
  expect(taskQuery(asked("from=2026-10-24&to=2026-10-25"), NOW)).toEqual({
    created_from: new Date(2026, 9, 24).toISOString(),
    created_to: new Date(2026, 9, 26).toISOString(),
  });
});

test("a day that is not one is left out", () => {
  expect(taskQuery(asked("created=between&from=yesterday"), NOW)).toEqual({});
});

test("filters hold together", () => {
  const query = taskQuery(asked("created=all&state=pending&stuck=true&has_case=false"), NOW);
  expect(query).toEqual({ state: "pending", stuck: true, has_case: false });
});

test("a range that does not exist is the default one", () => {
  expect(rangeOf(asked("created=never"))).toBe("7d");
});

test("failed tasks cannot be among stuck ones, which are still tried", () => {
  expect(canHoldFailed(asked("state=failed&kind=ports"))).toBe(true);
  expect(canHoldFailed(asked(""))).toBe(true);
  expect(canHoldFailed(asked("stuck=true"))).toBe(false);
  expect(canHoldFailed(asked("state=completed"))).toBe(false);
  expect(canHoldFailed(asked("waiting_reason=held"))).toBe(false);
});

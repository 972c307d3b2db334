import { expect, test } from "vitest";
import { caseQuery, isNarrowed } from "./caseFilters";

test("without filters the API's own default, the open cases, is asked for", () => {
  const query = caseQuery(new URLSearchParams());
  expect(Object.values(query).every((value) => value === undefined)).toBe(true);
  expect(isNarrowed(new URLSearchParams())).toBe(false);
});

test("filters of the address combine", () => {
  const asked = new URLSearchParams("status=resolved&origin=automatic&priority=p1&search= 12 ");
  expect(caseQuery(asked)).toMatchObject({
    status: "resolved",
    origin: "automatic",
    priority: "p1",
    search: "12",
  });
  expect(isNarrowed(asked)).toBe(true);
});

test("a value that nobody knows asks for nothing", () => {
  expect(caseQuery(new URLSearchParams("status=gone")).status).toBeUndefined();
});

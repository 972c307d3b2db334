import { expect, test } from "vitest";
import { disposition } from "./uploadFile";

test("a plain name stays readable", () => {
  expect(disposition("plan.pdf")).toBe("attachment; filename*=UTF-8''plan.pdf");
});

test("other letters and marks are escaped, so that the header is ASCII", () => {
  const told = disposition("план (1)'s*.pdf");
  expect(told).toMatch(/^[\x20-\x7e]+$/);
  expect(told).toContain("%281%29%27s%2A.pdf");
});

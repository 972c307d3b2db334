import { expect, test } from "vitest";
import { auditQuery } from "./auditQuery";

test("filters of the address are asked of the API, others are not", () => {
  const asked = new URLSearchParams("actor=system&action=hold.place&outcome=&page=3");
  expect(auditQuery(asked)).toEqual({ actor: "system", action: "hold.place" });
});

test("the last day counts as a whole, in the reader's own zone", () => {
  const query = auditQuery(new URLSearchParams("from=2026-11-22&to=2026-11-22"));
  const hours = (Date.parse(query.to ?? "") - Date.parse(query.from ?? "")) / 3_600_000;
  expect(query.from).toBe(new Date(2026, 10, 22).toISOString());
  expect(hours).toBe(24);
});

test("a date that is half typed filters nothing", () => {
  expect(auditQuery(new URLSearchParams("from=2026-1&to=tomorrow"))).toEqual({});
});

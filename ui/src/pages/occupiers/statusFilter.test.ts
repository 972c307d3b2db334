import { expect, test } from "vitest";
import { addressOf, statusesOf } from "./statusFilter";

test("an address without a status shows active occupiers", () => {
  expect(statusesOf([])).toEqual(["active"]);
});

test("all statuses can be asked for in the address", () => {
  expect(statusesOf(addressOf([]))).toEqual([]);
});

test("what is shown anyhow does not stand in the address", () => {
  expect(addressOf(["active"])).toEqual([]);
  expect(addressOf(["active", "failed"])).toEqual(["active", "failed"]);
});

test("several statuses survive the way through the address", () => {
  expect(statusesOf(addressOf(["failed", "pending"]))).toEqual(["pending", "failed"]);
});

test("a word that is no status asks for nothing", () => {
  expect(statusesOf(["gone", "failed"])).toEqual(["failed"]);
});

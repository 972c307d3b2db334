import { expect, test } from "vitest";
import { isAt, pageOf, titleOf } from "./pageName";

test("a title names the kind of page and nobody", () => {
  expect(titleOf("/tasks")).toBe("Tasks - Occupiers");
  expect(titleOf("/decommissions/7c1f")).toBe("Decommission - Occupiers");
  expect(titleOf("/cases/7c1f")).toBe("Support case - Occupiers");
  expect(titleOf("/sites/7c1f/closure")).toBe("Close a site - Occupiers");
});

test("the product's own list is not called twice", () => {
  expect(titleOf("/occupiers/7c1f/users")).toBe("Occupiers");
});

test("an address that is none is called so", () => {
  expect(titleOf("/nowhere")).toBe("There is nothing here - Occupiers");
});

test("another row or tab of a list is the same page", () => {
  expect(pageOf("/occupiers/1/users")).toBe(pageOf("/occupiers/2"));
  expect(pageOf("/tasks")).toBe(pageOf("/tasks/1"));
});

test("another decommission is another page", () => {
  expect(pageOf("/decommissions/1")).not.toBe(pageOf("/decommissions/2"));
  expect(pageOf("/cases")).not.toBe(pageOf("/cases/1"));
});

test("a place is where its pages are, not where a longer word begins like it", () => {
  expect(isAt("/tasks", "/tasks/1")).toBe(true);
  expect(isAt("/tasks", "/tasksets")).toBe(false);
});

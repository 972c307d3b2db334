import { expect, test } from "vitest";
import { isOpen, moveLabel, whyUnresolved } from "./caseRules";

test("a case is open until it is resolved or closed", () => {
  expect(isOpen("waiting_on_customer")).toBe(true);
  expect(isOpen("resolved")).toBe(false);
});

test("the same move is told by where it comes from", () => {
  expect(moveLabel("new", "in_progress")).toBe("Start work");
  expect(moveLabel("resolved", "in_progress")).toBe("Open again");
  expect(moveLabel("waiting_on_customer", "in_progress")).toBe("Back to work");
});

const handled = {
  status: "new" as const,
  hold: null,
  allowed_actions: { statuses: ["in_progress" as const] },
};

test("whoever handles a case is told why it cannot be resolved", () => {
  expect(whyUnresolved(handled)).toMatch(/tasks are done/);
  expect(whyUnresolved({ ...handled, hold: { released_at: null } })).toMatch(/hold is released/);
});

test("nobody is told so who cannot move it, or can resolve it", () => {
  expect(whyUnresolved({ ...handled, allowed_actions: { statuses: [] } })).toBeUndefined();
  expect(
    whyUnresolved({ ...handled, allowed_actions: { statuses: ["in_progress", "resolved"] } }),
  ).toBeUndefined();
});

import { expect, test } from "vitest";
import { otherRole, who } from "./who";

const SUPPORT = "staff_member:2d0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d77";

test("staff are named by role and the beginning of their id", () => {
  expect(who(SUPPORT, undefined, "vendor_support")).toBe("Support 2d0f6a52");
  expect(who(SUPPORT, SUPPORT, "vendor_support")).toBe("you");
});

test("one without an id keeps its name whatever its role", () => {
  expect(who("desk", undefined, "vendor_support")).toBe("Desk");
});

test("the second person has the other role", () => {
  expect(otherRole("sre")).toBe("vendor_support");
  expect(otherRole("vendor_support")).toBe("sre");
});

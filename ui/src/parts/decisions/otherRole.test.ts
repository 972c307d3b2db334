import { expect, test } from "vitest";
import { otherRole } from "./otherRole";

test("the second person has the other role", () => {
  expect(otherRole("sre")).toBe("vendor_support");
  expect(otherRole("vendor_support")).toBe("sre");
});

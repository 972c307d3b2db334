import { expect, test } from "vitest";
import { actorName } from "./actorName";

const ME = "staff_member:2d0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d77";

test("whoever reads is `You`", () => {
  expect(actorName(ME, ME)).toBe("You");
});

test("others are told apart by the beginning of their id", () => {
  expect(actorName(ME, undefined)).toBe("Vendor staff 2d0f6a52");
  expect(actorName(ME.replace("staff", "team"), ME)).toBe("Team member 2d0f6a52");
});

test("what nobody asked for was the platform", () => {
  expect(actorName("system", ME)).toBe("The platform");
});

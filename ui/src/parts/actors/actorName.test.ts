import { expect, test } from "vitest";
import { actorName } from "./actorName";

const ME = "staff_member:2d0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d77";
const reader = { me: ME };
const another = { me: undefined };

test("whoever reads is `You`, and `you` within a sentence", () => {
  expect(actorName(ME, reader)).toBe("You");
  expect(actorName(ME, { me: ME, isWithin: true })).toBe("you");
  expect(actorName(ME, { me: ME, isWithin: true }, "vendor_support")).toBe("you");
});

test("others are told apart by the beginning of their id", () => {
  expect(actorName(ME, another)).toBe("Vendor staff 2d0f6a52");
  expect(actorName(ME.replace("staff", "team"), reader)).toBe("Team member 2d0f6a52");
});

test("staff whose role is told are named by it", () => {
  expect(actorName(ME, another, "vendor_support")).toBe("Support 2d0f6a52");
});

test("one without an id keeps its name whatever its role", () => {
  expect(actorName("desk", another, "vendor_support")).toBe("Desk");
});

test("what nobody asked for was the platform", () => {
  expect(actorName("system", reader)).toBe("The platform");
});

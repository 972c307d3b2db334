import { expect, test } from "vitest";
import { actionName, placeOf, reasonName, subjectName } from "./subject";

const id = "9a0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d33";

test("things with a page of their own are linked to it, others to the page that lists them", () => {
  expect(placeOf({ entity_kind: "task", entity_id: id })).toBe(`/tasks/${id}`);
  expect(placeOf({ entity_kind: "hold", entity_id: id })).toBe("/systems");
  expect(placeOf({ entity_kind: "contract", entity_id: id })).toBeUndefined();
});

test("a thing is named by its kind and the beginning of its id", () => {
  expect(subjectName({ entity_kind: "desk_message", entity_id: id })).toBe(
    "Message to the desk 9a0f6a52",
  );
  expect(subjectName({ entity_kind: "new_kind", entity_id: id })).toBe("New kind 9a0f6a52");
});

test("an action that this page does not know yet is still readable", () => {
  expect(actionName("hold.place")).toBe("Held an outside system");
  expect(actionName("port.paint")).toBe("Port paint");
});

test("the reason of a refusal is readable", () => {
  expect(reasonName("decommission-blocked")).toBe("Decommission blocked");
});

import { expect, test } from "vitest";
import { hasMoved, isUnderWay, missing, ofTasks } from "./decided";

const nothing = { reason: null, evidence: " ", file: null };

test("a retry needs nothing", () => {
  expect(missing("retry", nothing)).toEqual({});
});

test("completing by hand needs a text or a file", () => {
  expect(missing("complete_by_hand", nothing)).toHaveProperty("evidence");
  expect(missing("complete_by_hand", { ...nothing, evidence: "Seen." })).toEqual({});
  const file = new File(["x"], "proof.txt", { type: "text/plain" });
  expect(missing("complete_by_hand", { ...nothing, file })).toEqual({});
});

test("a waiver needs its reason, and nothing else", () => {
  expect(missing("waive", nothing)).toHaveProperty("reason");
  expect(missing("waive", { ...nothing, reason: "provider_gone" })).toEqual({});
});

test("decisions stand in one order, and those of decommissions are left out", () => {
  expect(ofTasks(["waive", "pause", "retry"])).toEqual(["retry", "waive"]);
});

test("a task has moved on once its round or its state is another", () => {
  const seen = { round: 1, state: "failed" } as const;
  expect(hasMoved(seen, { round: 1, state: "failed" })).toBe(false);
  expect(hasMoved(seen, { round: 2, state: "failed" })).toBe(true);
  expect(hasMoved(seen, { round: 1, state: "pending" })).toBe(true);
});

test("only an accepted decision is under way", () => {
  expect(isUnderWay([{ state: "awaiting_second_person" }, { state: "refused" }])).toBe(false);
  expect(isUnderWay([{ state: "carried_out" }, { state: "accepted" }])).toBe(true);
});

import { expect, test } from "vitest";
import type { Schemas } from "~/api/client";
import { byState, caseHistory } from "./caseHistory";

const decision = (created_at: string, state: Schemas["DecisionOut"]["state"] = "accepted") =>
  ({ created_at, decided_by: "staff_member:1", action: "retry", state }) as Schemas["DecisionOut"];

test("statuses and decisions stand in one story, newest first", () => {
  const story = caseHistory(
    [
      { status: "new", actor: "system", at: "2026-11-22T10:00:00Z" },
      { status: "in_progress", actor: "staff_member:1", at: "2026-11-22T10:02:00Z" },
    ],
    [decision("2026-11-22T10:01:00.5Z")],
  );
  expect(story.map((one) => (one.kind === "move" ? one.status : "decided"))).toEqual([
    "in_progress",
    "decided",
    "new",
  ]);
});

test("a decision about several tasks is told once", () => {
  const at = "2026-11-22T10:01:00Z";
  const story = caseHistory([], [decision(at), decision(at), decision("2026-11-22T10:05:00Z")]);
  expect(story.map((one) => one.kind === "decided" && one.decisions.length)).toEqual([1, 2]);
});

test("what became of it is counted by state", () => {
  const at = "2026-11-22T10:01:00Z";
  expect(byState([decision(at), decision(at, "refused"), decision(at)])).toEqual([
    ["accepted", 2],
    ["refused", 1],
  ]);
});

import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

/** What a person decides, the same about one task and about all of a case. */
export type Decided = Pick<Schemas["TaskDecisionIn"], "action" | "reason" | "evidence" | "file">;

export type DecisionAction = Decided["action"];

/** Those of the API's list that are decided of tasks, in the order of how much they cost. */
export function ofTasks(allowed: readonly Schemas["DecisionAction"][]): DecisionAction[] {
  const order: DecisionAction[] = ["retry", "complete_by_hand", "waive"];
  return order.filter((action) => allowed.includes(action));
}

export interface Draft {
  reason: Schemas["WaiverReason"] | null;
  evidence: string;
  file: File | null;
}

/** What is missing before it can be decided, by field. */
export function missing(
  action: DecisionAction,
  draft: Draft,
): Partial<Record<keyof Draft, string>> {
  if (action === "waive" && draft.reason === null) return { reason: text.decisions.reasonMissing };
  const isProven = draft.evidence.trim() !== "" || draft.file !== null;
  if (action === "complete_by_hand" && !isProven) {
    return { evidence: text.decisions.evidenceMissing };
  }
  return {};
}

/** Where a task stood when somebody looked at it; a decision is about that and nothing later. */
export type Seen = Pick<Schemas["TaskOut"], "round" | "state">;

export function hasMoved(seen: Seen, now: Seen): boolean {
  return seen.round !== now.round || seen.state !== now.state;
}

/** Whether somebody should keep looking: a decision has not ended yet. */
export function isUnderWay(decisions: readonly Pick<Schemas["DecisionOut"], "state">[]): boolean {
  return decisions.some((decision) => decision.state === "accepted");
}

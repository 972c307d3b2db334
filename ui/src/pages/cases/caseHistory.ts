import type { Schemas } from "~/api/client";

type Status = Schemas["StatusOut"];
type Decision = Schemas["DecisionOut"];

export interface Move extends Status {
  kind: "move";
}

/** The same decision about several tasks, made at once. */
export interface Decided {
  kind: "decided";
  at: string;
  decisions: Decision[];
}

/** Statuses and decisions as one story, newest first. */
export function caseHistory(
  history: readonly Status[],
  decisions: readonly Decision[],
): (Move | Decided)[] {
  const together = new Map<string, Decision[]>();
  for (const one of decisions) {
    const key = [one.created_at, one.decided_by, one.action].join(" ");
    together.set(key, [...(together.get(key) ?? []), one]);
  }
  const moves = history.map((one): Move => ({ kind: "move", ...one }));
  const decided = [...together.values()].map((ones): Decided => ({
    kind: "decided",
    at: ones[0]!.created_at,
    decisions: ones,
  }));
  return [...moves, ...decided].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

/** How many of the decisions stand where. */
export function byState(decisions: readonly Decision[]): [Decision["state"], number][] {
  const counts = new Map<Decision["state"], number>();
  for (const { state } of decisions) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts];
}

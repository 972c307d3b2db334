import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Status = Schemas["CaseStatus"];

/** Whether somebody still has to do something about it. */
export function isOpen(status: Status): boolean {
  return status !== "resolved" && status !== "closed";
}

/** What the button says that takes a case from one status to another. */
export function moveLabel(from: Status, to: Status): string {
  const { moves } = text.cases;
  if (to === "in_progress" && from === "resolved") return moves.reopen;
  if (to === "in_progress" && from === "waiting_on_customer") return moves.back;
  return to === "new" ? text.cases.statuses.new : moves[to];
}

/** Why a case that somebody handles cannot be resolved yet, if that is so. */
export function whyUnresolved(of: {
  status: Status;
  hold: { released_at: string | null } | null;
  allowed_actions: { statuses: readonly Status[] };
}): string | undefined {
  const { statuses } = of.allowed_actions;
  if (!isOpen(of.status) || statuses.length === 0 || statuses.includes("resolved"))
    return undefined;
  const isHeld = of.hold !== null && of.hold.released_at === null;
  return isHeld ? text.cases.moves.holdLeft : text.cases.moves.tasksLeft;
}

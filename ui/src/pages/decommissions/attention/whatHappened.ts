import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Task = Pick<
  Schemas["TaskProgressOut"],
  "state" | "stuck_at" | "stuck_because" | "last_error_kind"
>;

/** Why a task needs attention, in the field's words. */
export function whatHappened(task: Task): string {
  const failure = task.last_error_kind ? text.words.failures[task.last_error_kind] : undefined;
  const isStuck = task.state === "pending" && task.stuck_at !== null && task.stuck_because !== null;
  const stuck = isStuck ? text.words.stuck[task.stuck_because!] : undefined;
  return [stuck, failure].filter(Boolean).join(": ");
}

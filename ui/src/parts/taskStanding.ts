import type { Schemas } from "~/api/client";
import type { text } from "~/text/en";

type Task = Pick<Schemas["TaskOut"], "state" | "phase" | "stuck_at" | "waiting_reason"> & {
  waived_by?: string | null;
};

export type Standing = keyof typeof text.words.task;

/** The one word for where a task stands; what needs a person comes before what does not. */
export function taskStanding(task: Task): Standing {
  if (task.state === "failed" || task.state === "cancelled") return task.state;
  if (task.state === "completed") return task.waived_by ? "waived" : "completed";
  if (task.stuck_at) return "stuck";
  if (task.phase === "retrying") return "retrying";
  if (task.waiting_reason) return "waiting";
  return task.phase === "running" ? "running" : "queued";
}

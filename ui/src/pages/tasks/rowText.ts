import { taskStanding } from "~/parts/taskStanding";
import { text } from "~/text/en";
import type { Task } from "./useTasks";

type Told = Pick<
  Task,
  "state" | "phase" | "stuck_at" | "stuck_because" | "waiting_reason" | "last_error_kind"
> & { waived_by?: string | null };

/** Why a task stands where it stands, in a few words; nothing where the badge says it all. */
export function reasonOf(task: Told): string | undefined {
  const { stuck, waiting, failures } = text.words;
  const failure = task.last_error_kind ? failures[task.last_error_kind] : undefined;
  switch (taskStanding(task)) {
    case "stuck":
      return task.stuck_because ? stuck[task.stuck_because] : undefined;
    case "failed":
    case "retrying":
      return failure;
    case "waiting":
      return task.waiting_reason ? waiting[task.waiting_reason] : undefined;
    default:
      return undefined;
  }
}

/** Whether there is anything to report about the task. */
export function isCaseable(task: Pick<Task, "state">): boolean {
  return task.state === "pending" || task.state === "failed";
}

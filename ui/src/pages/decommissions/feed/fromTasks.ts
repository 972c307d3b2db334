import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Task = Pick<
  Schemas["TaskProgressOut"],
  | "id"
  | "kind"
  | "site_name"
  | "state"
  | "started_at"
  | "finished_at"
  | "stuck_at"
  | "last_error_at"
  | "last_error_kind"
>;

export interface Happening {
  id: string;
  at: string;
  what: string;
  taskId: string;
}

const { happened } = text.feed;

/** What the tasks themselves tell, newest first: for readers who may not see the audit. */
export function fromTasks(tasks: readonly Task[]): Happening[] {
  return tasks
    .flatMap(eventsOf)
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

function eventsOf(task: Task): Happening[] {
  const name = [text.words.kinds[task.kind], task.site_name].filter(Boolean).join(", ");
  const made = (at: string | null, what: string | undefined): Happening[] =>
    at && what
      ? [
          {
            id: `${task.id} ${what}`,
            at,
            what: `${name}: ${what}`,
            taskId: task.id,
          },
        ]
      : [];
  const end = task.state === "pending" ? undefined : happened[task.state];
  return [
    ...made(task.started_at, happened.started),
    ...made(task.last_error_kind && task.last_error_at, happened.error),
    ...made(task.stuck_at, happened.stuck),
    ...made(task.finished_at, end),
  ];
}

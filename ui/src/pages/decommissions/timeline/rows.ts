import type { Schemas } from "~/api/client";
import type { BarTask } from "./bars";

export type Site = Schemas["SiteProgressOut"];

/** What is known of a group's tasks: they may have to be read apart. */
export type Tasks = readonly BarTask[] | "reading" | "unread";

export interface Group {
  /** The site's id, or the occupier's own tasks. */
  id: string;
  site: Site | undefined;
  tasks: Tasks;
}

export type Row =
  | { kind: "group"; group: Group; isOpen: boolean }
  | { kind: "task"; task: BarTask }
  | { kind: "note"; id: string; note: "reading" | "unread" };

export const OCCUPIER = "occupier";

/** The tasks of the open groups below their heads. */
export function rowsOf(groups: readonly Group[], open: ReadonlySet<string>): Row[] {
  return groups.flatMap((group) => {
    const isOpen = open.has(group.id);
    return [{ kind: "group", group, isOpen } as const, ...(isOpen ? rowsIn(group) : [])];
  });
}

function rowsIn({ id, tasks }: Group): Row[] {
  if (tasks === "reading" || tasks === "unread") return [{ kind: "note", id, note: tasks }];
  return byStart(tasks).map((task) => ({ kind: "task", task }));
}

/** In the order in which they started; those that have not stand last, as they were. */
function byStart(tasks: readonly BarTask[]): BarTask[] {
  return tasks.toSorted((one, other) => startOf(one) - startOf(other));
}

function startOf(task: BarTask): number {
  return task.started_at ? Date.parse(task.started_at) : Number.MAX_SAFE_INTEGER;
}

export function keyOf(row: Row): string {
  if (row.kind === "task") return row.task.id;
  return row.kind === "group" ? row.group.id : `${row.id} ${row.note}`;
}

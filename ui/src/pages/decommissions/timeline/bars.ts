import type { Schemas } from "~/api/client";

/** The fields that a bar is drawn from: the same in a snapshot and in the list of tasks. */
export type BarTask = Pick<
  Schemas["TaskProgressOut"],
  | "id"
  | "kind"
  | "site_name"
  | "state"
  | "phase"
  | "started_at"
  | "finished_at"
  | "active_s"
  | "waiting_s"
  | "stuck_at"
  | "waiting_reason"
> & { waived_by?: string | null };

export interface Part {
  kind: "active" | "waiting" | "outside";
  from: number;
  to: number;
}

/** The parts of a task's row, in the order of time, as milliseconds.
 *
 * Between its start and its end the sums are known and not their order: the active part is drawn
 * first. Before its start a task waits for its turn; a failed one waits for a person after its end.
 */
export function partsOf(task: BarTask, began: number, now: number): Part[] {
  const parts: Part[] = [];
  const started = task.started_at ? Date.parse(task.started_at) : undefined;
  if (started === undefined) {
    return task.state === "pending" ? [{ kind: "outside", from: began, to: now }] : [];
  }
  const ended = task.finished_at ? Date.parse(task.finished_at) : now;
  const length = Math.max(ended - started, 0);
  const active = Math.min(task.active_s * 1_000, length);
  if (started > began) parts.push({ kind: "outside", from: began, to: started });
  if (active > 0 || length === 0) {
    parts.push({ kind: "active", from: started, to: started + active });
  }
  if (length > active) parts.push({ kind: "waiting", from: started + active, to: ended });
  if (task.state === "failed" && now > ended) {
    parts.push({ kind: "outside", from: ended, to: now });
  }
  return parts;
}

/** The moment up to which there is something to draw: now, while anything runs; else the end. */
export function horizon(
  { finished_at }: { finished_at: string | null },
  ends: readonly (string | null)[],
  isMoving: boolean,
  now: number,
): number {
  if (finished_at) return Date.parse(finished_at);
  if (isMoving) return now;
  const known = ends.filter((end) => end !== null).map((end) => Date.parse(end));
  return known.length > 0 ? Math.max(...known) : now;
}

import type { Schemas } from "~/api/client";

type Seen = Schemas["SeenTaskIn"];

/**
 * The tasks that are decided about, as somebody sees them when they open the dialog: the chosen
 * ones, or all of the case; `null`, for all as they are, when the case has more than are shown.
 */
export function seenTasks(
  shown: readonly Pick<Schemas["TaskOut"], "id" | "round" | "state">[],
  chosen: readonly string[],
  inCase: number,
): Seen[] | null {
  if (chosen.length === 0 && inCase > shown.length) return null;
  return shown
    .filter((task) => chosen.length === 0 || chosen.includes(task.id))
    .map(({ id, round, state }) => ({ task_id: id, round, state }));
}

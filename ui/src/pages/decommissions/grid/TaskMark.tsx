import { STANDINGS } from "~/parts/TaskBadge";
import { taskStanding, type Standing } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { count } from "~/text/format";
import type { CellTask } from "./useSiteTasks";

const words = text.progress.grid;

/** The symbol and colour of a standing, with the figure that matters there. */
export function Mark({ standing, figure }: { standing: Standing; figure?: string }) {
  const Shape = STANDINGS[standing].icon;
  return (
    <span className="mark" data-standing={standing}>
      <Shape size={15} stroke={2.4} aria-hidden />
      {figure && <span>{figure}</span>}
    </span>
  );
}

export function TaskMark({ task }: { task: CellTask }) {
  const standing = taskStanding(task);
  return <Mark standing={standing} figure={figure(task, standing)} />;
}

/** Everything that the mark says, in words. */
export function markLabel(task: CellTask): string {
  const { kinds, task: standings } = text.words;
  const amount = task.total > 1 ? words.amount(count(task.done), count(task.total)) : "";
  return words.cell(kinds[task.kind], standings[taskStanding(task)], task.attempt, amount);
}

/** Attempts where they tell of trouble, else how far it is. */
function figure(task: CellTask, standing: Standing): string | undefined {
  const isTrouble = standing === "failed" || standing === "stuck" || standing === "retrying";
  if (isTrouble && task.attempt > 1) return `×${count(task.attempt)}`;
  if (standing === "running" && task.total > 1) return `${count(task.done)}/${count(task.total)}`;
  return undefined;
}

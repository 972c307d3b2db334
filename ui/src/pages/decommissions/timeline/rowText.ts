import type { Standing } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { duration, moment } from "~/text/format";
import type { BarTask } from "./bars";

/** From when to when, in the reader's zone. */
export function spanText(from: string | null, to: string | null): string {
  if (!from) return text.timeline.notStarted;
  return to ? text.timeline.between(moment(from), moment(to)) : text.timeline.since(moment(from));
}

/** All that a task's bar shows, in words: for the tip, and for those who cannot see it. */
export function taskText(task: BarTask, standing: Standing): string {
  return [
    text.words.task[standing],
    spanText(task.started_at, task.finished_at),
    text.timeline.active(duration(task.active_s)),
    text.timeline.waiting(duration(task.waiting_s)),
  ].join(", ");
}

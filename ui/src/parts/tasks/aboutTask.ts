import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

/** A task in a few words: what it does, and where. */
export function aboutTask(task: Pick<Schemas["TaskOut"], "kind" | "site_name">): string {
  return `${text.words.kinds[task.kind]}, ${task.site_name ?? text.words.wholeOccupier}`;
}

import type { Schemas } from "~/api/client";

/** The subject that the server gives a case about the task, so that it is seen beforehand. */
export function caseSubject(task: Pick<Schemas["TaskOut"], "kind" | "state">): string {
  const word = task.state === "failed" ? "Failed" : "Pending";
  return `${word} task: ${task.kind.replaceAll("_", " ")}`;
}

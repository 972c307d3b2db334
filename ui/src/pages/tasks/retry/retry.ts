import type { Schemas } from "~/api/client";
import { Problem } from "~/api/problem";

type Task = Schemas["TaskOut"];

/** What a retry needs of a task: which, where it was seen, and what the summary counts. */
export type Failed = Pick<Task, "id" | "round" | "state" | "kind" | "occupier_id" | "site_id">;

interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

/** All tasks of a paged list, each once; ends early when it is stopped. */
export async function collect<T extends { id: string }>(
  load: (cursor: string | undefined) => Promise<PageOf<T>>,
  onFound: (count: number) => void,
  signal: AbortSignal,
): Promise<T[]> {
  const found = new Map<string, T>();
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    for (const item of page.items) found.set(item.id, item);
    onFound(found.size);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && !signal.aborted);
  return [...found.values()];
}

/** What the confirmation says about the tasks. */
export function summaryOf(tasks: readonly Failed[]) {
  const kinds = new Map<Failed["kind"], number>();
  for (const { kind } of tasks) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return {
    occupiers: new Set(tasks.map((task) => task.occupier_id)).size,
    sites: new Set(tasks.flatMap((task) => task.site_id ?? [])).size,
    kinds: [...kinds].sort((one, other) => other[1] - one[1]),
  };
}

export interface Outcome {
  retried: number;
  /** The server's own words and how often it said them, the most frequent first. */
  refused: [reason: string, count: number][];
  unanswered: number;
  left: number;
}

/** `retried`, `unanswered`, or what the server says against it. */
export type Answer = { is: "retried" } | { is: "unanswered" } | { is: "refused"; why: string };

/** What a failed sending means; only a problem below 500 is an answer. */
export function answerOf(error: unknown): Answer {
  const isAnswer = error instanceof Problem && error.status > 0 && error.status < 500;
  return isAnswer ? { is: "refused", why: error.message } : { is: "unanswered" };
}

export function outcomeOf(total: number, answers: readonly Answer[]): Outcome {
  const reasons = new Map<string, number>();
  for (const answer of answers) {
    if (answer.is === "refused") reasons.set(answer.why, (reasons.get(answer.why) ?? 0) + 1);
  }
  const countOf = (is: Answer["is"]) => answers.filter((answer) => answer.is === is).length;
  return {
    retried: countOf("retried"),
    refused: [...reasons].sort((one, other) => other[1] - one[1]),
    unanswered: countOf("unanswered"),
    left: total - answers.length,
  };
}

/** Gives each item to `send`, a few at a time, until all are done or it is stopped. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  send: (item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    while (!signal.aborted) {
      const next = waiting.next();
      if (next.done) return;
      await send(next.value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}

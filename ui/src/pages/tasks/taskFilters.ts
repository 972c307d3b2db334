import type { operations } from "~/api/schema";
import { text } from "~/text/en";

/** What the API filters tasks by. */
type TaskQuery = Omit<
  NonNullable<operations["list_tasks_api_v1_tasks_get"]["parameters"]["query"]>,
  "cursor" | "limit"
>;

type Range = keyof typeof text.tasks.ranges;

const ONES = [
  "occupier_id",
  "decommission_id",
  "site_id",
  "state",
  "phase",
  "kind",
  "waiting_reason",
] as const;
const FLAGS = ["stuck", "overdue", "held", "has_case"] as const;
const DAYS: Partial<Record<Range, number>> = { today: 0, "7d": 7, "30d": 30 };

/** Which days are asked for: the last seven by default, all of them for one decommission. */
export function rangeOf(asked: URLSearchParams): Range {
  const range = asked.get("created");
  if (range !== null && range in text.tasks.ranges) return range as Range;
  if (asked.has("from") || asked.has("to")) return "between";
  return asked.has("decommission_id") ? "all" : "7d";
}

/** The filters of an address as the API takes them; days are the reader's own. */
export function taskQuery(asked: URLSearchParams, now: Date): TaskQuery {
  const query: Record<string, string | boolean> = { ...createdWithin(asked, now) };
  for (const name of ONES) {
    const value = asked.get(name);
    if (value) query[name] = value;
  }
  for (const name of FLAGS) {
    const value = asked.get(name);
    if (value) query[name] = value === "true";
  }
  return query as TaskQuery;
}

function createdWithin(asked: URLSearchParams, now: Date) {
  const range = rangeOf(asked);
  const days = DAYS[range];
  if (days !== undefined) return { created_from: startOfDay(now, -days).toISOString() };
  if (range === "all") return {};
  const from = dayOf(asked.get("from"));
  const to = dayOf(asked.get("to"));
  return {
    ...(from && { created_from: from.toISOString() }),
    ...(to && { created_to: startOfDay(to, 1).toISOString() }), // the whole last day
  };
}

function startOfDay(day: Date, shift: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + shift);
}

function dayOf(written: string | null): Date | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written ?? "");
  return parts ? new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) : undefined;
}

/** How many of the filters behind `More filters` are set. */
export function hiddenCount(asked: URLSearchParams): number {
  return ["kind", "phase", "waiting_reason", "has_case"].filter((name) => asked.has(name)).length;
}

/** Whether anything is asked for beside the last seven days. */
export function isFiltered(asked: URLSearchParams): boolean {
  return [...asked.keys()].length > 0;
}

/** Whether failed tasks can be among what is asked for. */
export function canHoldFailed(asked: URLSearchParams): boolean {
  const state = asked.get("state");
  const isPending = ["stuck", "overdue", "held"].some((name) => asked.get(name) === "true");
  const phase = asked.get("phase");
  const waits = asked.get("waiting_reason");
  return (
    (state === null || state === "failed") &&
    !isPending &&
    (phase === null || phase === "ended") &&
    (waits === null || waits === "human")
  );
}

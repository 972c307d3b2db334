import type { Schemas } from "~/api/client";
import type { Activity } from "../useSystems";

type Buckets = Activity["systems"][number]["buckets"];
type Failure = Schemas["FailureKind"];
type Failures = Partial<Record<Failure, number>>;

/** One stretch of time, also when nothing ended in it. */
export interface Stretch {
  at: string;
  completed: number;
  failed: number;
  failures: Failures;
}

/** Every stretch between the two moments, oldest first; the API leaves out empty ones. */
export function stretches(
  activity: Pick<Activity, "since" | "until" | "bucket_s">,
  buckets: Buckets,
): Stretch[] {
  const known = new Map(buckets.map((bucket) => [Date.parse(bucket.at), bucket]));
  const until = Date.parse(activity.until);
  const all: Stretch[] = [];
  for (let at = Date.parse(activity.since); at < until; at += activity.bucket_s * 1000) {
    const failures: Failures = known.get(at)?.failures ?? {};
    all.push({
      at: new Date(at).toISOString(),
      completed: known.get(at)?.completed ?? 0,
      failed: sum(Object.values(failures)),
      failures,
    });
  }
  return all;
}

export interface Totals {
  completed: number;
  failed: number;
  /** Failed among all that ended, 0 to 1. */
  rate: number;
  /** What failed most often, if anything did. */
  mostly: Failure | undefined;
  /** The stretch with most failures, if there were any. */
  peak: Stretch | undefined;
}

export function totals(all: readonly Stretch[]): Totals {
  const completed = sum(all.map((one) => one.completed));
  const failed = sum(all.map((one) => one.failed));
  const peak = all.reduce<Stretch | undefined>(
    (most, one) => (one.failed > (most?.failed ?? 0) ? one : most),
    undefined,
  );
  const rate = failed === 0 ? 0 : failed / (failed + completed);
  return { completed, failed, rate, mostly: failuresOf(all)[0]?.[0], peak };
}

/** Failures by kind, most frequent first. */
export function failuresOf(all: readonly Stretch[]): [Failure, number][] {
  const counts = new Map<Failure, number>();
  for (const { failures } of all) {
    for (const [kind, count] of Object.entries(failures) as [Failure, number][]) {
      counts.set(kind, (counts.get(kind) ?? 0) + count);
    }
  }
  return [...counts].sort((one, other) => other[1] - one[1]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

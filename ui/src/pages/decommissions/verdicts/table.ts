import type { Schemas } from "~/api/client";

export type Verdict = Schemas["Verdict"];

/** In the order in which people ask: what is gone, what stayed, what is open. */
const VERDICTS = [
  "removed",
  "already_absent",
  "not_applicable",
  "retained",
  "disabled_only",
  "unknown",
] as const satisfies Verdict[];

export interface VerdictRow<Key> {
  key: Key;
  counts: Partial<Record<Verdict, number>>;
  total: number;
}

/** Counts by one thing and verdict as a table; rows in the order in which they first come. */
export function tabled<Row extends { verdict: Verdict; count: number }, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): VerdictRow<Key>[] {
  const found = new Map<Key, VerdictRow<Key>>();
  for (const row of rows) {
    const key = keyOf(row);
    const entry = found.get(key) ?? { key, counts: {}, total: 0 };
    entry.counts[row.verdict] = (entry.counts[row.verdict] ?? 0) + row.count;
    entry.total += row.count;
    found.set(key, entry);
  }
  return [...found.values()];
}

/** The verdicts that any row has; the others need no column. */
export function present(rows: readonly { verdict: Verdict }[]): Verdict[] {
  return VERDICTS.filter((verdict) => rows.some((row) => row.verdict === verdict));
}

import type { Schemas } from "~/api/client";

type Result = Schemas["ClosureResult"];
type Counts = Partial<Record<Result, number>>;

export interface Standing {
  all: number;
  /** How many are as they will stay. */
  settled: number;
  /** What became of everybody: `well`, `partly`, `nobody` (there was nobody); else it goes on. */
  verdict: "open" | "well" | "partly" | "nobody";
}

/** How far a closure is, from how many have which result. */
export function closureStanding(counts: Counts, isDone: boolean): Standing {
  const of = (result: Result) => counts[result] ?? 0;
  const settled = of("decommissioned") + of("refused") + of("failed");
  const all = settled + of("waiting") + of("started");
  return { all, settled, verdict: isDone ? verdict(all, of("decommissioned")) : "open" };
}

function verdict(all: number, decommissioned: number): Standing["verdict"] {
  if (all === 0) return "nobody";
  return decommissioned === all ? "well" : "partly";
}

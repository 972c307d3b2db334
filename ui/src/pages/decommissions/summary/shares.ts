import type { Schemas } from "~/api/client";
import type { Standing } from "~/parts/taskStanding";

export interface Share {
  standing: Standing;
  count: number;
}

/** The tasks by standing, each counted once: a stuck one is also running or retrying. */
export function shares(counts: Schemas["CountsOut"]): Share[] {
  const retrying = Math.max(0, Math.min(counts.retrying, counts.retrying - counts.stuck));
  const stuckRunning = Math.max(0, counts.stuck - counts.retrying);
  const all: Share[] = [
    { standing: "completed", count: counts.completed },
    { standing: "failed", count: counts.failed },
    { standing: "stuck", count: counts.stuck },
    { standing: "retrying", count: retrying },
    { standing: "running", count: Math.max(0, counts.running - stuckRunning) },
    { standing: "queued", count: counts.queued },
    { standing: "cancelled", count: counts.cancelled },
  ];
  return all.filter((share) => share.count > 0);
}

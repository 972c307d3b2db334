import type { Schemas } from "~/api/client";
import type { text } from "~/text/en";

export type Health = keyof typeof text.systems.health;

/** One word for how a system stands; what nobody has decided comes before what somebody has. */
export function healthOf(
  system: Pick<Schemas["SystemOut"], "breaker" | "tasks_failing"> & { holds: readonly unknown[] },
): Health {
  if (system.breaker !== "closed") return system.breaker;
  if (system.holds.length > 0) return "held";
  return system.tasks_failing > 0 ? "failing" : "well";
}

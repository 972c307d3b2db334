import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

export type Status = Schemas["OccupierStatus"];

export const STATUSES = Object.keys(text.occupiers.statuses) as Status[];

const ALL = "all";
const DEFAULT: readonly Status[] = ["active"];

/** The statuses that an address asks for; none in the reply means all of them. */
export function statusesOf(asked: readonly string[]): Status[] {
  if (asked.length === 0) return [...DEFAULT];
  return STATUSES.filter((status) => asked.includes(status));
}

/** What stands in the address for these statuses: nothing for what is shown anyhow. */
export function addressOf(statuses: readonly string[]): string[] {
  if (statuses.length === 0) return [ALL];
  return statuses.length === 1 && statuses[0] === DEFAULT[0] ? [] : [...statuses];
}

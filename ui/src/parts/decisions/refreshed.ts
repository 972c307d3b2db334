import type { QueryKey } from "@tanstack/react-query";

/** All that shows a task: what a decision may have changed, or a refusal shows to be old. */
export const REFRESHED: QueryKey[] = [
  ["task"],
  ["tasks"],
  ["case"],
  ["cases"],
  ["decommission"],
  ["decommissions"],
];

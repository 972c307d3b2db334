import { words } from "~/text/format";
import { text } from "~/text/en";

const { kinds, columns, keptKinds } = text.decommission.plan;

/** What people call a kind that a plan names. */
export function kindName(kind: string): string {
  return (kinds as Record<string, string>)[kind] ?? words(kind);
}

/** The same for the narrow head of a column. */
export function columnName(kind: string): string {
  return (columns as Record<string, string>)[kind] ?? kindName(kind);
}

/** What people call a kind that is kept. */
export function keptName(kind: string): string {
  return (keptKinds as Record<string, string>)[kind] ?? words(kind);
}

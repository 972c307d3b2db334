import type { operations } from "~/api/schema";

/** What the API filters the audit by. */
export type AuditQuery = Omit<
  NonNullable<operations["list_audit_api_v1_audit_get"]["parameters"]["query"]>,
  "cursor" | "limit"
>;

const SAME = ["occupier_id", "actor", "action", "outcome"] as const;

/** The filters of an address as the API takes them; days are the reader's own, the last whole. */
export function auditQuery(asked: URLSearchParams): AuditQuery {
  const query: Record<string, string> = {};
  for (const name of SAME) {
    const value = asked.get(name);
    if (value) query[name] = value;
  }
  const from = dayOf(asked.get("from"), 0);
  const to = dayOf(asked.get("to"), 1);
  if (from) query.from = from.toISOString();
  if (to) query.to = to.toISOString();
  return query as AuditQuery;
}

function dayOf(written: string | null, shift: number): Date | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written ?? "");
  if (!parts) return undefined;
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + shift);
}

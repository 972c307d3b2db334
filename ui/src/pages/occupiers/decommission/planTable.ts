import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

export interface PlanTable {
  /** Kinds that occur, in the order of the runbook, each with its number at all sites. */
  kinds: { kind: string; total: number }[];
  sites: { id: string; name: string; counts: Map<string, number> }[];
}

const ORDER = Object.keys(text.decommission.plan.kinds);

/** A plan by site and kind; kinds that nobody knows here yet come last. */
export function planTable(plan: Schemas["PlanOut"]): PlanTable {
  const totals = new Map<string, number>();
  const sites = new Map<string, PlanTable["sites"][number]>(
    plan.sites.map(({ id, name }) => [id, { id, name, counts: new Map<string, number>() }]),
  );
  for (const { kind, site_id, count } of [...plan.records, ...plan.lines]) {
    if (count === 0) continue;
    totals.set(kind, (totals.get(kind) ?? 0) + count);
    const site = sites.get(site_id) ?? { id: site_id, name: "", counts: new Map<string, number>() };
    site.counts.set(kind, (site.counts.get(kind) ?? 0) + count);
    sites.set(site_id, site);
  }
  const place = (kind: string) => (ORDER.indexOf(kind) + 1 || ORDER.length + 1) as number;
  const kinds = [...totals]
    .map(([kind, total]) => ({ kind, total }))
    .sort((one, other) => place(one.kind) - place(other.kind));
  return { kinds, sites: [...sites.values()].filter((site) => site.counts.size > 0) };
}

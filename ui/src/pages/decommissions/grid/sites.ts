import type { Schemas } from "~/api/client";

export type Site = Schemas["SiteProgressOut"];
export type Kind = Schemas["TaskKind"];
export type SiteStanding = "attention" | "running" | "waiting" | "done";
export type Wanted = SiteStanding | "all";

/** A site's tasks in the order of the runbook. */
export const SITE_KINDS = [
  "logout_handsets",
  "telephony",
  "ports",
  "users",
  "wifi_devices",
  "stop_services",
  "network",
  "end_leases",
] as const satisfies Kind[];

/** Those of the occupier as a whole. */
export const OCCUPIER_KINDS = [
  "plan",
  "delete_scheduled",
  "verify_occupier",
] as const satisfies Kind[];

export const STANDINGS = ["attention", "running", "waiting", "done"] as const;

/** Up to so many sites stand in one list; more are grouped, so that trouble stands first. */
export const UNGROUPED = 12;

export type GridRow =
  | { kind: "group"; standing: SiteStanding; count: number; isOpen: boolean }
  | { kind: "site"; site: Site };

export function siteStanding({ counts, started_at }: Site): SiteStanding {
  if (counts.failed + counts.stuck + counts.retrying > 0) return "attention";
  if (counts.completed + counts.cancelled === counts.total) return "done";
  return counts.running > 0 || counts.completed > 0 || started_at ? "running" : "waiting";
}

/** How many sites stand where. */
export function tally(sites: readonly Site[]): Record<Wanted, number> {
  const found = { all: sites.length, attention: 0, running: 0, waiting: 0, done: 0 };
  for (const site of sites) found[siteStanding(site)] += 1;
  return found;
}

/** The rows to draw: sites that match, in the order of the fan-out, grouped when they are many. */
export function rowsOf(
  sites: readonly Site[],
  wanted: Wanted,
  search: string,
  closed: ReadonlySet<SiteStanding>,
): GridRow[] {
  const sought = search.trim().toLocaleLowerCase();
  const found = sites.filter(
    (site) =>
      (wanted === "all" || siteStanding(site) === wanted) &&
      site.site_name.toLocaleLowerCase().includes(sought),
  );
  if (wanted !== "all" || sites.length <= UNGROUPED) {
    return found.map((site) => ({ kind: "site", site }));
  }
  return STANDINGS.flatMap((standing): GridRow[] => {
    const group = found.filter((site) => siteStanding(site) === standing);
    if (group.length === 0) return [];
    const isOpen = !closed.has(standing);
    return [
      { kind: "group", standing, count: group.length, isOpen },
      ...(isOpen ? group.map((site): GridRow => ({ kind: "site", site })) : []),
    ];
  });
}

import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, read, type Schemas } from "~/api/client";
import { OCCUPIER, type Group, type Site, type Tasks } from "./rows";

/** What the timeline is drawn from: a part of the snapshot that the stream keeps fresh. */
export type Decommission = Pick<
  Schemas["DecommissionDetailOut"],
  "id" | "occupier_name" | "state" | "sites" | "occupier_tasks" | "counts" | "finished_at"
>;

const OWN_KINDS = ["plan", "delete_scheduled", "verify_occupier"] as const;
const FEW_SITES = 12; // whose tasks are shown without being asked for
const MOST_APART = 50; // sites whose tasks may be read at once, each by a request of its own

/** The sites with their tasks; of a large decommission those of the open sites are read apart. */
export function useGroups(decommission: Decommission) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { sites } = decommission;
  const isOpen = (id: string, site?: Site) => chosen.get(id) ?? opensByItself(sites.length, site);
  const open = new Set(sites.filter((site) => isOpen(site.site_id, site)).map(idOf));
  if (isOpen(OCCUPIER)) open.add(OCCUPIER);
  const groups = [
    { id: OCCUPIER, site: undefined, tasks: useOwnTasks(decommission, open.has(OCCUPIER)) },
    ...useSiteGroups(decommission, open),
  ];
  return {
    groups,
    open,
    mayOpenAll: sites.filter((site) => site.tasks === null).length <= MOST_APART,
    toggle: (id: string) => setChosen((before) => new Map(before).set(id, !open.has(id))),
    setAll: (isOpen: boolean) => {
      const ids = [OCCUPIER, ...sites.map(idOf)];
      setChosen(new Map(ids.map((id) => [id, isOpen])));
    },
  };
}

/** A large decommission opens nothing by itself, as every site would be one more request. */
function opensByItself(count: number, site: Site | undefined): boolean {
  if (count <= FEW_SITES) return true;
  if (!site?.tasks) return false;
  return site.counts.failed + site.counts.stuck + site.counts.retrying > 0;
}

function useOwnTasks({ id, occupier_tasks, state }: Decommission, isOpen: boolean): Tasks {
  const apart = useQuery({
    queryKey: ["tasks", "timeline", id, OCCUPIER],
    queryFn: async () => {
      const pages = await Promise.all(OWN_KINDS.map((kind) => list({ decommission_id: id, kind })));
      return pages.flatMap((page) => page.items);
    },
    enabled: isOpen && occupier_tasks === null,
    refetchInterval: state === "pending" && 10_000,
  });
  return occupier_tasks ?? apart.data ?? (apart.isError ? "unread" : "reading");
}

function useSiteGroups({ id, sites, state }: Decommission, open: ReadonlySet<string>): Group[] {
  const apart = sites.filter((site) => site.tasks === null && open.has(site.site_id));
  const read = useQueries({
    queries: apart.map((site) => ({
      queryKey: ["tasks", "timeline", id, site.site_id],
      queryFn: () => list({ decommission_id: id, site_id: site.site_id }),
      refetchInterval: state === "pending" && !site.finished_at ? 10_000 : (false as const),
    })),
  });
  const found = new Map<string, Tasks>(
    apart.map((site, at) => [
      site.site_id,
      read[at]?.data?.items ?? (read[at]?.isError ? "unread" : "reading"),
    ]),
  );
  return sites.map((site) => ({
    id: site.site_id,
    site,
    tasks: site.tasks ?? found.get(site.site_id) ?? "reading",
  }));
}

function list(query: { decommission_id: string; site_id?: string; kind?: Schemas["TaskKind"] }) {
  return read(api.GET("/api/v1/tasks", { params: { query: { ...query, limit: 50 } } }));
}

function idOf(site: Site): string {
  return site.site_id;
}

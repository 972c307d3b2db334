import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, read, type Schemas } from "~/api/client";
import type { Progress } from "~/api/live";
import { OCCUPIER_KINDS, type Site } from "./sites";

/** What a cell shows: the same fields in a snapshot and in the list of tasks. */
export type CellTask = Pick<
  Schemas["TaskProgressOut"],
  | "id"
  | "site_id"
  | "site_name"
  | "kind"
  | "state"
  | "phase"
  | "attempt"
  | "done"
  | "total"
  | "stuck_at"
  | "waiting_reason"
> & { waived_by?: string | null };

const MOVES_MS = 10_000; // attempts grow without a change of the counts
const SETTLED_MS = 150; // a row that is scrolled past is gone by then, and asks nothing
const KEPT_MS = 60_000; // each change of the counts is read anew, and leaves what was before

/** A site's tasks: from the snapshot, or read apart where there are too many sites for one. */
export function useSiteTasks(decommissionId: string, site: Site): readonly CellTask[] | undefined {
  const isApart = site.tasks === null;
  const isSettled = useSettled();
  const isMoving = site.counts.running + site.counts.retrying > 0;
  const apart = useQuery({
    queryKey: ["tasks", "of-site", decommissionId, site.site_id, site.counts, site.progress],
    queryFn: ({ signal }) =>
      read(
        api.GET("/api/v1/tasks", {
          params: {
            query: { decommission_id: decommissionId, site_id: site.site_id, limit: 50 },
          },
          signal,
        }),
      ),
    enabled: isApart && isSettled,
    gcTime: KEPT_MS,
    staleTime: Infinity,
    refetchInterval: isMoving ? MOVES_MS : false,
    placeholderData: keepPreviousData,
    select: (page) => page.items,
  });
  return site.tasks ?? apart.data;
}

/** Whether what asks has been there for a moment. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}

/** The occupier's own tasks, likewise. */
export function useOccupierTasks(snapshot: Progress): readonly CellTask[] | undefined {
  const isApart = snapshot.occupier_tasks === null;
  const apart = useQuery({
    queryKey: ["tasks", "of-occupier", snapshot.id],
    queryFn: async () => {
      const pages = await Promise.all(
        OCCUPIER_KINDS.map((kind) =>
          read(
            api.GET("/api/v1/tasks", {
              params: { query: { decommission_id: snapshot.id, kind, limit: 1 } },
            }),
          ),
        ),
      );
      return pages.flatMap((page) => page.items);
    },
    enabled: isApart,
    refetchInterval: snapshot.state === "pending" ? MOVES_MS : false,
  });
  return snapshot.occupier_tasks ?? apart.data;
}

import { useQuery } from "@tanstack/react-query";
import { api, read } from "~/api/client";
import type { Snapshot } from "~/api/live";

/** The verdicts in numbers; read again while they change. */
export function useVerdicts(snapshot: Pick<Snapshot, "id" | "state">) {
  return useQuery({
    queryKey: ["decommission", snapshot.id, "verdicts", snapshot.state],
    queryFn: () =>
      read(
        api.GET("/api/v1/decommissions/{decommission_id}/verdicts", {
          params: { path: { decommission_id: snapshot.id } },
        }),
      ),
    refetchInterval: snapshot.state === "decommissioned" ? false : 5_000,
  });
}

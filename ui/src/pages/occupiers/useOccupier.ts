import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";

export type Occupier = Schemas["OccupierDetailOut"];

const MOVES_MS: Partial<Record<Occupier["status"], number>> = {
  pending: 5_000,
  failed: 10_000,
  scheduled: 30_000,
};

/** How often what is shown of an occupier is read again: only while a decommission moves it. */
export function pace(status: Occupier["status"] | undefined): number | false {
  return (status && MOVES_MS[status]) ?? false;
}

/** An occupier with its sites, its decommission, and what this person may do to it. */
export function useOccupier(occupierId: string) {
  return useQuery({
    queryKey: ["occupier", occupierId],
    queryFn: () =>
      read(
        api.GET("/api/v1/occupiers/{occupier_id}", {
          params: { path: { occupier_id: occupierId } },
        }),
      ),
    refetchInterval: ({ state }) => pace(state.data?.status),
  });
}

/** The zone in which its moments are told: its site's, or the reader's if it has several. */
export function zoneOf(occupier: Occupier, sites: readonly Schemas["SiteOut"][]) {
  const zones = new Set(
    occupier.sites.map((its) => sites.find((site) => site.id === its.id)?.time_zone),
  );
  return zones.size === 1 ? [...zones][0] : undefined;
}

import { useMemo } from "react";
import { useSites } from "~/api/sites";

/** Tells the zone of a site; without one the reader's own, which `undefined` stands for. */
export function useZones(): (siteId: string | null | undefined) => string | undefined {
  const sites = useSites().data;
  const zones = useMemo(
    () => new Map(sites?.map((site) => [site.id, site.time_zone])),
    [sites],
  );
  return (siteId) => zones.get(siteId ?? "");
}

/** The same of one site. */
export function useZoneOf(siteId: string | null | undefined): string | undefined {
  return useZones()(siteId);
}

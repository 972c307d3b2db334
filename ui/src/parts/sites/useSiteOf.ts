import { useSites, type Site } from "~/api/sites";

type ById = ReadonlyMap<string, Site>;

const NONE: ById = new Map();
const tables = new WeakMap<readonly Site[], ById>();

/** Tells a site by its id; nothing for one that is out of sight, or not read yet. */
export function useSiteOf(): (siteId: string | null | undefined) => Site | undefined {
  const byId = tableOf(useSites().data);
  return (siteId) => byId.get(siteId ?? "");
}

/** The zone of a site; without one the reader's own, which `undefined` stands for. */
export function useZoneOf(siteId: string | null | undefined): string | undefined {
  return useSiteOf()(siteId)?.time_zone;
}

/** Made once for all who ask: each row of a list does, and there may be a thousand sites. */
function tableOf(sites: readonly Site[] | undefined): ById {
  if (!sites) return NONE;
  const made = tables.get(sites) ?? new Map(sites.map((site) => [site.id, site]));
  tables.set(sites, made);
  return made;
}

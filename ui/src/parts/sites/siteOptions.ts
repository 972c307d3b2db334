import type { Site } from "~/api/sites";

/** Sites as a box offers them; none while they are read. */
export function siteOptions(sites: readonly Site[] = []) {
  return sites.map((site) => ({ value: site.id, label: site.name }));
}

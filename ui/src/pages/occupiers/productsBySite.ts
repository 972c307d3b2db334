import type { Schemas } from "~/api/client";

type Service = Pick<Schemas["ServiceView"], "site_name" | "product">;

/** The products at each site, sites by name. */
export function productsBySite(services: readonly Service[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const sorted = [...services].sort((one, other) => one.site_name.localeCompare(other.site_name));
  for (const { site_name, product } of sorted) {
    found.set(site_name, [...(found.get(site_name) ?? []), product]);
  }
  return found;
}

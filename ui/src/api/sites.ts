import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "./client";

export type Site = Schemas["SiteOut"];

/** All sites that this person sees; there are hundreds at most. */
export function useSites() {
  return useQuery({
    queryKey: ["sites"],
    staleTime: 60_000,
    queryFn: async () => {
      const found: Site[] = [];
      let cursor: string | undefined;
      do {
        const page = await read(
          api.GET("/api/v1/sites", { params: { query: { limit: 200, cursor } } }),
        );
        found.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      return found;
    },
  });
}

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read } from "~/api/client";

/** The first occupiers with that in their name, or of all; none until they are read. */
export function useNamedOccupiers(wanted: { search?: string; limit: number; isEnabled: boolean }) {
  const query = { search: wanted.search, limit: wanted.limit };
  const found = useQuery({
    queryKey: ["occupiers", "named", query],
    enabled: wanted.isEnabled,
    placeholderData: keepPreviousData,
    queryFn: () => read(api.GET("/api/v1/occupiers", { params: { query } })),
  });
  return found.data?.items ?? [];
}

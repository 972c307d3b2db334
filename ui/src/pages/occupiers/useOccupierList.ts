import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, read } from "~/api/client";
import { useFilters } from "~/parts/filters/useFilters";
import { statusesOf } from "./statusFilter";

const PAGE = 200;
const TYPING_MS = 200;
const FEW = 3; // pages; all loaded ones are read again, one after the other

/** The occupiers that the filters in the address ask for, by name, page by page. */
export function useOccupierList() {
  const filters = useFilters();
  const [search] = useDebouncedValue(filters.one("search"), TYPING_MS);
  const wanted = {
    search,
    site_id: filters.one("site_id"),
    status: statusesOf(filters.all("status")),
  };
  const pages = useInfiniteQuery({
    queryKey: ["occupiers", wanted],
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/occupiers", {
          params: { query: { ...wanted, limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= FEW,
  });
  return { pages, items: pages.data?.pages.flatMap((page) => page.items) ?? [] };
}

export type OccupierListing = ReturnType<typeof useOccupierList>;

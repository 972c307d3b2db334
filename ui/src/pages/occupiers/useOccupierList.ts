import { useDebouncedValue } from "@mantine/hooks";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api, read } from "~/api/client";
import { useFilters } from "~/parts/filters/useFilters";
import { statusesOf } from "./statusFilter";

const PAGE = 200;
const TYPING_MS = 200;
const FEW = 3; // pages; all loaded ones are read again, one after the other

interface Wanted {
  search?: string;
  site_id?: string;
  status: ReturnType<typeof statusesOf>;
}

const wantedBy = (asked: URLSearchParams): Wanted => ({
  search: asked.get("search") ?? undefined,
  site_id: asked.get("site_id") ?? undefined,
  status: statusesOf(asked.getAll("status")),
});

const listOf = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["occupiers", wanted],
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/occupiers", {
          params: { query: { ...wanted, limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** What the page will ask for first, to be asked for before it is drawn. */
export const firstOccupiers = (asked: URLSearchParams) => listOf(wantedBy(asked));

/** The occupiers that the filters in the address ask for, by name, page by page. */
export function useOccupierList() {
  const wanted = wantedBy(useFilters().asked);
  const [search] = useDebouncedValue(wanted.search, TYPING_MS);
  const pages = useInfiniteQuery({
    ...listOf({ ...wanted, search }),
    placeholderData: (before) => before,
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= FEW,
  });
  return { pages, items: pages.data?.pages.flatMap((page) => page.items) ?? [] };
}

export type OccupierListing = ReturnType<typeof useOccupierList>;

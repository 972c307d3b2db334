import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { caseQuery } from "./caseFilters";

export type Case = Schemas["CaseOut"];

const PAGE = 100;
const REFRESH_MS = 10_000;

/** Cases page by page, newest first; all loaded ones are read again. */
export function useCases(asked: URLSearchParams) {
  const wanted = caseQuery(asked);
  return useInfiniteQuery({
    queryKey: ["cases", wanted],
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/cases", {
          params: { query: { ...wanted, limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => REFRESH_MS * Math.max(1, state.data?.pages.length ?? 1),
  });
}

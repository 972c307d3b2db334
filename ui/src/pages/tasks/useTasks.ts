import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { taskQuery } from "./taskFilters";

export type Task = Schemas["TaskOut"];

const PAGE = 200;
const REFRESH_MS = 8_000;
const PAGES_AT_THAT_PACE = 3;

/** A page of the tasks that an address asks for. */
export function loadTasks(asked: URLSearchParams, cursor: string | undefined, now: Date) {
  const query = { ...taskQuery(asked, now), limit: PAGE, cursor };
  return read(api.GET("/api/v1/tasks", { params: { query } }));
}

/** Tasks page by page; all loaded ones are read again, less often the more there are. */
export function useTasks(asked: URLSearchParams) {
  return useInfiniteQuery({
    queryKey: ["tasks", asked.toString()],
    queryFn: ({ pageParam }) => loadTasks(asked, pageParam, new Date()),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages.length ?? 1;
      return REFRESH_MS * Math.max(1, pages / PAGES_AT_THAT_PACE);
    },
  });
}

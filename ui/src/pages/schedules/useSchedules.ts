import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas, read } from "~/api/client";
import { Problem } from "~/api/problem";

const STALE = 412;

export type ScheduleState = Schemas["ScheduleState"];

interface WantedSchedules {
  states: ScheduleState[];
  siteId?: string;
}

/** Schedules by when they are due, page by page; read again as they may come due. */
export function useSchedules({ states, siteId }: WantedSchedules) {
  return useInfiniteQuery({
    queryKey: ["schedules", { states, siteId }],
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/schedules", {
          params: { query: { state: states, site_id: siteId, limit: 200, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: states.length > 0,
    refetchInterval: 10_000,
    placeholderData: (before) => before,
  });
}

/** One schedule as it is now, with the tag that a change of it has to name. */
export function useSchedule(scheduleId: string) {
  return useQuery({
    queryKey: ["schedule", scheduleId],
    queryFn: async () => {
      const { data, response } = await api.GET("/api/v1/schedules/{schedule_id}", {
        params: { path: { schedule_id: scheduleId } },
      });
      return { schedule: data!, tag: response.headers.get("ETag") ?? "" };
    },
    staleTime: 0,
  });
}

export type FoundSchedule = NonNullable<ReturnType<typeof useSchedule>["data"]>;

/**
 * The tag to send: of the schedule as it was when the dialog was opened, whatever was read since
 * without being looked at; once the server has refused that as old, of what stands there now.
 */
export function useSeenTag({ tag }: FoundSchedule) {
  const [first] = useState(tag);
  return (refusal: Error | null) =>
    refusal instanceof Problem && refusal.status === STALE ? tag : first;
}

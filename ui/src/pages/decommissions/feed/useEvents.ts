import { useInfiniteQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";

export type AuditEvent = Schemas["AuditEventOut"];

const EVENTS = 50; // a page

/** What the audit says of the decommission since it was requested, newest first. */
export function useEvents(occupierId: string, since: string, isMoving: boolean) {
  return useInfiniteQuery({
    queryKey: ["audit", "occupier", occupierId, since],
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/occupiers/{occupier_id}/audit", {
          params: {
            path: { occupier_id: occupierId },
            query: { from: since, limit: EVENTS, cursor: pageParam },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: isMoving && 5_000,
  });
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import type { AuditQuery } from "./auditQuery";

export type AuditEvent = Schemas["AuditEventOut"];

export function useAudit(query: AuditQuery) {
  return useInfiniteQuery({
    queryKey: ["audit", query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/audit", { params: { query: { ...query, limit: 50, cursor: pageParam } } }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";

export type Closure = Schemas["ClosureOut"];
export type Candidate = Schemas["CandidateOut"];
export type ClosurePreview = Schemas["ClosurePreviewOut"];

const MOVES_MS = 3_000;

/** Whom the closing of a site would concern now. */
export function useClosurePreview(siteId: string) {
  return useQuery({
    queryKey: ["closure-preview", siteId],
    queryFn: () =>
      read(
        api.GET("/api/v1/sites/{site_id}/closure/preview", {
          params: { path: { site_id: siteId } },
        }),
      ),
  });
}

/** A closure with the tag that pause and resume have to name; read again until it is done. */
export function useClosure(closureId: string | null | undefined) {
  return useQuery({
    queryKey: ["closure", closureId],
    queryFn: async () => {
      const { data, response } = await api.GET("/api/v1/closures/{closure_id}", {
        params: { path: { closure_id: closureId! } },
      });
      return { closure: data!, tag: response.headers.get("ETag") ?? "" };
    },
    enabled: Boolean(closureId),
    refetchInterval: (query) => (query.state.data?.closure.state === "done" ? false : MOVES_MS),
  });
}

export type FoundClosure = NonNullable<ReturnType<typeof useClosure>["data"]>;

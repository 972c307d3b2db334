import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, read, type Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { outcomeOf } from "./handsetOutcome";

type Request = Schemas["HandsetRequestOut"];

const LOOK_MS = 1_000;
const FRESH = { "phone-numbers": true, "handset-logins": true, occupier: true, previews: true };

/** A request to the telephony system: sent, then watched until it is served or not. */
export function useHandsetRequest(
  occupierId: string,
  send: (key: string) => Promise<{ data?: Request }>,
) {
  const queries = useQueryClient();
  const [requestId, setRequestId] = useState<string>();
  const ask = useChange({
    send: (_: string, key) => read(send(key)),
    refreshes: [],
    onDone: (asked: Request) => setRequestId(asked.id),
  });
  const watched = useQuery({
    queryKey: ["handset-requests", requestId],
    queryFn: () =>
      read(
        api.GET("/api/v1/handset-requests/{request_id}", {
          params: { path: { request_id: requestId! } },
        }),
      ),
    enabled: requestId !== undefined,
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : LOOK_MS),
  });
  const finished = watched.data?.finished_at ? watched.data : undefined;
  useEffect(() => {
    if (!finished) return;
    setRequestId(undefined);
    notifications.show(outcomeOf(finished));
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]) in FRESH && queryKey[1] === occupierId,
    });
  }, [finished, occupierId, queries]);
  return {
    ask: () => ask.mutate(occupierId),
    isUnderWay: ask.isPending || (requestId !== undefined && !finished),
  };
}

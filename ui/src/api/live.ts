import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, read, type Schemas } from "./client";
import { LiveStream, type Answer, type Connection } from "./liveStream";
import { Problem } from "./problem";

export type Snapshot = Schemas["DecommissionDetailOut"];
/** What the stream tells: the same for everybody who may see it. */
export type Progress = Omit<Snapshot, "allowed_actions" | "history_url">;

const HIDDEN_MS = 30_000; // how long a tab out of sight keeps one of the host's few connections
const POLL_MS = 5_000; // while the stream is away
const CHECK_MS = 30_000; // a dead connection can look alive

/** One decommission, live: read once, then kept as the stream tells it, or by polling. */
export function useLiveDecommission(id: string) {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  const query = useQuery({
    queryKey: ["decommission", id],
    queryFn: () => readOnce(id),
    refetchInterval: () => pause(connection),
  });
  const isThere = query.data !== undefined;
  useEffect(() => {
    if (!isThere) return;
    const queryKey = ["decommission", id];
    const stream = new LiveStream<Progress>({
      open: () => new EventSource(`/api/v1/decommissions/${id}/stream`),
      ask: () => answerOf(queries.fetchQuery({ queryKey, queryFn: () => readOnce(id), retry: 0 })),
      onSnapshot: (told) => {
        const before = queries.getQueryData<Snapshot>(queryKey);
        if (before) queries.setQueryData<Snapshot>(queryKey, { ...before, ...told });
        // What this person may do is not in the stream, and follows from the state.
        if (before && before.state !== told.state) void queries.invalidateQueries({ queryKey });
      },
      onConnection: setConnection,
    });
    return keptWhileShown(stream, () => setConnection("reconnecting"));
  }, [id, isThere, queries]);
  return { ...query, connection, receivedAt: query.dataUpdatedAt };
}

function readOnce(id: string) {
  return read(
    api.GET("/api/v1/decommissions/{decommission_id}", {
      params: { path: { decommission_id: id } },
    }),
  );
}

function pause(connection: Connection): number | false {
  if (connection === "over") return false;
  return connection === "live" ? CHECK_MS : POLL_MS;
}

async function answerOf(reading: Promise<unknown>): Promise<Answer> {
  try {
    await reading;
    return "there";
  } catch (error) {
    if (!(error instanceof Problem)) return "away";
    if (error.isSignedOut) return "signedOut";
    return error.status === 404 || error.status === 403 ? "gone" : "away";
  }
}

/** Opens it, and closes it while nobody looks; returns what leaves it. */
function keptWhileShown(stream: LiveStream<Progress>, onLost: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") stream.open();
    else timer = setTimeout(() => stream.close(), HIDDEN_MS);
  };
  const reopen = () => {
    stream.close();
    look();
  };
  const lose = () => {
    stream.close(); // a connection that was cut so does not always say it
    onLost();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", reopen);
  window.addEventListener("offline", lose);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", reopen);
    window.removeEventListener("offline", lose);
    stream.close();
  };
}

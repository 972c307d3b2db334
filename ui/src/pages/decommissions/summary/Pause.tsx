import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";

const words = text.progress.pause;
const SOON_MS = 15_000; // by then it was carried out, or refused, and may be asked again

/** Lets tasks that have not started wait, or go on: of all sites, or of one. */
export function Pause({
  decommissionId,
  siteId,
  isPaused,
}: {
  decommissionId: string;
  siteId?: string;
  isPaused: boolean;
}) {
  const [asked, setAsked] = useState<boolean>();
  const action = isPaused ? "resume" : "pause";
  const change = useChange({
    send: (wanted: "pause" | "resume", key) =>
      read(
        api.POST("/api/v1/decommissions/{decommission_id}/decisions", {
          params: {
            path: { decommission_id: decommissionId },
            header: { "idempotency-key": key },
          },
          body: { action: wanted, site_id: siteId },
        }),
      ),
    refreshes: [["decommission", decommissionId]],
    done: isPaused ? words.resumed : words.asked,
    onDone: () => setAsked(!isPaused),
  });
  useEffect(() => {
    if (asked === undefined) return;
    const timer = setTimeout(() => setAsked(undefined), SOON_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const label = siteId ? words[`${action}Site`] : words[action];
  return (
    <Button
      size="xs"
      variant="default"
      title={words.what}
      leftSection={
        isPaused ? (
          <IconPlayerPlay size={14} aria-hidden />
        ) : (
          <IconPlayerPause size={14} aria-hidden />
        )
      }
      loading={change.isPending || (asked !== undefined && asked !== isPaused)}
      onClick={() => change.mutate(action)}
    >
      {label}
    </Button>
  );
}

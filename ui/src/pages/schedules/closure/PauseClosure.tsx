import { Button, Stack } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";
import type { FoundClosure } from "./useClosure";

const words = text.closure;

/** Pause or resume, whichever the closure allows this person now. */
export function PauseClosure({ found: { closure, tag } }: { found: FoundClosure }) {
  const pause = useTurn(closure.id, "pause");
  const resume = useTurn(closure.id, "resume");
  return (
    <Stack gap={0}>
      {closure.allowed_actions.includes("pause") && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          loading={pause.isPending}
          onClick={() => pause.mutate(tag)}
        >
          {words.pause}
        </Button>
      )}
      {closure.allowed_actions.includes("resume") && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.mutate(tag)}
        >
          {words.resume}
        </Button>
      )}
    </Stack>
  );
}

function useTurn(closureId: string, turn: "pause" | "resume") {
  return useChange({
    send: (tag: string, key) => {
      const header = { "if-match": tag, "idempotency-key": key };
      const asked = { params: { path: { closure_id: closureId }, header } };
      return turn === "pause"
        ? read(api.POST("/api/v1/closures/{closure_id}/pause", asked))
        : read(api.POST("/api/v1/closures/{closure_id}/resume", asked));
    },
    refreshes: [["closure", closureId]],
    done: turn === "pause" ? words.paused : words.resumed,
  });
}

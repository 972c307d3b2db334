import { Alert, Button, Group, List, Modal, Stack } from "@mantine/core";
import { useRef } from "react";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";
import type { Hold } from "./useSystems";

const { systems: labels } = text;

export function releaseTitle(hold: Hold): string {
  return labels.releaseOf(text.words.systems[hold.system], hold.site_name ?? labels.everywhere);
}

/** `Release`: what waits goes on. The focus then goes to `landing`, as the hold is gone. */
export function ReleaseDialog({
  hold,
  onClose,
  landing,
}: {
  hold: Hold | undefined;
  onClose: () => void;
  landing: string;
}) {
  const isDone = useRef(false);
  const shown = useRef<Hold>(hold);
  shown.current = hold ?? shown.current; // stays readable while the dialog fades
  const last = shown.current;
  const release = useChange({
    send: (holdId: string, key) =>
      read(
        api.POST("/api/v1/holds/{hold_id}/release", {
          params: { path: { hold_id: holdId }, header: { "idempotency-key": key } },
        }),
      ),
    refreshes: [["systems"], ["holds"], ["tasks"], ["cases"]],
    done: last && labels.released(text.words.systems[last.system]),
    onDone: () => {
      isDone.current = true;
      onClose();
    },
  });
  return (
    <Modal
      opened={hold !== undefined}
      onClose={onClose}
      onExitTransitionEnd={() => {
        if (isDone.current) document.getElementById(landing)?.focus();
        isDone.current = false;
      }}
      title={last && releaseTitle(last)}
      closeButtonProps={{ "aria-label": text.changes.cancel }}
    >
      <Stack>
        <List size="sm" spacing={4}>
          {labels.releaseMeans(last?.tasks_waiting ?? 0).map((meaning) => (
            <List.Item key={meaning}>{meaning}</List.Item>
          ))}
        </List>
        {last?.origin === "breaker" && (
          <Alert color="yellow" p="xs">
            {labels.releaseBreaker}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.changes.cancel}
          </Button>
          <Button
            data-autofocus
            loading={release.isPending}
            onClick={() => last && release.mutate(last.id)}
          >
            {labels.release}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

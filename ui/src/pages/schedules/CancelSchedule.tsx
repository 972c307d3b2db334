import { Button, Group, Stack, Text } from "@mantine/core";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { Refused } from "~/parts/Refused";
import { text } from "~/text/en";
import { SeenSchedule } from "./SeenSchedule";
import { useSeenTag, type FoundSchedule } from "./useSchedules";

const REFRESHES = [["schedules"], ["schedule"], ["occupiers"], ["occupier"]];

/** Takes it back, once a person has said yes to that. */
export function CancelSchedule({ found, onClose }: { found: FoundSchedule; onClose: () => void }) {
  const { schedule } = found;
  const tagFor = useSeenTag(found);
  const cancel = useChange({
    send: (tag: string, key) =>
      read(
        api.POST("/api/v1/schedules/{schedule_id}/cancel", {
          params: {
            path: { schedule_id: schedule.id },
            header: { "if-match": tag, "idempotency-key": key },
          },
        }),
      ),
    refreshes: REFRESHES,
    done: text.schedule.cancelled,
    isQuiet: true,
    onDone: onClose,
  });
  const may = schedule.allowed_actions.includes("cancel_schedule");
  return (
    <Stack>
      <SeenSchedule found={found} />
      {may && <Text size="sm">{text.schedule.cancelHint}</Text>}
      <Refused error={cancel.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} autoFocus>
          {may ? text.schedule.keep : text.schedule.close}
        </Button>
        {may && (
          <Button
            color="red"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(tagFor(cancel.error))}
          >
            {text.schedule.cancelIt}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { Refused } from "~/parts/Refused";
import { DueFields } from "~/parts/due/DueFields";
import { dueWish, momentOfWish, type DueWish } from "~/parts/due/dueWish";
import { text } from "~/text/en";
import { SeenSchedule } from "./SeenSchedule";
import { useSeenTag, type FoundSchedule } from "./useSchedules";

const REFRESHES = [["schedules"], ["schedule"], ["occupiers"], ["occupier"]];

/** Another date, time or zone; refused by the API like a start at that moment would be. */
export function RescheduleForm({ found, onClose }: { found: FoundSchedule; onClose: () => void }) {
  const { schedule } = found;
  const tagFor = useSeenTag(found);
  const [wish, setWish] = useState<DueWish>(() => dueWish(schedule.due_at, schedule.time_zone));
  const chosen = momentOfWish(wish);
  const move = useChange({
    send: ({ tag, ...body }: { tag: string; due_at: string; time_zone: string }, key) =>
      read(
        api.PATCH("/api/v1/schedules/{schedule_id}", {
          params: {
            path: { schedule_id: schedule.id },
            header: { "if-match": tag, "idempotency-key": key },
          },
          body,
        }),
      ),
    refreshes: REFRESHES,
    done: text.schedule.moved,
    isQuiet: true,
    onDone: onClose,
  });
  const may = schedule.allowed_actions.includes("reschedule");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!chosen || !may) return;
        const tag = tagFor(move.error);
        move.mutate({ tag, due_at: chosen.written, time_zone: wish.timeZone });
      }}
    >
      <Stack>
        <SeenSchedule found={found} />
        {may && <DueFields wish={wish} onChange={setWish} />}
        <Refused error={move.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {may ? text.changes.cancel : text.schedule.close}
          </Button>
          {may && (
            <Button type="submit" loading={move.isPending} disabled={!chosen}>
              {text.schedule.reschedule}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

import { Button, Group } from "@mantine/core";
import { useMe } from "~/api/me";
import { text } from "~/text/en";
import type { Schedule } from "./days";
import { useScheduleDialog } from "./ScheduleDialog";

const words = text.schedule;

/** Reschedule and cancel, for whom that can be allowed; the dialog asks about this very schedule. */
export function ScheduleActions({ schedule }: { schedule: Schedule }) {
  const me = useMe();
  const ask = useScheduleDialog();
  if (!me.data?.allowed_actions.includes("decommission.schedule")) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        aria-label={words.rescheduleOf(schedule.occupier_name)}
        onClick={() => ask("reschedule", schedule.id)}
      >
        {words.reschedule}
      </Button>
      <Button
        size="xs"
        variant="default"
        aria-label={words.cancelOf(schedule.occupier_name)}
        onClick={() => ask("cancel", schedule.id)}
      >
        {words.cancelIt}
      </Button>
    </Group>
  );
}

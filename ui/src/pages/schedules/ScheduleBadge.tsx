import { Badge, type MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconClock,
  IconMinus,
  IconPlayerPlay,
  type Icon,
} from "@tabler/icons-react";
import { text } from "~/text/en";
import type { ScheduleState } from "./useSchedules";

const LOOKS: Record<ScheduleState, { color: MantineColor; icon: Icon }> = {
  waiting: { color: "violet.8", icon: IconClock },
  blocked: { color: "red.9", icon: IconAlertTriangle },
  started: { color: "blue.8", icon: IconPlayerPlay },
  cancelled: { color: "gray.7", icon: IconMinus },
};

/** Where a schedule stands, by colour and by shape. */
export function ScheduleBadge({ state }: { state: ScheduleState }) {
  const { color, icon: Shape } = LOOKS[state];
  return (
    <Badge
      color={color}
      variant="filled"
      autoContrast
      tt="none"
      leftSection={<Shape size={12} aria-hidden />}
    >
      {text.schedule.states[state]}
    </Badge>
  );
}

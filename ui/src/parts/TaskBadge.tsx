import { Badge, type MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconHourglass,
  IconMinus,
  IconPlayerPlay,
  IconRefresh,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import { text } from "~/text/en";
import type { Standing } from "./taskStanding";

/** Colour and shape of each standing: nobody has to tell red from green. */
export const STANDINGS: Record<Standing, { color: MantineColor; icon: Icon }> = {
  failed: { color: "red", icon: IconX },
  stuck: { color: "orange", icon: IconAlertTriangle },
  retrying: { color: "yellow", icon: IconRefresh },
  running: { color: "blue", icon: IconPlayerPlay },
  waiting: { color: "violet", icon: IconHourglass },
  queued: { color: "gray", icon: IconClock },
  completed: { color: "green", icon: IconCheck },
  waived: { color: "grape", icon: IconMinus },
  cancelled: { color: "gray", icon: IconMinus },
};

export function TaskBadge({ standing }: { standing: Standing }) {
  const { color, icon: Shape } = STANDINGS[standing];
  return (
    <Badge
      color={color}
      variant="filled"
      autoContrast
      tt="none"
      leftSection={<Shape size={12} aria-hidden />}
    >
      {text.words.task[standing]}
    </Badge>
  );
}

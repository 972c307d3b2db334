import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconHourglass,
  IconMinus,
  IconPlayerPlay,
  IconRefresh,
  IconX,
} from "@tabler/icons-react";
import { text } from "~/text/en";
import { ShapeBadge, type Look } from "./ShapeBadge";
import type { Standing } from "./taskStanding";

/** Colour and shape of each standing: nobody has to tell red from green. */
export const STANDINGS: Record<Standing, Look> = {
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
  return <ShapeBadge look={STANDINGS[standing]}>{text.words.task[standing]}</ShapeBadge>;
}

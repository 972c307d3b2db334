import { IconAlertTriangle, IconClock, IconMinus, IconPlayerPlay } from "@tabler/icons-react";
import { ShapeBadge, type Look } from "~/parts/ShapeBadge";
import { text } from "~/text/en";
import type { ScheduleState } from "./useSchedules";

const LOOKS: Record<ScheduleState, Look> = {
  waiting: { color: "violet.8", icon: IconClock },
  blocked: { color: "red.9", icon: IconAlertTriangle },
  started: { color: "blue.8", icon: IconPlayerPlay },
  cancelled: { color: "gray.7", icon: IconMinus },
};

/** Where a schedule stands, by colour and by shape. */
export function ScheduleBadge({ state }: { state: ScheduleState }) {
  return <ShapeBadge look={LOOKS[state]}>{text.schedule.states[state]}</ShapeBadge>;
}

import {
  IconAlertTriangle,
  IconCheck,
  IconHandStop,
  IconPlugConnectedX,
  IconRefresh,
} from "@tabler/icons-react";
import { ShapeBadge, type Look } from "~/parts/ShapeBadge";
import { text } from "~/text/en";
import type { Health } from "./health";

const SHAPES: Record<Health, Look> = {
  well: { color: "green", icon: IconCheck },
  failing: { color: "orange", icon: IconAlertTriangle },
  held: { color: "violet", icon: IconHandStop },
  open: { color: "red", icon: IconPlugConnectedX },
  half_open: { color: "yellow", icon: IconRefresh },
};

/** The one word for a system, with a colour and a shape of its own. */
export function HealthBadge({ health }: { health: Health }) {
  return (
    <ShapeBadge look={SHAPES[health]} size="lg">
      {text.systems.health[health]}
    </ShapeBadge>
  );
}

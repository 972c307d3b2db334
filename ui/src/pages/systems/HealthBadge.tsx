import { Badge, type MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconHandStop,
  IconPlugConnectedX,
  IconRefresh,
  type Icon,
} from "@tabler/icons-react";
import { text } from "~/text/en";
import type { Health } from "./health";

const SHAPES: Record<Health, { color: MantineColor; icon: Icon }> = {
  well: { color: "green", icon: IconCheck },
  failing: { color: "orange", icon: IconAlertTriangle },
  held: { color: "violet", icon: IconHandStop },
  open: { color: "red", icon: IconPlugConnectedX },
  half_open: { color: "yellow", icon: IconRefresh },
};

/** The one word for a system, with a colour and a shape of its own. */
export function HealthBadge({ health }: { health: Health }) {
  const { color, icon: Shape } = SHAPES[health];
  return (
    <Badge
      size="lg"
      color={color}
      variant="filled"
      autoContrast
      tt="none"
      leftSection={<Shape size={14} aria-hidden />}
    >
      {text.systems.health[health]}
    </Badge>
  );
}

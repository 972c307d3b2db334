import { Badge, type MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconPlayerPlay,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

export type Result = Schemas["ClosureResult"];

/** Colour and shape of each result, in the order in which they fill the bar. */
export const RESULTS: { result: Result; color: MantineColor; icon: Icon }[] = [
  { result: "decommissioned", color: "teal.9", icon: IconCheck },
  { result: "started", color: "blue.8", icon: IconPlayerPlay },
  { result: "refused", color: "orange.8", icon: IconAlertTriangle },
  { result: "failed", color: "red.9", icon: IconX },
  { result: "waiting", color: "gray.6", icon: IconClock },
];

/** What became of one occupier. */
export function ResultBadge({ result }: { result: Result }) {
  const { color, icon: Shape } = RESULTS.find((each) => each.result === result)!;
  return (
    <Badge
      color={color}
      variant="filled"
      autoContrast
      tt="none"
      leftSection={<Shape size={12} aria-hidden />}
    >
      {text.closure.results[result]}
    </Badge>
  );
}

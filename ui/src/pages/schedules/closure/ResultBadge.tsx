import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconPlayerPlay,
  IconX,
} from "@tabler/icons-react";
import type { Schemas } from "~/api/client";
import { ShapeBadge, type Look } from "~/parts/ShapeBadge";
import { text } from "~/text/en";

export type Result = Schemas["ClosureResult"];

/** Colour and shape of each result, in the order in which they fill the bar. */
export const RESULTS: (Look & { result: Result })[] = [
  { result: "decommissioned", color: "teal.9", icon: IconCheck },
  { result: "started", color: "blue.8", icon: IconPlayerPlay },
  { result: "refused", color: "orange.8", icon: IconAlertTriangle },
  { result: "failed", color: "red.9", icon: IconX },
  { result: "waiting", color: "gray.6", icon: IconClock },
];

/** What became of one occupier. */
export function ResultBadge({ result }: { result: Result }) {
  return (
    <ShapeBadge look={RESULTS.find((each) => each.result === result)!}>
      {text.closure.results[result]}
    </ShapeBadge>
  );
}

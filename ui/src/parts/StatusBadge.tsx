import { Badge, type MantineColor } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Status = Schemas["OccupierStatus"];

const COLORS: Record<Status, MantineColor> = {
  active: "green",
  pending: "blue",
  failed: "red",
  scheduled: "violet",
  decommissioned: "gray",
};

/** Where an occupier stands. Filled, as light badges have too little contrast for small text. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <Badge color={COLORS[status]} variant="filled" tt="none">
      {text.occupiers.statuses[status]}
    </Badge>
  );
}

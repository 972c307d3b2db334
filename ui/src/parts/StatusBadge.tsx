import { Badge, type MantineColor } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Status = Schemas["OccupierStatus"];

const COLORS: Record<Status, MantineColor> = {
  active: "teal.9",
  pending: "blue.8",
  failed: "red.9",
  scheduled: "violet.8",
  decommissioned: "gray.7",
};

/** Where an occupier stands, in shades that small white text can be read on in both themes. */
export function StatusBadge({
  status,
  isShort = false,
  to,
}: {
  status: Status;
  /** One word, where space is scarce. */
  isShort?: boolean;
  /** Where a press leads. */
  to?: string;
}) {
  const label = (isShort ? text.occupiers.inShort : text.occupiers.statuses)[status];
  const looks = {
    color: COLORS[status],
    variant: "filled",
    tt: "none",
  } as const;
  if (!to) {
    return (
      <Badge {...looks} style={{ flexShrink: 0 }}>
        {label}
      </Badge>
    );
  }
  return (
    <Badge
      {...looks}
      component={Link}
      to={to}
      size="lg"
      style={{ cursor: "pointer", flexShrink: 0 }}
    >
      {label}
    </Badge>
  );
}

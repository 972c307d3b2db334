import { Badge, type MantineColor } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Status = Schemas["CaseStatus"];
type Priority = Schemas["CasePriority"];

const STATUSES: Record<Status, MantineColor> = {
  new: "blue",
  in_progress: "violet",
  waiting_on_customer: "yellow",
  resolved: "green",
  closed: "gray",
};

const PRIORITIES: Record<Priority, MantineColor> = {
  p1: "red",
  p2: "orange",
  p3: "gray",
  p4: "gray",
};

/** Where a case stands. Filled, as light badges have too little contrast for small text. */
export function CaseStatusBadge({ status }: { status: Status }) {
  return (
    <Badge color={STATUSES[status]} variant="filled" autoContrast tt="none">
      {text.cases.statuses[status]}
    </Badge>
  );
}

const isUrgent = (priority: Priority) => priority === "p1" || priority === "p2";

/** How urgent a case is. */
export function PriorityBadge({ priority }: { priority: Priority }) {
  return (
    <Badge
      color={PRIORITIES[priority]}
      variant={isUrgent(priority) ? "filled" : "default"}
      autoContrast
      tt="none"
    >
      {text.cases.priorities[priority]}
    </Badge>
  );
}

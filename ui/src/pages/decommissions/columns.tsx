import { Anchor, Badge, Group, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { Moment } from "~/parts/Moment";
import type { Column } from "~/parts/Paged";
import { StatusBadge } from "~/parts/StatusBadge";
import { text } from "~/text/en";
import { duration } from "~/text/format";
import { shortly } from "./summary/Figures";

type Decommission = Schemas["DecommissionOut"];

const words = text.progress;
const { columns } = words;

/** What the list tells of each decommission. */
export const COLUMNS: Column<Decommission>[] = [
  {
    title: columns.decommission,
    cell: (each) => (
      <Anchor component={Link} to={`/decommissions/${each.id}`} fw={600} dir="auto">
        <bdi>{each.occupier_name}</bdi>
      </Anchor>
    ),
  },
  { title: columns.state, cell: (each) => <Marks decommission={each} /> },
  { title: columns.requested, cell: (each) => <Moment at={each.requested_at} /> },
  {
    title: columns.elapsed,
    cell: (each) => duration(each.elapsed_s),
    isNumber: true,
    isShort: true,
  },
  {
    title: columns.finished,
    cell: (each) =>
      each.finished_at ? (
        <Moment at={each.finished_at} />
      ) : (
        <Text size="sm">{words.dueBy(shortly(each.due_at))}</Text>
      ),
  },
  {
    title: columns.occupier,
    cell: (each) => (
      <Anchor
        component={Link}
        size="sm"
        to={`/occupiers/${each.occupier_id}`}
        aria-label={words.toOccupierOf(each.occupier_name)}
      >
        {words.toOccupier}
      </Anchor>
    ),
  },
];

/** Where it stands, and whether it is late or paused. */
function Marks({ decommission }: { decommission: Decommission }) {
  const isOver = decommission.finished_at !== null;
  return (
    <Group gap={6}>
      <StatusBadge status={decommission.occupier_status} />
      {!isOver && decommission.paused_at && <Mark color="violet">{words.paused}</Mark>}
      {!isOver && decommission.is_overdue && <Mark color="orange">{words.overdue}</Mark>}
      {!isOver && !decommission.is_overdue && decommission.jeopardy_at && (
        <Mark color="orange">{words.late}</Mark>
      )}
    </Group>
  );
}

function Mark({ color, children }: { color: string; children: string }) {
  return (
    <Badge color={color} variant="filled" autoContrast tt="none">
      {children}
    </Badge>
  );
}

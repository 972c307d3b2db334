import { Anchor, Group, List, Paper, Text, Title } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Snapshot } from "~/api/live";
import type { Standing } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { Mark } from "../grid/TaskMark";
import { useVerdicts } from "../verdicts/useVerdicts";

const words = text.progress.summary;

/** What a finished decommission has done, and what remains of the occupier. */
export function Remains({ snapshot, onVerdicts }: { snapshot: Snapshot; onVerdicts: () => void }) {
  const verdicts = useVerdicts(snapshot);
  if (!verdicts.data) return null;
  const { by_kind, undone, retained_data_unchanged, waivers } = verdicts.data;
  const settled = by_kind.reduce((sum, row) => sum + row.count, 0) - undone;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="remains-title">
      <Title order={2} size="h4" id="remains-title" mb="xs">
        {words.title}
      </Title>
      <List spacing={6} center size="sm" pl={0} className="legend">
        <Point mark="completed">{words.gone(settled)}</Point>
        {undone > 0 && <Point mark="failed">{text.progress.verdicts.undone(undone)}</Point>}
        <Point mark={markOf(retained_data_unchanged)}>
          {retained_data_unchanged === null
            ? text.progress.verdicts.keptUnread
            : retained_data_unchanged
              ? words.unchanged
              : words.changed}
        </Point>
        <Point mark={waivers.length > 0 ? "waived" : "completed"}>
          {waivers.length > 0 ? words.waived(waivers.length) : words.nothingWaived}
        </Point>
      </List>
      <Text size="sm" mt="sm">
        {words.remains}
      </Text>
      <Group mt="xs" gap="md">
        <Anchor component={Link} size="sm" to={`/occupiers/${snapshot.occupier_id}/contracts`}>
          {words.toOccupier}
        </Anchor>
        <Anchor component="button" type="button" size="sm" onClick={onVerdicts}>
          {words.toVerdicts}
        </Anchor>
      </Group>
    </Paper>
  );
}

function markOf(isUnchanged: boolean | null): Standing {
  if (isUnchanged === null) return "queued";
  return isUnchanged ? "completed" : "failed";
}

function Point({ mark, children }: { mark: Standing; children: string }) {
  return <List.Item icon={<Mark standing={mark} />}>{children}</List.Item>;
}

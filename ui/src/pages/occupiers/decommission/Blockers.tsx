import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import type { Schemas } from "~/api/client";
import { count } from "~/text/format";
import { text } from "~/text/en";
import { Notice } from "./Notice";
import { Remedies } from "./Remedies";

const { blockers: said } = text.decommission;

/** All that stands in the way, each with why, where, and what removes it (reference 12.1). */
export function Blockers({
  preview,
  occupier,
  onRemoved,
}: {
  preview: Schemas["PreviewOut"];
  occupier: Schemas["OccupierDetailOut"];
  onRemoved: () => void;
}) {
  const { blockers } = preview;
  if (blockers.length === 0) return null;
  return (
    <Notice color="orange" icon={IconHandStop}>
      <Title order={3} size="h5">
        {said.title(count(blockers.length), blockers.length !== 1)}
      </Title>
      <Text size="sm" mb="xs">
        {said.hint}
      </Text>
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {blockers.map((blocker, index) => (
          <Paper key={`${blocker.object_id ?? index}`} component="li" p="sm" withBorder>
            <Stack gap={4}>
              <Text size="sm" fw={500}>
                <bdi>{blocker.why}</bdi>
              </Text>
              <Where blocker={blocker} />
              <Text size="sm">{blocker.remedy}</Text>
              <Remedies blocker={blocker} occupier={occupier} onRemoved={onRemoved} />
            </Stack>
          </Paper>
        ))}
      </Stack>
    </Notice>
  );
}

function Where({ blocker }: { blocker: Schemas["BlockerOut"] }) {
  const site =
    blocker.site_name ?? (blocker.rule === "site_not_permitted" ? said.unseen : undefined);
  if (!site && !blocker.number) return null;
  return (
    <Group gap="md">
      {site && (
        <Text size="sm">
          {text.decommission.plan.site}: <bdi>{site}</bdi>
        </Text>
      )}
      {blocker.number && (
        <Text size="sm">
          {text.columns.number}: <bdi>{blocker.number}</bdi>
        </Text>
      )}
    </Group>
  );
}

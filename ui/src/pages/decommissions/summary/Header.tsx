import { Anchor, Button, Group, Title } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { Snapshot } from "~/api/live";
import type { Connection } from "~/api/liveStream";
import { CreateCase } from "~/parts/cases/CreateCase";
import { StatusBadge } from "~/parts/StatusBadge";
import { text } from "~/text/en";
import { Pause } from "./Pause";

const words = text.progress;

/** Whose decommission it is, where it stands, and what this person may do. */
export function Header({ snapshot, connection }: { snapshot: Snapshot; connection: Connection }) {
  const may = new Set<string>(snapshot.allowed_actions);
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Group gap="sm" miw={0}>
        <Title order={1} size="h3" dir="auto" className="long-name">
          <Anchor
            component={Link}
            to={`/occupiers/${snapshot.occupier_id}/config`}
            inherit
            c="inherit"
            aria-label={words.toOccupierOf(snapshot.occupier_name)}
          >
            {snapshot.occupier_name}
          </Anchor>
        </Title>
        <StatusBadge status={snapshot.occupier_status} />
        {connection === "live" && <span className="live">{words.connection.live}</span>}
      </Group>
      <Group gap="xs">
        {snapshot.history_url && (
          <Button
            size="xs"
            variant="default"
            component="a"
            href={snapshot.history_url}
            target="_blank"
            rel="noreferrer"
            title={words.historyHint}
            rightSection={<IconExternalLink size={14} aria-hidden />}
          >
            {words.history}
          </Button>
        )}
        {may.has("decommission.pause") && (
          <Pause decommissionId={snapshot.id} isPaused={snapshot.paused_at !== null} />
        )}
        {may.has("decommission.raise_case") && (
          <CreateCase
            about={{
              kind: "decommission",
              occupierId: snapshot.occupier_id,
              subject: text.cases.failedDecommission,
            }}
          />
        )}
      </Group>
    </Group>
  );
}

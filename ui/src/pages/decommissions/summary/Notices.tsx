import { Alert, Button, Group, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconClockExclamation,
  IconPlayerPause,
  IconPlugConnectedX,
  IconUser,
} from "@tabler/icons-react";
import type { Snapshot } from "~/api/live";
import type { Connection } from "~/api/liveStream";
import { signIn } from "~/api/session";
import { text } from "~/text/en";
import { shortly } from "./Figures";

const words = text.progress;

/** What somebody has to know before they read any figure. */
export function Notices({ snapshot, connection }: { snapshot: Snapshot; connection: Connection }) {
  return (
    <>
      <Lost connection={connection} />
      {snapshot.state === "partial" && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />}>
          <Text size="sm">{words.partial(snapshot.counts.failed)}</Text>
        </Alert>
      )}
      {snapshot.paused_at && (
        <Alert color="violet" icon={<IconPlayerPause aria-hidden />}>
          <Text size="sm">{words.pause.since(shortly(snapshot.paused_at))}</Text>
        </Alert>
      )}
      {snapshot.state === "pending" && snapshot.jeopardy_at && (
        <Alert color="orange" icon={<IconClockExclamation aria-hidden />}>
          <Text size="sm">{words.lateSince(shortly(snapshot.jeopardy_at))}</Text>
        </Alert>
      )}
    </>
  );
}

function Lost({ connection }: { connection: Connection }) {
  if (connection === "signedOut") {
    return (
      <Alert role="alert" color="yellow" icon={<IconUser aria-hidden />}>
        <Group gap="sm">
          <Text size="sm">{words.connection.signedOut}</Text>
          <Button size="xs" variant="default" onClick={() => signIn()}>
            {text.session.again}
          </Button>
        </Group>
      </Alert>
    );
  }
  if (connection !== "reconnecting") return null;
  return (
    <Alert role="status" color="yellow" icon={<IconPlugConnectedX aria-hidden />}>
      <Text size="sm">{words.connection.reconnecting}</Text>
    </Alert>
  );
}

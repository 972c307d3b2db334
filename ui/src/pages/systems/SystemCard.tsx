import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useMe } from "~/api/me";
import { text } from "~/text/en";
import { SystemActivity } from "./activity/SystemActivity";
import { healthOf } from "./health";
import { HealthBadge } from "./HealthBadge";
import { HoldDialog } from "./HoldDialog";
import { OpenHold } from "./OpenHold";
import { ReleaseDialog } from "./ReleaseDialog";
import type { Activity, Hold, System, Window } from "./useSystems";

const { systems: labels } = text;

/** One outside system: how it stands, what holds it, and what ended with it. */
export function SystemCard({
  system,
  window,
  activity,
}: {
  system: System;
  window: Window;
  activity: Activity | undefined;
}) {
  const me = useMe();
  const [releasing, setReleasing] = useState<Hold>();
  const health = healthOf(system);
  const name = text.words.systems[system.system];
  const heading = `system-${system.system}`;
  const isHeldByHand = system.holds.some(
    (hold) => hold.site_id === null && hold.origin === "by_hand",
  );
  const mayHold = me.data?.allowed_actions.includes("system.hold") && !isHeldByHand;
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={heading}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm">
            <Title order={2} size="h4" id={heading} tabIndex={-1}>
              {name}
            </Title>
            <HealthBadge health={health} />
          </Group>
          {mayHold && <HoldDialog system={system} />}
        </Group>
        <Text size="sm">
          {labels.meaning[health]}
          {system.tasks_failing > 0 && ` ${labels.failing(system.tasks_failing)}.`}
          {system.tasks_waiting > 0 && ` ${labels.waiting(system.tasks_waiting)}.`}
        </Text>
        {system.holds.length > 0 && (
          <ul className="open-holds" aria-label={labels.holds(name)}>
            {system.holds.map((hold) => (
              <OpenHold key={hold.id} hold={hold} onRelease={setReleasing} />
            ))}
          </ul>
        )}
        {activity && <SystemActivity system={system.system} window={window} activity={activity} />}
      </Stack>
      <ReleaseDialog hold={releasing} onClose={() => setReleasing(undefined)} landing={heading} />
    </Paper>
  );
}

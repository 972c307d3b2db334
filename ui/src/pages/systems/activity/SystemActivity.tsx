import { Button, Group, Stack, Text } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { useState } from "react";
import { text } from "~/text/en";
import type { Activity, System, Window } from "../useSystems";
import { ActivityChart } from "./ActivityChart";
import { ActivityTable } from "./ActivityTable";
import { stretches, totals } from "./series";
import { share, told } from "./told";

const { activity: labels } = text.systems;

/** What ended with one system: as a chart, or as the table of its numbers. */
export function SystemActivity({
  system,
  window,
  activity,
}: {
  system: System["system"];
  window: Window;
  activity: Activity;
}) {
  const [isTable, setTable] = useState(false);
  const found = activity.systems.find((one) => one.system === system);
  const all = stretches(activity, found?.buckets ?? []);
  const sums = totals(all);
  const name = text.words.systems[system];
  if (sums.completed + sums.failed === 0) {
    return (
      <Text size="sm" className="quiet-activity">
        {labels.none[window]}
      </Text>
    );
  }
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Group gap="md">
            <Key color="completed">{labels.completed(sums.completed)}</Key>
            {sums.failed > 0 && <Key color="failed">{labels.failed(sums.failed)}</Key>}
          </Group>
          <Text size="xs" mih={19}>
            {sums.mostly
              ? `${labels.rate(share(sums.rate))}. ${labels.mostly(text.words.failures[sums.mostly])}.`
              : labels.noneFailed}
          </Text>
        </div>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${isTable ? labels.asChart : labels.asTable}: ${name}`}
          onClick={() => setTable(!isTable)}
          px={6}
          style={{ flexShrink: 0 }}
        >
          {isTable ? <IconChartBar size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
        </Button>
      </Group>
      {isTable ? (
        <ActivityTable all={all} label={labels.tableOf(name)} />
      ) : (
        <ActivityChart all={all} label={told(name, window, sums)} />
      )}
    </Stack>
  );
}

function Key({ color, children }: { color: "completed" | "failed"; children: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <span className={`activity-key activity-key-${color}`} aria-hidden />
      <Text size="sm">{children}</Text>
    </Group>
  );
}

import { Group, Stack, Text } from "@mantine/core";
import { text } from "~/text/en";
import { count, duration } from "~/text/format";
import { clockScale } from "./clockScale";
import type { Task } from "./useTask";

/** The active clock against its threshold, and the waiting one, which never counts. */
export function TaskClocks({ task }: { task: Task }) {
  const { threshold } = task;
  const scale = clockScale(task.active_s, task.expected_s, threshold.seconds);
  const source =
    threshold.source === "learned"
      ? text.task.learnedFrom(count(threshold.samples))
      : text.task.sources[threshold.source];
  return (
    <Stack gap={6}>
      <div
        className="task-clock"
        role="img"
        aria-label={text.task.clockLabel(duration(task.active_s), duration(threshold.seconds))}
      >
        <span
          className="task-clock-active"
          data-beyond={scale.isBeyond || undefined}
          style={{ width: `${scale.active}%` }}
        />
        <span className="task-clock-usual" style={{ insetInlineStart: `${scale.usual}%` }} />
        <span
          className="task-clock-threshold"
          style={{ insetInlineStart: `${scale.threshold}%` }}
        />
      </div>
      <Group gap="md">
        <Clock name={text.task.active} seconds={task.active_s} mark="task-mark-active" />
        <Clock name={text.task.usual} seconds={task.expected_s} mark="task-mark-usual" />
        <Clock name={text.task.stuckAfter} seconds={threshold.seconds} mark="task-mark-threshold" />
        <Clock name={text.task.waiting} seconds={task.waiting_s} />
      </Group>
      <Text size="xs">
        {text.task.stuckAfter}: {source}. {text.task.waitingHint}
      </Text>
    </Stack>
  );
}

function Clock({ name, seconds, mark }: { name: string; seconds: number; mark?: string }) {
  return (
    <Group gap={6}>
      {mark && <span className={mark} aria-hidden />}
      <Text size="sm">
        {name} <b>{duration(seconds)}</b>
      </Text>
    </Group>
  );
}

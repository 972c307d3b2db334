import { Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import type { Snapshot } from "~/api/live";
import { taskStanding } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { OCCUPIER_KINDS } from "./sites";
import { markLabel, TaskMark } from "./TaskMark";
import { useOccupierTasks } from "./useSiteTasks";

/** The few tasks that belong to no site. */
export function OccupierTasks({
  snapshot,
  onTask,
}: {
  snapshot: Snapshot;
  onTask: (taskId: string) => void;
}) {
  const tasks = useOccupierTasks(snapshot);
  return (
    <Group gap="md" role="group" aria-label={text.progress.whole}>
      <Text size="sm" fw={600}>
        {text.progress.whole}
      </Text>
      {OCCUPIER_KINDS.map((kind) => {
        const task = tasks?.find((each) => each.kind === kind);
        if (!task) return null;
        return (
          <UnstyledButton
            key={kind}
            className="occupier-task"
            title={markLabel(task)}
            onClick={() => onTask(task.id)}
          >
            <TaskMark task={task} />
            <Text size="sm">{text.words.kinds[kind]}</Text>
            <VisuallyHidden>{text.words.task[taskStanding(task)]}</VisuallyHidden>
          </UnstyledButton>
        );
      })}
    </Group>
  );
}

import { Anchor, Divider, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router-dom";
import { CreateCase } from "~/parts/cases/CreateCase";
import { TaskDecisions } from "~/parts/decisions/TaskDecisions";
import { TaskBadge } from "~/parts/TaskBadge";
import { taskStanding } from "~/parts/taskStanding";
import { aboutTask } from "~/parts/tasks/aboutTask";
import { useTask, type Task } from "~/parts/tasks/useTask";
import { useZoneOf } from "~/parts/tasks/useZoneOf";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { count, duration, moment } from "~/text/format";
import { Facts } from "./Facts";
import { Story } from "./Story";

const words = text.progress.drawer;

/** One task beside the grid: where it stands, its story, and what may be decided. */
export function TaskDrawer({
  taskId,
  onClose,
}: {
  taskId: string | undefined;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={taskId !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={taskId && <Heading taskId={taskId} />}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {taskId && <Body taskId={taskId} />}
    </Drawer>
  );
}

function Heading({ taskId }: { taskId: string }) {
  const task = useTask(taskId).data;
  return <bdi>{task ? aboutTask(task) : text.state.loading}</bdi>;
}

function Body({ taskId }: { taskId: string }) {
  const task = useTask(taskId);
  if (task.isPending) return <Loading />;
  if (!task.data) return <Trouble error={task.error!} onRetry={() => task.refetch()} />;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <TaskBadge standing={taskStanding(task.data)} />
        <Group gap="xs">
          {task.data.allowed_actions.raise_case && (
            <CreateCase about={{ kind: "task", taskId, subject: aboutTask(task.data) }} />
          )}
          <Anchor component={Link} size="sm" to={`/tasks/${taskId}?created=all`}>
            {words.inTasks}
          </Anchor>
        </Group>
      </Group>
      <TaskFacts task={task.data} />
      <Story taskId={taskId} isMoving={task.data.state === "pending"} siteId={task.data.site_id} />
      <Divider />
      <Title order={3} size="h5">
        {words.decisions}
      </Title>
      <TaskDecisions taskId={taskId} />
    </Stack>
  );
}

function TaskFacts({ task }: { task: Task }) {
  const zone = useZoneOf(task.site_id);
  const times = (at: string | null) => at && moment(at, zone);
  return (
    <Facts
      facts={[
        [words.amount, text.progress.grid.amount(count(task.done), count(task.total))],
        [words.attempt, count(task.attempt)],
        [words.round, task.round > 1 ? count(task.round) : null],
        [words.began, times(task.started_at)],
        [words.ended, times(task.finished_at)],
        [words.active, duration(task.active_s)],
        [words.waiting, task.waiting_s >= 1 ? duration(task.waiting_s) : null],
        [words.usually, duration(task.expected_s)],
        [words.threshold, duration(task.threshold.seconds)],
        [words.case, task.case_id && <CaseLink key="case" task={task} />],
      ]}
    />
  );
}

function CaseLink({ task }: { task: Task }) {
  if (task.case_number === null) return null;
  return (
    <Anchor component={Link} size="sm" to={`/cases/${task.case_id}`}>
      <Text span size="sm">
        {text.progress.attention.case(task.case_number)}
      </Text>
    </Anchor>
  );
}

import { Alert, Badge, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { TaskDecisions } from "~/parts/decisions/TaskDecisions";
import { Moment } from "~/parts/Moment";
import { TaskBadge } from "~/parts/TaskBadge";
import { taskStanding } from "~/parts/taskStanding";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { TaskClocks } from "./TaskClocks";
import { TaskEngine } from "./TaskEngine";
import { TaskFacts } from "./TaskFacts";
import { TaskItems } from "./TaskItems";
import { TaskStory } from "./TaskStory";
import { useStory, type Story } from "./useStory";
import { useTask, type Task } from "./useTask";
import { useZoneOf } from "~/parts/sites/useSiteOf";

/** Everything about one task, for a drawer or a page under a heading of the second order. */
export function TaskDetail({ taskId }: { taskId: string }) {
  const task = useTask(taskId);
  if (task.isPending) return <Loading />;
  if (task.isError) return <Trouble error={task.error} onRetry={() => task.refetch()} />;
  return <OfTask task={task.data} />;
}

function OfTask({ task }: { task: Task }) {
  const isOver = task.state === "completed" || task.state === "cancelled";
  const story = useStory(task);
  const timeZone = useZoneOf(task.site_id);
  return (
    <Stack gap="lg">
      <Title order={3} size="h4">
        {text.words.kinds[task.kind]}
      </Title>
      <Group gap="xs">
        <TaskBadge standing={taskStanding(task)} />
        {task.stuck_because && (
          <Badge color="gray" variant="outline" tt="none">
            {text.words.stuck[task.stuck_because]}
          </Badge>
        )}
        {task.waiting_reason && <Text size="sm">{text.words.waiting[task.waiting_reason]}</Text>}
      </Group>
      {story.data && !isOver && <NextStep story={story.data} />}
      <Part title={text.decisions.title}>
        <TaskDecisions taskId={task.id} />
      </Part>
      <TaskFacts task={task} timeZone={timeZone} />
      <LastError task={task} timeZone={timeZone} />
      <Part title={text.task.clocks}>
        <TaskClocks task={task} />
      </Part>
      <Part title={text.task.story}>
        {story.isPending && <Loading />}
        {story.isError && <Trouble error={story.error} onRetry={() => story.refetch()} />}
        {story.data && <TaskStory story={story.data} timeZone={timeZone} />}
      </Part>
      {task.total > 0 && (
        <Part title={text.task.items}>
          <TaskItems task={task} />
        </Part>
      )}
      {story.data?.engine && <TaskEngine engine={story.data.engine} />}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Title order={4} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function NextStep({ story }: { story: Story }) {
  const { audience, text: step } = story.next_step;
  return (
    <Alert
      color={audience ? "orange" : "blue"}
      icon={audience ? <IconAlertTriangle /> : <IconInfoCircle />}
      title={audience ? text.task.audiences[audience] : text.task.nobody}
    >
      <Stack gap={4}>
        <Text size="sm">{step}</Text>
        <Text size="sm">{story.doing}</Text>
        <Text size="sm">{story.happens_next}</Text>
      </Stack>
    </Alert>
  );
}

function LastError({ task, timeZone }: { task: Task; timeZone?: string }) {
  if (!task.last_error_kind || task.state === "completed") return null;
  return (
    <Part title={text.task.lastError}>
      <Text size="sm">{text.words.failures[task.last_error_kind]}</Text>
      {task.last_error && (
        <Text size="sm" ff="monospace" className="as-typed">
          {task.last_error}
        </Text>
      )}
      <Text size="xs" className="quiet">
        <Moment at={task.last_error_at} timeZone={timeZone} />
      </Text>
    </Part>
  );
}

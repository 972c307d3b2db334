import { Anchor, Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import type { Snapshot } from "~/api/live";
import { useMe } from "~/api/me";
import { CreateCase } from "~/parts/cases/CreateCase";
import { TaskBadge } from "~/parts/TaskBadge";
import { taskStanding } from "~/parts/taskStanding";
import { caseSubject } from "~/parts/tasks/caseSubject";
import { text } from "~/text/en";
import { duration } from "~/text/format";
import { whatHappened } from "./whatHappened";

type Task = Schemas["TaskProgressOut"];

const words = text.progress.attention;
const FIRST = 4;
const MOST = 20; // the API names no more

/** Tasks in trouble, failed ones first, each with its case and the way to its decisions. */
export function Attention({
  snapshot,
  onTask,
}: {
  snapshot: Snapshot;
  onTask: (taskId: string) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const tasks = snapshot.attention;
  if (tasks.length === 0) return null;
  const shown = isWhole ? tasks : tasks.slice(0, FIRST);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="attention-title">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="attention-title">
          {words.title}
        </Title>
        <Anchor component={Link} size="sm" to={`/tasks?created=all&decommission_id=${snapshot.id}`}>
          {words.allTasks}
        </Anchor>
      </Group>
      <Table.ScrollContainer minWidth={720} type="native">
        <Table aria-label={words.title} verticalSpacing="xs">
          <Head />
          <Table.Tbody>
            {shown.map((task) => (
              <Row key={task.id} task={task} onTask={onTask} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {tasks.length > FIRST && (
        <Group gap="sm" mt="xs">
          <Button size="xs" variant="default" onClick={() => setWhole(!isWhole)}>
            {isWhole ? words.fewer : words.more(tasks.length)}
          </Button>
          {isWhole && tasks.length >= MOST && <Text size="sm">{words.beyond}</Text>}
        </Group>
      )}
    </Paper>
  );
}

function Head() {
  return (
    <Table.Thead>
      <Table.Tr>
        {Object.values(words.columns).map((head) => (
          <Table.Th key={head} scope="col" ta={head === words.columns.actions ? "right" : "left"}>
            {head}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

function Row({ task, onTask }: { task: Task; onTask: (taskId: string) => void }) {
  const kind = text.words.kinds[task.kind];
  const where = task.site_name ?? text.words.wholeOccupier;
  return (
    <Table.Tr>
      <Table.Td>
        <TaskBadge standing={taskStanding(task)} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" fw={600}>
          {kind}
        </Text>
        <Text size="sm" dir="auto" className="long-name">
          {where}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{whatHappened(task)}</Text>
        {task.last_error && (
          <Text size="xs" className="quiet" lineClamp={2}>
            {task.last_error}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Stack gap={0}>
          <Text size="sm">{words.attempt(task.attempt)}</Text>
          <Text size="xs" className="quiet">
            {words.tried(duration(task.active_s))}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td>
        <CaseOf task={task} />
      </Table.Td>
      <Table.Td ta="right">
        <Button
          size="xs"
          variant="default"
          aria-label={words.openOf(kind, where)}
          onClick={() => onTask(task.id)}
        >
          {words.open}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function CaseOf({ task }: { task: Task }) {
  const me = useMe();
  if (task.case_id && task.case_number !== null) {
    return (
      <Anchor component={Link} size="sm" to={`/cases/${task.case_id}`}>
        {words.case(task.case_number)}
      </Anchor>
    );
  }
  if (!me.data?.allowed_actions.includes("case.raise")) return null;
  return <CreateCase about={{ kind: "task", taskId: task.id, subject: caseSubject(task) }} />;
}

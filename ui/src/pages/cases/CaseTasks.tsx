import { Anchor, Button, Checkbox, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { TaskBadge } from "~/parts/TaskBadge";
import { taskStanding } from "~/parts/taskStanding";
import { aboutTask } from "~/parts/tasks/aboutTask";
import { text } from "~/text/en";
import { count } from "~/text/format";
import type { Case } from "./useCase";

type Covered = Schemas["CaseTaskOut"];

const { tasks: labels } = text.cases;
const { columns } = labels;
const AT_FIRST = 20;

/** The tasks that a case covers, then those that left it; with boxes where one may choose. */
export function CaseTasks({
  of,
  chosen,
  onChoose,
}: {
  of: Case;
  chosen: readonly string[] | undefined;
  onChoose: (chosen: readonly string[]) => void;
}) {
  const now = of.tasks.filter((one) => one.left_at === null);
  const left = of.tasks.filter((one) => one.left_at !== null);
  const isOfMany = new Set(of.tasks.map(({ task }) => task.occupier_id)).size > 1;
  return (
    <Stack gap="md">
      {now.length > 0 && (
        <Tasks
          label={labels.label}
          tasks={now}
          isOfMany={isOfMany}
          chosen={chosen}
          onChoose={onChoose}
        />
      )}
      {left.length > 0 && (
        <Stack gap={4}>
          <Text size="sm">{labels.left(left.length)}</Text>
          <Tasks label={labels.left(left.length)} tasks={left} isOfMany={isOfMany} />
        </Stack>
      )}
    </Stack>
  );
}

function Tasks({
  label,
  tasks,
  isOfMany,
  chosen,
  onChoose,
}: {
  label: string;
  tasks: Covered[];
  isOfMany: boolean;
  chosen?: readonly string[];
  onChoose?: (chosen: readonly string[]) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? tasks : tasks.slice(0, AT_FIRST);
  const toggle = (id: string) =>
    onChoose?.(chosen?.includes(id) ? chosen.filter((one) => one !== id) : [...(chosen ?? []), id]);
  return (
    <>
      <Table.ScrollContainer minWidth={520}>
        <Table aria-label={label} fz="sm" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {chosen && (
                <Table.Th w={36}>
                  <Checkbox
                    size="xs"
                    aria-label={labels.chooseAll}
                    checked={chosen.length === tasks.length}
                    indeterminate={chosen.length > 0 && chosen.length < tasks.length}
                    onChange={(event) =>
                      onChoose?.(
                        event.currentTarget.checked ? tasks.map(({ task }) => task.id) : [],
                      )
                    }
                  />
                </Table.Th>
              )}
              <Table.Th>{columns.standing}</Table.Th>
              <Table.Th>{columns.task}</Table.Th>
              {isOfMany && <Table.Th>{columns.occupier}</Table.Th>}
              <Table.Th>{columns.done}</Table.Th>
              <Table.Th>{columns.error}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ task }) => (
              <Table.Tr key={task.id}>
                {chosen && (
                  <Table.Td>
                    <Checkbox
                      size="xs"
                      aria-label={labels.choose(aboutTask(task))}
                      checked={chosen.includes(task.id)}
                      onChange={() => toggle(task.id)}
                    />
                  </Table.Td>
                )}
                <Cells task={task} isOfMany={isOfMany} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {shown.length < tasks.length && (
        <Button size="xs" variant="default" onClick={() => setWhole(true)}>
          {labels.all(tasks.length)}
        </Button>
      )}
    </>
  );
}

function Cells({ task, isOfMany }: { task: Schemas["TaskOut"]; isOfMany: boolean }) {
  return (
    <>
      <Table.Td className="case-badge">
        <TaskBadge standing={taskStanding(task)} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/tasks/${task.id}`} fz="sm" fw={500}>
          {text.words.kinds[task.kind]}
        </Anchor>
        <Text size="xs">
          {task.site_name ?? text.words.wholeOccupier}, {labels.attempt(task.attempt, task.round)}
        </Text>
      </Table.Td>
      {isOfMany && (
        <Table.Td maw={160}>
          <Anchor
            component={Link}
            to={`/decommissions/${task.decommission_id}`}
            fz="sm"
            className="case-line"
          >
            <bdi>{task.occupier_name}</bdi>
          </Anchor>
        </Table.Td>
      )}
      <Table.Td>{task.total > 0 && labels.done(count(task.done), count(task.total))}</Table.Td>
      <Table.Td maw={300}>
        {task.state !== "completed" && task.last_error_kind && (
          <>
            <Text size="sm">{text.words.failures[task.last_error_kind]}</Text>
            <Text size="xs" className="as-typed">
              {task.last_error}
            </Text>
          </>
        )}
        {task.stuck_because && task.state === "pending" && (
          <Text size="sm">{text.words.stuck[task.stuck_because]}</Text>
        )}
      </Table.Td>
    </>
  );
}

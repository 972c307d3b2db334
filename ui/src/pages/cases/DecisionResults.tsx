import { Alert, Anchor, Button, Stack, Table, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { aboutTask } from "~/parts/tasks/aboutTask";
import { text } from "~/text/en";

const { decide, tasks: labels } = text.cases;

/** What became of a decision for each task: made, or refused and why. */
export function DecisionResults({
  result,
  tasks,
  onClose,
}: {
  result: Schemas["CaseDecisionOut"];
  tasks: Schemas["CaseTaskOut"][];
  onClose: () => void;
}) {
  const names = new Map(tasks.map(({ task }) => [task.id, aboutTask(task)]));
  const { made, refused, left } = result;
  const title = made > 0 ? decide.made(made) : decide.none;
  return (
    <Alert
      role="status"
      variant="outline"
      color={refused === 0 ? "green" : made === 0 ? "red" : "yellow"}
      title={refused > 0 && made > 0 ? `${title}. ${decide.refused(refused)}` : title}
    >
      <Stack gap="xs" align="flex-start">
        {left > 0 && <Text size="sm">{decide.left(left)}</Text>}
        <Table aria-label={decide.results} fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{labels.columns.task}</Table.Th>
              <Table.Th>{decide.result}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.results.map((one) => (
              <Table.Tr key={one.task_id}>
                <Table.Td>
                  <Anchor component={Link} to={`/tasks/${one.task_id}`} fz="sm">
                    {names.get(one.task_id) ?? one.task_id.slice(0, 8)}
                  </Anchor>
                </Table.Td>
                <Table.Td>{one.problem ? one.problem.detail : madeOf(one.decision)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {decide.hideResults}
        </Button>
      </Stack>
    </Alert>
  );
}

function madeOf(decision: Schemas["DecisionOut"] | null | undefined): string {
  return decision?.state === "awaiting_second_person" ? decide.awaits : decide.done;
}

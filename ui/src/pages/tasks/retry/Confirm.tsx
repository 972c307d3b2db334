import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { summaryOf, type Failed } from "./retry";

const { retry, columns } = text.tasks;

/** How many failed tasks would be retried, of which kinds, and where; or that there are none. */
export function Confirm({
  tasks,
  onCancel,
  onConfirm,
}: {
  tasks: Failed[];
  onCancel: () => void;
  onConfirm: () => void;
}) {
  const { occupiers, sites, kinds } = summaryOf(tasks);
  const isEmpty = tasks.length === 0;
  return (
    <Stack>
      {isEmpty ? (
        <Text>{retry.none}</Text>
      ) : (
        <>
          <Text fw={600}>{retry.confirm(tasks.length, occupiers, sites)}</Text>
          <Table aria-label={retry.kinds} withTableBorder>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{columns.task}</Table.Th>
                <Table.Th ta="right">{retry.count}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {kinds.map(([kind, number]) => (
                <Table.Tr key={kind}>
                  <Table.Td>{text.words.kinds[kind]}</Table.Td>
                  <Table.Td ta="right">{count(number)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text size="sm">{retry.confirmHint}</Text>
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {isEmpty ? text.changes.ok : text.changes.cancel}
        </Button>
        {!isEmpty && <Button onClick={onConfirm}>{retry.go(tasks.length)}</Button>}
      </Group>
    </Stack>
  );
}

import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { text } from "~/text/en";
import { count } from "~/text/format";
import type { Outcome } from "./retry";

const { retry } = text.tasks;

/** What became of the retries, with the server's reasons for those that it refused. */
export function Result({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const refused = outcome.refused.reduce((sum, [, number]) => sum + number, 0);
  return (
    <Stack>
      <Stack gap="xs" role="status">
        <Text fw={600}>{retry.retried(outcome.retried)}</Text>
        {refused > 0 && <Text>{retry.refused(refused)}</Text>}
        {outcome.unanswered > 0 && <Text>{retry.unanswered(outcome.unanswered)}</Text>}
        {outcome.left > 0 && <Text>{retry.stopped(outcome.left)}</Text>}
      </Stack>
      {refused > 0 && (
        <Table aria-label={retry.reasons} withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{retry.reason}</Table.Th>
              <Table.Th ta="right">{retry.count}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.refused.map(([why, number]) => (
              <Table.Tr key={why}>
                <Table.Td>{why}</Table.Td>
                <Table.Td ta="right">{count(number)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{text.changes.ok}</Button>
      </Group>
    </Stack>
  );
}

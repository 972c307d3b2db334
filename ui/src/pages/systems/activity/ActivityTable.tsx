import { Table } from "@mantine/core";
import { text } from "~/text/en";
import { clock, count } from "~/text/format";
import { failuresOf, type Stretch } from "./series";

const { activity } = text.systems;

/** The same as the chart, in numbers; newest first, without stretches in which nothing ended. */
export function ActivityTable({ all, label }: { all: readonly Stretch[]; label: string }) {
  const busy = all.filter((one) => one.completed + one.failed > 0).reverse();
  return (
    <div className="activity-table" role="region" aria-label={label} tabIndex={0}>
      <Table aria-label={label} fz="xs" verticalSpacing={4} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{activity.at}</Table.Th>
            <Table.Th ta="right">{activity.completedHead}</Table.Th>
            <Table.Th ta="right">{activity.failedHead}</Table.Th>
            <Table.Th>{activity.kinds}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {busy.map((one) => (
            <Table.Tr key={one.at}>
              <Table.Td>{clock(one.at)}</Table.Td>
              <Table.Td ta="right">{count(one.completed)}</Table.Td>
              <Table.Td ta="right">{count(one.failed)}</Table.Td>
              <Table.Td>
                {failuresOf([one]).map(([kind, failed]) => (
                  <div key={kind}>{activity.kind(text.words.failures[kind], failed)}</div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

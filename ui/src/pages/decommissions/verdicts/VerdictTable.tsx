import { Anchor, Table } from "@mantine/core";
import { text } from "~/text/en";
import { count } from "~/text/format";
import type { Verdict, VerdictRow } from "./table";

const words = text.progress.verdicts;

/** Counts by something and verdict; each count opens the list of its resources. */
export function VerdictTable<Key extends string>({
  label,
  head,
  rows,
  verdicts,
  nameOf,
  onOpen,
  isLong = false,
}: {
  label: string;
  head: string;
  rows: VerdictRow<Key>[];
  verdicts: Verdict[];
  nameOf: (key: Key) => string;
  onOpen: (key: Key, verdict: Verdict) => void;
  isLong?: boolean;
}) {
  return (
    <Table.ScrollContainer minWidth={520} maxHeight={isLong ? 420 : undefined} type="native">
      <Table aria-label={label} stickyHeader={isLong} maw={960}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{head}</Table.Th>
            {verdicts.map((verdict) => (
              <Table.Th key={verdict} scope="col" ta="right">
                {words.verdicts[verdict]}
              </Table.Th>
            ))}
            <Table.Th scope="col" ta="right">
              {words.total}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" fw={400} dir="auto">
                {nameOf(row.key)}
              </Table.Th>
              {verdicts.map((verdict) => (
                <Table.Td key={verdict} ta="right">
                  {row.counts[verdict] && (
                    <Anchor
                      component="button"
                      type="button"
                      size="sm"
                      aria-label={words.open(
                        count(row.counts[verdict]),
                        nameOf(row.key),
                        words.verdicts[verdict],
                      )}
                      onClick={() => onOpen(row.key, verdict)}
                    >
                      {count(row.counts[verdict])}
                    </Anchor>
                  )}
                </Table.Td>
              ))}
              <Table.Td ta="right">{count(row.total)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

import { Anchor, Table } from "@mantine/core";
import { text } from "~/text/en";
import { count } from "~/text/format";
import type { Verdict, VerdictRow } from "./table";

const words = text.progress.verdicts;

/** One row of counts; each opens the list of its resources. */
export function VerdictLine<Key extends string>({
  row,
  name,
  verdicts,
  onOpen,
  height,
  index,
}: {
  row: VerdictRow<Key>;
  name: string;
  verdicts: Verdict[];
  onOpen: (key: Key, verdict: Verdict) => void;
  /** In pixels, where the rows out of sight are not drawn. */
  height?: number;
  index: number;
}) {
  return (
    <Table.Tr style={{ height }} aria-rowindex={index + 2}>
      <Table.Th scope="row" fw={400} dir="auto" className={height ? "case-line-cell" : undefined}>
        {name}
      </Table.Th>
      {verdicts.map((verdict) => (
        <Table.Td key={verdict} ta="right">
          {row.counts[verdict] && (
            <Anchor
              component="button"
              type="button"
              size="sm"
              aria-label={words.open(count(row.counts[verdict]), name, words.verdicts[verdict])}
              onClick={() => onOpen(row.key, verdict)}
            >
              {count(row.counts[verdict])}
            </Anchor>
          )}
        </Table.Td>
      ))}
      <Table.Td ta="right">{count(row.total)}</Table.Td>
    </Table.Tr>
  );
}

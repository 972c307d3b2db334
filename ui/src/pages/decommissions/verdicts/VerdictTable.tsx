import { Table } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { text } from "~/text/en";
import type { Verdict, VerdictRow } from "./table";
import { VerdictLine } from "./VerdictLine";

const words = text.progress.verdicts;

const ROW_PX = 38;
const LONG_PX = 420;
const FEW = 20; // rows that are all drawn, as high as their names need

/** Counts by something and verdict; of a thousand rows only those in sight are drawn. */
export function VerdictTable<Key extends string>({
  label,
  head,
  rows,
  verdicts,
  nameOf,
  onOpen,
}: {
  label: string;
  head: string;
  rows: VerdictRow<Key>[];
  verdicts: Verdict[];
  nameOf: (key: Key) => string;
  onOpen: (key: Key, verdict: Verdict) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const isLong = rows.length > FEW;
  const { drawn, above, below } = useDrawn(rows.length, isLong, scroller);
  return (
    <div
      ref={scroller}
      style={{ overflow: "auto", maxHeight: isLong ? LONG_PX : undefined }}
      tabIndex={isLong ? 0 : undefined}
      role={isLong ? "group" : undefined}
      aria-label={isLong ? label : undefined}
    >
      <Table
        aria-label={label}
        aria-rowcount={rows.length + 1}
        stickyHeader={isLong}
        miw={520}
        maw={960}
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
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
          <Gap height={above} />
          {drawn.map((index) => (
            <VerdictLine
              key={rows[index]!.key}
              row={rows[index]!}
              name={nameOf(rows[index]!.key)}
              verdicts={verdicts}
              onOpen={onOpen}
              height={isLong ? ROW_PX : undefined}
              index={index}
            />
          ))}
          <Gap height={below} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Which rows are drawn, and how high the others are above and below them. */
function useDrawn(
  count: number,
  isLong: boolean,
  scroller: { readonly current: HTMLDivElement | null },
) {
  const virtual = useVirtualizer({
    count,
    enabled: isLong,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  if (!isLong) return { drawn: Array.from({ length: count }, (_, row) => row), above: 0, below: 0 };
  const seen = virtual.getVirtualItems();
  return {
    drawn: seen.map(({ index }) => index),
    above: seen[0]?.start ?? 0,
    below: virtual.getTotalSize() - (seen.at(-1)?.end ?? 0),
  };
}

function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}

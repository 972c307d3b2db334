import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode, RefObject } from "react";
import { text } from "~/text/en";
import { GroupRow } from "./GroupRow";
import { keyOf, type Row } from "./rows";
import type { Extent } from "./scale";
import { TaskRow } from "./TaskRow";

const ROW_PX = 30;
const HEAD_PX = 32;

/** What every row is drawn by. */
export interface Drawn {
  extent: Extent;
  width: number;
  now: number;
  onTask?: (taskId: string) => void;
  onToggle: (groupId: string) => void;
}

/** A table of bars, of which only the rows in sight are drawn. */
export function TimelineRows({
  scroller,
  label,
  rows,
  axis,
  drawn,
}: {
  scroller: RefObject<HTMLDivElement | null>;
  label: string;
  rows: readonly Row[];
  axis: ReactNode;
  drawn: Drawn;
}) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => keyOf(rows[index]!),
    estimateSize: () => ROW_PX,
    scrollMargin: HEAD_PX,
    overscan: 10,
  });
  return (
    <div ref={scroller} className="timeline">
      <div
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className="timeline-table"
        style={{
          width: `calc(var(--timeline-name) + ${drawn.width}px)`,
          height: virtual.getTotalSize() + HEAD_PX,
        }}
      >
        {axis}
        {virtual.getVirtualItems().map(({ index, key, start }) => (
          <div
            key={key}
            role="row"
            aria-rowindex={index + 2}
            className="timeline-row"
            style={{ transform: `translateY(${start}px)` }}
          >
            <Drawing row={rows[index]!} drawn={drawn} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Drawing({ row, drawn }: { row: Row; drawn: Drawn }) {
  if (row.kind === "group") return <GroupRow group={row.group} isOpen={row.isOpen} drawn={drawn} />;
  if (row.kind === "task") return <TaskRow task={row.task} drawn={drawn} />;
  return (
    <div role="cell" className="timeline-name">
      {text.timeline[row.note]}
    </div>
  );
}

import { Table } from "@mantine/core";
import { useEffect, type KeyboardEvent } from "react";
import { text } from "~/text/en";
import { TaskRow } from "./TaskRow";
import type { Task } from "./useTasks";
import { useWindow } from "./useWindow";

const COLUMNS = Object.entries(text.tasks.columns);
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
const NEAR_THE_END = 20;

/** The well of tasks: tens of thousands scroll in it; Up and Down go from row to row. */
export function TaskTable({
  items,
  hasMore,
  onNearEnd,
  isStale,
}: {
  items: Task[];
  hasMore: boolean;
  onNearEnd: () => void;
  isStale: boolean;
}) {
  const { scroller, slots, last, onFocus, focusRow } = useWindow(items);
  useEffect(() => {
    if (hasMore && last >= items.length - NEAR_THE_END) onNearEnd();
  }, [hasMore, last, items.length, onNearEnd]);

  const step = (event: KeyboardEvent<HTMLElement>) => {
    const by = STEPS[event.key];
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-task]");
    if (by === undefined || !row || !event.currentTarget.contains(row)) return;
    event.preventDefault();
    focusRow(items.findIndex((item) => item.id === row.dataset.task) + by);
  };
  return (
    <div ref={scroller} className="task-well" aria-busy={isStale} data-stale={isStale || undefined}>
      <Table
        className="task-table"
        aria-label={text.tasks.table}
        aria-rowcount={hasMore ? -1 : items.length + 1}
        stickyHeader
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {COLUMNS.map(([name, title]) => (
              <Table.Th key={name} className={`task-${name}`} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody onKeyDown={step}>
          {slots.map((slot) =>
            "gap" in slot ? (
              <tr key={`gap-${slot.before}`} aria-hidden>
                <td style={{ height: slot.gap, padding: 0 }} />
              </tr>
            ) : (
              <TaskRow
                key={items[slot.row]!.id}
                task={items[slot.row]!}
                index={slot.row}
                onFocus={onFocus}
              />
            ),
          )}
        </Table.Tbody>
      </Table>
    </div>
  );
}

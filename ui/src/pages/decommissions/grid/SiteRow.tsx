import { Text } from "@mantine/core";
import { IconPlayerPauseFilled } from "@tabler/icons-react";
import { memo, type CSSProperties, type KeyboardEvent } from "react";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { SITE_KINDS, type Site } from "./sites";
import { markLabel, TaskMark } from "./TaskMark";
import { useSiteTasks, type CellTask } from "./useSiteTasks";

const words = text.progress.grid;

export interface Opens {
  onTask: (taskId: string) => void;
  onSite: (siteId: string) => void;
}

interface Wanted extends Opens {
  decommissionId: string;
  site: Site;
  waived: ReadonlySet<string>;
  index: number;
  /** The column that the focus can enter, if it is in this row. */
  column: number | undefined;
  onFocus: (key: string, column: number) => void;
  start: number;
}

/** A site and its tasks. */
export const SiteRow = memo(function SiteRow(wanted: Wanted) {
  const { decommissionId, site, waived, index, column, start } = wanted;
  const tasks = useSiteTasks(decommissionId, site);
  const cellOf = (place: number) => ({
    "data-place": `${site.site_id}/${place}`,
    role: place === 0 ? "rowheader" : "gridcell",
    "aria-colindex": place + 1,
    tabIndex: column === place ? 0 : -1,
    onFocus: () => wanted.onFocus(site.site_id, place),
  });
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row" style={at(start)}>
      <SiteCell cell={cellOf(0)} site={site} onOpen={() => wanted.onSite(site.site_id)} />
      {SITE_KINDS.map((kind, place) => {
        const task = tasks?.find((each) => each.kind === kind);
        const told = task && waived.has(task.id) ? { ...task, waived_by: task.id } : task;
        return (
          <TaskCell
            key={kind}
            cell={cellOf(place + 1)}
            task={told}
            isLoading={!tasks}
            onOpen={wanted.onTask}
          />
        );
      })}
    </div>
  );
});

type CellProps = Record<string, unknown>;

function SiteCell({ cell, site, onOpen }: { cell: CellProps; site: Site; onOpen: () => void }) {
  const { completed, total } = site.counts;
  return (
    <div
      {...cell}
      className="grid-cell grid-site"
      aria-label={words.siteLabel(site.site_name, completed, total)}
      onClick={onOpen}
      onKeyDown={onPress(onOpen)}
    >
      <Text size="sm" truncate dir="auto" title={site.site_name} flex={1}>
        {site.site_name}
      </Text>
      {site.paused_at && <IconPlayerPauseFilled size={14} aria-label={text.progress.paused} />}
      <Text size="xs" className="quiet">
        {`${count(completed)}/${count(total)}`}
      </Text>
    </div>
  );
}

function TaskCell({
  cell,
  task,
  isLoading,
  onOpen,
}: {
  cell: CellProps;
  task: CellTask | undefined;
  isLoading: boolean;
  onOpen: (taskId: string) => void;
}) {
  if (!task) {
    const label = isLoading ? words.loading : words.noTask;
    return (
      <div {...cell} className="grid-cell" aria-label={label}>
        <span className="mark" data-standing={isLoading ? "loading" : "none"} aria-hidden />
      </div>
    );
  }
  const label = markLabel(task);
  return (
    <div
      {...cell}
      className="grid-cell"
      aria-label={label}
      title={label}
      onClick={() => onOpen(task.id)}
      onKeyDown={onPress(() => onOpen(task.id))}
    >
      <TaskMark task={task} />
    </div>
  );
}

export const at = (start: number): CSSProperties => ({ transform: `translateY(${start}px)` });

/** Enter and the space bar do what a click does. */
export function onPress(act: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
}

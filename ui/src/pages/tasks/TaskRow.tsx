import { Anchor, Table, Text } from "@mantine/core";
import { memo, type MouseEvent } from "react";
import { Link, useLocation, useNavigate, useParams } from "react-router-dom";
import { useMe } from "~/api/me";
import { useWho } from "~/parts/actors/useWho";
import { CreateCase } from "~/parts/cases/CreateCase";
import { TaskBadge } from "~/parts/TaskBadge";
import { taskStanding } from "~/parts/taskStanding";
import { caseSubject } from "~/parts/tasks/caseSubject";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { clock, count, duration, shortDay } from "~/text/format";
import { isCaseable, reasonOf } from "./rowText";
import { ROW_PX } from "./useWindow";
import type { Task } from "./useTasks";

const { tasks } = text;

interface Row {
  task: Task;
  index: number;
  onFocus: (id: string) => void;
}

/** One task; the link in its first cell and a press anywhere in the row open it. */
export const TaskRow = memo(function TaskRow({ task, index, onFocus }: Row) {
  const { taskId } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const site = task.site_name ?? text.words.wholeOccupier;
  const to = `/tasks/${task.id}${search}`;
  const open = (event: MouseEvent<HTMLElement>) => {
    const pressed = event.target as HTMLElement;
    const isInRow = event.currentTarget.contains(pressed); // a dialog of the row is not
    if (!isInRow || pressed.closest("a, button") || window.getSelection()?.toString()) return;
    void navigate(to);
  };
  return (
    <Table.Tr
      className="task-row"
      data-task={task.id}
      data-open={task.id === taskId || undefined}
      aria-rowindex={index + 2}
      style={{ height: ROW_PX }}
      onClick={open}
      onFocus={() => onFocus(task.id)}
    >
      <Table.Td className="task-task">
        <Anchor
          component={Link}
          to={to}
          size="sm"
          fw={500}
          c="inherit"
          truncate="end"
          display="block"
          title={text.words.kinds[task.kind]}
        >
          {text.words.kinds[task.kind]}
        </Anchor>
        <Second>{progressOf(task)}</Second>
      </Table.Td>
      <Table.Td className="task-occupier">
        <Text size="sm" lh={1.3} lineClamp={2} dir="auto" title={task.occupier_name}>
          {task.occupier_name}
        </Text>
        <Text size="xs" truncate dir="auto" className="quiet task-site-below" title={site}>
          {site}
        </Text>
      </Table.Td>
      <Table.Td className="task-site">
        <Text size="sm" lh={1.3} lineClamp={2} dir="auto" title={site}>
          {site}
        </Text>
      </Table.Td>
      <Table.Td className="task-status">
        <TaskBadge standing={taskStanding(task)} />
        <Second title={task.last_error ?? undefined}>{reasonOf(task)}</Second>
      </Table.Td>
      <Requester actor={task.requested_by} />
      <Created task={task} />
      <Lasted task={task} />
      <CaseCell task={task} />
    </Table.Tr>
  );
});

function progressOf(task: Task): string {
  const parts = [];
  if (task.total > 0) parts.push(tasks.done(count(task.done), count(task.total)));
  if (task.round > 1) parts.push(tasks.round(task.round));
  if (task.attempt > 1) parts.push(tasks.attempt(task.attempt));
  return parts.join(", ");
}

function Second({ children, title }: { children: string | undefined; title?: string }) {
  if (!children) return null;
  return (
    <Text size="xs" truncate className="quiet" title={title ?? children}>
      {children}
    </Text>
  );
}

function Requester({ actor }: { actor: string }) {
  const shown = useWho()(actor);
  return (
    <Table.Td className="task-requestedBy">
      <Text size="sm" lh={1.3} lineClamp={2} title={shown}>
        {shown}
      </Text>
    </Table.Td>
  );
}

function Created({ task }: { task: Task }) {
  const zone = useZoneOf(task.site_id);
  return (
    <Table.Td className="task-created">
      <time dateTime={task.created_at}>
        <Text size="sm">{shortDay(task.created_at, zone)}</Text>
        <Text size="xs" className="quiet">
          {clock(task.created_at, zone)}
        </Text>
      </time>
    </Table.Td>
  );
}

/** The active time against what is expected, marked when it is too long. */
function Lasted({ task }: { task: Task }) {
  const late = task.stuck_at ? tasks.stuck : task.is_overdue ? tasks.overdue : undefined;
  const clocks = tasks.clocks(
    duration(task.active_s),
    duration(task.waiting_s),
    duration(task.threshold.seconds),
  );
  return (
    <Table.Td className="task-duration">
      <Text size="sm" truncate title={clocks}>
        {duration(task.active_s)}
        {late && <span className="alarm"> {late}</span>}
      </Text>
      <Text size="xs" className="quiet">
        {tasks.expected(duration(task.expected_s))}
      </Text>
    </Table.Td>
  );
}

function CaseCell({ task }: { task: Task }) {
  const me = useMe();
  const mayRaise = me.data?.allowed_actions.includes("case.raise") && isCaseable(task);
  return (
    <Table.Td className="task-case">
      {task.case_id ? (
        <Anchor component={Link} to={`/cases/${task.case_id}`} size="sm">
          {tasks.case(task.case_number ?? 0)}
        </Anchor>
      ) : (
        mayRaise && (
          <span className="task-raise">
            <CreateCase
              about={{ kind: "task", taskId: task.id, subject: caseSubject(task) }}
              size="compact-xs"
            />
          </span>
        )
      )}
    </Table.Td>
  );
}

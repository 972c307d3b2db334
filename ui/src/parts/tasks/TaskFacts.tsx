import { Anchor, Group } from "@mantine/core";
import { Link } from "react-router-dom";
import { CreateCase } from "~/parts/cases/CreateCase";
import { Facts } from "~/parts/Facts";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { caseSubject } from "./caseSubject";
import type { Task } from "./useTask";

const { task: labels } = text;

/** Where the task belongs, how far it is, since when, and its case. */
export function TaskFacts({ task, timeZone }: { task: Task; timeZone?: string }) {
  const told = (at: string | null) => at && <Moment at={at} timeZone={timeZone} />;
  return (
    <Facts
      look="table"
      facts={[
        [labels.site, <bdi>{task.site_name ?? text.words.wholeOccupier}</bdi>],
        [
          labels.occupier,
          <Anchor component={Link} to={`/occupiers/${task.occupier_id}`} size="sm">
            <bdi>{task.occupier_name}</bdi>
          </Anchor>,
        ],
        [
          labels.decommission,
          <Anchor component={Link} to={`/decommissions/${task.decommission_id}`} size="sm">
            {labels.openDecommission}
          </Anchor>,
        ],
        [
          labels.attempts,
          task.attempt === 0
            ? labels.notTried
            : labels.attemptsOf(count(task.attempt), count(task.round)),
        ],
        [labels.done, task.total > 0 && doneOf(task)],
        [labels.planned, told(task.created_at)],
        [labels.started, told(task.started_at)],
        [labels.finished, told(task.finished_at)],
        [labels.case, <CaseOf task={task} />],
      ]}
    />
  );
}

function doneOf(task: Task): string {
  const done = labels.doneOf(count(task.done), count(task.total));
  return task.failed_items > 0 ? `${done}, ${labels.refused(count(task.failed_items))}` : done;
}

function CaseOf({ task }: { task: Task }) {
  if (task.case_id && task.case_number !== null) {
    return (
      <Anchor component={Link} to={`/cases/${task.case_id}`} size="sm">
        {labels.openCase(task.case_number)}
      </Anchor>
    );
  }
  return (
    <Group gap="xs">
      <span>{labels.noCase}</span>
      {task.allowed_actions.raise_case && (
        <CreateCase about={{ kind: "task", taskId: task.id, subject: caseSubject(task) }} />
      )}
    </Group>
  );
}

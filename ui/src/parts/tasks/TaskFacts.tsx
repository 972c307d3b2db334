import { Anchor, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { CreateCase } from "~/parts/cases/CreateCase";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { caseSubject } from "./caseSubject";
import type { Task } from "./useTask";

/** Where the task belongs, how far it is, since when, and its case. */
export function TaskFacts({ task, timeZone }: { task: Task; timeZone?: string }) {
  return (
    <dl className="task-facts">
      <Fact name={text.task.site}>
        <bdi>{task.site_name ?? text.words.wholeOccupier}</bdi>
      </Fact>
      <Fact name={text.task.occupier}>
        <Anchor component={Link} to={`/occupiers/${task.occupier_id}`} size="sm">
          <bdi>{task.occupier_name}</bdi>
        </Anchor>
      </Fact>
      <Fact name={text.task.decommission}>
        <Anchor component={Link} to={`/decommissions/${task.decommission_id}`} size="sm">
          {text.task.openDecommission}
        </Anchor>
      </Fact>
      <Fact name={text.task.attempts}>
        {task.attempt === 0
          ? text.task.notTried
          : text.task.attemptsOf(count(task.attempt), count(task.round))}
      </Fact>
      {task.total > 0 && (
        <Fact name={text.task.done}>
          {text.task.doneOf(count(task.done), count(task.total))}
          {task.failed_items > 0 && `, ${text.task.refused(count(task.failed_items))}`}
        </Fact>
      )}
      <Fact name={text.task.planned}>
        <Moment at={task.created_at} timeZone={timeZone} />
      </Fact>
      {task.started_at && (
        <Fact name={text.task.started}>
          <Moment at={task.started_at} timeZone={timeZone} />
        </Fact>
      )}
      {task.finished_at && (
        <Fact name={text.task.finished}>
          <Moment at={task.finished_at} timeZone={timeZone} />
        </Fact>
      )}
      <Fact name={text.task.case}>
        <CaseOf task={task} />
      </Fact>
    </dl>
  );
}

function CaseOf({ task }: { task: Task }) {
  if (task.case_id && task.case_number !== null) {
    return (
      <Anchor component={Link} to={`/cases/${task.case_id}`} size="sm">
        {text.task.openCase(task.case_number)}
      </Anchor>
    );
  }
  return (
    <Group gap="xs">
      <span>{text.task.noCase}</span>
      {task.allowed_actions.raise_case && (
        <CreateCase about={{ kind: "task", taskId: task.id, subject: caseSubject(task) }} />
      )}
    </Group>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Text component="dt" size="sm" className="quiet">
        {name}
      </Text>
      <Text component="dd" size="sm">
        {children}
      </Text>
    </>
  );
}

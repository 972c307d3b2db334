import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, read } from "~/api/client";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { aboutTask } from "~/parts/tasks/aboutTask";
import { useTask, type Task } from "~/parts/tasks/useTask";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { Decide } from "./Decide";
import { hasMoved, isUnderWay, ofTasks, type Decided } from "./decided";
import { DecisionList } from "./DecisionList";
import { REFRESHED } from "./refreshed";
import { SecondPerson } from "./SecondPerson";
import { Stale } from "./Stale";

/** The decisions that this person may take about a task, and those that were taken. */
export function TaskDecisions({ taskId }: { taskId: string }) {
  const task = useTask(taskId);
  if (task.isPending) return <Loading />;
  if (task.isError) return <Trouble error={task.error} onRetry={() => task.refetch()} />;
  return <OfTask task={task.data} />;
}

function OfTask({ task }: { task: Task }) {
  const [seen, setSeen] = useState(task);
  const timeZone = useZoneOf(task.site_id);
  const actions = ofTasks(task.allowed_actions.decisions);
  const waiting = task.decisions.filter((each) => each.state === "awaiting_second_person");
  return (
    <Stack gap="md">
      {waiting.map((decision) => (
        <SecondPerson
          key={decision.id}
          decision={decision}
          about={aboutTask(task)}
          canConfirm={task.allowed_actions.confirm.includes(decision.id)}
          timeZone={timeZone}
        />
      ))}
      <Decide
        actions={actions}
        about={aboutTask(task)}
        onOpen={() => setSeen(task)}
        send={(decided, key) => decide(task.id, seen, decided, key)}
        refreshes={REFRESHED}
        stale={(action) =>
          hasMoved(seen, task) && (
            <Stale
              seen={seen}
              now={task}
              isPossible={actions.includes(action)}
              onGoOn={() => setSeen(task)}
            />
          )
        }
      />
      {isUnderWay(task.decisions) && (
        <Text size="sm" role="status">
          {text.decisions.busy}
        </Text>
      )}
      <DecisionList decisions={task.decisions} timeZone={timeZone} />
    </Stack>
  );
}

function decide(taskId: string, seen: Task, decided: Decided, key: string) {
  return read(
    api.POST("/api/v1/tasks/{task_id}/decisions", {
      params: { path: { task_id: taskId }, header: { "idempotency-key": key } },
      body: { ...decided, round: seen.round, state: seen.state },
    }),
  );
}

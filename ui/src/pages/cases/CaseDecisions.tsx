import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, read, type Schemas } from "~/api/client";
import { Problem } from "~/api/problem";
import { Decide } from "~/parts/decisions/Decide";
import { isUnderWay, ofTasks, type Decided } from "~/parts/decisions/decided";
import { REFRESHED } from "~/parts/decisions/refreshed";
import { SecondPerson } from "~/parts/decisions/SecondPerson";
import { aboutTask } from "~/parts/tasks/aboutTask";
import { text } from "~/text/en";
import { CaseTasks } from "./CaseTasks";
import { DecisionResults } from "./DecisionResults";
import { Part } from "./Part";
import { seenTasks } from "./seenTasks";
import type { Case } from "./useCase";

type Result = Schemas["CaseDecisionOut"];

const { tasks: labels } = text.cases;

/** The case's tasks, and the decisions about all of them or the chosen ones. */
export function CaseDecisions({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [result, setResult] = useState<Result>();
  const [decidedAbout, setDecidedAbout] = useState<Case["tasks"]>([]); // they may go out of sight
  const [seen, setSeen] = useState<Schemas["SeenTaskIn"][] | null>(null);
  const now = of.tasks.filter((one) => one.left_at === null).map((one) => one.task);
  const there = chosen.filter((id) => now.some((task) => task.id === id));
  const actions = ofTasks(of.allowed_actions.decisions);
  const isMarked = actions.length > 0 && now.length > 1;
  const waiting = of.decisions.filter((one) => one.state === "awaiting_second_person");
  const about = there.length > 0 ? labels.chosen(there.length) : labels.allChosen(of.tasks_now);
  const send = async (decided: Decided, key: string) => {
    try {
      return await decide(of.id, { ...decided, tasks: seen }, key);
    } catch (error) {
      setResult(refusedAll(error));
      throw error;
    }
  };
  return (
    <Part title={labels.title}>
      {waiting.map((decision) => {
        const task = of.tasks.find((one) => one.task.id === decision.task_id)?.task;
        return (
          <SecondPerson
            key={decision.id}
            decision={decision}
            about={task ? aboutTask(task) : text.cases.page.number(of.number)}
            canConfirm={of.allowed_actions.confirm.includes(decision.id)}
            timeZone={timeZone}
          />
        );
      })}
      {actions.length > 0 && (
        <Stack gap={6}>
          {isMarked && <Text size="sm">{about}</Text>}
          <Decide
            actions={actions}
            about={about}
            onOpen={() => {
              setSeen(seenTasks(now, there, of.tasks_now));
              setDecidedAbout(of.tasks);
            }}
            send={send}
            refreshes={REFRESHED}
            onDone={(made) => {
              setResult(made);
              setChosen([]);
            }}
          />
        </Stack>
      )}
      {isUnderWay(of.decisions) && (
        <Text size="sm" role="status">
          {text.decisions.busy}
        </Text>
      )}
      {result && (
        <DecisionResults
          result={result}
          tasks={decidedAbout}
          onClose={() => setResult(undefined)}
        />
      )}
      {of.tasks.length === 0 && !result && (
        <Text size="sm">{of.cause || of.decommission_id ? labels.outOfSight : labels.none}</Text>
      )}
      <CaseTasks of={of} chosen={isMarked ? there : undefined} onChoose={setChosen} />
    </Part>
  );
}

function decide(caseId: string, body: Schemas["CaseDecisionIn"], key: string) {
  return read(
    api.POST("/api/v1/cases/{case_id}/decisions", {
      params: { path: { case_id: caseId }, header: { "idempotency-key": key } },
      body,
    }),
  );
}

/** The results of a refusal that was about each task by itself. */
function refusedAll(error: unknown): Result | undefined {
  const results = error instanceof Problem ? error.body.results : undefined;
  if (!Array.isArray(results)) return undefined;
  return { results: results as Result["results"], made: 0, refused: results.length, left: 0 };
}

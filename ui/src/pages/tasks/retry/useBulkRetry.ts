import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, read } from "~/api/client";
import { loadTasks } from "../useTasks";
import {
  answerOf,
  collect,
  eachOf,
  outcomeOf,
  type Answer,
  type Failed,
  type Outcome,
} from "./retry";

const AT_ONCE = 4;
const TRIES = 3;
const PAUSE_MS = 500;

export type Stage =
  | { is: "closed" }
  | { is: "collecting"; count: number }
  | { is: "broken"; error: Error }
  | { is: "asking"; tasks: Failed[] }
  | { is: "sending"; done: number; total: number }
  | { is: "over"; outcome: Outcome };

/** Retry of all failed tasks that match: collected, then asked about, then sent one by one. */
export function useBulkRetry(asked: URLSearchParams) {
  const [stage, setStage] = useState<Stage>({ is: "closed" });
  const queries = useQueryClient();
  const stop = useRef(new AbortController());

  const open = async () => {
    const { signal } = (stop.current = new AbortController());
    const wanted = new URLSearchParams(asked);
    wanted.set("state", "failed");
    const now = new Date();
    setStage({ is: "collecting", count: 0 });
    try {
      const load = (cursor: string | undefined) => loadTasks(wanted, cursor, now);
      const tasks = await collect(load, whileRuns(signal, collecting), signal);
      if (!signal.aborted) setStage({ is: "asking", tasks });
    } catch (error) {
      if (!signal.aborted) setStage({ is: "broken", error: error as Error });
    }
  };
  const collecting = (count: number) => setStage({ is: "collecting", count });

  const send = async (tasks: Failed[]) => {
    const { signal } = (stop.current = new AbortController());
    const answers: Answer[] = [];
    setStage({ is: "sending", done: 0, total: tasks.length });
    const one = async (task: Failed) => {
      answers.push(await retried(task));
      setStage({ is: "sending", done: answers.length, total: tasks.length });
    };
    await eachOf(tasks, AT_ONCE, one, signal);
    setStage({ is: "over", outcome: outcomeOf(tasks.length, answers) });
    for (const name of ["tasks", "task", "cases", "case"]) {
      void queries.invalidateQueries({ queryKey: [name] });
    }
  };

  return {
    stage,
    open,
    send,
    stop: () => stop.current.abort(),
    close: () => {
      stop.current.abort();
      setStage({ is: "closed" });
    },
  };
}

function whileRuns(signal: AbortSignal, tell: (count: number) => void) {
  return (count: number) => {
    if (!signal.aborted) tell(count);
  };
}

/** Sends one retry; without an answer once more, under its one key, so it is done at most once. */
async function retried(task: Failed): Promise<Answer> {
  const header = { "idempotency-key": crypto.randomUUID() };
  const asked = {
    params: { path: { task_id: task.id }, header },
    body: { action: "retry", round: task.round, state: task.state } as const,
  };
  let answer: Answer = { is: "unanswered" };
  for (let tries = 0; tries < TRIES && answer.is === "unanswered"; tries++) {
    try {
      await read(api.POST("/api/v1/tasks/{task_id}/decisions", asked));
      return { is: "retried" };
    } catch (error) {
      answer = answerOf(error);
    }
    if (answer.is === "unanswered") await pause(PAUSE_MS * 2 ** tries);
  }
  return answer;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

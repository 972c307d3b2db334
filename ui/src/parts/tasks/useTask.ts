import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { isUnderWay } from "~/parts/decisions/decided";

export type Task = Schemas["DecidedTaskOut"];

/** A task with its decisions and what may be decided; read often while something moves. */
export function useTask(taskId: string) {
  return useQuery({
    queryKey: ["task", taskId],
    queryFn: () =>
      read(api.GET("/api/v1/tasks/{task_id}", { params: { path: { task_id: taskId } } })),
    refetchInterval: ({ state }) => (state.data ? pace(state.data) : false),
  });
}

/** Milliseconds until the next look; a task that has ended stays as it is. */
export function pace(task: Pick<Task, "state" | "decisions">): number | false {
  if (isUnderWay(task.decisions)) return 2_000;
  if (task.state === "pending") return 5_000;
  return task.state === "failed" ? 10_000 : false;
}

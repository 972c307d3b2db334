import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import type { Task } from "./useTask";

export type Story = Schemas["StoryOut"];

/** The story of a task in plain words; told anew while the task is not over. */
export function useStory({ id, state, round }: Pick<Task, "id" | "state" | "round">) {
  const isOver = state === "completed" || state === "cancelled";
  return useQuery({
    queryKey: ["task", id, "story", state, round],
    queryFn: () =>
      read(api.GET("/api/v1/tasks/{task_id}/story", { params: { path: { task_id: id } } })),
    placeholderData: keepPreviousData,
    refetchInterval: isOver ? false : 5_000,
  });
}

import { expect, test } from "vitest";
import { seenTasks } from "./seenTasks";

const tasks = [
  { id: "a", round: 1, state: "failed" as const },
  { id: "b", round: 2, state: "pending" as const },
];

test("without a choice all tasks are decided about as they were seen", () => {
  expect(seenTasks(tasks, [], 2)).toEqual([
    { task_id: "a", round: 1, state: "failed" },
    { task_id: "b", round: 2, state: "pending" },
  ]);
});

test("a choice names the chosen ones alone", () => {
  expect(seenTasks(tasks, ["b"], 900)).toEqual([{ task_id: "b", round: 2, state: "pending" }]);
});

test("of more tasks than are shown the server takes them all", () => {
  expect(seenTasks(tasks, [], 900)).toBeNull();
});

test("tasks of a decommission that the case only shows are decided about too", () => {
  expect(seenTasks(tasks, [], 0)).toHaveLength(2);
});

import type { Schemas } from "~/api/client";

/** The timeline and the feed of a decommission. */
export const timeline = {
  title: "Timeline",
  label: (occupier: string) => `Timeline of the tasks of ${occupier}`,
  task: "Task",
  times: (zone: string) => `Times in ${zone}`,
  now: "Now",
  none: "No task has started yet",
  noneHint: "Bars appear as soon as the first task starts.",
  wholeOccupier: "Whole occupier",
  expand: (site: string) => `Show the tasks of ${site}`,
  collapse: (site: string) => `Hide the tasks of ${site}`,
  sitesOnly: "Sites only",
  everyTask: "Every task",
  openSites: "Open a site to see its tasks.",
  closer: "Closer",
  farther: "Farther",
  fit: "All of it",
  zoom: "Scale of the timeline",
  unread: "Its tasks could not be read",
  reading: "Its tasks are being read",
  legend: {
    label: "What the bars mean",
    active: "Active: it was tried",
    waiting: "Waiting: for a reason",
    outside: "Not started yet, or waiting for a person",
    share:
      "Within a bar active and waiting time are shown by their share, not in their order. The story of a task tells the order.",
  },
  notStarted: "not started",
  between: (from: string, to: string) => `from ${from} to ${to}`,
  since: (from: string) => `since ${from}`,
  active: (duration: string) => `active ${duration}`,
  waiting: (duration: string) => `waiting ${duration}`,
  doneOf: (done: string, total: string) => `${done} of ${total} done`,
  needsPeople: (count: string) => `${count} in trouble`,
} as const;

/** The feed of events of a decommission. */
export const feed = {
  title: "Events",
  label: "Events of this decommission, newest first",
  none: "Nothing happened yet",
  toTask: "Show the task",
  refused: (why: string) => `refused: ${why}`,
  fromTasks: "You may not read the audit, so only what its tasks tell is shown.",
  happened: {
    started: "started",
    completed: "completed",
    failed: "failed and waits for a person",
    stuck: "found stuck",
    error: "an attempt failed",
    cancelled: "cancelled",
  },
  decisions: {
    retry: "Retry",
    complete_by_hand: "Complete by hand",
    waive: "Waiver",
    pause: "Pause",
    resume: "Resume",
  } as const satisfies Record<Schemas["DecisionAction"], string>,
} as const;

import type { Schemas } from "~/api/client";

type Action = Extract<Schemas["DecisionAction"], "retry" | "complete_by_hand" | "waive">;

const actions = {
  retry: "Retry",
  complete_by_hand: "Complete by hand",
  waive: "Waive",
} as const satisfies Record<Action, string>;

/** The decisions that staff take about tasks, wherever they are taken. */
export const decisions = {
  title: "Decisions",
  none: "Nothing was decided yet.",
  label: "What you may decide",
  actions,
  made: {
    retry: "Retry",
    complete_by_hand: "Completed by hand",
    waive: "Waiver",
    pause: "Pause",
    resume: "Resume",
  } as const satisfies Record<Schemas["DecisionAction"], string>,
  question: (action: Action, about: string) => `${actions[action]}: ${about}`,
  consequence: {
    retry:
      "Everything that is not done yet is tried again now; what is done already is not done twice.",
    complete_by_hand:
      "You have done this outside yourself. A fresh read of the outside system must confirm it; what it still finds stays failed.",
    waive:
      "What is left is never done. Numbers and ports that it concerns stay reserved for ever, and it cannot be taken back.",
  } as const satisfies Record<Action, string>,
  second:
    "It takes effect only when a second person confirms it: an SRE for support, support for an SRE.",
  reason: "Reason",
  reasonMissing: "Choose why it can be left undone.",
  reasons: {
    system_retired: "The system was switched off with all that it held",
    site_demolished: "The site does not exist any more",
    provider_gone: "The provider is gone; nobody is left to ask",
    resource_not_ours: "It never was the occupier's",
  } as const satisfies Record<Schemas["WaiverReason"], string>,
  evidence: {
    retry: "Note",
    complete_by_hand: "What was done, and how it was seen",
    waive: "What is known about it, and from whom",
  } as const satisfies Record<Action, string>,
  evidenceHint: "For staff only. Do not write names or contact data of people.",
  evidenceMissing: "Write what was done, or attach a file that shows it.",
  file: "File that shows it",
  fileHint: (limit: string) => `PDF, JPEG, PNG or text, at most ${limit}.`,
  fileTooLarge: (limit: string) => `The file is larger than ${limit}.`,
  fileEmpty: "The file is empty.",
  fileKind: "Only PDF, JPEG, PNG and text files are taken.",
  fileUnreadable: "The file could not be read.",
  changed: "This has changed since you opened it",
  changedFrom: (before: string, now: string) => `It was ${before}; it is ${now} now.`,
  seen: (standing: string, round: string) => `${standing} in round ${round}`,
  goOn: "Decide about it as it is now",
  notAnyMore: "This cannot be decided any more.",
  done: {
    retry: "The retry is on its way",
    complete_by_hand: "It is being read back",
    waive: "The waiver waits for a second person",
  } as const satisfies Record<Action, string>,
  waiting: "A waiver waits for a second person",
  waitingFor: {
    vendor_support: "An SRE must confirm it.",
    sre: "Support must confirm it.",
    auditor: "A second person must confirm it.",
    service: "A second person must confirm it.",
  } as const satisfies Record<Schemas["StaffRole"], string>,
  confirm: "Confirm waiver",
  confirmWhy:
    "You answer for it together with the person who decided it. What is left is never done, and this cannot be taken back.",
  confirmed: "The waiver is being carried out",
  busy: "A decision is being carried out. Others are possible once it has ended.",
  states: {
    awaiting_second_person: "Waits for a second person",
    accepted: "Being carried out",
    carried_out: "Carried out",
    refused: "No effect",
  } as const satisfies Record<Schemas["DecisionState"], string>,
  by: (who: string) => `by ${who}`,
  and: (who: string) => `confirmed by ${who}`,
  inRound: (round: string) => `round ${round}`,
  ended: "Ended",
  withoutEffect: {
    task_moved_on: "The task had moved on.",
    task_not_started: "The task had not started yet.",
    task_ended: "The task had ended already.",
    task_not_failed: "The task was still being tried.",
    task_held: "Its outside system is held; it goes on by itself after the release.",
    nothing_to_confirm: "There was nothing that could confirm it.",
    not_waivable: "Tasks of this kind may not be left undone.",
    evidence_missing: "The evidence was missing.",
    reason_missing: "The reason was missing.",
    superseded: "Another decision was made instead.",
    workflow_gone: "Nothing ran that could carry it out.",
    unconfirmed: "A fresh read still found resources that should be gone.",
  } as Record<string, string>,
  download: (name: string) => `Download ${name}`,
} as const;

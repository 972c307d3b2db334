import type { Schemas } from "~/api/client";
import { isSameName } from "~/parts/confirmation/sameName";
import { momentsOf, type LocalMoment } from "~/parts/due/clocks";

type Preview = Schemas["PreviewOut"];
export type Deed = "decommission" | "schedule" | "approve";
type Hindrance = "blocked" | "later" | "time" | "name" | "box" | "approval";

/** What a person has entered in the dialog. */
export interface Entered {
  name: string;
  /** For what the box was ticked, see `standing`; another plan needs another tick. */
  understood?: string;
  when: "now" | "later";
  date: string;
  time: string;
  timeZone: string;
  /** Which of two moments, when the clocks show the time twice. */
  offset?: string;
}

/** What a tick stands for: the occupier and the plan as they were shown. */
export function standing(preview: Preview): string {
  return `${preview.version}/${preview.plan?.hash ?? ""}`;
}

/** The one moment that is meant, if it is one and has not passed. */
export function dueInstant(entered: Entered, now: Date): LocalMoment | undefined {
  const found = momentsOf(`${entered.date}T${entered.time}`, entered.timeZone);
  const meant = found.length > 1 ? found.find((each) => each.offset === entered.offset) : found[0];
  return meant && new Date(meant.at) > now ? meant : undefined;
}

/** Why the button is disabled; nothing when it may be pressed. */
export function hindrance(
  deed: Deed,
  entered: Entered,
  preview: Preview,
  now: Date,
): Hindrance | undefined {
  const { allowed_actions: allowed } = preview;
  if (!allowed.includes(deed)) {
    return deed === "decommission" && allowed.includes("schedule") ? "later" : "blocked";
  }
  if (deed === "schedule" && !dueInstant(entered, now)) return "time";
  if (!isSameName(entered.name, preview.name)) return "name";
  if (entered.understood !== standing(preview)) return "box";
  const { required, approved_until } = preview.second_person;
  if (deed !== "approve" && required && !isAhead(approved_until, now)) return "approval";
  return undefined;
}

function isAhead(at: string | null, now: Date): boolean {
  return at !== null && new Date(at) > now;
}

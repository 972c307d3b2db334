import type { Schemas } from "~/api/client";
import { dueMoment } from "~/text/format";
import { text } from "~/text/en";

type Schedule = Pick<Schemas["ScheduleOut"], "due_at" | "time_zone" | "state" | "version">;

/** What became different between two readings of a schedule, in sentences; nothing if nothing did. */
export function meanwhile(seen: Schedule, now: Schedule): string[] {
  if (seen.version === now.version) return [];
  const told: string[] = [];
  const { states, stateWas, dueWas, onlyVersion } = text.schedule;
  if (seen.state !== now.state) told.push(stateWas(states[seen.state], states[now.state]));
  if (seen.due_at !== now.due_at || seen.time_zone !== now.time_zone) {
    told.push(dueWas(shown(seen), shown(now)));
  }
  return told.length > 0 ? told : [onlyVersion];
}

const shown = (one: Schedule) => `${dueMoment(one.due_at, one.time_zone)} (${one.time_zone})`;

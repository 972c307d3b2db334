import { text } from "~/text/en";
import { clock, count } from "~/text/format";
import type { Window } from "../useSystems";
import type { Totals } from "./series";

const { activity, windows } = text.systems;

export function share(rate: number): string {
  return new Intl.NumberFormat(undefined, {
    style: "percent",
    maximumFractionDigits: rate < 0.1 ? 1 : 0,
  }).format(rate);
}

/** A chart as one sentence, for whoever cannot see it. */
export function told(system: string, window: Window, all: Totals): string {
  if (all.completed + all.failed === 0) return `${system}: ${activity.none[window]}`;
  const parts = [activity.completed(all.completed)];
  if (all.peak === undefined || all.mostly === undefined) parts.push(activity.noFailures);
  else {
    parts.push(
      activity.failed(all.failed),
      activity.rate(share(all.rate)),
      activity.mostly(text.words.failures[all.mostly]),
      activity.peak(clock(all.peak.at), all.peak.failed),
    );
  }
  return activity.chart(system, windows[window], parts.join("; "));
}

export function bucketTold(at: string, completed: number, failed: number): string {
  return activity.bucket(clock(at), count(completed), count(failed));
}

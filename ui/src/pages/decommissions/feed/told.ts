import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { count, words } from "~/text/format";
import type { AuditEvent } from "./useEvents";

type Task = Pick<Schemas["TaskProgressOut"], "id" | "kind" | "site_id" | "site_name">;
type Site = Pick<Schemas["SiteProgressOut"], "site_id" | "site_name"> & {
  tasks: readonly Task[] | null;
};

/** What names there are for the ids of events. */
export interface Names {
  tasks: ReadonlyMap<string, Task>;
  sites: ReadonlyMap<string, string>;
}

export function namesOf(decommission: {
  sites: readonly Site[];
  occupier_tasks: readonly Task[] | null;
}): Names {
  const { sites, occupier_tasks: own } = decommission;
  const tasks = [...(own ?? []), ...sites.flatMap((site) => site.tasks ?? [])];
  return {
    tasks: new Map(tasks.map((task) => [task.id, task])),
    sites: new Map(sites.map((site) => [site.site_id, site.site_name])),
  };
}

export interface Told {
  what: string;
  about: string | undefined;
  detail: string | undefined;
}

/** An event in plain words: what was done, about which task or site, and with what result. */
export function toldEvent(event: AuditEvent, names: Names): Told {
  const actions: Record<string, string> = text.audit.actions;
  const task = event.entity_kind === "task" ? names.tasks.get(event.entity_id) : undefined;
  const siteId = task?.site_id ?? event.after?.site_id;
  return {
    what: actions[event.action] ?? words(event.action.replaceAll(".", " ")),
    about: aboutOf(event, task, siteId, names),
    detail: detailOf(event),
  };
}

function aboutOf(
  event: AuditEvent,
  task: Task | undefined,
  siteId: string | null | undefined,
  names: Names,
): string | undefined {
  const kind = kindOf(task?.kind ?? event.after?.kind);
  const site = task?.site_name ?? (siteId ? names.sites.get(siteId) : undefined);
  return [kind, site].filter(Boolean).join(", ") || undefined;
}

function detailOf({ outcome, reason, after }: AuditEvent): string | undefined {
  const refused =
    outcome === "refused" && text.feed.refused(words(reason?.replaceAll("-", " ") ?? ""));
  const decisions: Record<string, string> = text.feed.decisions;
  const reasons: Record<string, string> = text.decisions.reasons;
  const failures: Record<string, string> = text.words.failures;
  const stuck: Record<string, string> = text.words.stuck;
  return (
    [
      after?.action && decisions[after.action],
      after?.reason && reasons[after.reason],
      after?.failure && failures[after.failure],
      after?.because && stuck[after.because],
      Number(after?.round) > 1 && text.decisions.inRound(count(Number(after?.round))),
      refused,
    ]
      .filter(Boolean)
      .join(", ") || undefined
  );
}

function kindOf(kind: string | undefined): string | undefined {
  const kinds: Record<string, string> = text.words.kinds;
  return kind && kinds[kind];
}

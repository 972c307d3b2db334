import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { words } from "~/text/format";

type Subject = Pick<Schemas["AuditEventOut"], "entity_kind" | "entity_id">;

/** Where the thing itself is shown; things that were removed or have no page lead nowhere. */
const PLACES: Record<string, string> = {
  occupier: "/occupiers",
  decommission: "/decommissions",
  task: "/tasks",
  case: "/cases",
};
const PAGES: Record<string, string> = {
  hold: "/systems",
  schedule: "/schedules",
};

export function placeOf({ entity_kind, entity_id }: Subject): string | undefined {
  const place = PLACES[entity_kind];
  return place ? `${place}/${entity_id}` : PAGES[entity_kind];
}

/** A thing by its kind and the beginning of its id: `Task 9a0f6a52`. */
export function subjectName({ entity_kind, entity_id }: Subject): string {
  const kinds: Record<string, string> = text.audit.kinds;
  return `${kinds[entity_kind] ?? words(entity_kind)} ${entity_id.slice(0, 8)}`;
}

/** What was done, in words; an action that is newer than this page by its own name. */
export function actionName(action: string): string {
  const names: Record<string, string> = text.audit.actions;
  return names[action] ?? words(action.replaceAll(".", " "));
}

/** A problem's name as people read it: `decommission-blocked` is `Decommission blocked`. */
export function reasonName(reason: string): string {
  return words(reason.replaceAll("-", "_"));
}

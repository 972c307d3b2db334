import type { paths } from "~/api/schema";
import { text } from "~/text/en";

type Query = NonNullable<paths["/api/v1/cases"]["get"]["parameters"]["query"]>;

const CHOICES = { open: 1, all: 1, ...text.cases.statuses };
export const NAMES = ["status", "site_id", "origin", "priority", "search"] as const;

/** What the list asks for, by the address; anything that the API would not know is left out. */
export function caseQuery(asked: URLSearchParams): Query {
  const one = <T extends string>(name: string, known: Record<T, unknown>) => {
    const value = asked.get(name);
    return value !== null && value in known ? (value as T) : undefined;
  };
  return {
    status: one("status", CHOICES),
    origin: one("origin", text.cases.origins),
    priority: one("priority", text.cases.priorities),
    site_id: asked.get("site_id") ?? undefined,
    search: asked.get("search")?.trim() || undefined,
  };
}

/** Whether anything but the open cases of all sites is asked for. */
export function isNarrowed(asked: URLSearchParams): boolean {
  return NAMES.some((name) => asked.get(name));
}

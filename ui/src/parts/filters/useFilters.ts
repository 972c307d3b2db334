import { useSearchParams } from "react-router-dom";

export type Wanted = string | readonly string[] | boolean | null | undefined;
export type Changes = Record<string, Wanted>;

/** Filters that are kept in the address, so that a link or a reload shows the same. */
export function useFilters() {
  const [asked, setAsked] = useSearchParams();
  const change = (changes: Changes) =>
    setAsked((before) => changed(before, changes), { replace: true });
  return {
    asked,
    one: (name: string) => asked.get(name) ?? undefined,
    all: (name: string) => asked.getAll(name),
    set: (name: string, value: Wanted) => change({ [name]: value }),
    /** Several in one step. */
    change,
    clear: () => setAsked(new URLSearchParams(), { replace: true }),
  };
}

export type Filters = ReturnType<typeof useFilters>;

function changed(before: URLSearchParams, changes: Changes): URLSearchParams {
  const next = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    const values = value == null || value === "" ? [] : Array.isArray(value) ? value : [value];
    for (const each of values) next.append(name, String(each));
  }
  return next;
}

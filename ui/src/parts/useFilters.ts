import { useSearchParams } from "react-router-dom";

/** Filters that are kept in the address, so that a link or a reload shows the same. */
export function useFilters() {
  const [asked, setAsked] = useSearchParams();
  return {
    query: asked.toString(),
    one: (name: string) => asked.get(name) ?? undefined,
    all: (name: string) => asked.getAll(name),
    is: (name: string) => (asked.has(name) ? asked.get(name) === "true" : undefined),
    set: (name: string, value: string | readonly string[] | boolean | null | undefined) =>
      setAsked(
        (before) => {
          const next = new URLSearchParams(before);
          next.delete(name);
          const values = Array.isArray(value)
            ? value
            : value == null || value === ""
              ? []
              : [value];
          for (const each of values) next.append(name, String(each));
          return next;
        },
        { replace: true },
      ),
    clear: () => setAsked(new URLSearchParams(), { replace: true }),
  };
}

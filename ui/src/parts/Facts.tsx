import type { ReactNode } from "react";

export type Fact = readonly [name: string, value: ReactNode];

/** Names and values; what there is nothing of is left out. Side by side where there is room. */
export function Facts({
  facts,
  look = "side",
}: {
  facts: readonly Fact[];
  /** `list` is one below the other; in a `table` each value stands beside its name. */
  look?: "side" | "list" | "table";
}) {
  return (
    <dl className="facts" data-look={look}>
      {facts
        .filter(([, value]) => value || value === 0)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

import type { Schemas } from "~/api/client";
import { count } from "~/text/format";
import { text } from "~/text/en";

const FEW = 3;

/** The spaces that a contract lets; many of them only when asked for. */
export function Places({ spaces }: { spaces: Schemas["SpaceView"][] }) {
  const names = spaces.map((space) => space.name).join(", ");
  if (spaces.length <= FEW) return names;
  return (
    <details>
      <summary style={{ whiteSpace: "nowrap" }}>
        {text.occupiers.contracts.spaces(count(spaces.length))}
      </summary>
      {names}
    </details>
  );
}

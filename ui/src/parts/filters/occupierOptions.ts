export interface NamedOccupier {
  id: string;
  name: string;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the box offers: the chosen one, what was found, and an id that was pasted. */
export function occupierOptions({
  typed,
  chosen,
  offered,
}: {
  typed: string;
  chosen: NamedOccupier | undefined;
  offered: readonly NamedOccupier[];
}) {
  const byId = new Map([...(chosen ? [chosen] : []), ...offered].map((one) => [one.id, one.name]));
  const pasted = typed.trim().toLowerCase();
  if (ID.test(pasted) && !byId.has(pasted)) byId.set(pasted, pasted);
  return [...byId].map(([value, label]) => ({ value, label }));
}

/** The occupiers that some things concern, each once, by name; one that is not told by its id. */
export function occupiersOf(
  things: readonly { occupier_id: string | null; occupier_name: string | null }[],
): NamedOccupier[] {
  const byId = new Map<string, string>();
  for (const { occupier_id: id, occupier_name: name } of things) if (id) byId.set(id, name ?? id);
  return [...byId]
    .map(([id, name]) => ({ id, name }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

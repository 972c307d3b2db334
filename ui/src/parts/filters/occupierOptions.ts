export interface NamedOccupier {
  id: string;
  name: string;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the box offers: the chosen one, what was found, and an id that was pasted. */
export function optionsOf({
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

/** The occupiers of some tasks, each once, by name. */
export function occupiersOf(
  tasks: readonly { occupier_id: string; occupier_name: string }[],
): NamedOccupier[] {
  const byId = new Map(tasks.map((task) => [task.occupier_id, task.occupier_name]));
  return [...byId]
    .map(([id, name]) => ({ id, name }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

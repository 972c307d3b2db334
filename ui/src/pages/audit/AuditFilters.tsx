import { Button, TextInput } from "@mantine/core";
import { useMe } from "~/api/me";
import { actorName } from "~/parts/actors/actorName";
import { text } from "~/text/en";
import { FilterSelect } from "../tasks/FilterSelect";
import { OccupierFilter } from "../tasks/OccupierFilter";
import type { NamedOccupier } from "../tasks/occupierOptions";
import type { TaskFilters } from "../tasks/useTaskFilters";

const { filters: labels, actions, outcomes, actors } = text.audit;

/** All filters, which hold together; they stand in the address. */
export function AuditFilters({ filters, known }: { filters: TaskFilters; known: NamedOccupier[] }) {
  const me = useMe().data?.actor;
  const chosen = filters.asked.get("actor");
  const people = {
    ...(me && { [me]: actors.you }),
    system: actors.system,
    ...(chosen && { [chosen]: actorName(chosen, me) }),
  };
  return (
    <div role="search" aria-label={labels.label} className="audit-filters">
      <OccupierFilter filters={filters} known={known} />
      <FilterSelect
        filters={filters}
        name="actor"
        label={labels.actor}
        any={labels.anyActor}
        choices={people}
      />
      <FilterSelect
        filters={filters}
        name="action"
        label={labels.action}
        any={labels.anyAction}
        choices={actions}
        isSearchable
      />
      <FilterSelect
        filters={filters}
        name="outcome"
        label={labels.outcome}
        any={labels.anyOutcome}
        choices={outcomes}
      />
      <Day filters={filters} name="from" />
      <Day filters={filters} name="to" />
      {filters.asked.size > 0 && (
        <Button variant="default" size="sm" onClick={filters.clear}>
          {labels.clear}
        </Button>
      )}
    </div>
  );
}

function Day({ filters, name }: { filters: TaskFilters; name: "from" | "to" }) {
  return (
    <TextInput
      type="date"
      size="sm"
      label={labels[name]}
      value={filters.asked.get(name) ?? ""}
      onChange={(event) => filters.change({ [name]: event.currentTarget.value })}
    />
  );
}

import { Button, TextInput } from "@mantine/core";
import { useMe } from "~/api/me";
import { useWho } from "~/parts/actors/useWho";
import { FilterSelect } from "~/parts/filters/FilterSelect";
import { OccupierFilter } from "~/parts/filters/OccupierFilter";
import type { NamedOccupier } from "~/parts/filters/occupierOptions";
import type { Filters } from "~/parts/filters/useFilters";
import { optionsOf } from "~/parts/options";
import { text } from "~/text/en";

const { filters: labels, actions, outcomes } = text.audit;

/** All filters, which hold together; they stand in the address. */
export function AuditFilters({ filters, known }: { filters: Filters; known: NamedOccupier[] }) {
  const me = useMe().data?.actor;
  const who = useWho();
  const chosen = filters.asked.get("actor");
  const people = {
    ...(me && { [me]: who(me) }),
    system: who("system"),
    ...(chosen && { [chosen]: who(chosen) }),
  };
  return (
    <div role="search" aria-label={labels.label} className="filters-grid">
      <OccupierFilter filters={filters} known={known} />
      <FilterSelect
        filters={filters}
        name="actor"
        label={labels.actor}
        any={labels.anyActor}
        options={optionsOf(people)}
      />
      <FilterSelect
        filters={filters}
        name="action"
        label={labels.action}
        any={labels.anyAction}
        options={optionsOf(actions)}
        isSearchable
      />
      <FilterSelect
        filters={filters}
        name="outcome"
        label={labels.outcome}
        any={labels.anyOutcome}
        options={optionsOf(outcomes)}
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

function Day({ filters, name }: { filters: Filters; name: "from" | "to" }) {
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

import { Select, TextInput } from "@mantine/core";
import { optionsOf } from "~/parts/options";
import { text } from "~/text/en";
import { rangeOf } from "./taskFilters";
import type { Filters } from "~/parts/filters/useFilters";

const { filters: labels, ranges } = text.tasks;

/** The days in which tasks were created: a common range, or from one day to another. */
export function CreatedFilter({ filters }: { filters: Filters }) {
  const range = rangeOf(filters.asked);
  return (
    <>
      <Select
        label={labels.created}
        size="sm"
        allowDeselect={false}
        data={optionsOf(ranges)}
        value={range}
        onChange={(created) => filters.change({ created, from: null, to: null })}
      />
      {range === "between" && (
        <>
          <Day filters={filters} name="from" label={labels.from} />
          <Day filters={filters} name="to" label={labels.to} />
        </>
      )}
    </>
  );
}

function Day({ filters, name, label }: { filters: Filters; name: "from" | "to"; label: string }) {
  const { asked, change } = filters;
  return (
    <TextInput
      type="date"
      size="sm"
      label={label}
      value={asked.get(name) ?? ""}
      min={name === "to" ? (asked.get("from") ?? undefined) : undefined}
      max={name === "from" ? (asked.get("to") ?? undefined) : undefined}
      onChange={(event) => change({ created: "between", [name]: event.currentTarget.value })}
    />
  );
}

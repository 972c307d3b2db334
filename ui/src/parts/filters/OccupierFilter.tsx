import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, read } from "~/api/client";
import { useMe } from "~/api/me";
import { useNamedOccupiers } from "~/parts/occupiers/useNamedOccupiers";
import { text } from "~/text/en";
import { occupierOptions, type NamedOccupier } from "./occupierOptions";
import type { Filters } from "./useFilters";

const { filters: labels } = text;
const MOST = 20;

/**
 * One occupier: found by name; staff, who see no names, pick one of the list or paste its id.
 */
export function OccupierFilter({ filters, known }: { filters: Filters; known: NamedOccupier[] }) {
  const me = useMe();
  const chosen = filters.asked.get("occupier_id");
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 200);
  const seesNames = me.data?.sees_names ?? false;
  const found = useNamedOccupiers({
    search: search || undefined,
    limit: MOST,
    isEnabled: seesNames,
  });
  const one = useQuery({
    queryKey: ["occupier", chosen],
    enabled: chosen !== null,
    queryFn: () =>
      read(
        api.GET("/api/v1/occupiers/{occupier_id}", {
          params: { path: { occupier_id: chosen ?? "" } },
        }),
      ),
  });
  return (
    <Select
      label={labels.occupier}
      placeholder={labels.anyOccupier}
      size="sm"
      searchable
      clearable
      clearButtonProps={{ "aria-label": `${labels.anyOccupier}: ${labels.occupier}` }}
      data={occupierOptions({
        typed,
        chosen: one.data,
        offered: seesNames ? found : known,
      })}
      filter={seesNames ? ({ options }) => options : undefined}
      limit={MOST}
      value={chosen}
      onChange={(occupier_id) => filters.change({ occupier_id })}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={seesNames ? labels.noOccupier : labels.findOccupierById}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}

import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useSites } from "~/api/sites";
import { FilterSelect } from "~/parts/filters/FilterSelect";
import type { Filters } from "~/parts/filters/useFilters";
import { optionsOf } from "~/parts/options";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";
import { isNarrowed } from "./caseFilters";

const { list, statuses, origins, priorities } = text.cases;

/** The filters of the list, kept in the address; all hold together. */
export function CaseFilters({ filters }: { filters: Filters }) {
  const sites = useSites();
  return (
    <Group component="section" aria-label={list.filters} align="flex-end" gap="sm">
      <Search filters={filters} />
      <Select
        label={list.status}
        w={190}
        allowDeselect={false}
        data={optionsOf({ open: list.open, all: list.all, ...statuses })}
        value={filters.one("status") ?? "open"}
        onChange={(status) => filters.set("status", status === "open" ? null : status)}
      />
      <FilterSelect
        filters={filters}
        name="site_id"
        label={list.site}
        any={list.allSites}
        options={siteOptions(sites.data)}
        isSearchable
        width={170}
      />
      <FilterSelect
        filters={filters}
        name="priority"
        label={list.priority}
        any={list.anyPriority}
        options={optionsOf(priorities)}
        width={170}
      />
      <FilterSelect
        filters={filters}
        name="origin"
        label={list.origin}
        any={list.anyOrigin}
        options={optionsOf(origins)}
        width={170}
      />
      {isNarrowed(filters.asked) && (
        <Button variant="subtle" onClick={filters.clear}>
          {list.clear}
        </Button>
      )}
    </Group>
  );
}

function Search({ filters }: { filters: Filters }) {
  const asked = filters.one("search") ?? "";
  const [typed, setTyped] = useState(asked);
  const search = useDebouncedCallback((value: string) => filters.set("search", value.trim()), 250);
  useEffect(() => {
    setTyped((before) => (before.trim() === asked ? before : asked));
  }, [asked]);
  return (
    <TextInput
      label={list.search}
      placeholder={list.searchHint}
      maxLength={200}
      w={220}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}

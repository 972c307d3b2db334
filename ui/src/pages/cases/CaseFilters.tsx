import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useSites } from "~/api/sites";
import type { useFilters } from "~/parts/useFilters";
import { text } from "~/text/en";
import { isNarrowed } from "./caseFilters";

const { list, statuses, origins, priorities } = text.cases;

type Filters = ReturnType<typeof useFilters>;

/** The filters of the list, kept in the address; all hold together. */
export function CaseFilters({ filters }: { filters: Filters }) {
  const sites = useSites();
  const bySite = Object.fromEntries((sites.data ?? []).map((site) => [site.id, site.name]));
  return (
    <Group component="section" aria-label={list.filters} align="flex-end" gap="sm">
      <Search filters={filters} />
      <Select
        label={list.status}
        w={190}
        allowDeselect={false}
        data={choices({ open: list.open, all: list.all, ...statuses })}
        value={filters.one("status") ?? "open"}
        onChange={(status) => filters.set("status", status === "open" ? null : status)}
      />
      <Choice filters={filters} name="site_id" label={list.site} any={list.allSites} of={bySite} />
      <Choice
        filters={filters}
        name="priority"
        label={list.priority}
        any={list.anyPriority}
        of={priorities}
      />
      <Choice
        filters={filters}
        name="origin"
        label={list.origin}
        any={list.anyOrigin}
        of={origins}
      />
      {isNarrowed(new URLSearchParams(filters.query)) && (
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

function Choice({
  filters,
  name,
  label,
  any,
  of,
}: {
  filters: Filters;
  name: string;
  label: string;
  any: string;
  of: Record<string, string>;
}) {
  return (
    <Select
      label={label}
      placeholder={any}
      w={170}
      clearable
      clearButtonProps={{ "aria-label": `${any}: ${label}` }}
      searchable={Object.keys(of).length > 8}
      data={choices(of)}
      value={filters.one(name) ?? null}
      onChange={(value) => filters.set(name, value)}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}

function choices(of: Record<string, string>) {
  return Object.entries(of).map(([value, label]) => ({ value, label }));
}

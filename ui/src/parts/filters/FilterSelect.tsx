import { Select } from "@mantine/core";
import { MOST_OFFERED } from "~/parts/options";
import type { Filters } from "./useFilters";

/** One filter of the address with its choices; cleared, it holds nothing back. */
export function FilterSelect({
  filters,
  name,
  label,
  any,
  options,
  isSearchable,
  width,
}: {
  filters: Filters;
  name: string;
  label: string;
  any: string;
  options: { value: string; label: string }[];
  isSearchable?: boolean;
  width?: number;
}) {
  return (
    <Select
      label={label}
      placeholder={any}
      size="sm"
      w={width}
      clearable
      clearButtonProps={{ "aria-label": `${any}: ${label}` }}
      searchable={isSearchable}
      data={options}
      limit={isSearchable ? MOST_OFFERED : undefined}
      value={filters.one(name) ?? null}
      onChange={(value) => filters.set(name, value)}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}

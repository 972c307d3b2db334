import { MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMe } from "~/api/me";
import { useSites } from "~/api/sites";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { useFilters } from "~/parts/filters/useFilters";
import { count } from "~/text/format";
import { MOST_OFFERED } from "~/parts/options";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";
import { OccupierRows } from "./OccupierRows";
import { addressOf, STATUSES, statusesOf } from "./statusFilter";
import type { OccupierListing } from "./useOccupierList";

/** Occupiers by name, with their filters. */
export function OccupierList({
  listing,
  chosen,
  tab,
}: {
  listing: OccupierListing;
  chosen?: string;
  tab?: string;
}) {
  const { pages, items } = listing;
  return (
    <Stack gap="xs" className="occupier-panel">
      <Filters />
      {pages.isPending && <Loading />}
      {pages.isError && <Trouble error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.isSuccess && (
        <Text size="xs" role="status">
          {pages.hasNextPage
            ? text.occupiers.countAtLeast(count(items.length))
            : text.occupiers.count(count(items.length), items.length === 1)}
        </Text>
      )}
      {pages.isSuccess && items.length === 0 && (
        <Empty title={text.occupiers.none} hint={text.occupiers.noneHint} />
      )}
      {items.length > 0 && <OccupierRows listing={listing} chosen={chosen} tab={tab} />}
    </Stack>
  );
}

function Filters() {
  const filters = useFilters();
  const sites = useSites();
  const me = useMe();
  const statuses = statusesOf(filters.all("status"));
  return (
    <>
      {me.data?.sees_names && (
        <TextInput
          type="search"
          aria-label={text.occupiers.search}
          placeholder={text.occupiers.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={filters.one("search") ?? ""}
          onChange={(event) => filters.set("search", event.currentTarget.value)}
        />
      )}
      <Select
        aria-label={text.occupiers.site}
        placeholder={text.occupiers.allSites}
        clearable
        searchable
        data={siteOptions(sites.data)}
        limit={MOST_OFFERED}
        value={filters.one("site_id") ?? null}
        onChange={(value) => filters.set("site_id", value)}
      />
      <MultiSelect
        aria-label={text.occupiers.status}
        placeholder={statuses.length === 0 ? text.occupiers.allStatuses : undefined}
        searchable
        styles={{ inputField: { minWidth: "0.25rem" } }} // so that it stays in the line of its pills
        data={STATUSES.map((status) => ({ value: status, label: text.occupiers.filters[status] }))}
        value={statuses}
        onChange={(values) => filters.set("status", addressOf(values))}
      />
    </>
  );
}

import { Button, Chip, Group, Select } from "@mantine/core";
import { useSites } from "~/api/sites";
import { useFilters } from "~/parts/filters/useFilters";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";
import type { ScheduleState } from "./useSchedules";

const words = text.schedule;
export const STATES = Object.keys(words.states) as ScheduleState[];
const USUAL: ScheduleState[] = ["waiting", "blocked"];

/** What the address asks for: the states that may still start, unless it says others. */
export function useScheduleFilters() {
  const filters = useFilters();
  const states = filters.all("state").filter((each) => STATES.includes(each as ScheduleState));
  return {
    ...filters,
    states: states.length > 0 ? (states as ScheduleState[]) : USUAL,
    siteId: filters.one("site_id"),
    day: filters.one("day"),
    isUsual: !["state", "site_id", "day"].some((name) => filters.one(name)),
  };
}

/** Filters in the address: states, site, and a day that was chosen in the calendar. */
export function ScheduleFilters() {
  const filters = useScheduleFilters();
  const sites = useSites();
  return (
    <Group role="group" aria-label={words.filters} gap="md">
      <Chip.Group
        multiple
        value={filters.states}
        onChange={(states) => filters.set("state", states)}
      >
        <Group gap="xs" role="group" aria-label={words.state}>
          {STATES.map((state) => (
            <Chip key={state} value={state} color="harbour.7">
              {words.states[state]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Select
        aria-label={words.site}
        placeholder={words.allSites}
        clearable
        searchable
        w={260}
        data={siteOptions(sites.data)}
        value={filters.siteId ?? null}
        onChange={(value) => filters.set("site_id", value)}
      />
      {!filters.isUsual && (
        <Button variant="default" onClick={filters.clear}>
          {words.clear}
        </Button>
      )}
    </Group>
  );
}

import { Button, Chip, Collapse, Group, Pill } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useSites } from "~/api/sites";
import { text } from "~/text/en";
import { CreatedFilter } from "./CreatedFilter";
import { FilterSelect } from "./FilterSelect";
import { OccupierFilter } from "./OccupierFilter";
import type { NamedOccupier } from "./occupierOptions";
import { hiddenCount, isFiltered } from "./taskFilters";
import type { TaskFilters } from "./useTaskFilters";

const { filters: labels, states, phases, waits } = text.tasks;
const FLAGS = ["stuck", "overdue", "held"] as const;

/** All filters, which hold together (DT-02 to DT-05); the rarer ones fold away. */
export function Filters({ filters, known }: { filters: TaskFilters; known: NamedOccupier[] }) {
  const sites = useSites();
  const hidden = hiddenCount(filters.asked);
  const [isOpen, { toggle }] = useDisclosure(hidden > 0);
  return (
    <div role="search" aria-label={labels.label} className="task-filters">
      <div className="task-filters-grid">
        <CreatedFilter filters={filters} />
        <OccupierFilter filters={filters} known={known} />
        <FilterSelect
          filters={filters}
          name="site_id"
          label={labels.site}
          any={labels.anySite}
          isSearchable
          choices={Object.fromEntries((sites.data ?? []).map((site) => [site.id, site.name]))}
        />
        <FilterSelect
          filters={filters}
          name="state"
          label={labels.state}
          any={labels.anyState}
          choices={states}
        />
      </div>
      <Collapse expanded={isOpen}>
        <MoreFilters filters={filters} />
      </Collapse>
      <Group gap="xs">
        {FLAGS.map((name) => (
          <Chip
            key={name}
            size="xs"
            checked={filters.asked.get(name) === "true"}
            onChange={(isOn) => filters.change({ [name]: isOn || null })}
          >
            {labels[name]}
          </Chip>
        ))}
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={isOpen}
          leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden />}
          onClick={toggle}
        >
          {hidden > 0 ? labels.moreCount(hidden) : labels.more}
        </Button>
        <DecommissionPill filters={filters} known={known} />
        {isFiltered(filters.asked) && (
          <Button size="compact-sm" variant="subtle" onClick={filters.clear}>
            {labels.clear}
          </Button>
        )}
      </Group>
    </div>
  );
}

function MoreFilters({ filters }: { filters: TaskFilters }) {
  return (
    <div className="task-filters-grid">
      <FilterSelect
        filters={filters}
        name="kind"
        label={labels.kind}
        any={labels.anyKind}
        choices={text.words.kinds}
        isSearchable
      />
      <FilterSelect
        filters={filters}
        name="phase"
        label={labels.phase}
        any={labels.anyPhase}
        choices={phases}
      />
      <FilterSelect
        filters={filters}
        name="waiting_reason"
        label={labels.waiting}
        any={labels.anyWaiting}
        choices={waits}
      />
      <FilterSelect
        filters={filters}
        name="has_case"
        label={labels.hasCase}
        any={labels.anyCase}
        choices={{ true: labels.withCase, false: labels.withoutCase }}
      />
    </div>
  );
}

/** A link from a decommission leads here; its filter can only be taken away. */
function DecommissionPill({ filters, known }: { filters: TaskFilters; known: NamedOccupier[] }) {
  if (!filters.asked.has("decommission_id")) return null;
  const [only, another] = known;
  const name = only && !another ? labels.decommission(only.name) : labels.oneDecommission;
  return (
    <Pill
      withRemoveButton
      removeButtonProps={{ "aria-label": labels.remove(name), "aria-hidden": false, tabIndex: 0 }}
      onRemove={() => filters.change({ decommission_id: null })}
    >
      {name}
    </Pill>
  );
}

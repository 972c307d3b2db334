import { Button, Chip, Collapse, Group, Pill } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useSites } from "~/api/sites";
import { FilterSelect } from "~/parts/filters/FilterSelect";
import { OccupierFilter } from "~/parts/filters/OccupierFilter";
import type { NamedOccupier } from "~/parts/filters/occupierOptions";
import type { Filters as Asked } from "~/parts/filters/useFilters";
import { optionsOf } from "~/parts/options";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";
import { CreatedFilter } from "./CreatedFilter";
import { hiddenCount, isFiltered } from "./taskFilters";

const { filters: labels, states, phases, waits } = text.tasks;
const FLAGS = ["stuck", "overdue", "held"] as const;

/** All filters, which hold together (DT-02 to DT-05); the rarer ones fold away. */
export function Filters({ filters, known }: { filters: Asked; known: NamedOccupier[] }) {
  const sites = useSites();
  const hidden = hiddenCount(filters.asked);
  const [isOpen, { toggle }] = useDisclosure(hidden > 0);
  return (
    <div role="search" aria-label={labels.label} className="task-filters">
      <div className="filters-grid">
        <CreatedFilter filters={filters} />
        <OccupierFilter filters={filters} known={known} />
        <FilterSelect
          filters={filters}
          name="site_id"
          label={labels.site}
          any={labels.anySite}
          isSearchable
          options={siteOptions(sites.data)}
        />
        <FilterSelect
          filters={filters}
          name="state"
          label={labels.state}
          any={labels.anyState}
          options={optionsOf(states)}
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

function MoreFilters({ filters }: { filters: Asked }) {
  return (
    <div className="filters-grid">
      <FilterSelect
        filters={filters}
        name="kind"
        label={labels.kind}
        any={labels.anyKind}
        options={optionsOf(text.words.kinds)}
        isSearchable
      />
      <FilterSelect
        filters={filters}
        name="phase"
        label={labels.phase}
        any={labels.anyPhase}
        options={optionsOf(phases)}
      />
      <FilterSelect
        filters={filters}
        name="waiting_reason"
        label={labels.waiting}
        any={labels.anyWaiting}
        options={optionsOf(waits)}
      />
      <FilterSelect
        filters={filters}
        name="has_case"
        label={labels.hasCase}
        any={labels.anyCase}
        options={optionsOf({ true: labels.withCase, false: labels.withoutCase })}
      />
    </div>
  );
}

/** A link from a decommission leads here; its filter can only be taken away. */
function DecommissionPill({ filters, known }: { filters: Asked; known: NamedOccupier[] }) {
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

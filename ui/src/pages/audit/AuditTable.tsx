import { Table } from "@mantine/core";
import { useWho } from "~/parts/actors/useWho";
import type { Filters } from "~/parts/filters/useFilters";
import { More } from "~/parts/More";
import { Empty } from "~/parts/Trouble";
import { text } from "~/text/en";
import { EventRow } from "./EventRow";
import type { AuditEvent, useAudit } from "./useAudit";

const { audit: labels } = text;

/** Events, newest first; older ones on demand. */
export function AuditTable({
  events,
  pages,
  filters,
}: {
  events: readonly AuditEvent[];
  pages: ReturnType<typeof useAudit>;
  filters: Filters;
}) {
  const who = useWho();
  if (events.length === 0) return <Empty title={labels.none} hint={labels.noneHint} />;
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table aria-label={labels.table} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {Object.values(labels.columns).map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <EventRow
              key={event.id}
              event={event}
              who={who(event.actor)}
              onFilter={filters.change}
            />
          ))}
        </Table.Tbody>
      </Table>
      <More pages={pages} />
    </Table.ScrollContainer>
  );
}

import { Button, Center, Table } from "@mantine/core";
import { useMe } from "~/api/me";
import { Empty } from "~/parts/Trouble";
import { text } from "~/text/en";
import type { TaskFilters } from "../tasks/useTaskFilters";
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
  filters: TaskFilters;
}) {
  const me = useMe().data?.actor;
  if (events.length === 0) return <Empty title={labels.none} hint={labels.noneHint} />;
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table aria-label={labels.table} verticalSpacing={6} className="audit-table">
        <Table.Thead>
          <Table.Tr>
            {Object.values(labels.columns).map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <EventRow key={event.id} event={event} me={me} onFilter={filters.change} />
          ))}
        </Table.Tbody>
      </Table>
      {pages.hasNextPage && (
        <Center p="md">
          <Button
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => pages.fetchNextPage()}
          >
            {text.state.more}
          </Button>
        </Center>
      )}
    </Table.ScrollContainer>
  );
}

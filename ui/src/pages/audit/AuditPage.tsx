import { Code, Stack, Text, Title } from "@mantine/core";
import { useMe } from "~/api/me";
import { occupiersOf } from "~/parts/filters/occupierOptions";
import { useFilters } from "~/parts/filters/useFilters";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { AuditFilters } from "./AuditFilters";
import { auditQuery } from "./auditQuery";
import { AuditTable } from "./AuditTable";
import { useAudit } from "./useAudit";

const { audit: labels } = text;

/** Who did what, for those who may know. */
export function AuditPage() {
  const me = useMe();
  const mayRead = me.data?.allowed_actions.includes("audit.read");
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h3">
          {labels.title}
        </Title>
        <Text size="sm">{labels.intro}</Text>
      </div>
      {mayRead ? <Events /> : <Empty title={labels.refusedTitle} hint={labels.refusedHint} />}
    </Stack>
  );
}

function Events() {
  const filters = useFilters();
  const pages = useAudit(auditQuery(filters.asked));
  const events = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <AuditFilters filters={filters} known={occupiersOf(events)} />
      {pages.isPending && <Loading />}
      {pages.isError && <Trouble error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.data && <AuditTable events={events} pages={pages} filters={filters} />}
      <Text size="sm">
        {labels.exportHint} <Code>{labels.exportCommand}</Code>
      </Text>
    </>
  );
}

import { Anchor, Stack, Table, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { CaseStatusBadge, PriorityBadge } from "~/parts/cases/CaseBadges";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { More } from "~/parts/More";
import { text } from "~/text/en";
import { clock, count, duration, shortDay } from "~/text/format";
import { Age } from "./Age";
import type { Case, useCases } from "./useCases";

const { list, origins } = text.cases;
const { columns } = list;

/** Cases, newest first; the number and the subject lead to the case. */
export function CaseTable({ cases, pages }: { cases: Case[]; pages: ReturnType<typeof useCases> }) {
  const siteOf = useSiteOf();
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={1100}>
        <Table
          aria-label={list.label}
          highlightOnHover
          fz="sm"
          verticalSpacing={6}
          horizontalSpacing={8}
        >
          <Table.Thead>
            <Table.Tr>
              {Object.entries(columns).map(([name, title]) => (
                <Table.Th key={name} ta={name === "tasks" ? "right" : undefined}>
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {cases.map((one) => (
              <Row key={one.id} of={one} timeZone={siteOf(one.site_id)?.time_zone} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <More pages={pages} />
    </Stack>
  );
}

function Row({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const to = `/cases/${of.id}`;
  return (
    <Table.Tr>
      <Table.Td>{of.number}</Table.Td>
      <Table.Td miw={180} maw={260}>
        <Anchor component={Link} to={to} fz="sm" fw={500} dir="auto" className="as-typed">
          {of.subject}
        </Anchor>
      </Table.Td>
      <Table.Td maw={140}>
        {of.occupier_id && (
          <Anchor
            component={Link}
            to={`/occupiers/${of.occupier_id}`}
            fz="sm"
            className="case-line"
          >
            <bdi>{of.occupier_name}</bdi>
          </Anchor>
        )}
      </Table.Td>
      <Table.Td maw={140}>
        <Text fz="sm" className="case-line">
          {of.site_name ?? (of.decommission_id ? list.severalSites : "")}
        </Text>
      </Table.Td>
      <Table.Td className="case-badge">
        <PriorityBadge priority={of.priority} />
      </Table.Td>
      <Table.Td className="case-badge">
        <CaseStatusBadge status={of.status} />
      </Table.Td>
      <Table.Td>{origins[of.origin]}</Table.Td>
      <Table.Td ta="right">{count(of.tasks_now)}</Table.Td>
      <Table.Td className="case-line-cell">
        <Text fz="sm">{shortDay(of.created_at, timeZone)}</Text>
        <Text fz="xs">
          <time dateTime={of.created_at}>{clock(of.created_at, timeZone)}</time>
        </Text>
      </Table.Td>
      <Table.Td className="case-line-cell">
        <Age at={of.updated_at} timeZone={timeZone} />
      </Table.Td>
      <Table.Td className="case-line-cell">
        {of.time_to_acknowledge_s === null
          ? list.notAcknowledged
          : list.acknowledgedAfter(duration(of.time_to_acknowledge_s))}
      </Table.Td>
    </Table.Tr>
  );
}

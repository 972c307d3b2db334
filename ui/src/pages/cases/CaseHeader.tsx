import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { CaseStatusBadge, PriorityBadge } from "~/parts/cases/CaseBadges";
import { Moment } from "~/parts/Moment";
import { useNow } from "~/parts/useNow";
import { text } from "~/text/en";
import { duration } from "~/text/format";
import type { Case } from "./useCase";

const { page } = text.cases;

/** Which case it is, where it stands, what it is about and how long it took. */
export function CaseHeader({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  return (
    <Stack gap="xs">
      <Anchor component={Link} to="/cases" size="sm">
        {page.all}
      </Anchor>
      <Group gap="xs">
        <Text fw={600}>{page.number(of.number)}</Text>
        <CaseStatusBadge status={of.status} />
        <PriorityBadge priority={of.priority} />
        {of.times_reopened > 0 && <Text size="sm">{page.reopened(of.times_reopened)}</Text>}
      </Group>
      <Title order={1} size="h3" dir="auto" className="as-typed">
        {of.subject}
      </Title>
      <Group gap="4px 2rem">
        {of.occupier_id && (
          <About name={page.occupier}>
            <Anchor component={Link} to={`/occupiers/${of.occupier_id}`} inherit>
              <bdi>{of.occupier_name}</bdi>
            </Anchor>
          </About>
        )}
        {of.site_name && <About name={page.site}>{of.site_name}</About>}
        {of.decommission_id && (
          <About name={page.decommission}>
            {of.decommission_state ? (
              <Anchor component={Link} to={`/decommissions/${of.decommission_id}`} inherit>
                {text.words.decommission[of.decommission_state]}
              </Anchor>
            ) : (
              page.outOfSight
            )}
          </About>
        )}
        {of.service_update_state && of.occupier_id && (
          <About name={page.service}>
            <Anchor component={Link} to={`/occupiers/${of.occupier_id}/services`} inherit>
              {page.updates[of.service_update_state]}
            </Anchor>
          </About>
        )}
        <Times of={of} timeZone={timeZone} />
      </Group>
    </Stack>
  );
}

function Times({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const now = useNow(5_000);
  const open = (now - Date.parse(of.created_at)) / 1000;
  return (
    <>
      <About name={page.acknowledged}>
        {of.time_to_acknowledge_s === null
          ? page.notYet
          : page.after(duration(of.time_to_acknowledge_s))}
      </About>
      {of.time_to_resolve_s === null ? (
        <About name={page.openFor}>{duration(Math.max(0, open))}</About>
      ) : (
        <About name={page.resolved}>{page.after(duration(of.time_to_resolve_s))}</About>
      )}
      {of.closed_at && (
        <About name={page.closed}>
          <Moment at={of.closed_at} timeZone={timeZone} />
        </About>
      )}
    </>
  );
}

function About({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Text size="sm" maw={320} truncate>
      <Text span inherit c="var(--mantine-color-text)" opacity={0.8}>
        {name}:{" "}
      </Text>
      {children}
    </Text>
  );
}

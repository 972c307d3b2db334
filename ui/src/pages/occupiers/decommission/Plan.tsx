import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import type { Schemas } from "~/api/client";
import { count, duration } from "~/text/format";
import { text } from "~/text/en";
import { keptName, kindName } from "./kindName";
import { PlanBySite } from "./PlanBySite";
import { planTable } from "./planTable";

const { plan: said } = text.decommission;

/** The real plan: how much of each kind goes, at which site, what is kept, and how long it takes. */
export function Plan({ preview }: { preview: Schemas["PreviewOut"] }) {
  const { plan, kept, expected_duration: expected } = preview;
  const table = useMemo(() => (plan ? planTable(plan) : undefined), [plan]);
  if (!plan || !table) return <Text>{said.unknown}</Text>;
  const sites = table.sites.length;
  return (
    <Stack gap="md">
      <section>
        <Title order={3} size="h5" mb={4}>
          {said.title}
        </Title>
        {table.kinds.length === 0 ? (
          <Text size="sm">{said.nothing}</Text>
        ) : (
          <>
            <Text size="sm" mb="xs">
              {said.total(
                said.resources(count(plan.total), plan.total !== 1),
                sites === 1 ? table.sites[0]!.name : said.sites(count(sites), true),
              )}
            </Text>
            <Figures
              label={said.title}
              figures={table.kinds.map(({ kind, total }) => [kindName(kind), total])}
            />
          </>
        )}
        {sites > 1 && <PlanBySite table={table} />}
      </section>
      {kept && (
        <section>
          <Title order={3} size="h5" mb="xs">
            {said.kept}
          </Title>
          <Figures
            label={said.kept}
            figures={Object.entries(kept)
              .filter(([, total]) => total > 0)
              .map(([kind, total]) => [keptName(kind), total])}
          />
        </section>
      )}
      {expected && (
        <section>
          <Title order={3} size="h5" mb={4}>
            {said.duration}
          </Title>
          <Text size="sm">
            {said.about(duration(expected.seconds))} {expected.basis}
          </Text>
        </section>
      )}
    </Stack>
  );
}

/** Names with their numbers, as many side by side as there is room for. */
function Figures({ label, figures }: { label: string; figures: [string, number][] }) {
  return (
    <SimpleGrid
      component="dl"
      aria-label={label}
      className="decommission-figures"
      cols={{ base: 1, xs: 2, sm: 3 }}
      spacing="xl"
      verticalSpacing={0}
    >
      {figures.map(([name, total]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count(total)}</dd>
        </div>
      ))}
    </SimpleGrid>
  );
}

import { Group, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api, read } from "~/api/client";
import { useSites } from "~/api/sites";
import { Moment } from "~/parts/Moment";
import { Loading, Trouble } from "~/parts/Trouble";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { DecommissionActions } from "./decommission/DecommissionActions";
import { Name } from "./Name";
import { zoneOf, type Occupier } from "./useOccupier";

const { config: said } = text.occupiers;

/** What an occupier is called and since when it is there; its decommission starts here. */
export function ConfigTab({ occupier }: { occupier: Occupier }) {
  const sites = useSites();
  const zone = zoneOf(occupier, sites.data ?? []);
  const rows: [string, ReactNode][] = [
    [said.name, <Name name={occupier.name} />],
    [said.billingReference, <Name name={occupier.billing_reference} />],
    [said.sites, occupier.sites.map((site) => site.name).join(", ") || said.noSites],
    [said.created, <Moment at={occupier.created_at} timeZone={zone} />],
  ];
  if (occupier.decommissioned_at) {
    rows.push([said.decommissioned, <Moment at={occupier.decommissioned_at} timeZone={zone} />]);
  }
  return (
    <>
      <Group justify="space-between" align="flex-start" mb="xs">
        <Title order={3} size="h5">
          {said.details}
        </Title>
        <DecommissionActions occupier={occupier} />
      </Group>
      <Table
        className="occupier-details"
        variant="vertical"
        layout="fixed"
        aria-label={said.details}
        mb="lg"
      >
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={180}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={3} size="h5" mb="xs">
        {said.identifiers}
      </Title>
      <Identifiers occupier={occupier} />
    </>
  );
}

function Identifiers({ occupier }: { occupier: Occupier }) {
  const siteOf = useSiteOf();
  const found = useQuery({
    queryKey: ["external-identifiers", occupier.id],
    queryFn: () =>
      read(
        api.GET("/api/v1/occupiers/{occupier_id}/external-identifiers", {
          params: { path: { occupier_id: occupier.id } },
        }),
      ),
  });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Trouble error={found.error} onRetry={() => found.refetch()} />;
  if (found.data.items.length === 0) return <Text size="sm">{said.noIdentifiers}</Text>;
  const nameOf = (id: string | null) => (id ? (siteOf(id)?.name ?? "") : said.allSites);
  return (
    <Table aria-label={said.identifiers}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{said.externalSystem}</Table.Th>
          <Table.Th scope="col">{said.identifier}</Table.Th>
          <Table.Th scope="col">{text.columns.site}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {found.data.items.map((each) => (
          <Table.Tr key={each.id}>
            <Table.Td>
              <Name name={each.external_system} />
            </Table.Td>
            <Table.Td>
              <Name name={each.identifier} />
            </Table.Td>
            <Table.Td>{nameOf(each.site_id)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
